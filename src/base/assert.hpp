#pragma once

namespace leat {

/// Says what broke and stops the program. An assertion is about our own code, never about input.
[[noreturn]] void assertion_failed(const char* condition, const char* file, int line);

}  // namespace leat

/// Always on: a broken invariant must not reach a target.
#define LEAT_ASSERT(condition) \
  ((condition) ? void(0) : ::leat::assertion_failed(#condition, __FILE__, __LINE__))
