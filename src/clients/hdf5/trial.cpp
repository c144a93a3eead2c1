#include "clients/hdf5/trial.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <new>
#include <nlohmann/json.hpp>

#include "base/quantity.hpp"
#include "clients/hdf5/table.hpp"
#include "io/process.hpp"

extern char** environ;

namespace leat::hdf5 {
namespace {

constexpr std::string_view kCommand = "try-hdf5";
/// Arguments before the axes and the names: program, command, path, dataset, depth, memory,
/// seconds, how many axes.
constexpr std::size_t kArguments = 8;
/// A program that does not know the command would begin anew, and start the next one.
constexpr const char* kIsTrial = "LEAT_IS_TRIAL";
constexpr std::uint64_t kBytesASecond = 1'000'000;
/// Of real time, for a second of processor time: others want the machine too.
constexpr std::uint64_t kPatience = 6;

/// So many pieces may take all the time that one may have.
constexpr std::uint64_t kPieces = 6;

constexpr int kRefused = 1;
constexpr int kOutOfMemory = 3;

/// What a process may still take is counted from where it stands.
bool limit_memory(std::uint64_t bytes) {
  std::uint64_t pages = 0;
  if (!(std::ifstream("/proc/self/statm") >> pages)) return false;
  rlimit limit{};
  if (::getrlimit(RLIMIT_AS, &limit) != 0) return false;
  const auto own = pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, own + bytes);
  return ::setrlimit(RLIMIT_AS, &limit) == 0;
}

/// Of processor time.
std::uint64_t seconds_used() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return static_cast<std::uint64_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec);
}

/// From now on.
bool limit_time(std::uint64_t seconds) {
  rusage used{};
  rlimit limit{};
  if (::getrusage(RUSAGE_SELF, &used) != 0 || ::getrlimit(RLIMIT_CPU, &limit) != 0) return false;
  const auto so_far = static_cast<std::uint64_t>(used.ru_utime.tv_sec + used.ru_stime.tv_sec + 1);
  limit.rlim_cur = std::min<rlim_t>(limit.rlim_max, so_far + seconds);
  ::alarm(static_cast<unsigned>(std::min<std::uint64_t>(seconds * kPatience + 60, 1 << 30)));
  return ::setrlimit(RLIMIT_CPU, &limit) == 0;
}

Status read_through(const Trial& trial) {
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  if (!limit_memory(trial.memory_bytes) || !limit_time(trial.seconds)) {
    return Error(Fault::internal, "a trial could not be limited");
  }
  TRY(const auto table, Table::open(trial.path, trial.dataset, trial.names, trial.axes));
  if (!trial.to_the_end) return {};
  const std::vector<bool> all(table->columns().size(), true);
  const auto began = seconds_used();
  const auto most = table->rows_at_once();
  Table::Rows rows;
  for (std::uint64_t first = 0; first < table->rows(); first += most) {
    const auto count = std::min(most, table->rows() - first);
    const auto row = table->bytes_a_row();
    if (!limit_time(
            seconds_for(trial, count * row, (first + count) * row, seconds_used() - began))) {
      return Error(Fault::internal, "a trial could not be limited");
    }
    TRY(table->read(first, count, all, rows));
  }
  return {};
}

/// One line, for the process that waits for it.
std::string told(const Error& error) {
  const nlohmann::json line{{"fault", static_cast<int>(error.fault())},
                            {"message", error.text()},
                            {"hint", error.hint_text()}};
  return line.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) + "\n";
}

std::optional<Error> heard(std::string_view line) {
  const auto said = nlohmann::json::parse(line, nullptr, false);
  if (!said.is_object() || !said.contains("message")) return std::nullopt;
  const int fault = said.value("fault", static_cast<int>(Fault::internal));
  return Error(static_cast<Fault>(std::clamp(fault, 0, static_cast<int>(Fault::internal))),
               said.value("message", ""))
      .hint(said.value("hint", ""));
}

std::vector<std::string> command_of(const Trial& trial) {
  // As the process finds itself, even when its file has been replaced meanwhile.
  std::vector<std::string> command{"/proc/self/exe",
                                   std::string(kCommand),
                                   trial.path.string(),
                                   trial.dataset,
                                   trial.to_the_end ? "read" : "open",
                                   std::to_string(trial.memory_bytes),
                                   std::to_string(trial.seconds),
                                   std::to_string(trial.axes.size())};
  command.insert(command.end(), trial.axes.begin(), trial.axes.end());
  command.insert(command.end(), trial.names.begin(), trial.names.end());
  return command;
}

Error too_much_memory(const Trial& trial) {
  return Error(Fault::external, "reading the HDF5 file takes more memory than a trial may have, " +
                                    format_bytes(trial.memory_bytes))
      .hint("is it broken? then fetch it again; else write it in smaller pieces");
}

Status judge(const io::ProcessEnd& end, const Trial& trial, const std::string& last_line) {
  if (end.cancelled) return Error(Fault::external, "reading was stopped").cancelled();
  switch (end.exit_code) {
    case 0: return {};
    case kRefused:
      if (auto error = heard(last_line)) return *std::move(error);
      break;
    case kOutOfMemory: return too_much_memory(trial);
    case 128 + SIGXCPU:
    case 128 + SIGALRM:
      return Error(Fault::external,
                   "reading the HDF5 file takes too long: a piece of its rows was "
                   "not read in time, which began with " +
                       std::to_string(trial.seconds) + " s")
          .hint("is it broken? then fetch it again; else write it in smaller pieces");
    case 128 + SIGKILL:
      return Error(Fault::external, "the process that tried the HDF5 file out was killed")
          .hint("was there too little memory? else fetch the file again");
    default: break;
  }
  if (end.exit_code > 128) {
    return Error(Fault::external,
                 "the HDF5 file is broken: reading it ended the process that tried")
        .with("signal", std::to_string(end.exit_code - 128))
        .hint("fetch it again");
  }
  return Error(Fault::internal, "the process that tried an HDF5 file out did not say how it went")
      .with("exit_code", std::to_string(end.exit_code))
      .with("said", last_line);
}

template <typename Number>
bool read_number(std::string_view text, Number& out) {
  const auto end = text.data() + text.size();
  return std::from_chars(text.data(), end, out).ptr == end && !text.empty();
}

}  // namespace

Status try_out(const Trial& trial) {
  if (std::getenv(kIsTrial) != nullptr) {
    return Error(Fault::internal, "a program was asked to try a file out and did not know how");
  }
  std::string last_line;
  io::ProcessOrder order;
  order.command = command_of(trial);
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) order.environment.push_back(*at);
  order.environment.push_back(std::string(kIsTrial) + "=1");
  order.cancel = trial.cancel;
  order.on_line = [&last_line](std::string_view line) { last_line = line; };
  const auto end = io::run_process(order);
  if (!end.ok()) return Error(end.error()).during("while trying an HDF5 file out");
  return judge(*end, trial, last_line);
}

std::uint64_t seconds_for(const Trial& trial, std::uint64_t bytes, std::uint64_t bytes_whole,
                          std::uint64_t used) {
  const auto whole = kPieces * trial.seconds + bytes_whole / kBytesASecond;
  return std::min(trial.seconds + bytes / kBytesASecond, whole - std::min(whole, used));
}

std::optional<int> carry_out_trial(std::span<const char* const> arguments) {
  if (arguments.size() < kArguments || arguments[1] != kCommand) return std::nullopt;
  Trial trial;
  trial.path = arguments[2];
  trial.dataset = arguments[3];
  trial.to_the_end = std::string_view(arguments[4]) == "read";
  std::size_t axes = 0;
  if (!read_number(arguments[5], trial.memory_bytes) || !read_number(arguments[6], trial.seconds) ||
      !read_number(arguments[7], axes) || axes > arguments.size() - kArguments) {
    return std::nullopt;
  }
  const auto names = arguments.begin() + kArguments + static_cast<std::ptrdiff_t>(axes);
  trial.axes.assign(arguments.begin() + kArguments, names);
  trial.names.assign(names, arguments.end());
  for (const int signal : {SIGSEGV, SIGABRT, SIGBUS, SIGFPE, SIGXCPU, SIGALRM, SIGXFSZ}) {
    std::signal(signal, SIG_DFL);
  }
  try {
    const auto tried = read_through(trial);
    if (tried.ok()) return 0;
    const auto line = told(tried.error());
    return ::write(2, line.data(), line.size()) < 0 ? kRefused + 1 : kRefused;
  } catch (const std::bad_alloc&) {
    return kOutOfMemory;
  }
}

}  // namespace leat::hdf5
