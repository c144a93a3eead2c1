#include "app/crash_trials.hpp"

#include <algorithm>
#include <map>
#include <random>
#include <set>

#include "app/crash_look.hpp"
#include "app/crash_world.hpp"
#include "io/files.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds kLongestAtLeast{60'000};
constexpr int kLongestFactor = 20;
constexpr double kPastTheEnd = 1.1;  ///< Moments go on a little beyond a clean run's end.
constexpr double kKilledTwice = 0.25;
constexpr const char* kCommit = "publish.commit.before";

/// What one run of the pipeline passes and leaves behind when nobody kills it.
struct CleanRun {
  std::vector<std::string> arrivals;  ///< Names of points, in order.
  milliseconds took{0};
  WorldLook look;
};

/// One kill that is to be made.
struct Planned {
  std::size_t run = 0;  ///< Index of the run that is killed.
  std::string point;
  double share = 0;  ///< Of a run's time, where there is no point.
  std::string then;
};

/// Numbers that follow from the seed, on every machine.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : x_numbers(seed) {}
  double share() { return double(x_numbers() >> 11) * 0x1p-53; }
  std::size_t below(std::size_t size) { return std::size_t(share() * double(size)); }

 private:
  std::mt19937_64 x_numbers;
};

std::string seconds(double value) {
  auto text = std::to_string(value);
  return text.substr(0, text.find('.') + 4) + " s";
}

/// The scratch of a whole test, gone with the destructor.
class Workshop {
 public:
  static Result<std::unique_ptr<Workshop>> open() {
    const auto id = make_uuid7(system_clock()).text();
    auto folder = fs::temp_directory_path() / ("leat-crash-" + id.substr(id.size() - 8));
    TRY(io::local_files().create_folders(folder));
    return std::make_unique<Workshop>(std::move(folder));
  }
  explicit Workshop(fs::path folder) : x_folder(std::move(folder)) {}
  ~Workshop() {
    std::error_code ignored;
    fs::remove_all(x_folder, ignored);
  }
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;
  fs::path next(const std::string& kind) { return x_folder / (kind + std::to_string(++x_worlds)); }
  const fs::path& folder() const { return x_folder; }

 private:
  fs::path x_folder;
  int x_worlds = 0;
};

bool publishes(const CleanRun& run) {
  return std::find(run.arrivals.begin(), run.arrivals.end(), kCommit) != run.arrivals.end();
}

/// A second run meets the store and the folders as any run does: it is killed while it publishes.
bool is_of_publish(const std::string& point) {
  return !point.starts_with("state.") && !point.starts_with("folder.") &&
         !point.starts_with("write_durably.");
}

Error clean_run_failed(const RehearsalEnd& end, std::size_t run) {
  auto error = Error(Fault::external, std::string("the ") + (run == 0 ? "first" : "second") +
                                          " run that nobody killed ended with " +
                                          std::to_string(end.exit_code) +
                                          ", and there is nothing to compare with:\n" + end.said);
  return std::move(error).hint(
      "a crash test needs a pipeline that publishes; `leat run` shows why "
      "it does not");
}

class Test {
 public:
  Test(fs::path file, const LoadOptions& options, const CancelToken& cancel,
       const CrashTestEvents& events, Workshop& workshop)
      : x_file(std::move(file)),
        x_options(options),
        x_cancel(cancel),
        x_events(events),
        x_workshop(workshop) {}

  Result<CrashTestReport> carry_out(const CrashTestOptions& options) {
    TRY(x_session, engine::Session::open({}));
    TRY(make_clean_runs());
    const auto now = std::uint64_t(system_clock().now().time_since_epoch().count());
    x_report.start.seed = options.seed.value_or(now % 1'000'000'000);
    x_report.start.moments = options.moments;
    Chance chance(x_report.start.seed);
    const auto planned = plan_kills(options.moments, chance);
    x_report.start.trials = planned.size();
    if (x_events.on_start) x_events.on_start(x_report.start);
    for (const auto& one : planned) {
      TRY(auto trial, make_trial(one));
      if (x_events.on_trial) x_events.on_trial(trial);
      x_report.trials.push_back(std::move(trial));
    }
    return std::move(x_report);
  }

 private:
  Result<std::unique_ptr<CrashWorld>> world(const char* kind) {
    return CrashWorld::make(x_file, x_options, x_workshop.next(kind));
  }

  /// Two worlds that nobody kills anything in: what differs between them tells nothing.
  Status make_clean_runs() {
    TRY(x_first, world("clean"));
    TRY(x_second, world("clean"));
    tell_of(x_first->rehearsed());
    TRY(make_clean_run());
    if (!publishes(x_clean.front())) {
      return Error(Fault::config, "a run of " + x_report.start.pipeline +
                                      " publishes nothing, so there is nothing to kill it for");
    }
    TRY(make_clean_run());
    if (!publishes(x_clean.back())) x_clean.pop_back();
    const auto& arrivals = x_clean.front().arrivals;
    const std::set<std::string> names(arrivals.begin(), arrivals.end());
    x_report.start.boundaries = names.size();
    x_report.start.run_takes = x_clean.front().took;
    return {};
  }

  void tell_of(const Rehearsed& rehearsed) {
    x_report.start.pipeline = rehearsed.plan.pipeline;
    for (const auto& sink : rehearsed.plan.sinks) {
      x_report.start.sinks.push_back(sink.name + " (" + sink.connector + ", " +
                                     std::string(name_of(sink.strategy)) + ")");
    }
  }

  Status make_clean_run() {
    CleanRun run;
    const auto list = x_workshop.folder() / ("points-" + std::to_string(x_clean.size()));
    Kill none;
    none.list = list;
    TRY(const auto end, x_first->run(none, milliseconds(24 * 3'600'000), x_cancel));
    if (end.exit_code != 0) return clean_run_failed(end, x_clean.size());
    run.took = end.took;
    TRY(run.arrivals, read_points(list));
    TRY(run.look, x_first->look(x_cancel));
    TRY(const auto other, x_second->run({}, longest_of(run.took), x_cancel));
    if (other.exit_code != 0) return clean_run_failed(other, x_clean.size());
    TRY(const auto look, x_second->look(x_cancel));
    TRY(leave_out(run.look, look));
    x_clean.push_back(std::move(run));
    return {};
  }

  Status leave_out(const WorldLook& a, const WorldLook& b) {
    TRY(auto restless, restless_columns(*x_session, a, b));
    for (const auto& [sink, columns] : restless) {
      for (const auto& column : columns) {
        if (!x_left_out[sink].insert(column).second) continue;
        x_report.start.left_out.push_back(sink + "." + column);
      }
    }
    TRY(const auto differs, difference(*x_session, a, b, x_left_out));
    if (differs.empty()) return {};
    return Error(Fault::config, "two runs that nobody killed differ: " + differs)
        .hint(
            "a crash test needs a pipeline that yields the same rows when it runs again over "
            "the same sources; random() and now() belong into columns of their own");
  }

  static Result<std::vector<std::string>> read_points(const fs::path& list) {
    std::vector<std::string> out;
    if (!io::local_files().exists(list)) return out;
    TRY(const auto text, io::read_text(io::local_files(), list));
    for (std::size_t start = 0; start < text.size();) {
      const auto end = std::min(text.find('\n', start), text.size());
      out.push_back(text.substr(start, end - start));
      start = end + 1;
    }
    return out;
  }

  static milliseconds longest_of(milliseconds took) {
    return std::max(kLongestAtLeast, took * kLongestFactor);
  }

  /// Each point at its first arrival and at its last; then moments.
  std::vector<Planned> plan_kills(std::uint64_t moments, Chance& chance) const {
    std::vector<Planned> out;
    for (std::size_t run = 0; run < x_clean.size(); ++run) {
      std::map<std::string, int> counts;
      for (const auto& name : x_clean[run].arrivals) {
        if (run == 0 || is_of_publish(name)) ++counts[name];
      }
      for (const auto& [name, count] : counts) {
        out.push_back({run, name + ":1", 0, ""});
        if (count > 1) out.push_back({run, name + ":" + std::to_string(count), 0, ""});
      }
    }
    const auto points = out.size();
    for (std::uint64_t i = 0; i < moments; ++i) {
      Planned one{chance.below(x_clean.size()), "", chance.share() * kPastTheEnd, ""};
      if (chance.share() < kKilledTwice) one.then = out[chance.below(points)].point;
      out.push_back(std::move(one));
    }
    return out;
  }

  Result<CrashTrial> make_trial(const Planned& planned) {
    CrashTrial trial;
    trial.run = int(planned.run) + 1;
    trial.then = planned.then;
    Kill kill;
    kill.point = planned.point;
    trial.at = planned.point;
    if (planned.point.empty()) {
      const auto at = planned.share * double(x_clean[planned.run].took.count()) / 1000;
      kill.after = std::chrono::microseconds(std::int64_t(at * 1e6));
      trial.at = seconds(at);
    }
    TRY(auto scratch, world("t"));
    if (planned.run > 0) {
      TRY(const auto before, scratch->run({}, longest_of(x_clean[0].took), x_cancel));
      if (before.exit_code != 0) {
        trial.problem = "the run before it ended with " + std::to_string(before.exit_code);
        return trial;
      }
    }
    TRY(kill_and_go_on(*scratch, kill, trial));
    if (!trial.problem.empty()) return trial;
    auto look = scratch->look(x_cancel);
    if (!look.ok() && look.error().is_cancelled()) return std::move(look).error();
    if (!look.ok()) {
      trial.problem = look.error().text();
      return trial;
    }
    TRY(trial.problem, difference(*x_session, x_clean[planned.run].look, *look, x_left_out));
    return trial;
  }

  Status kill_and_go_on(CrashWorld& scratch, const Kill& kill, CrashTrial& trial) {
    const auto longest = longest_of(x_clean.back().took);
    TRY(const auto killed, scratch.run(kill, longest, x_cancel));
    trial.had_ended = !killed.is_killed;
    if (!killed.is_killed && (!kill.after || killed.exit_code != 0)) {
      trial.problem = "the run was not killed but ended with " + std::to_string(killed.exit_code) +
                      "\n" + killed.said;
      return {};
    }
    if (!trial.then.empty()) {
      Kill again;
      again.point = trial.then;
      TRY([[maybe_unused]] const auto second, scratch.run(again, longest, x_cancel));
    }
    TRY(const auto end, scratch.run({}, longest, x_cancel));
    if (end.is_late) trial.problem = "the run after it did not end";
    if (!end.is_late && end.exit_code != 0) {
      trial.problem =
          "the run after it ended with " + std::to_string(end.exit_code) + "\n" + end.said;
    }
    return {};
  }

  fs::path x_file;
  const LoadOptions& x_options;
  const CancelToken& x_cancel;
  const CrashTestEvents& x_events;
  Workshop& x_workshop;
  std::unique_ptr<CrashWorld> x_first;
  std::unique_ptr<CrashWorld> x_second;
  std::vector<CleanRun> x_clean;
  LeftOut x_left_out;
  std::unique_ptr<engine::Session> x_session;
  CrashTestReport x_report;
};

}  // namespace

bool CrashTestReport::ok() const {
  return std::all_of(trials.begin(), trials.end(),
                     [](const auto& trial) { return trial.problem.empty(); });
}

Result<CrashTestReport> crash_test(const fs::path& where, const LoadOptions& options,
                                   const CrashTestOptions& test, const CancelToken& cancel,
                                   const CrashTestEvents& events) {
  TRY(const auto file, find_pipeline(where));
  TRY(const auto workshop, Workshop::open());
  return Test(file, options, cancel, events, *workshop).carry_out(test);
}

}  // namespace leat::app
