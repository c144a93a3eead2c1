#include "connectors/duckdb/new_database.hpp"

#include <string>

#include "base/crash_point.hpp"
#include "connectors/duckdb/attachment.hpp"

namespace leat::connectors::duckdb {
namespace {

namespace fs = std::filesystem;

/// A file in the making, under the lock of its maker.
class NewDatabase {
 public:
  NewDatabase(engine::Session& session, io::FileSystem& files, const fs::path& path)
      : x_session(session),
        x_files(files),
        x_path(path),
        x_lock(beside("lock")),
        x_half(beside("new")),
        x_made(beside("made")),
        x_aside(beside("empty")) {}

  /// The lock is the first thing that is there and the last that goes, so it tells of a kill.
  Status make() {
    TRY(const bool is_whole, has_database(x_files, x_path));
    if (is_whole && !x_files.exists(x_lock)) return {};
    if (is_whole) TRY(x_files.sync_folder(x_path.parent_path()));
    const Status made = make_locked();
    if (made.ok() || made.error().is_busy() || !is_whole) return made;
    TRY(require_no_bytes_aside());
    // Beside a whole file there is only to tidy up, which can wait for whoever may.
    TRY(const bool is_left, has_database(x_files, x_path));
    return is_left ? Status() : made;
  }

 private:
  fs::path beside(const char* what) const {
    return x_path.parent_path() / ("." + x_path.filename().string() + ".leat-" + what);
  }

  Status make_locked() {
    TRY(const auto lock, x_files.lock(x_lock));
    const Status made = make_alone();
    const Status cleared = clear();
    if (!cleared.ok()) return made.ok() ? cleared : made;
    if (!made.ok()) {
      // Its name may not last yet: whoever comes next finds the lock, and sees to it.
      TRY(const bool is_there, has_database(x_files, x_path));
      if (is_there) return made;
    }
    TRY(x_files.remove(x_lock));
    return made;
  }

  Status make_alone() {
    TRY(give_back());
    TRY(const bool is_whole, has_database(x_files, x_path));
    if (is_whole) return {};
    TRY(make_half());
    crash_point("duckdb.new.made");
    TRY(name_made());
    crash_point("duckdb.new.tried");
    TRY(set_empty_aside());
    crash_point("duckdb.new.aside");
    // Where somebody was quicker, that file is as good, or will be refused as any other.
    TRY(x_files.rename_new(x_made, x_path));
    crash_point("duckdb.new.named");
    return x_files.sync_folder(x_path.parent_path());
  }

  /// What a kill left half made is made anew.
  Status make_half() {
    const auto attach = [&]() -> Status {
      TRY(const auto whole,
          Attachment::open(x_session, x_files, x_half, Attachment::Access::write));
      return {};
    };
    const auto done = attach();
    if (!done.ok() && done.error().is_busy()) return done;
    if (!done.ok()) {
      TRY(x_files.remove(x_half));
      TRY(attach());
    }
    return io::sync_file(x_files, x_half);
  }

  /// Can the file system name it without replacing? That is asked before anything else is moved.
  Status name_made() {
    TRY(x_files.remove(x_made));
    TRY(const bool is_named, x_files.rename_new(x_half, x_made));
    if (is_named) return {};
    return Error(Fault::external, "somebody else makes " + x_made.string()).hint("run again");
  }

  /// An empty file is moved, not removed: whatever was put in its place a moment ago is moved, too,
  /// and given back.
  Status set_empty_aside() {
    if (!x_files.exists(x_path)) return {};
    TRY(x_files.copy_rights(x_path, x_made));
    TRY(x_files.rename(x_path, x_aside));
    TRY(const bool is_others, has_database(x_files, x_aside));
    return is_others ? give_back() : Status();
  }

  /// Gives what is set aside its name again; an empty file gives way to whatever has it by now.
  Status give_back() {
    if (!x_files.exists(x_aside)) return {};
    TRY(const bool is_named, x_files.rename_new(x_aside, x_path));
    if (is_named) return x_files.sync_folder(x_path.parent_path());
    TRY(require_no_bytes_aside());
    return x_files.remove(x_aside);
  }

  /// Somebody had the empty file open, and wrote to it where it lay by then.
  Status require_no_bytes_aside() {
    TRY(const bool is_others, has_database(x_files, x_aside));
    if (!is_others) return {};
    return Error(Fault::config, "somebody else wrote to " + x_path.string() +
                                    ", which was empty, while Leat put a database in its place")
        .hint("what they wrote is in " + x_aside.string() + ": move it where it belongs");
  }

  Status clear() {
    TRY(x_files.remove(x_half));
    TRY(x_files.remove(x_made));
    return give_back();
  }

  engine::Session& x_session;
  io::FileSystem& x_files;
  fs::path x_path;
  fs::path x_lock;
  fs::path x_half;
  fs::path x_made;
  fs::path x_aside;
};

}  // namespace

Result<bool> has_database(io::FileSystem& files, const fs::path& path) {
  const auto stat = files.stat(path);
  if (stat.ok()) return stat->is_folder || stat->size > 0;
  if (files.exists(path)) return stat.error();
  return false;  // Another one may have set it aside a moment ago.
}

Status make_database(engine::Session& session, io::FileSystem& files, const fs::path& path) {
  return NewDatabase(session, files, path).make();
}

}  // namespace leat::connectors::duckdb
