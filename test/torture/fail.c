/* Loaded before the program: calls to the system fail, of files below a folder and of sockets.
 *
 *   LEAT_FAIL_BELOW  the folder, as it is linked nowhere
 *   LEAT_FAIL_LIST   a file that gets the letter of each call; or
 *   LEAT_FAIL_KINDS  the letters of those that may fail,
 *   LEAT_FAIL_AT     the number of the one of them that does, from 1,
 *   LEAT_FAIL_CODE   its errno; 0: it does a part of what it should, and says so
 *   LEAT_FAIL_ON     set: all after it fail, too
 *   LEAT_FAIL_MARK   a file that is made once one has failed
 *   LEAT_FAIL_NEW    where `operator new` begins and ends in the program: 4403:4410, in hexadecimal
 *   LEAT_FAIL_CODE_OF  a file of where code begins and ends, by address, and whether it is ours or the
 *                    engine's: 4403:4410:1, 4410:4500:0
 *
 * Letters: o open to read, c open to write, r read, w write, s sync, n names (rename, link, remove,
 * make a folder), t send, v receive, m memory for C++ once a file of the folder was opened. The
 * engine's code is in the program, too, and is not written for that: its requests are counted, and
 * the one that fails is the first of ours from the number on.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <unwind.h>

static const char *folder, *list, *kinds, *mark;
static long fail_at, fail_code, count, new_begin, new_end;
static int fails_on, has_begun;

/* The code of the program, one part behind the other. */
#define PARTS_MAX 100000
static struct {
  long begin, end;
  int is_ours;
} parts[PARTS_MAX];
static long part_count;

static void read_parts(const char* path) {
  FILE* file = fopen(path, "r");
  if (file == NULL) abort();
  while (part_count < PARTS_MAX &&
         fscanf(file, "%lx:%lx:%d", &parts[part_count].begin, &parts[part_count].end,
                &parts[part_count].is_ours) == 3) {
    ++part_count;
  }
  if (!feof(file)) abort();
  fclose(file);
}

__attribute__((constructor)) static void begin(void) {
  const char* at = getenv("LEAT_FAIL_AT");
  const char* code = getenv("LEAT_FAIL_CODE");
  const char* range = getenv("LEAT_FAIL_NEW");
  char* end = NULL;
  folder = getenv("LEAT_FAIL_BELOW");
  list = getenv("LEAT_FAIL_LIST");
  fail_at = at == NULL ? 0 : atol(at);
  fail_code = code == NULL ? 0 : atol(code);
  fails_on = getenv("LEAT_FAIL_ON") != NULL;
  kinds = getenv("LEAT_FAIL_KINDS");
  mark = getenv("LEAT_FAIL_MARK");
  if (range != NULL) {
    new_begin = strtol(range, &end, 16);
    new_end = strtol(end + 1, NULL, 16);
  }
  if (kinds != NULL && strchr(kinds, 'm') != NULL && getenv("LEAT_FAIL_CODE_OF") != NULL) {
    read_parts(getenv("LEAT_FAIL_CODE_OF"));
  }
}

static void add_to(const char* path, char letter) {
  const long fd = syscall(SYS_openat, AT_FDCWD, path, O_WRONLY | O_CREAT | O_APPEND, 0644);
  if (fd < 0) return;
  if (syscall(SYS_write, fd, &letter, 1) != 1) abort();
  syscall(SYS_close, fd);
}

/* Does this one fail? */
static int is_hit(char letter) {
  long number;
  if (list != NULL) add_to(list, letter);
  if (kinds == NULL || strchr(kinds, letter) == NULL) return 0;
  number = __sync_add_and_fetch(&count, 1);
  if (number == fail_at && mark != NULL) add_to(mark, letter);
  return number == fail_at || (fails_on && number > fail_at);
}

/* Whose code is this? Libraries that are neither's work for whoever calls them. */
static _Unwind_Reason_Code ask_whose(struct _Unwind_Context* frame, void* is_ours) {
  const long at = (long)_Unwind_GetIP(frame) - 1; /* It goes on behind its call. */
  long low = 0;
  long high = part_count;
  while (low < high) {
    const long middle = (low + high) / 2;
    if (parts[middle].end <= at) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  if (low == part_count || parts[low].begin > at) return _URC_NO_REASON;
  *(int*)is_ours = parts[low].is_ours;
  return _URC_END_OF_STACK;
}

static int is_asked_by_us(void) {
  int is_ours = 0;
  _Unwind_Backtrace(ask_whose, &is_ours);
  return is_ours;
}

static int is_request_hit(void) {
  if (part_count > 0 && count + 1 == fail_at && !is_asked_by_us()) return 0;
  return is_hit('m');
}

static int is_path_below(const char* path) {
  char here[PATH_MAX];
  if (folder == NULL) return 0;
  if (path[0] == '/') return strncmp(path, folder, strlen(folder)) == 0;
  return syscall(SYS_getcwd, here, sizeof(here)) > 0 && strncmp(here, folder, strlen(folder)) == 0;
}

static int is_below(int fd) {
  char link[64];
  char path[PATH_MAX];
  ssize_t size;
  if (folder == NULL) return 0;
  snprintf(link, sizeof(link), "/proc/self/fd/%d", fd);
  size = readlink(link, path, sizeof(path) - 1);
  return size > 0 && strncmp(path, folder, strlen(folder)) == 0;
}

/* How much of a call is done: all of it, a part, or nothing (-1, with errno). */
static ssize_t allowed(int is_ours, char letter, size_t size) {
  if (!is_ours || !is_hit(letter)) return (ssize_t)size;
  if (fail_code == 0) return (ssize_t)(size > 1 ? size / 2 : size);
  errno = (int)fail_code;
  return -1;
}

/* A connection that failed once is gone: libpq waits for the last words of its server. */
static ssize_t allowed_of_socket(int fd, char letter, size_t size) {
  const ssize_t part = allowed(1, letter, size);
  if (part < 0 && fail_code != EINTR) {
    shutdown(fd, SHUT_RDWR);
    errno = (int)fail_code;
  }
  return part;
}

static int is_refused(int is_ours, char letter) { return allowed(is_ours, letter, 1) < 0; }

#define REAL(type, name, ...)                                        \
  static type (*real)(__VA_ARGS__) = NULL;                           \
  if (real == NULL) real = (type(*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

/* Reading and writing: a part may be done. */
#define MOVE(name, allowed_size, bytes_type, more_types, more) \
  {                                                           \
    ssize_t part;                                             \
    REAL(ssize_t, name, int, bytes_type, size_t more_types);  \
    part = allowed_size;                                      \
    return part < 0 ? -1 : real(fd, bytes, (size_t)part more); \
  }
#define COMMA ,

ssize_t read(int fd, void* bytes, size_t size)
    MOVE("read", allowed(is_below(fd), 'r', size), void*, , )
ssize_t write(int fd, const void* bytes, size_t size)
    MOVE("write", allowed(is_below(fd), 'w', size), const void*, , )
ssize_t pread64(int fd, void* bytes, size_t size, off64_t at)
    MOVE("pread64", allowed(is_below(fd), 'r', size), void*, COMMA off64_t, COMMA at)
ssize_t pwrite64(int fd, const void* bytes, size_t size, off64_t at)
    MOVE("pwrite64", allowed(is_below(fd), 'w', size), const void*, COMMA off64_t, COMMA at)
ssize_t pread(int fd, void* bytes, size_t size, off_t at) { return pread64(fd, bytes, size, at); }
ssize_t pwrite(int fd, const void* bytes, size_t size, off_t at) {
  return pwrite64(fd, bytes, size, at);
}
ssize_t send(int fd, const void* bytes, size_t size, int flags)
    MOVE("send", allowed_of_socket(fd, 't', size), const void*, COMMA int, COMMA flags)
ssize_t recv(int fd, void* bytes, size_t size, int flags)
    MOVE("recv", allowed_of_socket(fd, 'v', size), void*, COMMA int, COMMA flags)

/* What is done whole or not. */
#define WHOLE(type, name, letter, is_ours, types, values) \
  {                                                        \
    REAL(type, name, types);                               \
    if (is_refused(is_ours, letter)) return -1;            \
    return real(values);                                   \
  }
#define LIST(...) __VA_ARGS__

int fsync(int fd) WHOLE(int, "fsync", 's', is_below(fd), int, fd)
int fdatasync(int fd) WHOLE(int, "fdatasync", 's', is_below(fd), int, fd)
int ftruncate64(int fd, off64_t size)
    WHOLE(int, "ftruncate64", 'w', is_below(fd), LIST(int, off64_t), LIST(fd, size))
int ftruncate(int fd, off_t size) { return ftruncate64(fd, size); }
int rename(const char* from, const char* to)
    WHOLE(int, "rename", 'n', is_path_below(to), LIST(const char*, const char*), LIST(from, to))
int link(const char* from, const char* to)
    WHOLE(int, "link", 'n', is_path_below(to), LIST(const char*, const char*), LIST(from, to))
int unlink(const char* path) WHOLE(int, "unlink", 'n', is_path_below(path), const char*, path)
int remove(const char* path) WHOLE(int, "remove", 'n', is_path_below(path), const char*, path)
int mkdir(const char* path, mode_t mode)
    WHOLE(int, "mkdir", 'n', is_path_below(path), LIST(const char*, mode_t), LIST(path, mode))
int rmdir(const char* path) WHOLE(int, "rmdir", 'n', is_path_below(path), const char*, path)
int unlinkat(int at, const char* path, int flags)
    WHOLE(int, "unlinkat", 'n', at == AT_FDCWD ? is_path_below(path) : is_below(at),
          LIST(int, const char*, int), LIST(at, path, flags))
int fallocate64(int fd, int mode, off64_t at, off64_t size)
    WHOLE(int, "fallocate64", 'w', is_below(fd), LIST(int, int, off64_t, off64_t),
          LIST(fd, mode, at, size))
int fallocate(int fd, int mode, off_t at, off_t size) { return fallocate64(fd, mode, at, size); }
int renameat2(int from_fd, const char* from, int to_fd, const char* to, unsigned int flags)
    WHOLE(int, "renameat2", 'n', is_path_below(to), LIST(int, const char*, int, const char*, unsigned int),
          LIST(from_fd, from, to_fd, to, flags))

static int open_real(int at, const char* path, int flags, mode_t mode) {
  const char letter = (flags & O_ACCMODE) == O_RDONLY ? 'o' : 'c';
  const int is_ours = is_path_below(path);
  if (is_ours) has_begun = 1;
  if (is_refused(is_ours, letter)) return -1;
  return (int)syscall(SYS_openat, at, path, flags | O_LARGEFILE, mode);
}

#define OPEN(at)                                                            \
  {                                                                         \
    va_list rest;                                                           \
    mode_t mode;                                                            \
    va_start(rest, flags);                                                  \
    mode = (flags & (O_CREAT | O_TMPFILE)) != 0 ? va_arg(rest, mode_t) : 0; \
    va_end(rest);                                                           \
    return open_real(at, path, flags, mode);                                \
  }
int open(const char* path, int flags, ...) OPEN(AT_FDCWD)
int open64(const char* path, int flags, ...) OPEN(AT_FDCWD)
int openat(int at, const char* path, int flags, ...) OPEN(at)
int openat64(int at, const char* path, int flags, ...) OPEN(at)

extern void* __libc_malloc(size_t size);
void* malloc(size_t size) {
  const long from = (long)__builtin_return_address(0);
  if (has_begun && from >= new_begin && from < new_end && is_request_hit()) return NULL;
  return __libc_malloc(size);
}
