/* Loaded before the program: kills it within one of its writes to files of a folder, a part of which
 * has happened then, as the kernel may end any write of more than a page when a process is killed.
 *
 *   LEAT_TEAR_BELOW  the folder, as it is linked nowhere
 *   LEAT_TEAR_LIST   a file that gets a byte for each such write; or
 *   LEAT_TEAR_AT     the number of the write, from 1, and
 *   LEAT_TEAR_SHARE  how much of it happens, in hundredths
 *
 * And makes a file system poorer that it writes to:
 *
 *   LEAT_TEAR_NO_LINK        it has no second names of a file
 *   LEAT_TEAR_NO_RENAME_NEW  it cannot rename without replacing
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const size_t page = 4096;

static int is_below(int fd) {
  const char* folder = getenv("LEAT_TEAR_BELOW");
  char link[64];
  char path[4096];
  ssize_t size;
  if (folder == NULL) return 0;
  snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
  size = readlink(link, path, sizeof(path) - 1);
  return size > 0 && strncmp(path, folder, strlen(folder)) == 0;
}

static void list_one(const char* path) {
  const int fd = open(path, O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (fd >= 0) {
    if (syscall(1 /* write */, fd, ".", 1) != 1) abort();
    close(fd);
  }
}

/* How much of it is to happen before the end; the whole of it where this is not the one. */
static size_t torn_size(int fd, size_t size, int* is_last) {
  static long count = 0;
  const char* at = getenv("LEAT_TEAR_AT");
  const char* list = getenv("LEAT_TEAR_LIST");
  long number;
  *is_last = 0;
  if ((at == NULL && list == NULL) || !is_below(fd)) return size;
  number = __sync_add_and_fetch(&count, 1);
  if (list != NULL) list_one(list);
  if (at == NULL || atol(at) != number) return size;
  *is_last = 1;
  return size * (size_t)atol(getenv("LEAT_TEAR_SHARE")) / 100 / page * page;
}

static ssize_t end_here(void) {
  kill(getpid(), SIGKILL);
  pause();
  return -1;
}

ssize_t write(int fd, const void* bytes, size_t size) {
  static ssize_t (*real)(int, const void*, size_t) = NULL;
  int is_last;
  size_t torn;
  if (real == NULL) real = (ssize_t(*)(int, const void*, size_t))dlsym(RTLD_NEXT, "write");
  torn = torn_size(fd, size, &is_last);
  if (!is_last) return real(fd, bytes, size);
  if (torn > 0 && real(fd, bytes, torn) < 0) abort();
  return end_here();
}

ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t offset) {
  static ssize_t (*real)(int, const void*, size_t, off64_t) = NULL;
  int is_last;
  size_t torn;
  if (real == NULL) real = (ssize_t(*)(int, const void*, size_t, off64_t))dlsym(RTLD_NEXT, "pwrite64");
  torn = torn_size(fd, size, &is_last);
  if (!is_last) return real(fd, bytes, size, offset);
  if (torn > 0 && real(fd, bytes, torn, offset) < 0) abort();
  return end_here();
}

static int refuse(int code) {
  errno = code;
  return -1;
}

int link(const char* from, const char* to) {
  static int (*real)(const char*, const char*) = NULL;
  if (getenv("LEAT_TEAR_NO_LINK") != NULL) return refuse(EPERM);
  if (real == NULL) real = (int (*)(const char*, const char*))dlsym(RTLD_NEXT, "link");
  return real(from, to);
}

int renameat2(int from_fd, const char* from, int to_fd, const char* to, unsigned int flags) {
  static int (*real)(int, const char*, int, const char*, unsigned int) = NULL;
  if (flags != 0 && getenv("LEAT_TEAR_NO_RENAME_NEW") != NULL) return refuse(EINVAL);
  if (real == NULL)
    real = (int (*)(int, const char*, int, const char*, unsigned int))dlsym(RTLD_NEXT, "renameat2");
  return real(from_fd, from, to_fd, to, flags);
}

ssize_t pwrite(int fd, const void* bytes, size_t size, off_t offset) {
  return pwrite64(fd, bytes, size, offset);
}
