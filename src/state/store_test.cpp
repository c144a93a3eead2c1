#include "state/store.hpp"

#include <gtest/gtest.h>
#include <stdlib.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "clients/sqlite/database.hpp"
#include "state/store_lock.hpp"

namespace leat::state {
namespace {

class StoreTest : public ::testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/leat-state-XXXXXX";
    folder = ::mkdtemp(name);
  }
  void TearDown() override { std::filesystem::remove_all(folder); }
  std::unique_ptr<Store> open() {
    auto store = Store::open(folder / "state.db");
    EXPECT_TRUE(store.ok()) << (store.ok() ? "" : store.error().text());
    return std::move(store).value();
  }
  RunRecord run(const char* pipeline) {
    RunRecord record;
    record.run_id = make_uuid7(system_clock());
    record.pipeline = pipeline;
    record.status = "running";
    record.started_at = system_clock().now();
    return record;
  }
  std::filesystem::path folder;
};

TEST_F(StoreTest, remembers_a_run_and_its_planned_publishes_over_a_restart) {
  const auto first = run("prices");
  PublishRecord publish;
  publish.publish_id = make_uuid7(system_clock());
  publish.run_id = first.run_id;
  publish.lane = {"prices", "out", "main"};
  ASSERT_TRUE(open()->begin_run(first, {publish}).ok());

  auto store = open();
  const auto planned = store->publishes("prices", PublishStatus::planned);
  ASSERT_TRUE(planned.ok());
  ASSERT_EQ(planned->size(), 1u);
  EXPECT_EQ(planned->front().publish_id, publish.publish_id);
  EXPECT_EQ(planned->front().lane, publish.lane);
  EXPECT_EQ(store->run("last")->run_id, first.run_id);
}

TEST_F(StoreTest, is_made_once_when_many_open_it_at_the_same_moment) {
  for (int round = 0; round < 20; ++round) {
    std::filesystem::remove_all(folder / "state.db");
    std::vector<std::thread> openers;
    for (int i = 0; i < 4; ++i) openers.emplace_back([this] { open(); });
    for (auto& opener : openers) opener.join();
  }
}

TEST_F(StoreTest, settling_moves_a_publish_out_of_the_planned_ones) {
  auto store = open();
  PublishRecord publish;
  publish.publish_id = make_uuid7(system_clock());
  publish.lane = {"prices", "out", "main"};
  ASSERT_TRUE(store->plan_publishes({publish}).ok());
  publish.status = PublishStatus::held;
  publish.held_file = "held/x/rows.parquet";
  ASSERT_TRUE(store->settle({publish}).ok());
  EXPECT_TRUE(store->publishes("prices", PublishStatus::planned)->empty());
  EXPECT_EQ(store->publish(publish.publish_id.text().substr(0, 30))->held_file,
            "held/x/rows.parquet");
}

TEST_F(StoreTest, a_file_that_is_no_store_is_set_aside_and_a_new_one_begun) {
  for (const std::string text :
       {"garbage that is no database at all ............................", "SQLite format 3"}) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "state.db") << text << std::string(5000, 'x');
    EXPECT_TRUE(is_damaged(folder / "state.db"));
    EXPECT_FALSE(Store::open(folder / "state.db").ok());
    const auto opened =
        Store::open_or_begin_anew(folder / "state.db", io::local_files(), system_clock());
    ASSERT_TRUE(opened.ok()) << opened.error().text();
    EXPECT_NE(opened->warning.find("state.db.broken-"), std::string::npos);
    EXPECT_TRUE(opened->store->begin_run(run("prices"), {}).ok());
    EXPECT_FALSE(is_damaged(folder / "state.db"));
  }
}

TEST_F(StoreTest, a_whole_store_stays_where_it_is) {
  ASSERT_TRUE(open()->begin_run(run("prices"), {}).ok());
  const auto opened =
      Store::open_or_begin_anew(folder / "state.db", io::local_files(), system_clock());
  ASSERT_TRUE(opened.ok());
  EXPECT_EQ(opened->warning, "");
  EXPECT_EQ(opened->store->runs("", 5)->size(), 1u);
}

TEST_F(StoreTest, a_store_of_a_newer_program_is_no_damage) {
  open();
  ASSERT_TRUE(sqlite::execute(sqlite::open_database(folder / "state.db", sqlite::Access::create,
                                                    std::chrono::seconds(1))
                                  ->get(),
                              "PRAGMA user_version = 99")
                  .ok());
  const auto opened =
      Store::open_or_begin_anew(folder / "state.db", io::local_files(), system_clock());
  ASSERT_FALSE(opened.ok());
  EXPECT_NE(opened.error().text().find("newer leat"), std::string::npos);
}

/// The bug: a second opener took a store whose tables were still being made for damage, and set it
/// aside too.
TEST_F(StoreTest, a_store_that_is_being_made_is_no_damage) {
  const auto path = folder / "state.db";
  const auto database = sqlite::open_database(path, sqlite::Access::create);
  ASSERT_TRUE(database.ok());
  EXPECT_FALSE(is_damaged(path));
  ASSERT_TRUE(sqlite::execute(database->get(), "CREATE TABLE runs(run_id TEXT)").ok());
  ASSERT_TRUE(sqlite::execute(database->get(), "PRAGMA user_version = 1").ok());
  EXPECT_FALSE(is_damaged(path));
  ASSERT_TRUE(sqlite::execute(database->get(), "PRAGMA user_version = 3").ok());
  EXPECT_TRUE(is_damaged(path)) << "no publishes in a whole store";
}

TEST_F(StoreTest, a_database_of_another_program_is_damage) {
  const auto path = folder / "state.db";
  const auto database = sqlite::open_database(path, sqlite::Access::create);
  ASSERT_TRUE(sqlite::execute(database->get(), "CREATE TABLE cats(name TEXT)").ok());
  EXPECT_TRUE(is_damaged(path));
}

TEST_F(StoreTest, of_two_that_find_the_same_broken_file_one_begins_anew) {
  for (int round = 0; round < 10; ++round) {
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
    std::ofstream(folder / "state.db") << std::string(5000, 'x');
    std::vector<std::thread> openers;
    std::atomic<int> opened{0};
    for (int i = 0; i < 4; ++i) {
      openers.emplace_back([&] {
        const auto store =
            Store::open_or_begin_anew(folder / "state.db", io::local_files(), system_clock());
        if (store.ok()) ++opened;
        if (!store.ok()) {
          EXPECT_TRUE(store.error().is_busy()) << store.error().text();
        }
      });
    }
    for (auto& opener : openers) opener.join();
    EXPECT_GE(opened.load(), 1);
    std::size_t aside = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
      const auto name = entry.path().filename().string();
      aside += name.find("broken") != std::string::npos && name.ends_with("Z");
    }
    EXPECT_EQ(aside, 1u);
  }
}

TEST_F(StoreTest, a_store_that_is_open_is_not_moved_away) {
  const auto path = folder / "state.db";
  const auto lock = keep_in_place(io::local_files(), path);
  ASSERT_TRUE(lock.ok());
  int asked = 0;
  const auto given_up = have_alone(io::local_files(), path, [&] { return ++asked < 3; });
  ASSERT_TRUE(given_up.ok());
  EXPECT_EQ(*given_up, nullptr);
  EXPECT_EQ(asked, 3);
}

TEST_F(StoreTest, who_opens_a_store_waits_until_it_has_been_moved_away) {
  const auto path = folder / "state.db";
  auto alone = have_alone(io::local_files(), path, [] { return true; });
  ASSERT_TRUE(alone.ok());
  std::atomic<bool> is_open{false};
  std::thread opener([&] { is_open = Store::open(path).ok(); });
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  EXPECT_FALSE(is_open.load());
  alone->reset();
  opener.join();
  EXPECT_TRUE(is_open.load());
}

TEST_F(StoreTest, an_unknown_run_is_the_askers_fault) {
  const auto found = open()->run("ffff");
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().fault(), Fault::config);
}

TEST_F(StoreTest, refuses_a_store_of_a_newer_program) {
  open();
  auto database = sqlite::open_database(folder / "state.db", sqlite::Access::write);
  ASSERT_TRUE(sqlite::execute(database->get(), "PRAGMA user_version = 99").ok());
  const auto store = Store::open(folder / "state.db");
  ASSERT_FALSE(store.ok());
  EXPECT_NE(store.error().text().find("newer leat"), std::string::npos);
}

TEST_F(StoreTest, lists_runs_newest_first) {
  auto store = open();
  const auto a = run("a");
  const auto b = run("b");
  ASSERT_TRUE(store->begin_run(a, {}).ok());
  ASSERT_TRUE(store->begin_run(b, {}).ok());
  const auto all = store->runs("", 10);
  ASSERT_EQ(all->size(), 2u);
  EXPECT_GE(all->front().run_id, all->back().run_id);
  EXPECT_EQ(store->runs("a", 10)->size(), 1u);
}

}  // namespace
}  // namespace leat::state
