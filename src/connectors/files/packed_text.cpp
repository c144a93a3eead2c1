#include "connectors/files/packed_text.hpp"

#include <limits>

#include "base/names.hpp"
#include "io/streams.hpp"

namespace leat::connectors::files {

io::Compression TextSinkOptions::packed() const {
  if (compression != io::Compression::detect) return compression;
  const auto ending = to_lower(std::filesystem::path(path).extension().string());
  if (ending == ".gz") return io::Compression::gzip;
  return ending == ".zst" ? io::Compression::zstd : io::Compression::none;
}

void refuse_other_packing(const TextSinkOptions& options, const config::Node& node,
                          config::Findings& findings) {
  if (options.compression != io::Compression::detect) return;
  const auto ending = to_lower(std::filesystem::path(options.path).extension().string());
  for (const char* other : {".bz2", ".xz", ".lz4", ".zip", ".br", ".7z"}) {
    if (ending != other) continue;
    findings.add(*node.find("path"), "files are not packed as " + ending.substr(1),
                 "let the path end in .gz or .zst; to write plain text under this name say "
                 "`compression: none`");
  }
}

std::string packed_extension(const std::string& extension, io::Compression compression) {
  if (compression == io::Compression::gzip) return extension + ".gz";
  return compression == io::Compression::zstd ? extension + ".zst" : extension;
}

std::string packed_literal(io::Compression compression) {
  if (compression == io::Compression::gzip) return "'gzip'";
  return compression == io::Compression::zstd ? "'zstd'" : "'uncompressed'";
}

Result<std::unique_ptr<io::ByteStream>> open_text(io::FileSystem& files,
                                                  const std::filesystem::path& path,
                                                  io::Compression compression) {
  TRY(auto file, files.open(path, io::Open::read));
  if (compression == io::Compression::none) return io::endless_stream(std::move(file));
  const io::RatioLimit ours{std::numeric_limits<std::uint64_t>::max(), 0};
  return io::unpack_stream(std::move(file), path, compression, ours);
}

Status require_packed(io::FileSystem& files, const std::filesystem::path& live,
                      io::Compression compression) {
  TRY(auto file, files.open(live, io::Open::read));
  std::string start(io::kCompressionMark, '\0');
  TRY(const auto size, file->read_at(0, start.data(), start.size()));
  start.resize(size);
  const auto found = io::compression_of("text", start);
  if (size == 0 || found == compression) return {};
  const auto was = found == io::Compression::gzip   ? "gzip"
                   : found == io::Compression::zstd ? "zstd"
                                                    : "none";
  return Error(Fault::config, live.string() + " was written with `compression: " + was +
                                  "`, and cannot go on with another one")
      .hint(std::string("set `compression: ") + was + "`, or write to another file");
}

}  // namespace leat::connectors::files
