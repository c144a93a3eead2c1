#include "run/workspace.hpp"

#include <algorithm>
#include <chrono>

#include "io/posix_error.hpp"

namespace leat::run {

namespace fs = std::filesystem;

namespace {

/// So long a look may need from making its folder to locking it.
constexpr std::chrono::minutes kLookIsFresh{1};

/// Runs of two intervals do not meet, but in sinks that publish on the main lane.
std::vector<std::string> lock_names(const plan::Plan& plan) {
  std::vector<std::string> names;
  const auto by_interval = [](const plan::SinkNode& sink) { return sink.by_interval; };
  const auto& sinks = plan.sinks;
  if (plan.interval && std::any_of(sinks.begin(), sinks.end(), by_interval)) {
    names.push_back(lease_name(plan.pipeline, *plan.interval));
  }
  if (!std::all_of(sinks.begin(), sinks.end(), by_interval) || names.empty()) {
    names.push_back(plan.pipeline);
  }
  return names;
}

Error other_run(const plan::Plan& plan, Error error) {
  if (!error.is_busy()) return error;
  const auto of = plan.interval ? ", interval " + plan.interval->name + "," : std::string();
  return Error(Fault::external,
               "another run of `" + plan.pipeline + "`" + of + " is going on: " + error.message())
      .busy()
      .hint("`leat runs` shows it; run again when it has ended");
}

/// Nothing in it outlives its run, so a loss of power may take it away: no fsync.
Status make_scratch(const fs::path& scratch) {
  std::error_code failure;
  fs::create_directories(scratch, failure);
  return failure ? io::posix_error(failure.value(), "create the folder", scratch) : Status();
}

}  // namespace

Result<std::unique_ptr<Workspace>> Workspace::open(io::FileSystem& files, const plan::Plan& plan,
                                                   const Uuid& run_id,
                                                   std::unique_ptr<RunLease> lease) {
  const auto folder = plan.state / "locks";
  TRY(files.create_folders(folder));
  std::vector<std::unique_ptr<io::FileLock>> locks;
  const auto names = lock_names(plan);
  for (const auto& name : names) {
    // A process that was stopped holds its lock still; its lease tells that it lives no more.
    auto lock = files.lock(folder / (name + ".lock"));
    const bool is_locked = !lock.ok() && lock.error().is_busy();
    if (!lock.ok() && !is_locked) return std::move(lock).error();
    if (auto taken = lease->add(name, is_locked); !taken.ok()) {
      return other_run(plan, std::move(taken).error());
    }
    if (!is_locked) locks.push_back(std::move(lock).value());
  }
  const auto all_scratch = plan.state / "tmp" / names.front();
  std::error_code ignored;
  if (locks.size() == names.size()) fs::remove_all(all_scratch, ignored);
  const auto scratch = all_scratch / run_id.text();
  TRY(make_scratch(scratch));
  return std::make_unique<Workspace>(std::move(locks), std::move(lease), scratch);
}

std::string lease_name(const std::string& pipeline, const plan::Interval& interval) {
  auto lane = interval.lane();
  std::replace(lane.begin(), lane.end(), '/', '_');
  std::erase(lane, ':');
  return pipeline + "@" + lane;
}

bool goes_on(io::FileSystem& files, const plan::Plan& plan, const Uuid& run_id) {
  const auto all = files.list_folders(plan.state / "tmp");
  if (!all.ok()) return false;
  for (const auto& folder : *all) {
    const auto name = folder.filename().string();
    const bool is_of_pipeline = name == plan.pipeline || name.starts_with(plan.pipeline + "@");
    if (!is_of_pipeline || !files.exists(folder / run_id.text())) continue;
    const auto lock = files.lock(plan.state / "locks" / (name + ".lock"));
    return !lock.ok();
  }
  return false;
}

Result<std::unique_ptr<Workspace>> Workspace::aside(io::FileSystem& files, const plan::Plan& plan,
                                                    const Uuid& run_id) {
  const auto looks = plan.state / "tmp" / "looks";
  TRY(files.create_folders(looks));
  TRY(const auto others, files.list_folders(looks));
  std::error_code ignored;
  for (const auto& other : others) {
    if (fs::file_time_type::clock::now() - fs::last_write_time(other, ignored) < kLookIsFresh) {
      continue;
    }
    const auto free = files.lock(other / "lock");
    if (free.ok()) fs::remove_all(other, ignored);
  }
  const auto scratch = looks / run_id.text();
  TRY(files.create_folders(scratch));
  TRY(auto lock, files.lock(scratch / "lock"));
  std::vector<std::unique_ptr<io::FileLock>> locks;
  locks.push_back(std::move(lock));
  return std::make_unique<Workspace>(std::move(locks), nullptr, scratch);
}

Workspace::~Workspace() {
  std::error_code ignored;
  fs::remove_all(x_scratch, ignored);
  fs::remove(x_scratch.parent_path(), ignored);  // Where nothing else is in it.
}

std::string workspace_name(const plan::Plan& plan) { return lock_names(plan).front(); }

fs::path segments_folder(const plan::Plan& plan) {
  return plan.artifacts / "quarantine" / plan.pipeline;
}

fs::path segment_path(const plan::Plan& plan, const std::string& dataset, const Uuid& publish_id) {
  return segments_folder(plan) / dataset / (publish_id.text() + ".parquet");
}

fs::path held_folder(const fs::path& artifacts, const Uuid& publish_id) {
  return artifacts / "held" / publish_id.text();
}

}  // namespace leat::run
