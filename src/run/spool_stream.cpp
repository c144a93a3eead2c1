#include "run/spool_stream.hpp"

#include <algorithm>

#include "run/spool_record.hpp"

namespace leat::run {

Result<std::unique_ptr<SpoolStream>> SpoolStream::open(io::FileSystem& files,
                                                       const std::filesystem::path& path) {
  TRY(auto file, files.open(path, io::Open::read));
  return std::make_unique<SpoolStream>(std::move(file));
}

Result<bool> SpoolStream::next(BadRow& row) {
  while (!take_record(x_rest, row)) {
    TRY(const bool has_more, refill());
    if (!has_more) return false;
  }
  return true;
}

/// Reads on; false at the end.
Result<bool> SpoolStream::refill() {
  x_bytes = std::string(x_rest);
  const auto kept = x_bytes.size();
  x_bytes.resize(kept + std::max<std::size_t>(1 << 20, kept));
  TRY(const auto got, x_file->read_at(x_offset, x_bytes.data() + kept, x_bytes.size() - kept));
  x_offset += got;
  x_bytes.resize(kept + got);
  x_rest = x_bytes;
  if (got == 0 && kept > 0) return Error(Fault::internal, "a quarantine spool is cut short");
  return got > 0;
}

}  // namespace leat::run
