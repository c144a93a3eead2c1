#include "run/workspace.hpp"

#include <chrono>

namespace leat::run {

namespace fs = std::filesystem;

namespace {

/// So long a look may need from making its folder to locking it.
constexpr std::chrono::minutes kLookIsFresh{1};

}  // namespace

Result<std::unique_ptr<Workspace>> Workspace::open(io::FileSystem& files, const plan::Plan& plan,
                                                   const Uuid& run_id) {
  const auto locks = plan.state / "locks";
  TRY(files.create_folders(locks));
  auto lock = files.lock(locks / (plan.pipeline + ".lock"));
  if (!lock.ok()) {
    auto error = std::move(lock).error();
    if (!error.is_busy()) return error;
    return Error(Fault::external, "another run of `" + plan.pipeline + "` is going on")
        .busy()
        .hint("`leat runs` shows it; run again when it has ended");
  }
  const auto all_scratch = plan.state / "tmp" / plan.pipeline;
  std::error_code ignored;
  fs::remove_all(all_scratch, ignored);
  const auto scratch = all_scratch / run_id.text();
  TRY(files.create_folders(scratch));
  return std::make_unique<Workspace>(std::move(lock).value(), scratch);
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
  return std::make_unique<Workspace>(std::move(lock), scratch);
}

Workspace::~Workspace() {
  std::error_code ignored;
  fs::remove_all(x_scratch, ignored);
}

fs::path segment_path(const plan::Plan& plan, const std::string& dataset, const Uuid& publish_id) {
  return plan.artifacts / "quarantine" / plan.pipeline / dataset / (publish_id.text() + ".parquet");
}

fs::path held_folder(const fs::path& artifacts, const Uuid& publish_id) {
  return artifacts / "held" / publish_id.text();
}

}  // namespace leat::run
