#include "app/hold_pipeline.hpp"

#include "app/project.hpp"
#include "app/state_store.hpp"

namespace leat::app {

Result<HeldPipeline> hold_pipeline(const std::filesystem::path& where,
                                   const std::string& pipeline) {
  const auto goes_on = [&](Error error) {
    if (!error.is_busy()) return error;
    return Error(Fault::external, "a run of `" + pipeline + "` is going on")
        .busy()
        .hint("nothing was changed; try again when it has ended");
  };
  HeldPipeline held;
  const auto locks = state_folder(where) / "locks";
  TRY(io::local_files().create_folders(locks));
  auto lock = io::local_files().lock(locks / (pipeline + ".lock"));
  if (!lock.ok()) return goes_on(std::move(lock).error());
  held.lock = std::move(lock).value();
  TRY(held.store, find_store(where));
  if (!held.store) return held;
  held.lease =
      std::make_unique<run::RunLease>(*held.store, make_uuid7(system_clock()), run::kLeaseLength);
  auto taken = held.lease->add(pipeline, false);
  if (!taken.ok()) return goes_on(std::move(taken).error());
  return held;
}

}  // namespace leat::app
