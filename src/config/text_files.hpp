#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace leat::config {

/// The files that a configuration is read from. Tests put others in their place.
///
/// Threads   any.
/// Errors    config: not there, a folder, unreadable, larger than `bytes_max`.
class TextFiles {
 public:
  virtual ~TextFiles() = default;
  virtual bool exists(const std::filesystem::path& file) const = 0;
  virtual Result<std::string> read(const std::filesystem::path& file,
                                   std::uint64_t bytes_max) const = 0;
  /// May anybody but its owner read or write it?
  virtual Result<bool> open_to_others(const std::filesystem::path& file) const = 0;
};

/// Those of the machine's own disk.
const TextFiles& local_text_files();

}  // namespace leat::config
