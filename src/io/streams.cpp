#include "io/streams.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "base/clock.hpp"
#include "base/quantity.hpp"
#include "base/uuid.hpp"
#include "io/posix_error.hpp"

namespace leat::io {
namespace {

constexpr std::chrono::milliseconds kGlance{50};      ///< Between two looks at a cancel token.
constexpr std::uint64_t kStreamKeptMax = 256u << 20;  ///< A header this long is none.

std::string spoken(const fs::path& path) {
  return path == kStandardInput ? "standard input" : "`" + path.string() + "`";
}

class StreamFile final : public File {
 public:
  StreamFile(std::shared_ptr<Stream> stream, fs::path path)
      : x_stream(std::move(stream)), x_path(std::move(path)) {}

  Result<std::size_t> read_at(std::uint64_t offset, char* buffer, std::size_t size) override {
    return x_stream->read_at(offset, buffer, size);
  }
  Status append(std::string_view) override { return refuse(); }
  Status sync() override { return refuse(); }
  Status truncate(std::uint64_t) override { return refuse(); }
  Result<FileStat> stat() override { return FileStat{}; }

 private:
  Status refuse() const { return Error(Fault::internal, spoken(x_path) + " is only read"); }

  std::shared_ptr<Stream> x_stream;
  fs::path x_path;
};

class EndlessStream final : public ByteStream {
 public:
  explicit EndlessStream(std::unique_ptr<File> file) : x_file(std::move(file)) {}

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    TRY(const std::size_t got, x_file->read_at(x_bytes, buffer, size));
    x_bytes += got;
    return got;
  }
  std::uint64_t file_bytes() const override { return x_bytes; }

 private:
  std::unique_ptr<File> x_file;
  std::uint64_t x_bytes = 0;
};

}  // namespace

bool means_standard_input(const fs::path& path) {
  if (path == kStandardInput) return true;
  const auto plain = path.lexically_normal();
  const auto of_process = "/proc/" + std::to_string(::getpid()) + "/fd/0";
  for (const char* name : {"/dev/stdin", "/dev/fd/0", "/proc/self/fd/0", "/proc/thread-self/fd/0",
                           of_process.c_str()}) {
    if (plain == name) return true;
  }
  struct stat theirs{};
  struct stat ours{};
  return ::stat(path.c_str(), &theirs) == 0 && ::fstat(STDIN_FILENO, &ours) == 0 &&
         !S_ISREG(ours.st_mode) && theirs.st_dev == ours.st_dev && theirs.st_ino == ours.st_ino;
}

bool is_stream(const fs::path& path) {
  if (path == kStandardInput) return true;
  struct stat raw{};
  if (::stat(path.c_str(), &raw) != 0) return false;
  return !S_ISREG(raw.st_mode) && !S_ISDIR(raw.st_mode);
}

Stream::Stream(fs::path path, std::string id, std::chrono::milliseconds patience,
               const StreamsMayBeRead& may_be_read)
    : x_path(std::move(path)),
      x_id(std::move(id)),
      x_patience(patience),
      x_may_be_read(may_be_read) {}

Status Stream::open_descriptor() {
  x_cancel = x_may_be_read;
  if (x_cancel == nullptr) {
    return Error(Fault::config, spoken(x_path) + " is read by a run alone")
        .hint("what must be known before it has to be declared: columns: {name: type}");
  }
  const bool is_standard = x_path == kStandardInput;
  Descriptor descriptor(is_standard ? ::fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
                                    : ::open(x_path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  struct stat raw{};
  if (descriptor.number() < 0 || ::fstat(descriptor.number(), &raw) != 0) {
    return posix_error(errno, "open", x_path);
  }
  if (::isatty(descriptor.number()) != 0) {
    return Error(Fault::config, spoken(x_path) + " is a terminal")
        .hint("pipe something into it: program | leat …, or leat … < file");
  }
  x_may_wait_in_vain = !is_standard && S_ISFIFO(raw.st_mode);
  x_descriptor = std::move(descriptor);
  return {};
}

Result<std::unique_ptr<File>> Stream::open() {
  if (x_descriptor.number() < 0) TRY(open_descriptor());
  if (!x_is_taken) {
    return std::unique_ptr<File>(std::make_unique<StreamFile>(shared_from_this(), x_path));
  }
  return Error(Fault::config, spoken(x_path) + " was read already, and cannot be read twice")
      .hint("write what comes from it into a file first, and read that");
}

Result<std::unique_ptr<File>> Stream::look() {
  const std::lock_guard held(x_mutex);
  return open();
}

Result<std::unique_ptr<File>> Stream::take() {
  const std::lock_guard held(x_mutex);
  TRY(auto file, open());
  x_is_taken = true;
  return file;
}

Result<std::size_t> Stream::read_at(std::uint64_t offset, char* buffer, std::size_t size) {
  const std::lock_guard held(x_mutex);
  const std::uint64_t kept_from = x_read - x_kept.size();
  if (offset < kept_from || offset > x_read) {
    return Error(Fault::internal, spoken(x_path) + " was to be read out of turn");
  }
  const std::size_t again = x_kept.copy(buffer, size, offset - kept_from);
  if (x_is_taken && offset + again == x_read) std::string().swap(x_kept);
  if (again == size) return size;
  TRY(const std::size_t got, read_on(buffer + again, size - again));
  x_read += got;
  if (x_is_taken) return again + got;
  x_kept.append(buffer + again, got);
  if (x_kept.size() <= kStreamKeptMax) return again + got;
  return Error(Fault::config, "nothing tells what " + spoken(x_path) + " holds within its first " +
                                  format_bytes(kStreamKeptMax))
      .hint("declare its columns: columns: {name: type}");
}

Result<std::size_t> Stream::read_on(char* buffer, std::size_t size) {
  std::size_t done = 0;
  while (done < size && !x_at_end) {
    TRY(const std::size_t got, read_some(buffer + done, size - done));
    x_at_end = got == 0;
    done += got;
  }
  return done;
}

Result<std::size_t> Stream::read_some(char* buffer, std::size_t size) {
  while (true) {
    TRY(wait());
    const ssize_t got = ::read(x_descriptor.number(), buffer, size);
    if (got > 0) x_may_wait_in_vain = false;
    if (got >= 0 && !x_may_wait_in_vain) return static_cast<std::size_t>(got);
    if (got == 0) {
      if (x_waited >= x_patience) return nobody_writes();
    } else if (errno == EAGAIN) {
      x_may_wait_in_vain = false;  // Somebody is there, and takes time.
    } else if (errno != EINTR) {
      return posix_error(errno, "read", x_path);
    }
  }
}

Status Stream::wait() {
  while (true) {
    if (x_cancel->requested()) return Error(Fault::external, "reading was stopped").cancelled();
    pollfd what{x_descriptor.number(), POLLIN, 0};
    const int ready = ::poll(&what, 1, static_cast<int>(kGlance.count()));
    if (ready < 0 && errno != EINTR) return posix_error(errno, "read", x_path);
    if (ready > 0) {
      // Somebody was there and is gone, without a word.
      if ((what.revents & POLLHUP) != 0) x_may_wait_in_vain = false;
      return {};
    }
    if (!x_may_wait_in_vain) continue;
    x_waited += kGlance;
    return {};  // A read tells whether somebody is there.
  }
}

Error Stream::nobody_writes() const {
  return Error(Fault::config, "nobody writes to the named pipe " + spoken(x_path))
      .with("waited", std::to_string(x_patience.count()) + " ms")
      .hint("start the program that writes to it first, or pipe it: program | leat …");
}

std::shared_ptr<Stream> Streams::of(const fs::path& path) {
  const std::lock_guard held(x_mutex);
  const fs::path known = means_standard_input(path) ? fs::path(kStandardInput) : path;
  auto& stream = x_known[known];
  if (!stream) {
    const auto id = "stream:" + known.string() + ":" + make_uuid7(system_clock()).text();
    stream = std::make_shared<Stream>(known, id, x_patience, x_cancel);
  }
  return stream;
}

Streams& process_streams() {
  static Streams streams;
  return streams;
}

std::unique_ptr<ByteStream> endless_stream(std::unique_ptr<File> file) {
  return std::make_unique<EndlessStream>(std::move(file));
}

}  // namespace leat::io
