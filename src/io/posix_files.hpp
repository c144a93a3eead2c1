#pragma once

#include <fcntl.h>
#include <sys/types.h>

#include <cstddef>
#include <memory>

#include "io/files.hpp"

namespace leat::io {

/// The calls of the operating system that may stop half way, so that a test can make them.
/// The signatures and meanings are those of the system.
struct PosixCalls {
  int (*open)(const char* path, int flags, mode_t mode);
  ssize_t (*pread)(int file, void* buffer, std::size_t size, off_t offset);
  ssize_t (*write)(int file, const void* buffer, std::size_t size);
  int (*fsync)(int file);
  int (*flock)(int file, int operation);
  int (*set_flags)(int file, int flags);
  int (*rename_new)(const char* from, const char* to);  ///< RENAME_NOREPLACE of renameat2.
  int (*link)(const char* from, const char* to);
  int (*chown)(const char* path, uid_t owner, gid_t group);
};

/// Those of this machine.
const PosixCalls& posix_calls();

/// The machine's disk through `calls`, which must outlive it.
std::unique_ptr<FileSystem> make_posix_files(const PosixCalls& calls);

}  // namespace leat::io
