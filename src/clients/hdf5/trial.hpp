#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/cancel.hpp"
#include "base/result.hpp"

namespace leat::hdf5 {

/// A table that is tried out, and what that may take.
struct Trial {
  std::filesystem::path path;
  std::string dataset;
  std::vector<std::string> names;
  std::vector<std::string> axes;
  bool to_the_end = true;  ///< Else it is only opened.
  const CancelToken* cancel = nullptr;
  /// Beyond what the program itself takes.
  std::uint64_t memory_bytes = std::uint64_t{4} << 30;
  /// Of processor time, for each piece that is read at once, and six times that for all of them;
  /// more where they are large.
  std::uint32_t seconds = 10;
};

/// Opens a table, and reads all of it if asked to, in a process of its own: the library may crash
/// on a broken file, or never come to an end.
///
/// Threads   any; no lock is held meanwhile.
/// Promise   good only when that process read all that was asked for and said so.
/// Errors    what the process found, as it found it; external, it crashed, took too long or too
///           much memory.
Status try_out(const Trial& trial);

/// Seconds of processor time that the next piece may take: many that are each just in time are too
/// slow all the same. `bytes` are those of the piece, `bytes_whole` those up to its end, `used`
/// what all before it took.
std::uint64_t seconds_for(const Trial& trial, std::uint64_t bytes, std::uint64_t bytes_whole,
                          std::uint64_t used);

/// Does what `try_out` has asked of this process, which is to end with the given exit code; nothing
/// when its arguments ask for no trial. The first thing that a program does.
std::optional<int> carry_out_trial(std::span<const char* const> arguments);

}  // namespace leat::hdf5
