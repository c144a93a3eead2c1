#include "app/run.hpp"

#include <charconv>
#include <cstdlib>
#include <cstring>

#include "app/version.hpp"
#include "base/clock.hpp"
#include "io/files.hpp"
#include "plan/graph.hpp"
#include "run/held.hpp"
#include "run/publish_held.hpp"
#include "run/runner.hpp"
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

run::RunOptions run_options(const LoadOptions& load) {
  run::RunOptions options;
  options.batch_rows = test_setting("LEAT_TEST_BATCH_ROWS").value_or(options.batch_rows);
  options.block_bytes = test_setting("LEAT_TEST_BLOCK_BYTES").value_or(options.block_bytes);
  options.slices_max = test_setting("LEAT_TEST_STOP_AFTER_SLICE");
  options.variables = load.variables;
  return options;
}

Result<state::OpenedStore> open_store(const std::filesystem::path& state) {
  TRY(io::local_files().create_folders(state));
  return state::Store::open_or_begin_anew(state / "state.db", io::local_files(), system_clock());
}

run::RunServices services_of(state::Store& store) {
  run::RunServices services;
  services.files = &io::local_files();
  services.clock = &system_clock();
  services.store = &store;
  services.leat_version = version();
  return services;
}

HeldEntry entry_of(const run::Held& held) { return {held.receipt, held.reasons, held.rows, ""}; }

}  // namespace

Result<run::RunReport> run_pipeline(const std::filesystem::path& where, const LoadOptions& options,
                                    const std::vector<std::string>& sinks,
                                    const CancelToken& cancel, const run::RunEvents& events) {
  TRY(const auto file, find_pipeline(where));
  TRY(auto plan, Planner(options).plan(file, true));
  if (!sinks.empty()) plan = plan::restrict_to_sinks(std::move(plan), sinks);
  return run_plan(plan, options, cancel, events);
}

Result<run::RunReport> run_plan(const plan::Plan& plan, const LoadOptions& options,
                                const CancelToken& cancel, const run::RunEvents& events) {
  TRY(auto opened, open_store(plan.state));
  auto services = services_of(*opened.store);
  if (!opened.warning.empty()) {
    services.warnings.push_back(opened.warning);
    if (events.on_warning) events.on_warning(opened.warning);
  }
