#include "app/doctor.hpp"

#include <unistd.h>

#include <thread>

#include "app/catalog.hpp"
#include "app/project.hpp"
#include "app/state_store.hpp"
#include "app/version.hpp"
#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "engine/session.hpp"
#include "io/files.hpp"
#include "run/held.hpp"
#include "state/store.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;

template <typename T>
Finding of(std::string what, const Result<T>& result, std::string detail, std::string advice) {
  if (result.ok()) return {std::move(what), true, std::move(detail), ""};
  return {std::move(what), false, result.error().text(), std::move(advice)};
}

Finding look_at_engine() {
  auto session = engine::Session::open({});
  if (!session.ok()) {
    return {"engine", false, session.error().text(), "the program is damaged: build it again"};
  }
  const auto version = session.value()->query("SELECT version()");
  if (!version.ok()) return of("engine", version, "", "the program is damaged: build it again");
  return {"engine", true, "DuckDB " + version->rows.at(0).at(0).value_or("?"), ""};
}

Finding look_at_machine() {
  const auto pages = ::sysconf(_SC_PHYS_PAGES);
  const auto bytes = std::uint64_t(pages > 0 ? pages : 0) * std::uint64_t(::sysconf(_SC_PAGESIZE));
  return {"machine", true,
          std::to_string(std::thread::hardware_concurrency()) + " cores, " + format_bytes(bytes),
          ""};
}

Finding look_at_catalog() {
  const auto& all = catalog();
  return {"catalog", true,
          std::to_string(all.sources().size()) + " sources, " + std::to_string(all.sinks().size()) +
              " sinks, " + std::to_string(all.checks().size()) + " checks",
          ""};
}

Finding look_at_disk(const fs::path& state) {
  auto& files = io::local_files();
  const auto probe = state / "doctor.probe";
  const std::string advice = "make room, or make " + state.string() + " writable";
  if (auto made = files.create_folders(state); !made.ok()) return of("disk", made, "", advice);
  if (auto wrote = io::write_durably(files, probe, "probe"); !wrote.ok()) {
    return of("disk", wrote, "", advice);
  }
  if (auto removed = files.remove(probe); !removed.ok()) return of("disk", removed, "", advice);
  std::error_code unknown;
  const auto space = fs::space(state, unknown);
  const bool enough = unknown || space.available > (1u << 28);
  return {"disk", enough, state.string() + ", " + format_bytes(space.available) + " free",
          enough ? "" : "make room: less than 256 MB are free"};
}

Finding look_at_locks(const fs::path& state) {
  const auto path = state / "doctor.lock";
  Finding finding = of("file locks", io::local_files().lock(path), "work in " + state.string(),
                       "Leat needs flock: put the project on a local file system");
  [[maybe_unused]] const auto removed = io::local_files().remove(path);
  return finding;
}

Finding look_at_store(const fs::path& where) {
  auto store = find_store(where);
  if (store.ok() && !*store) return {"history", true, "no run yet", ""};
  if (!store.ok()) {
    return of("history", store, "",
              is_store_damaged(where)
                  ? "the next `leat run` sets it aside and begins a new one: only history is in it"
                  : store.error().hint_text());
  }
  const auto planned = store.value()->publishes("", state::PublishStatus::planned);
  const auto place = store.value()->place();
  if (!planned.ok()) return of("history", planned, "", "move " + place + " away");
  if (planned->empty()) return {"history", true, store.value()->kind() + ", " + place, ""};
  return {"history", true,
          counted(planned->size(), "publish", "publishes") + " of a run that goes on or was killed",
          "the next `leat run` that has their sink at the same target settles them"};
}

Finding look_at_held(const fs::path& where) {
  const auto held = run::list_held(io::local_files(), artifacts_folder(where));
  if (!held.ok()) return of("held", held, "", "look into the folder that is named");
  if (held->empty()) return {"held", true, "nothing waits", ""};
  return {"held", true, counted(held->size(), "publish waits", "publishes wait") + " for you",
          "`leat publish` lists them"};
}

}  // namespace

std::vector<Finding> doctor(const fs::path& where) {
  const auto state = state_folder(where);
  return {{"leat", true, version(), ""},
          look_at_machine(),
          look_at_engine(),
          look_at_catalog(),
          look_at_disk(state),
          look_at_locks(state),
          look_at_store(where),
          look_at_held(where)};
}

}  // namespace leat::app
