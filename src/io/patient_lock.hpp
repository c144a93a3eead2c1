#pragma once

#include <filesystem>
#include <memory>

#include "base/clock.hpp"
#include "io/files.hpp"

namespace leat::io {

/// A lock that is asked for again as long as somebody else holds it.
///
/// Errors   busy  still held after `patience`. Others as FileSystem::lock.
Result<std::unique_ptr<FileLock>> lock_within(FileSystem& files, const std::filesystem::path& path,
                                              Micros patience);

}  // namespace leat::io
