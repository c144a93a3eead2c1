#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>

#include "config/options.hpp"
#include "connectors/files/file_sink.hpp"
#include "io/byte_stream.hpp"
#include "io/decompress.hpp"

namespace leat::connectors::files {

/// What sinks of text have beside the others.
struct TextSinkOptions : FileSinkOptions {
  io::Compression compression = io::Compression::detect;
  /// As written, else by the ending of the path.
  io::Compression packed() const;
};

template <typename Options>
auto packed_option(io::Compression Options::* member) {
  return config::option("compression", member,
                        "auto: by the ending of the path, .gz or .zst; else none. An append "
                        "adds a member to the file.",
                        config::EnumNames<io::Compression>{{"auto", io::Compression::detect},
                                                           {"none", io::Compression::none},
                                                           {"gzip", io::Compression::gzip},
                                                           {"zstd", io::Compression::zstd}});
}

/// Complains about a path whose ending promises what is not written.
void refuse_other_packing(const TextSinkOptions& options, const config::Node& node,
                          config::Findings& findings);

/// "csv" → "csv.gz"
std::string packed_extension(const std::string& extension, io::Compression compression);
/// How the engine's writers and readers are told: `'gzip'`.
std::string packed_literal(io::Compression compression);
/// Was the file packed as it would go on? An empty one goes on as anything.
/// Errors   config    it was not: both in one file could be read by nobody.
Status require_packed(io::FileSystem& files, const std::filesystem::path& live,
                      io::Compression compression);
/// The text of a file that such a sink wrote.
Result<std::unique_ptr<io::ByteStream>> open_text(io::FileSystem& files,
                                                  const std::filesystem::path& path,
                                                  io::Compression compression);

}  // namespace leat::connectors::files
