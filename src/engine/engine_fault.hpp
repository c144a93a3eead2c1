#pragma once

#include <cstdint>
#include <string>

#include "base/result.hpp"
#include "engine/internals/engine_internals.h"

namespace leat::engine {

/// Owns a complaint of the database while it is looked at.
class EngineFault {
 public:
  EngineFault() = default;
  ~EngineFault() { leat_fault_clear(&x_fault); }
  EngineFault(const EngineFault&) = delete;
  EngineFault& operator=(const EngineFault&) = delete;

  leat_fault* get() { return &x_fault; }
  std::string message() const { return x_fault.message == nullptr ? "" : x_fault.message; }
  std::int64_t offset() const { return x_fault.offset; }
  /// With the fault class that its kind asks for, and what to do where that is known.
  Error to_error() const;

 private:
  leat_fault x_fault{0, nullptr, -1};
};

/// The same from the parts that the C API hands out.
Error engine_error(int type, std::string message);

/// Of a call that tells no more than that it failed, and does so for want of memory alone.
Error no_memory(std::string message);

}  // namespace leat::engine
