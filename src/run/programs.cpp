#include "run/programs.hpp"

#include <deque>

#include "base/names.hpp"
#include "base/quantity.hpp"
#include "io/process.hpp"

extern char** environ;

namespace leat::run {
namespace {

constexpr std::size_t kLogBytesMax = 16u << 20;  ///< Of one program; what comes after is counted.
constexpr std::size_t kLinesKept = 5;            ///< For the error message.

/// Takes the lines that a program writes to its stderr; those of a hook to its stdout, too.
class ProgramLog {
 public:
  static Result<ProgramLog> open(const RunServices& services, const plan::Plan& plan,
                                 const Uuid& run_id, const std::string& name) {
    const auto folder = plan.state / "logs";
    TRY(services.files->create_folders(folder));
    TRY(auto file, services.files->open(folder / (run_id.text() + ".log"), io::Open::append));
    return ProgramLog(std::move(file), *services.clock, name);
  }

  void hide(std::string secret) { x_secrets.emplace_back(std::move(secret)); }

  void add(std::string_view written) {
    const auto line = without_secrets(written);
    x_last.push_back(line.substr(0, 400));
    if (x_last.size() > kLinesKept) x_last.pop_front();
    x_bytes += line.size();
    if (x_bytes > kLogBytesMax) {
      ++x_left_out;
      return;
    }
    write(line);
  }

  void finish() {
    if (x_left_out > 0) {
      write("… and " + format_count(x_left_out) + " more lines, which are not kept");
    }
  }

  std::string last_lines() const {
    std::string all;
    for (const auto& line : x_last) all += (all.empty() ? "" : " | ") + line;
    return all;
  }

 private:
  ProgramLog(std::unique_ptr<io::File> file, const Clock& clock, std::string name)
      : x_file(std::move(file)), x_clock(&clock), x_name(std::move(name)) {}

  std::string without_secrets(std::string_view line) const {
    std::string text(line);
    for (const auto& secret : x_secrets) {
      const auto& word = secret.reveal();
      if (word.empty()) continue;
      for (auto at = text.find(word); at != text.npos; at = text.find(word, at)) {
        text.replace(at, word.size(), "***");
      }
    }
    return text;
  }

  void write(std::string_view line) {
    std::string text = format_instant(x_clock->now()) + " info  " + x_name + ": ";
    for (const char c : line) text += (c >= 0 && c < 0x20 && c != '\t') || c == 0x7F ? '?' : c;
    [[maybe_unused]] const auto written = x_file->append(text + "\n");
  }

  std::unique_ptr<io::File> x_file;
  const Clock* x_clock;
  std::string x_name;
  std::vector<Secret> x_secrets;
  std::deque<std::string> x_last;
  std::uint64_t x_bytes = 0;
  std::uint64_t x_left_out = 0;
};

/// "LEAT_SECRET_X", "PGPASSWORD", "AWS_SECRET_ACCESS_KEY", "API_TOKEN"
bool may_hold_secret(std::string_view variable) {
  const auto name = to_lower(variable);
  for (const auto* word : {"secret", "password", "passwd", "token", "api_key", "apikey",
                           "credential", "private_key"}) {
    if (name.find(word) != std::string::npos) return true;
  }
  return false;
}

std::vector<std::string> inherited() {
  std::vector<std::string> out;
  for (char** at = environ; at != nullptr && *at != nullptr; ++at) {
    const std::string_view variable(*at);
    if (!may_hold_secret(variable.substr(0, variable.find('=')))) out.emplace_back(variable);
  }
  return out;
}

Result<std::vector<std::string>> environment_of(
    const plan::Plan& plan, const plan::Program& program, const Uuid& run_id,
    const std::vector<std::pair<std::string, std::string>>& context, ProgramLog& log) {
  auto out = inherited();
  const auto set = [&](const std::string& name, const std::string& value) {
    std::erase_if(out, [&](const auto& other) { return other.starts_with(name + "="); });
    out.push_back(name + "=" + value);
  };
  set("LEAT_RUN_ID", run_id.text());
  set("LEAT_PIPELINE", plan.pipeline);
  set("LEAT_NODE", program.name);
  for (const auto& [name, value] : context) set(name, value);
  for (const auto& variable : program.environment) {
    if (variable.secret.empty()) {
      set(variable.name, variable.text);
      continue;
    }
    TRY(const auto secret, plan.secrets->find(variable.secret));
    if (!secret) {
      return Error(Fault::config, "nobody knows the secret `" + variable.secret + "`");
    }
    set(variable.name, secret->reveal());
    log.hide(secret->reveal());
  }
  return out;
}

Status judge(const io::ProcessEnd& end, const plan::Program& program, const ProgramFiles& files,
             const RunServices& services, const ProgramLog& log) {
  const auto failed = [&](const std::string& how) {
    auto error = Error(Fault::external, "the program " + program.command[0] + " " + how);
    const auto* said = files.output.empty() ? "output" : "stderr";  // Of a hook it is both.
    if (!log.last_lines().empty()) error = std::move(error).with(said, log.last_lines());
    return std::move(error).hint("all that it said is in the run's log, .leat/logs");
  };
  if (end.cancelled) {
    return Error(Fault::external, "interrupted while a program ran").cancelled();
  }
  if (end.timed_out) {
    return failed("did not end within " +
                  format_duration(std::chrono::duration_cast<Micros>(*program.timeout)) +
                  " and was ended");
  }
  if (end.exit_code > 128)
    return failed("was ended by signal " + std::to_string(end.exit_code - 128));
  if (end.exit_code != 0) return failed("ended with exit code " + std::to_string(end.exit_code));
  if (!files.must_read_all) return {};
  TRY(const auto input, services.files->stat(files.input));
  // A program that maps its input does not move on in it: nothing is said of it.
  if (end.input_read == 0 || end.input_read >= input.size) return {};
  return failed("ended well but left " + format_count(input.size - end.input_read) + " of " +
                format_count(input.size) +
                " bytes of its input unread; if that is meant, say "
                "`may_stop_early: true`");
}

}  // namespace

Status run_program(const RunServices& services, const plan::Plan& plan, const Uuid& run_id,
                   const plan::Program& program, const ProgramFiles& files,
                   const std::vector<std::pair<std::string, std::string>>& context) {
  TRY(auto log, ProgramLog::open(services, plan, run_id, program.name));
  io::ProcessOrder order;
  order.command = program.command;
  order.folder = plan.root;
  TRY(order.environment, environment_of(plan, program, run_id, context, log));
  order.input = files.input;
  order.output = files.output;
  order.timeout = program.timeout;
  order.memory_bytes = program.memory_bytes;
  order.cancel = services.cancel;
  order.on_line = [&](std::string_view line) { log.add(line); };
  const auto end = io::run_process(order);
  log.finish();
  if (!end.ok()) return Error(end.error());
  return judge(*end, program, files, services, log);
}

}  // namespace leat::run
