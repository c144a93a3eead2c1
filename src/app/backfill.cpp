#include "app/backfill.hpp"

#include <algorithm>
#include <deque>
#include <mutex>
#include <set>
#include <thread>
#include <tuple>

#include "app/open_run.hpp"
#include "app/run.hpp"
#include "app/state_store.hpp"
#include "base/clock.hpp"
#include "base/text.hpp"
#include "base/uuid.hpp"
#include "io/process.hpp"
#include "run/retry.hpp"
#include "run/runner.hpp"
#include "run/workspace.hpp"

extern char** environ;

namespace leat::app {
namespace {

namespace fs = std::filesystem;

constexpr int kFailed = 1;
constexpr int kPartial = 4;
constexpr int kBusy = 6;
constexpr int kRefused = 7;               ///< Another one has published it meanwhile.
constexpr std::size_t kLinesOfChunk = 5;  ///< A message with its place and its hint.
constexpr std::size_t kEventsLookedAt = 100;
constexpr std::chrono::milliseconds kLookEvery{50};

using Intervals = std::vector<plan::Interval>;

using Chunk = Intervals;

std::vector<Chunk> chunks_of(std::vector<ChosenInterval> intervals, const BackfillOrder& order) {
  if (order.newest_first) std::reverse(intervals.begin(), intervals.end());
  std::vector<Chunk> chunks;
  for (auto& chosen : intervals) {
    if (chunks.empty() || chunks.back().size() >= order.chunk) chunks.emplace_back();
    chunks.back().push_back(std::move(chosen.interval));
  }
  for (auto& chunk : chunks) {
    std::sort(chunk.begin(), chunk.end(),
              [](const auto& a, const auto& b) { return a.start < b.start; });
  }
  return chunks;
}

plan::Interval whole_of(const Chunk& chunk) {
  return {chunk.front().start, chunk.back().end, "", "", ""};
}

/// What some sink published before others filled these, and may rest on them.
Intervals older_than(const Intervals& filled, const IntervalList& list) {
  Intervals older;
  for (std::size_t i = 0; i < list.ended.size(); ++i) {
    const auto& one = list.ended[i];
    const bool may_rest = std::any_of(filled.begin(), filled.end(), [&](const auto& other) {
      return other.start < one.end && one.start < other.end;
    });
    const bool is_there = std::any_of(list.is_published_by.begin(), list.is_published_by.end(),
                                      [&](const auto& by_sink) { return by_sink[i]; });
    if (may_rest && is_there) older.push_back(one);
  }
  return older;
}

Status require_not_paused(const fs::path& file) {
  TRY(const auto store, find_store(file));
  return store ? run::require_not_paused(*store, file.stem().string()) : Status();
}

/// The chunks that are left, for several threads.
class Workers {
 public:
  Workers(const BackfillOrder& order, const LoadOptions& options, const CancelToken& cancel,
          const BackfillEvents& events, const std::vector<std::string>& sinks)
      : x_order(order), x_options(options), x_cancel(cancel), x_events(events), x_sinks(sinks) {}

  void fill(const std::vector<Chunk>& chunks, const plan::Retry& retry, BackfillReport& report) {
    x_retry = retry;
    for (const auto& chunk : chunks) x_queue.push_back(&chunk);
    std::vector<std::thread> threads;
    const auto count = std::min<std::size_t>(std::size_t(x_order.parallel), chunks.size());
    for (std::size_t i = 0; i < count; ++i) {
      threads.emplace_back([&] { work(report); });
    }
    for (auto& thread : threads) thread.join();
    report.is_cancelled = x_cancel.requested();
  }

 private:
  void work(BackfillReport& report) {
    for (;;) {
      const Chunk* chunk = nullptr;
      {
        const std::lock_guard lock(x_mutex);
        if (x_queue.empty() || x_cancel.requested() || x_is_paused) return;
        chunk = x_queue.front();
        x_queue.pop_front();
        ++x_at_work;
      }
      bool is_elsewhere = false;
      const auto outcome = fill_one(*chunk, is_elsewhere);
      const bool may_wait = is_elsewhere && rest(kLookEvery);
      const std::lock_guard lock(x_mutex);
      --x_at_work;
      // Refused is what somebody has published since the run began: now it finds that. Where it was
      // busy and nobody has it at hand any more, the other one has ended since.
      const bool may_differ =
          !x_is_paused && (outcome.exit_code == kRefused || outcome.exit_code == kBusy);
      if (may_wait || (may_differ && x_tried_anew.insert(chunk).second)) {
        x_queue.push_back(chunk);
        continue;
      }
      if (outcome.exit_code == 0) {
        report.filled += outcome.intervals;
        report.done.insert(report.done.end(), chunk->begin(), chunk->end());
        ++x_filled;
      } else {
        report.failed.push_back(outcome);
      }
      if (x_events.on_chunk) x_events.on_chunk(outcome);
    }
  }

  ChunkOutcome fill_one(const Chunk& chunk, bool& is_elsewhere) {
    ChunkOutcome outcome;
    outcome.first = chunk.front();
    outcome.last = chunk.back();
    outcome.intervals = chunk.size();
    const auto id = make_uuid7(system_clock());
    for (;;) {
      ++outcome.attempts;
      const auto filled_before = filled();
      const auto began = system_clock().now();
      run_once(chunk, outcome);
      if (outcome.exit_code == 0 || !may_try_again(outcome.exit_code)) return outcome;
      if (is_machine_at_fault(chunk, began) || note_pause(outcome)) return outcome;
      is_elsewhere = outcome.exit_code == kBusy && is_at_work_elsewhere(chunk);
      if (is_elsewhere) return outcome;
      if (outcome.exit_code == kBusy && was_in_the_way(filled_before)) {
        --outcome.attempts;
        continue;
      }
      const auto wait = run::wait_before_retry(x_retry, Error(Fault::external, outcome.error),
                                               outcome.attempts, id);
      if (!wait || !rest(*wait)) return outcome;
    }
  }

  /// Has disk, memory or a permission stopped a run of this chunk since? The next ends so too. What
  /// has stopped another chunk may be no fault of this one: its own try will tell.
  bool is_machine_at_fault(const Chunk& chunk, Instant began) const {
    const auto& file = x_order.order.file;
    const auto store = find_store(file);
    if (!store.ok() || !*store) return false;
    const auto events = store.value()->events(file.stem().string(), kEventsLookedAt);
    return events.ok() && std::any_of(events->begin(), events->end(), [&](const auto& event) {
             return event.kind == "critical" && event.at >= began && is_of(**store, event, chunk);
           });
  }

  /// Has somebody said that it is not to run? Then no chunk after this one begins.
  bool note_pause(const ChunkOutcome& outcome) {
    if (outcome.exit_code != kBusy || require_not_paused(x_order.order.file).ok()) return false;
    const std::lock_guard lock(x_mutex);
    x_is_paused = true;
    return true;
  }

  /// A run that could not even be planned is known to nobody; its event names the interval, or
  /// where these were being looked for the times of the chunk.
  static bool is_of(state::Store& store, const state::EventRecord& event, const Chunk& chunk) {
    const auto run = store.run(event.run_id);
    const auto names = [&](const plan::Interval& interval) {
      const auto lane = interval.lane();
      return run.ok() ? lane == run->lane : event.text.find(lane) != event.text.npos;
    };
    return names(whole_of(chunk)) || std::any_of(chunk.begin(), chunk.end(), names);
  }

  /// Does another command run one of its intervals, here or on another machine? Then it comes again
  /// when all others have had their turn.
  bool is_at_work_elsewhere(const Chunk& chunk) const {
    const auto& file = x_order.order.file;
    const auto store = find_store(file);
    if (!store.ok() || !*store) return false;
    const auto leases = store.value()->leases();
    if (!leases.ok()) return false;
    return std::any_of(leases->begin(), leases->end(), [&](const auto& lease) {
      const auto is_its = [&](const auto& interval) {
        return lease.name == run::lease_name(file.stem().string(), interval);
      };
      return lease.is_held && std::any_of(chunk.begin(), chunk.end(), is_its);
    });
  }

  std::size_t filled() {
    const std::lock_guard lock(x_mutex);
    return x_filled;
  }

  /// A target may have one writer at a time, so what was busy may have been so by a chunk beside
  /// it: waits for those at work. True: one was published meanwhile, and the try counts for none.
  bool was_in_the_way(std::size_t filled_before) {
    const auto look = [&] {
      const std::lock_guard lock(x_mutex);
      return std::pair(x_filled > filled_before, x_at_work > 0);
    };
    add_at_work(-1);
    auto [is_filled, others_work] = look();
    while (!is_filled && others_work && rest(kLookEvery)) std::tie(is_filled, others_work) = look();
    add_at_work(1);
    return is_filled && !x_cancel.requested();
  }

  void add_at_work(int count) {
    const std::lock_guard lock(x_mutex);
    x_at_work += count;
  }

  static bool may_try_again(int code) {
    return code == kFailed || code == kPartial || code == kBusy || code == kRefused;
  }

  /// False: it is to stop.
  bool rest(Micros wait) const {
    const auto end = system_clock().steady() + wait;
    while (!x_cancel.requested() && system_clock().steady() < end) {
      std::this_thread::sleep_for(kLookEvery);
    }
    return !x_cancel.requested();
  }

  void run_once(const Chunk& chunk, ChunkOutcome& outcome) const {
    io::ProcessOrder process;
    process.command = command_of(chunk);
    process.folder = fs::current_path();
    for (char** entry = environ; *entry != nullptr; ++entry)
      process.environment.emplace_back(*entry);
    process.cancel = &x_cancel;
    std::vector<std::string> lines;
    process.on_line = [&](std::string_view line) {
      const auto text = trimmed(line);
      if (text.empty() || text.find_first_not_of('^') == text.npos) return;
      if (std::find(lines.begin(), lines.end(), text) != lines.end()) return;
      if (lines.size() == kLinesOfChunk) lines.erase(lines.begin());
      lines.emplace_back(text);
    };
    const auto end = io::run_process(process);
    outcome.exit_code = end.ok() ? end->exit_code : kFailed;
    outcome.error.clear();
    if (outcome.exit_code == 0) return;
    outcome.error = end.ok() ? joined(lines, "; ") : end.error().text();
  }

  std::vector<std::string> command_of(const Chunk& chunk) const {
    const auto lane = whole_of(chunk).lane();
    const auto slash = lane.find('/');
    std::vector<std::string> command{fs::read_symlink("/proc/self/exe").string(),
                                     "run",
                                     x_order.order.file.string(),
                                     "--from",
                                     lane.substr(0, slash),
                                     "--to",
                                     lane.substr(slash + 1),
                                     "--missing",
                                     "--quiet",
                                     "--no-color"};
    for (const auto& sink : x_sinks) {
      command.emplace_back("--select");
      command.push_back(sink);
    }
    const auto add = [&](const char* flag, const std::string& value) {
      if (value.empty()) return;
      command.emplace_back(flag);
      command.push_back(value);
    };
    add("--env", x_options.environment);
    for (const auto& [name, value] : x_options.variables) add("--var", name + "=" + value);
    add("--memory", x_options.memory);
    if (x_options.threads > 0) add("--threads", std::to_string(x_options.threads));
    return command;
  }

  const BackfillOrder& x_order;
  const LoadOptions& x_options;
  const CancelToken& x_cancel;
  const BackfillEvents& x_events;
  const std::vector<std::string>& x_sinks;
  plan::Retry x_retry;
  std::mutex x_mutex;
  std::deque<const Chunk*> x_queue;     ///< That nobody has at hand.
  std::set<const Chunk*> x_tried_anew;  ///< Beyond `retry`, since another command ran it.
  int x_at_work = 0;                    ///< Chunks; without those that wait for one of them.
  std::size_t x_filled = 0;             ///< Chunks.
  bool x_is_paused = false;
};

}  // namespace

int BackfillReport::exit_code() const {
  if (failed.empty()) return 0;
  return filled + skipped > 0 ? kPartial : failed.front().exit_code;
}

Result<BackfillReport> backfill(const BackfillOrder& order, const LoadOptions& options,
                                const CancelToken& cancel, const BackfillEvents& events) {
  TRY(const auto file, find_pipeline(order.order.file));
  auto with = options;
  with.tries_until = &cancel;
  auto looked = list_intervals(file, with, order.order.sinks);
  if (!looked.ok()) note_grave(file, for_a_run(with), looked.error());
  TRY(auto list, std::move(looked));
  TRY(require_not_paused(file));
  if (!list) {
    return Error(Fault::config, "a backfill is about intervals, and the pipeline has none")
        .hint("nothing ran; add `interval: {unit: day, start: 2024-01-01}`");
  }
  const IntervalChoice choice{order.from, order.to, /*all=*/false, /*only_missing=*/true};
  TRY(keep_between(*list, choice));
  TRY(const auto missing, choose_intervals(*list, choice));
  BackfillReport report;
  report.older = older_than(order.filled_before, *list);
  report.skipped = list->ended.size() - missing.size();
  const auto chunks = chunks_of(missing, order);
  if (events.on_begin) events.on_begin(chunks.size(), missing.size(), report.skipped);
  auto found = order;
  found.order.file = file;
  Workers(found, options, cancel, events, list->by_interval)
      .fill(chunks, list->retry.value_or(plan::Retry{}), report);
  if (report.failed.empty()) return report;
  // Of a chunk that failed some may be there. What is known is told, whether the target can be
  // asked or not.
  const auto now = list_intervals(file, with, order.order.sinks);
  const auto left =
      now.ok() ? choose_intervals(**now, choice) : Result<std::vector<ChosenInterval>>(now.error());
  if (left.ok()) {
    report.filled = missing.size() - std::min(left->size(), missing.size());
  } else {
    report.unknown = left.error().text();
  }
  return report;
}

}  // namespace leat::app
