#include "app/expire_quarantine.hpp"

#include <map>

#include "app/hold_pipeline.hpp"
#include "app/project.hpp"
#include "app/quarantine_segments.hpp"
#include "app/state_store.hpp"
#include "base/crash_point.hpp"
#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "io/files.hpp"
#include "run/quarantine_acts.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;

using Segments = std::vector<SegmentEntry>;

/// The segments of one dataset: those that are too old, and those that stay.
struct Parted {
  Segments old;
  Segments staying;
};
using ByDataset = std::map<std::pair<std::string, std::string>, Parted>;

bool is_settled(const SegmentEntry& entry) {
  return entry.status != "held" && entry.status != "planned";
}

Result<ByDataset> part(const fs::path& where, const std::string& pipeline,
                       std::chrono::milliseconds age) {
  TRY(const auto entries, find_segments(where, true));
  const auto until = system_clock().now() - age;
  ByDataset parted;
  for (const auto& entry : entries) {
    if (!pipeline.empty() && entry.pipeline != pipeline) continue;
    auto& of_dataset = parted[{entry.pipeline, entry.dataset}];
    const bool is_old = entry.set_aside_at < until && is_settled(entry);
    (is_old ? of_dataset.old : of_dataset.staying).push_back(entry);
  }
  std::erase_if(parted, [](const auto& entry) { return entry.second.old.empty(); });
  return parted;
}

Result<std::uint64_t> rows_that_stand(engine::Session& session, const Segments& segments) {
  if (segments.empty()) return std::uint64_t{0};
  TRY(const auto found, session.query("SELECT count(*) FROM " + standing_rows_sql(segments)));
  return std::uint64_t(std::stoull(found.rows.at(0).at(0).value_or("0")));
}

/// A row that stands in a segment which stays is not let go.
Result<std::uint64_t> rows_let_go(engine::Session& session, const Parted& parted) {
  Segments all;
  Segments staying;
  for (const auto& entry : parted.old) {
    if (is_open(entry)) all.push_back(entry);
  }
  if (all.empty()) return std::uint64_t{0};
  for (const auto& entry : parted.staying) {
    if (!is_open(entry)) continue;
    all.push_back(entry);
    staying.push_back(entry);
  }
  TRY(const auto before, rows_that_stand(session, all));
  TRY(const auto after, rows_that_stand(session, staying));
  return before - after;
}

Status remove(const Segments& segments) {
  auto& files = io::local_files();
  for (const auto& segment : segments) {
    crash_point("quarantine.expire.before");
    TRY(files.remove(run::acts_path(segment.path)));
    TRY(files.remove(segment.path));
    crash_point("quarantine.expire.after");
  }
  return {};
}

/// Said before it is done: a kill in between says it twice, and never not at all.
Status tell(state::Store& store, const Expired& expired, std::chrono::milliseconds age) {
  if (expired.rows == 0) return {};
  return store.note_event(
      {system_clock().now(), "quarantine", expired.pipeline, "", told(expired, age)}, true);
}

Result<std::vector<Expired>> count(const ByDataset& parted) {
  std::vector<Expired> out;
  if (parted.empty()) return out;
  TRY(auto session, engine::Session::open({}));
  for (const auto& [names, of_dataset] : parted) {
    Expired expired{names.first, names.second, of_dataset.old.size(), 0};
    TRY(expired.rows, rows_let_go(*session, of_dataset));
    out.push_back(std::move(expired));
  }
  return out;
}

/// The pipelines that have something to let go.
std::vector<std::string> pipelines_of(const ByDataset& parted) {
  std::vector<std::string> names;
  for (const auto& [of, segments] : parted) {
    if (names.empty() || names.back() != of.first) names.push_back(of.first);
  }
  return names;
}

}  // namespace

std::string told(const Expired& expired, std::chrono::milliseconds age) {
  return "let go of " + counted(expired.rows, "row") + " of " + expired.dataset +
         " that waited in quarantine, set aside more than " + format_duration(age) + " ago";
}

std::optional<std::chrono::milliseconds> quarantine_age(const fs::path& where) {
  config::Findings ignored;
  return project_of(where, ignored).retention.quarantine;
}

Result<std::vector<Expired>> expire_quarantine(const fs::path& where, const std::string& pipeline,
                                               std::chrono::milliseconds age, bool only_look) {
  TRY(const auto look, part(where, pipeline, age));
  if (only_look) return count(look);
  std::vector<Expired> out;
  for (const auto& name : pipelines_of(look)) {
    TRY(auto held, hold_pipeline(where, name));
    TRY(const auto parted, part(where, name, age));
    TRY(const auto counted, count(parted));
    if (!held.store) {
      TRY(auto opened, open_store(where));
      held.store = std::move(opened.store);
    }
    for (const auto& expired : counted) {
      TRY(tell(*held.store, expired, age));
      TRY(remove(parted.at({expired.pipeline, expired.dataset}).old));
      out.push_back(expired);
    }
  }
  return out;
}

}  // namespace leat::app
