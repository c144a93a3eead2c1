#pragma once

#include <cerrno>

namespace leat::test {

/// Calls of a file system that cannot do all, for `io::PosixCalls`.

/// It has not learned to rename without replacing.
inline int unknown_way(const char*, const char*) {
  errno = EINVAL;
  return -1;
}

/// It has no second names.
inline int no_second_name(const char*, const char*) {
  errno = EPERM;
  return -1;
}

}  // namespace leat::test
