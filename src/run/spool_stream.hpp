#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "core/bad_row.hpp"
#include "io/files.hpp"

namespace leat::run {

/// The records of a spool, one after the other.
///
/// Threads   one.
/// Errors    internal  the spool is cut short.
class SpoolStream {
 public:
  static Result<std::unique_ptr<SpoolStream>> open(io::FileSystem& files,
                                                   const std::filesystem::path& path);
  explicit SpoolStream(std::unique_ptr<io::File> file) : x_file(std::move(file)) {}

  /// False at the end.
  Result<bool> next(BadRow& row);

 private:
  Result<bool> refill();

  std::unique_ptr<io::File> x_file;
  std::string x_bytes;
  std::string_view x_rest;
  std::uint64_t x_offset = 0;
};

}  // namespace leat::run
