#include "connectors/duckdb/new_database.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <fstream>

#include "connectors/duckdb/describe.hpp"
#include "io/posix_files.hpp"
#include "support/crash_sweep.hpp"
#include "support/faulty_files.hpp"
#include "support/poor_file_system.hpp"
#include "support/publishing.hpp"

namespace leat::connectors::duckdb {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* kTarget = "{path: out/w.duckdb, table: rows}";
constexpr const char* kTheirs = "nothing that the engine could read, and theirs";

enum class Before { nothing, an_empty_file };

/// Where others put a file of theirs in the middle of it; a static, for calls are plain functions.
fs::path theirs_go_to;

void put_theirs() {
  if (theirs_go_to.empty()) return;
  std::ofstream(theirs_go_to) << kTheirs;
  theirs_go_to.clear();
}

int put_theirs_before_the_name(const char* from, const char* to) {
  if (theirs_go_to == to) put_theirs();
  return io::posix_calls().rename_new(from, to);
}

int put_theirs_before_the_end(int file) {
  put_theirs();
  return io::posix_calls().fsync(file);
}

/// What somebody holds open who is slow to write.
std::ofstream their_file;

int write_theirs_before_the_name(const char* from, const char* to) {
  if (theirs_go_to == to) {
    their_file << kTheirs << std::flush;
    theirs_go_to.clear();
  }
  return io::posix_calls().rename_new(from, to);
}

int denied_lock(const char* path, int flags, mode_t mode) {
  if (std::string_view(path).ends_with(".leat-lock")) {
    errno = EACCES;
    return -1;
  }
  return io::posix_calls().open(path, flags, mode);
}

int no_locks(int, int) {
  errno = EOPNOTSUPP;
  return -1;
}

class NewDatabases : public testing::TestWithParam<Before> {
 protected:
  static SinkEntry entry() {
    static Catalog catalog;
    if (catalog.sink("duckdb") == nullptr) describe(catalog);
    return *catalog.sink("duckdb");
  }
  static void prepare(const test::TemporaryFolder& folder, Before before) {
    fs::create_directories(folder / "out");
    if (before == Before::an_empty_file) folder.write("out/w.duckdb", "");
  }
  static std::vector<std::string> names(const test::TemporaryFolder& folder) {
    std::vector<std::string> found;
    for (const auto& entry : fs::directory_iterator(folder / "out")) {
      found.push_back(entry.path().filename().string());
    }
    std::sort(found.begin(), found.end());
    return found;
  }
  static Status publish(test::Publishing& run, std::uint8_t number) {
    auto table = run.sink(entry(), kTarget);
    return run.publish(*table, number, Strategy::replace, "SELECT 7 AS a");
  }
  static std::string rows(test::Publishing& run, const test::TemporaryFolder& folder) {
    const auto file = (folder / "out/w.duckdb").string();
    EXPECT_TRUE(run.session().execute("ATTACH '" + file + "' AS t (READ_ONLY)").ok());
    const auto found = run.session().query("SELECT string_agg(a, ',') FROM t.rows");
    EXPECT_TRUE(run.session().execute("DETACH t").ok());
    return found.ok() ? found->rows.at(0).at(0).value_or("") : found.error().text();
  }
  /// Not there, empty, or one that the engine opens; then a run makes it good, and leaves no more.
  static void expect_whole_or_none(const test::TemporaryFolder& folder) {
    test::Publishing run(folder.path());
    const auto table = run.sink(entry(), kTarget);
    const auto found = table->find(run.id(1));
    ASSERT_TRUE(found.ok()) << found.error().text();
    if (!found->has_value()) {
      const Status again = publish(run, 2);
      ASSERT_TRUE(again.ok()) << again.error().text();
    } else {
      ASSERT_TRUE(run.publish(*table, 2, Strategy::append, "SELECT 7 AS a LIMIT 0").ok());
    }
    EXPECT_EQ(rows(run, folder), "7");
    EXPECT_THAT(names(folder), ElementsAre("w.duckdb"));
  }

  Status publish_with(const io::PosixCalls& calls) {
    prepare(x_folder, GetParam());
    return publish_again_with(calls, 1);
  }
  Status publish_again_with(const io::PosixCalls& calls, std::uint8_t number) {
    const auto files = io::make_posix_files(calls);
    test::Publishing run(x_folder.path());
    run.use(*files);
    return publish(run, number);
  }

  test::TemporaryFolder x_folder;
};

INSTANTIATE_TEST_SUITE_P(All, NewDatabases,
                         testing::Values(Before::nothing, Before::an_empty_file));

TEST_P(NewDatabases, are_named_when_they_are_whole_and_leave_nothing_else) {
  ASSERT_TRUE(publish_with(io::posix_calls()).ok());
  expect_whole_or_none(x_folder);
}

TEST_P(NewDatabases, are_made_where_only_second_names_are_known) {
  auto calls = io::posix_calls();
  calls.rename_new = test::unknown_way;
  ASSERT_TRUE(publish_with(calls).ok());
  expect_whole_or_none(x_folder);
}

TEST_P(NewDatabases, are_made_where_there_are_no_second_names) {
  auto calls = io::posix_calls();
  calls.link = test::no_second_name;
  ASSERT_TRUE(publish_with(calls).ok());
  expect_whole_or_none(x_folder);
}

TEST_P(NewDatabases, are_refused_where_a_name_could_only_be_taken_blindly) {
  auto calls = io::posix_calls();
  calls.rename_new = test::unknown_way;
  calls.link = test::no_second_name;
  prepare(x_folder, GetParam());
  const auto before = names(x_folder);
  for (std::uint8_t i = 1; i < 3; ++i) {
    const auto refused = publish_again_with(calls, i);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().fault(), Fault::external);
    EXPECT_THAT(refused.error().text(), HasSubstr("without replacing what may be there"));
    EXPECT_EQ(names(x_folder), before);
  }
  expect_whole_or_none(x_folder);
}

TEST_P(NewDatabases, do_not_replace_what_others_name_so_meanwhile) {
  for (const bool is_early : {true, false}) {
    auto calls = io::posix_calls();
    if (is_early) calls.fsync = put_theirs_before_the_end;
    if (!is_early) calls.rename_new = put_theirs_before_the_name;
    theirs_go_to = x_folder / "out/w.duckdb";
    const auto refused = publish_with(calls);
    ASSERT_FALSE(refused.ok());
    EXPECT_THAT(refused.error().text(), HasSubstr("is not a DuckDB database"));
    EXPECT_EQ(x_folder.read("out/w.duckdb"), kTheirs);
    EXPECT_THAT(names(x_folder), ElementsAre("w.duckdb"));
  }
}

class EmptyFiles : public NewDatabases {};

INSTANTIATE_TEST_SUITE_P(All, EmptyFiles, testing::Values(Before::an_empty_file));

TEST_P(EmptyFiles, pass_their_rights_on) {
  prepare(x_folder, GetParam());
  const auto rights = fs::perms(0640);
  fs::permissions(x_folder / "out/w.duckdb", rights);
  ASSERT_TRUE(publish_again_with(io::posix_calls(), 1).ok());
  EXPECT_EQ(fs::status(x_folder / "out/w.duckdb").permissions(), rights);
}

TEST_P(EmptyFiles, that_somebody_writes_to_meanwhile_are_kept_and_told_of) {
  prepare(x_folder, GetParam());
  theirs_go_to = x_folder / "out/w.duckdb";
  their_file.open(theirs_go_to);
  auto calls = io::posix_calls();
  calls.rename_new = write_theirs_before_the_name;
  const auto aside = x_folder / "out/.w.duckdb.leat-empty";
  for (std::uint8_t i = 3; i < 5; ++i) {
    const Status refused = publish_again_with(calls, i);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().fault(), Fault::config);
    EXPECT_THAT(refused.error().hint_text(), HasSubstr(aside.string()));
    EXPECT_EQ(x_folder.read("out/.w.duckdb.leat-empty"), kTheirs);
  }
  their_file.close();
  fs::rename(aside, x_folder / "theirs");
  expect_whole_or_none(x_folder);
}

TEST_P(NewDatabases, that_are_whole_are_written_to_by_those_who_may_not_tidy_up) {
  auto denied = io::posix_calls();
  denied.open = denied_lock;
  auto lockless = io::posix_calls();
  lockless.flock = no_locks;
  for (const auto& calls : {denied, lockless}) {
    EXPECT_FALSE(publish_with(calls).ok()) << "there is none yet";
    ASSERT_TRUE(publish_with(io::posix_calls()).ok());
    x_folder.write("out/.w.duckdb.leat-lock", "");
    const Status again = publish_again_with(calls, 3);
    EXPECT_TRUE(again.ok()) << again.error().text();
    EXPECT_THAT(names(x_folder), ElementsAre(".w.duckdb.leat-lock", "w.duckdb"));
    ASSERT_TRUE(publish_again_with(io::posix_calls(), 4).ok());
    expect_whole_or_none(x_folder);
    fs::remove(x_folder / "out/w.duckdb");
  }
}

TEST_P(NewDatabases, that_are_whole_wait_for_one_who_tidies_up) {
  ASSERT_TRUE(publish_with(io::posix_calls()).ok());
  {
    const auto lock = io::local_files().lock(x_folder / "out/.w.duckdb.leat-lock");
    const Status waits = publish_again_with(io::posix_calls(), 3);
    ASSERT_FALSE(waits.ok());
    EXPECT_TRUE(waits.error().is_busy());
  }
  expect_whole_or_none(x_folder);
}

TEST_P(NewDatabases, that_are_whole_are_written_to_in_a_folder_that_keeps_what_lies_there) {
  ASSERT_TRUE(publish_with(io::posix_calls()).ok());
  for (const char* left : {"lock", "new", "empty"}) {
    x_folder.write(std::string("out/.w.duckdb.leat-") + left, "");
  }
  test::FaultyFiles disk(io::local_files());
  test::Publishing run(x_folder.path());
  run.use(disk);
  disk.fail(test::Call::remove, 2, EPERM, true);  // The first is that of the stage.
  const Status again = publish(run, 3);
  EXPECT_TRUE(again.ok()) << again.error().text();
  EXPECT_EQ(names(x_folder).size(), 4u);
  expect_whole_or_none(x_folder);
}

TEST_P(NewDatabases, survive_any_failing_call_of_the_disk) {
  for (std::size_t nth = 1;; ++nth) {
    SCOPED_TRACE("call " + std::to_string(nth));
    test::TemporaryFolder folder;
    prepare(folder, GetParam());
    test::FaultyFiles disk(io::local_files());
    test::Publishing run(folder.path());
    run.use(disk);
    disk.fail(test::Call::any, nth, ENOSPC);
    const Status status = publish(run, 1);
    if (!disk.failed()) {
      EXPECT_TRUE(status.ok());
      EXPECT_GT(nth, 10u);
      break;
    }
    disk.heal();
    expect_whole_or_none(folder);
  }
}

TEST(NewDatabase, DISABLED_publish_in_child) {
  test::Publishing run(test::variable("LEAT_TEST_FOLDER"));
  Catalog catalog;
  describe(catalog);
  auto table = run.sink(*catalog.sink("duckdb"), kTarget);
  const Status done = run.publish(*table, 1, Strategy::replace, "SELECT 7 AS a");
  ASSERT_TRUE(done.ok()) << done.error().text();
}

TEST_P(NewDatabases, killed_anywhere_are_whole_or_not_there) {
  const auto points = test::CrashSweep{
      "NewDatabase.DISABLED_publish_in_child",
      [&](const auto& folder) { prepare(folder, GetParam()); },
      [&](const auto& folder) {
        expect_whole_or_none(folder);
      }}.run();
  EXPECT_THAT(points, testing::IsSupersetOf({"duckdb.new.made", "duckdb.new.tried",
                                             "duckdb.new.aside", "duckdb.new.named"}));
}

}  // namespace
}  // namespace leat::connectors::duckdb
