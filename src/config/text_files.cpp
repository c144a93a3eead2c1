#include "config/text_files.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

namespace leat::config {
namespace {

namespace fs = std::filesystem;

Error cannot_read(int code) {
  return Error(Fault::config, std::string("cannot be read: ") + std::strerror(code));
}

/// Closes a descriptor when it goes.
class Descriptor {
 public:
  explicit Descriptor(const fs::path& file)
      : x_number(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK)) {}
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() {
    if (x_number >= 0) ::close(x_number);
  }
  int number() const { return x_number; }

 private:
  int x_number;
};

class LocalTextFiles final : public TextFiles {
 public:
  bool exists(const fs::path& file) const override {
    struct stat found{};
    return ::stat(file.c_str(), &found) == 0;
  }

  Result<std::string> read(const fs::path& file, std::uint64_t bytes_max) const override {
    const Descriptor descriptor(file);
    if (descriptor.number() < 0) return cannot_read(errno);
    struct stat found{};
    if (::fstat(descriptor.number(), &found) != 0) return cannot_read(errno);
    if (S_ISDIR(found.st_mode)) return cannot_read(EISDIR);
    std::string text;
    if (found.st_size > 0) text.reserve(std::min(std::uint64_t(found.st_size), bytes_max) + 1);
    char block[16384];
    for (;;) {
      const auto got = ::read(descriptor.number(), block, sizeof block);
      if (got < 0 && errno == EINTR) continue;
      if (got < 0) return cannot_read(errno);
      if (got == 0) return text;
      text.append(block, std::size_t(got));
      if (text.size() > bytes_max) {
        return Error(Fault::config,
                     "larger than " + std::to_string(bytes_max) + " bytes, which is the limit");
      }
    }
  }

  Result<bool> open_to_others(const fs::path& file) const override {
    struct stat found{};
    if (::stat(file.c_str(), &found) != 0) return cannot_read(errno);
    return (found.st_mode & (S_IRWXG | S_IRWXO)) != 0;
  }
};

}  // namespace

const TextFiles& local_text_files() {
  static const LocalTextFiles files;
  return files;
}

}  // namespace leat::config
