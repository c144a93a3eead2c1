#include "app/run.hpp"

#include <charconv>
#include <cstdlib>
#include <cstring>

#include "app/all_files.hpp"
#include "app/expire_quarantine.hpp"
#include "app/open_run.hpp"
#include "app/version.hpp"
#include "base/clock.hpp"
#include "io/files.hpp"
#include "io/streams.hpp"
#include "plan/full_refresh.hpp"
#include "plan/graph.hpp"
#include "plan/params.hpp"
#include "run/held.hpp"
#include "run/publish_held.hpp"
#include "run/runner.hpp"
#include "run/steps.hpp"
#include "run/tally.hpp"
#include "state/store.hpp"

namespace leat::app {
namespace {

std::optional<std::uint64_t> test_setting(const char* name) {
  const char* text = std::getenv(name);
  std::uint64_t value = 0;
  if (text == nullptr) return std::nullopt;
  if (std::from_chars(text, text + std::strlen(text), value).ec != std::errc()) return std::nullopt;
  return value;
}

HeldEntry entry_of(const run::Held& held) { return {held.receipt, held.reasons, held.rows, ""}; }

/// The interval that was held is the one that is published.
Result<LoadOptions> options_of(const run::Held& held, const LoadOptions& given) {
  LoadOptions options;
  options.environment = held.environment;
  TRY(options.variables, plan::with_secrets(held.variables, given.variables));
  options.interval = plan::interval_of_lane(held.receipt.lane.lane);
  return options;
}

Error is_protected(const plan::Plan& plan) {
  return Error(Fault::config, "environment `" + plan.environment +
                                  "` is protected, and `--full-refresh` replaces all that its "
                                  "sinks hold")
      .refused()
      .hint("nothing was changed; add `--yes` if this is meant");
}

/// After a run, so that its lease is free. Another one that has begun meanwhile does it at its end.
void note_expired(const plan::Plan& plan, run::RunReport& report) {
  if (!plan.retention.quarantine || plan.is_rehearsal) return;
  const auto expired =
      expire_quarantine(plan.root, plan.pipeline, *plan.retention.quarantine, false);
  if (!expired.ok() && !expired.error().is_busy()) {
    report.warnings.push_back("the quarantine was not looked through: " + expired.error().text());
  }
  for (const auto& one : expired.ok() ? *expired : std::vector<Expired>()) {
    if (one.rows == 0) continue;
    report.warnings.push_back(told(one, *plan.retention.quarantine));
  }
}

}  // namespace

run::RunOptions run_options(const LoadOptions& load) {
  run::RunOptions options;
  options.batch_rows = test_setting("LEAT_TEST_BATCH_ROWS").value_or(options.batch_rows);
  options.block_bytes = test_setting("LEAT_TEST_BLOCK_BYTES").value_or(options.block_bytes);
  options.slices_max = test_setting("LEAT_TEST_STOP_AFTER_SLICE");
  if (const auto ms = test_setting("LEAT_TEST_LEASE_MS")) {
    options.lease = std::chrono::milliseconds(*ms);
  }
  options.variables = load.variables;
  options.run_id = load.run_id;
  options.keeps_contracts = load.keeps_contracts;
  options.force = load.force;
  options.retry_of = load.retry_of;
  options.only_missing = load.only_missing;
  return options;
}

run::RunServices services_of(state::Store& store) {
  run::RunServices services;
  services.files = &all_files();
  services.clock = &system_clock();
  services.store = &store;
  services.leat_version = version();
  return services;
}

void note_grave(const std::filesystem::path& file, const LoadOptions& options, const Error& error) {
  if (!error.is_grave()) return;
  const auto opened = open_store(file);
  if (!opened.ok()) return;
  run::RunReport report;
  report.pipeline = file.stem().string();
  report.run_id = options.run_id.value_or(Uuid());
  run::note_grave(services_of(*opened->store), report, error);
}

Result<run::RunReport> run_pipeline(const std::filesystem::path& where, const LoadOptions& options,
                                    const std::vector<std::string>& sinks,
                                    const CancelToken& cancel, const run::RunEvents& events) {
  io::process_streams().allow(cancel);
  TRY(const auto file, find_pipeline(where));
  auto with = for_a_run(options);
  with.tries_until = &cancel;
  auto planned = Planner(with).plan(file, true);
  if (!planned.ok()) {
    auto error = planned.error();
    if (with.interval) {
      error = std::move(error).during("while planning the interval " + with.interval->lane());
    }
    note_grave(file, with, error);
  }
  TRY(auto plan, std::move(planned));
  if (!sinks.empty()) plan = plan::restrict_to_sinks(std::move(plan), sinks);
  if (options.full_refresh) {
    TRY(plan, plan::read_anew(std::move(plan)));
    if (plan.is_protected && !options.yes) return is_protected(plan);
  }
  return run_plan(plan, with, cancel, events);
}

LoadOptions for_a_run(LoadOptions options) {
  options.run_id = make_uuid7(system_clock());
  return options;
}

Result<run::RunReport> run_plan(const plan::Plan& plan, const LoadOptions& options,
                                const CancelToken& cancel, const run::RunEvents& events) {
  for (const auto& warning : plan.warnings) {
    if (events.on_warning) events.on_warning(warning);
  }
  TRY(auto opened, open_store(plan));
  auto services = services_of(*opened.store);
  if (!opened.warning.empty()) services.warnings.push_back(opened.warning);
  services.cancel = &cancel;
  services.events = events;
  TRY(auto report, run::run_pipeline(plan, run_options(options), services));
  note_expired(plan, report);
  return report;
}

std::string to_json(const run::RunReport& report) { return run::to_json(report); }

Result<std::vector<HeldEntry>> list_held(const std::filesystem::path& where) {
  TRY(const auto all, run::list_held(io::local_files(), artifacts_folder(where)));
  std::vector<HeldEntry> out;
  for (const auto& held : all) out.push_back(entry_of(held));
  return out;
}

Result<HeldOutcome> publish_held(const std::filesystem::path& where, const std::string& id_prefix,
                                 const LoadOptions& given) {
  TRY(const auto held, run::find_held(io::local_files(), artifacts_folder(where), id_prefix));
  TRY(const auto with, options_of(held, given));
  TRY(const auto plan, Planner(with).plan_without_sources(held.pipeline_file));
  TRY(auto opened, open_store(plan));
  TRY(auto done, run::publish_held(plan, held, services_of(*opened.store)));
  return HeldOutcome{std::move(done.receipt), std::move(done.place), std::move(done.how_to_look),
                     std::move(opened.warning)};
}

Result<HeldChange> diff_held(const std::filesystem::path& where, const std::string& id_prefix,
                             const LoadOptions& given) {
  TRY(const auto held, run::find_held(io::local_files(), artifacts_folder(where), id_prefix));
  TRY(const auto with, options_of(held, given));
  TRY(const auto plan, Planner(with).plan_without_sources(held.pipeline_file));
  TRY(auto opened, open_store(plan));
  TRY(auto found, run::diff_held(plan, held, services_of(*opened.store)));
  auto entry = entry_of(held);
  entry.warning = std::move(opened.warning);
  return HeldChange{std::move(entry), std::move(found.place), std::move(found.difference)};
}

Result<HeldEntry> discard_held(const std::filesystem::path& where, const std::string& id_prefix) {
  TRY(const auto held, run::find_held(io::local_files(), artifacts_folder(where), id_prefix));
  const auto with = options_of(held, {});
  const auto plan = with.ok() ? Planner(*with).plan_without_sources(held.pipeline_file)
                              : Result<plan::Plan>(with.error());
  TRY(auto opened, open_store(where));
  TRY(const auto said,
      run::discard_held(plan.ok() ? &*plan : nullptr, held, services_of(*opened.store)));
  auto entry = entry_of(held);
  entry.warning = std::move(opened.warning);
  for (const auto& one : said) entry.warning += (entry.warning.empty() ? "" : "; ") + one;
  return entry;
}

}  // namespace leat::app
