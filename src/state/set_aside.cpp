#include <algorithm>

#include "base/crash_point.hpp"
#include "clients/sqlite/database.hpp"
#include "state/store.hpp"
#include "state/store_lock.hpp"

namespace leat::state {
namespace {

namespace fs = std::filesystem;

/// Fails on everything that is no store of ours, whatever its version.
constexpr const char* kProbe =
    "SELECT count(*) FROM (SELECT run_id, pipeline, status FROM runs LIMIT 1);"
    "SELECT publish_id, receipt FROM publishes WHERE status = 'planned'";

/// "20260131T060000.123456Z": a time that may be part of a file's name.
std::string time_in_name(Instant now) {
  auto text = format_instant(now);
  std::erase_if(text, [](char c) { return c == '-' || c == ':'; });
  return text;
}

/// Has somebody begun a store here who has not made all of its tables yet? Each of its first
/// versions has one table more, so a store of version 1 has the first alone.
bool is_in_the_making(const fs::path& path) {
  const auto database = sqlite::open_database(path, sqlite::Access::look);
  if (!database.ok()) return false;
  const auto found = sqlite::query(
      database->get(),
      "SELECT user_version, (SELECT coalesce(group_concat(name), '') FROM sqlite_schema"
      " WHERE type = 'table') FROM pragma_user_version");
  if (!found.ok() || found->size() != 1) return false;
  const auto& row = found->front();
  return (row[0] == "0" && row[1].empty()) || (row[0] == "1" && row[1] == "runs");
}

/// Why the file holds no store that can be read; nothing when it does, or will in a moment.
std::optional<std::string> damage_of(const fs::path& path) {
  auto damage = sqlite::damage_of(path, kProbe);
  if (damage && is_in_the_making(path)) return std::nullopt;
  if (!damage && io::local_files().exists(damage_mark(path))) return sqlite::broken_page_of(path);
  return damage;
}

/// SQLite's own files first: a log that stayed would be played into the new store.
Status move_all(io::FileSystem& files, const fs::path& path, const fs::path& aside) {
  crash_point("state.set_aside.rename.before");
  for (const char* part : {"-wal", "-shm", "-journal", ""}) {
    fs::path from = path;
    from += part;
    if (!files.exists(from)) continue;
    fs::path to = aside;
    to += part;
    TRY(files.rename(from, to));
  }
  TRY(files.sync_folder(path.parent_path()));
  crash_point("state.set_aside.rename.after");
  return {};
}

/// What to tell about it.
Result<std::string> set_aside(io::FileSystem& files, const fs::path& path,
                              const std::string& damage, const Clock& clock) {
  fs::path aside = path;
  aside += ".broken-" + time_in_name(clock.now());
  TRY(move_all(files, path, aside));
  return "the state store could not be read (" + damage + "); it was set aside as " +
         aside.string() +
         ". Its history is gone from `leat runs`; the ledgers of the targets hold the truth, and "
         "nothing is lost or doubled";
}

/// One that others have open is not set aside: whoever meets no broken page in it goes on.
Result<OpenedStore> open_beside_others(const fs::path& path, const Clock& clock,
                                       const Error& why_not_alone) {
  auto opened = Store::open(path, clock);
  if (!opened.ok()) return why_not_alone;
  return OpenedStore{std::move(opened).value(),
                     "the state store " + path.string() +
                         " has a broken page; it is set aside once nobody has it open any more"};
}

}  // namespace

bool is_damaged(const fs::path& path) {
  const auto lock = keep_in_place(io::local_files(), path);
  return lock.ok() && damage_of(path).has_value();
}

Result<OpenedStore> Store::open_or_begin_anew(const fs::path& path, io::FileSystem& files,
                                              const Clock& clock) {
  {
    auto opened = Store::open(path, clock);
    const bool is_doubted = files.exists(damage_mark(path));
    if (opened.ok() && !is_doubted) return OpenedStore{std::move(opened).value(), ""};
  }
  std::string warning;
  {
    // Each page is read for it: once.
    std::optional<bool> looked;
    const auto alone = have_alone(files, path, [&] {
      if (!looked) looked = is_damaged(path);
      return *looked;
    });
    if (!alone.ok()) return open_beside_others(path, clock, alone.error());
    // Another run may have begun a new store since we looked.
    const auto damage = *alone ? damage_of(path) : std::nullopt;
    if (damage) {
      TRY(warning, set_aside(files, path, *damage, clock));
    }
    if (files.exists(damage_mark(path))) TRY(files.remove(damage_mark(path)));
  }
  TRY(auto store, Store::open(path, clock));
  return OpenedStore{std::move(store), std::move(warning)};
}

}  // namespace leat::state
