#include "engine/engine_fault.hpp"

#include <array>
#include <string_view>

namespace leat::engine {
namespace {

bool mentions(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

template <std::size_t size>
bool mentions_any(std::string_view text, const std::array<std::string_view, size>& parts) {
  for (const auto part : parts) {
    if (mentions(text, part)) return true;
  }
  return false;
}

constexpr std::array<std::string_view, 4> kDiskFull{
    "No space left on device", "Disk quota exceeded", "max_temp_directory_size",
    "not enough disk space"};
constexpr std::array<std::string_view, 2> kDenied{"Permission denied", "Read-only file system"};
constexpr std::array<std::string_view, 3> kLocked{
    "Could not set lock on file", "Conflicting lock is held", "Resource temporarily unavailable"};

/// No fault of the engine's own classes: what its readers of files, and the libraries below them
/// (Thrift, miniz), throw at bytes that make no sense.
Error of_library(std::string message) {
  return Error(Fault::external, "a file that is read is broken: " + std::move(message))
      .hint("fetch it again, or write it anew");
}

Error of_input_output(std::string message) {
  if (mentions_any(message, kDiskFull)) {
    return Error(Fault::external, std::move(message))
        .grave()
        .hint("the disk is full: make room, or point `resources.temp` at another disk");
  }
  if (mentions_any(message, kLocked)) return Error(Fault::external, std::move(message)).busy();
  if (mentions_any(message, kDenied)) return Error(Fault::external, std::move(message)).grave();
  return Error(Fault::external, std::move(message));
}

Error of_memory(std::string message) {
  // What the engine proposes are settings of its own, which nobody can type here.
  message = message.substr(0, message.find("\n\nPossible solutions"));
  if (mentions_any(message, kDiskFull)) return of_input_output(std::move(message));
  return Error(Fault::external, std::move(message))
      .grave()
      .hint("raise `resources.memory`, or lower `resources.threads`");
}

/// Where it gets no memory while it makes the words of another error, the engine holds that for a
/// bug of its own, and whoever used it after that for the same one.
bool is_for_memory(int type, std::string_view message) {
  return (type == DUCKDB_ERROR_INTERNAL || type == DUCKDB_ERROR_FATAL) &&
         mentions(message, "std::bad_alloc");
}

/// Models say CAST; a target's own types are reached by a cast of ours, which no one can see.
Error of_conversion(std::string message) {
  const bool too_wide = mentions(message, "to DECIMAL(38,0)");
  Error error(Fault::data, std::move(message));
  if (!too_wide) {
    return std::move(error).hint(
        "a check `castable` sets such rows aside before; TRY_CAST in the SQL makes null of them");
  }
  return std::move(error).hint(
      "a HUGEINT is DECIMAL(38,0) in Parquet: cast the column to VARCHAR or DOUBLE in the model");
}

}  // namespace

Error no_memory(std::string message) { return of_memory("out of memory: " + std::move(message)); }

Error engine_error(int type, std::string message) {
  if (is_for_memory(type, message)) return of_memory(std::move(message));
  switch (type) {
    case DUCKDB_ERROR_IO:
    case DUCKDB_ERROR_NETWORK:
    case DUCKDB_ERROR_HTTP:
    case DUCKDB_ERROR_CONNECTION: return of_input_output(std::move(message));
    case DUCKDB_ERROR_OUT_OF_MEMORY: return of_memory(std::move(message));
    case DUCKDB_ERROR_INTERRUPT: return Error(Fault::external, "stopped").cancelled();
    case DUCKDB_ERROR_TRANSACTION: return Error(Fault::external, std::move(message)).busy();
    case DUCKDB_ERROR_CONVERSION: return of_conversion(std::move(message));
    case DUCKDB_ERROR_OUT_OF_RANGE:
    case DUCKDB_ERROR_DECIMAL:
    case DUCKDB_ERROR_DIVIDE_BY_ZERO:
    case DUCKDB_ERROR_OBJECT_SIZE:
    case DUCKDB_ERROR_CONSTRAINT:
    case DUCKDB_ERROR_INVALID_INPUT: return Error(Fault::data, std::move(message));
    case DUCKDB_ERROR_FATAL:
    case DUCKDB_ERROR_INTERNAL:
    case DUCKDB_ERROR_NULL_POINTER:
    case DUCKDB_ERROR_SCHEDULER:
    case DUCKDB_ERROR_EXECUTOR:
    case DUCKDB_ERROR_OPTIMIZER: return Error(Fault::internal, std::move(message));
    case DUCKDB_ERROR_INVALID: return of_library(std::move(message));
    default: return Error(Fault::config, std::move(message));
  }
}

Error EngineFault::to_error() const { return engine_error(x_fault.type, message()); }

}  // namespace leat::engine
