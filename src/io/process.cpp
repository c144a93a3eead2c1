#include "io/process.hpp"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <thread>
#include <utility>

#include "io/descriptor.hpp"
#include "io/posix_error.hpp"

namespace leat::io {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLineBytesMax = 64 << 10;
constexpr int kLookEveryMs = 50;

struct Pipe {
  Descriptor read;
  Descriptor write;
};

Result<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) return posix_error(errno, "make a pipe for", "a step");
  return Pipe{Descriptor(ends[0]), Descriptor(ends[1])};
}

Result<Descriptor> open_file(const std::filesystem::path& path, int flags) {
  const int number = ::open(path.c_str(), flags | O_CLOEXEC, 0600);
  if (number < 0) return posix_error(errno, "open", path);
  return Descriptor(number);
}

std::vector<char*> pointers(const std::vector<std::string>& texts) {
  std::vector<char*> out;
  for (const auto& text : texts) out.push_back(const_cast<char*>(text.c_str()));  // NOLINT: exec
  out.push_back(nullptr);
  return out;
}

/// One program, from its start to the end of its group.
class Running {
 public:
  explicit Running(const ProcessOrder& order) : x_order(order) {}
  ~Running() { end_group(); }
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;

  Status start() {
    TRY(auto errors, make_pipe());
    TRY(auto failed, make_pipe());
    const auto& in = x_order.input;
    TRY(x_input, open_file(in.empty() ? "/dev/null" : in, O_RDONLY));
    Descriptor output;
    if (!x_order.output.empty()) {
      TRY(output, open_file(x_order.output, O_WRONLY | O_CREAT | O_TRUNC));
    }
    const int out = x_order.output.empty() ? errors.write.number() : output.number();
    const auto argv = pointers(x_order.command);
    const auto envp = pointers(x_order.environment);
    x_parent = ::getpid();
    x_pid = ::fork();
    if (x_pid < 0) return posix_error(errno, "start", x_order.command[0]);
    if (x_pid == 0) become(argv, envp, out, errors.write.number(), failed.write.number());
    ::setpgid(x_pid, x_pid);
    failed.write.close();
    errors.write.close();
    x_errors = std::move(errors.read);
    ::fcntl(x_errors.number(), F_SETFL, O_NONBLOCK);
    int code = 0;
    if (::read(failed.read.number(), &code, sizeof code) != sizeof code) return {};
    ::waitpid(x_pid, nullptr, 0);
    x_pid = -1;
    return Error(posix_error(code, "run", x_order.command[0]));
  }

  ProcessEnd wait() {
    ProcessEnd end;
    const auto began = Clock::now();
    int status = 0;
    while (::waitpid(x_pid, &status, WNOHANG) == 0) {
      pollfd wanted{x_errors.number(), POLLIN, 0};
      ::poll(&wanted, 1, wait_ms(began));
      const bool any = read_errors();
      if (!any && (wanted.revents & POLLHUP) != 0) {
        std::this_thread::sleep_for(std::chrono::milliseconds(kLookEveryMs / 10));
      }
      end.cancelled = x_order.cancel != nullptr && x_order.cancel->requested();
      end.timed_out = x_order.timeout && Clock::now() - began > *x_order.timeout;
      if (!end.cancelled && !end.timed_out) continue;
      ::kill(-x_pid, SIGKILL);
      ::waitpid(x_pid, &status, 0);
      break;
    }
    end_group();
    while (read_errors()) continue;
    if (!x_line.empty()) tell(x_line);
    end.exit_code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
    const auto at = ::lseek(x_input.number(), 0, SEEK_CUR);
    end.input_read = at > 0 ? std::uint64_t(at) : 0;
    return end;
  }

 private:
  /// Until the next look: not past the moment when time is up.
  int wait_ms(Clock::time_point began) const {
    if (!x_order.timeout) return kLookEveryMs;
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(began + *x_order.timeout - Clock::now());
    return int(std::clamp<std::int64_t>(left.count(), 0, kLookEveryMs));
  }

  /// In the child, where only calls that are safe after a fork may be made.
  [[noreturn]] void become(const std::vector<char*>& argv, const std::vector<char*>& envp, int out,
                           int errors, int failed) const {
    ::setpgid(0, 0);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != x_parent) ::_exit(127);
    sigset_t none;
    ::sigemptyset(&none);
    ::sigprocmask(SIG_SETMASK, &none, nullptr);
    for (const int number : {SIGINT, SIGTERM, SIGPIPE}) ::signal(number, SIG_DFL);
    // Libraries open files that would stay open.
    ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    bool good = ::dup2(x_input.number(), 0) == 0 && ::dup2(out, 1) == 1 && ::dup2(errors, 2) == 2;
    if (good && !x_order.folder.empty()) good = ::chdir(x_order.folder.c_str()) == 0;
    if (good && x_order.memory_bytes) {
      const rlimit limit{*x_order.memory_bytes, *x_order.memory_bytes};
      good = ::setrlimit(RLIMIT_AS, &limit) == 0;
    }
    if (good) ::execvpe(argv[0], argv.data(), envp.data());
    const int code = errno;
    if (::write(failed, &code, sizeof code) < 0) ::_exit(126);
    ::_exit(127);
  }

  /// True when something came.
  bool read_errors() {
    std::array<char, 16384> buffer;
    const auto got = ::read(x_errors.number(), buffer.data(), buffer.size());
    if (got <= 0) return false;
    std::string_view text(buffer.data(), std::size_t(got));
    for (auto end = text.find('\n'); end != text.npos; end = text.find('\n')) {
      x_line += text.substr(0, end);
      tell(x_line);
      x_line.clear();
      text.remove_prefix(end + 1);
    }
    x_line += text;
    if (x_line.size() >= kLineBytesMax) {
      tell(x_line);
      x_line.clear();
    }
    return true;
  }

  void tell(std::string_view line) const {
    if (line.ends_with('\r')) line.remove_suffix(1);
    if (x_order.on_line) x_order.on_line(line);
  }

  void end_group() {
    if (x_pid > 0) ::kill(-x_pid, SIGKILL);
    x_pid = -1;
  }

  const ProcessOrder& x_order;
  Descriptor x_input;
  Descriptor x_errors;
  std::string x_line;
  pid_t x_parent = 0;
  pid_t x_pid = -1;
};

}  // namespace

Result<ProcessEnd> run_process(const ProcessOrder& order) {
  Running running(order);
  TRY(running.start());
  return running.wait();
}

}  // namespace leat::io
