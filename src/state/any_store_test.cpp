#include "support/any_store.hpp"

#include <map>
#include <set>
#include <thread>
#include <vector>

namespace leat::state {
namespace {

TEST_P(AnyStoreTest, remembers_a_run_and_its_planned_publishes_over_a_restart) {
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

TEST_P(AnyStoreTest, settling_moves_a_publish_out_of_the_planned_ones) {
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

TEST_P(AnyStoreTest, remembers_a_stage_that_stays_until_it_is_told_that_it_is_gone) {
  auto store = open();
  PublishRecord publish;
  publish.publish_id = make_uuid7(system_clock());
  publish.lane = {"prices", "out", "main"};
  publish.leaves_stage = true;
  ASSERT_TRUE(store->plan_publishes({publish}).ok());
  EXPECT_TRUE(store->publishes_with_stage("prices")->empty()) << "it is not over";
  publish.status = PublishStatus::failed;
  ASSERT_TRUE(store->settle({publish}).ok());
  EXPECT_TRUE(store->publishes_with_stage("other")->empty());
  const auto found = open()->publishes_with_stage("prices");
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ(found->front().publish_id, publish.publish_id);
  ASSERT_TRUE(store->note_stage_removed(publish.publish_id).ok());
  EXPECT_TRUE(store->publishes_with_stage("prices")->empty());
  EXPECT_EQ(store->publish(publish.publish_id.text())->status, PublishStatus::failed);
}

TEST_P(AnyStoreTest, an_unknown_run_is_the_askers_fault) {
  const auto found = open()->run("ffff");
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().fault(), Fault::config);
}

TEST_P(AnyStoreTest, lists_runs_newest_first) {
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

TEST_P(AnyStoreTest, runs_stand_as_they_began_when_the_clock_is_set_back) {
  auto store = open();
  std::vector<Uuid> begun;
  for (const auto jump : {Micros(0), Micros(std::chrono::hours(-2)), Micros(0)}) {
    clock.jump = jump;
    auto one = run("a");
    one.run_id = make_uuid7(clock);
    one.started_at = clock.now();
    begun.insert(begun.begin(), one.run_id);
    ASSERT_TRUE(store->begin_run(one, {}).ok());
    EXPECT_EQ(store->run("last")->run_id, one.run_id);
    one.status = "success";
    ASSERT_TRUE(store->finish_run(one, {}).ok());
  }
  const auto ids = [](const std::vector<RunRecord>& runs) {
    std::vector<Uuid> out;
    for (const auto& one : runs) out.push_back(one.run_id);
    return out;
  };
  EXPECT_EQ(ids(*store->runs("", 10)), begun);
  EXPECT_EQ(ids(*store->runs("a", 10)), begun);
  EXPECT_TRUE(*store->began_after(begun[1], begun[2]));
  EXPECT_FALSE(*store->began_after(begun[2], begun[1]));
  EXPECT_FALSE(*store->began_after(begun[1], Uuid{}));
  const auto by_age = store->forget({std::chrono::hours(1), {}}, system_clock().now());
  EXPECT_EQ(*by_age, std::vector<Uuid>{begun[1]}) << "the one of before is young";
  const auto by_count = store->forget({{}, 1}, system_clock().now());
  EXPECT_EQ(*by_count, std::vector<Uuid>{begun[2]});
}

TEST_P(AnyStoreTest, a_run_comes_back_as_it_was_written) {
  auto written = run("prices");
  written.pipeline_file = "/p/prices.yml";
  written.variables = {{"day", "\"mon'day\""}};
  written.sinks = {"a", "b"};
  written.retry_of = make_uuid7(system_clock());
  written.lane = "main";
  written.process = {"boot pid:[1]", 42, 1'000'000'000'000};
  auto store = open();
  ASSERT_TRUE(store->begin_run(written, {}).ok());
  ASSERT_EQ(store->unfinished_runs("prices")->size(), 1u);
  written.status = "partial";
  written.ended_at = written.started_at + Micros(5);
  written.exit_code = 4;
  written.report = "{}";
  StepRecord step{written.run_id,   "in", "source", "done", 3, 2, 1, written.started_at,
                  written.ended_at, ""};
  ASSERT_TRUE(
      store
          ->note_step(
              {written.run_id, "hook", "hook", "running", 0, 0, 0, written.started_at, {}, ""})
          .ok());
  ASSERT_TRUE(store->finish_run(written, {step}).ok());
  const auto found = store->run(written.run_id.text().substr(0, 33));
  ASSERT_TRUE(found.ok());
  EXPECT_EQ(found->variables, written.variables);
  EXPECT_EQ(found->sinks, written.sinks);
  EXPECT_EQ(found->retry_of, written.retry_of);
  EXPECT_EQ(found->process, written.process);
  EXPECT_EQ(found->ended_at, written.ended_at);
  EXPECT_EQ(found->lane, "main");
  EXPECT_EQ(found->report, "{}");
  EXPECT_EQ(*store->steps(written.run_id), std::vector<StepRecord>{step});
  EXPECT_TRUE(store->unfinished_runs("prices")->empty());
}

/// What waits, what explains rows of the quarantine and the last of a lane stay.
TEST_P(AnyStoreTest, forgetting_runs_keeps_the_publishes_that_somebody_needs) {
  auto store = open();
  std::vector<PublishRecord> made;
  const auto add = [&](const std::string& lane, PublishStatus status, const std::string& receipt) {
    auto record = run("prices");
    record.status = "success";
    PublishRecord publish;
    publish.publish_id = make_uuid7(system_clock());
    publish.run_id = record.run_id;
    publish.lane = {"prices", "out", lane};
    publish.status = status;
    publish.receipt = receipt;
    ASSERT_TRUE(store->begin_run(record, {publish}).ok());
    made.push_back(publish);
  };
  add("main", PublishStatus::committed, "{}");
  add("main", PublishStatus::held, "{}");
  add("main", PublishStatus::committed, R"({"quarantine":[{"dataset":"in"}]})");
  add("day", PublishStatus::committed, "{}");
  add("main", PublishStatus::committed, "{}");
  add("main", PublishStatus::committed, "{}");
  const auto gone = store->forget({{}, 1}, system_clock().now());
  ASSERT_TRUE(gone.ok());
  EXPECT_EQ(gone->size(), 5u);
  EXPECT_EQ(store->runs("", 10)->size(), 1u);
  std::vector<Uuid> kept;
  const auto left = store->publishes("", {});
  ASSERT_TRUE(left.ok());
  for (const auto& one : *left) kept.push_back(one.publish_id);
  EXPECT_EQ(kept, (std::vector<Uuid>{made[1].publish_id, made[2].publish_id, made[3].publish_id,
                                     made[5].publish_id}));
  EXPECT_TRUE(store->forget({{}, 1}, system_clock().now())->empty());
}

TEST_P(AnyStoreTest, runs_are_forgotten_by_age_but_never_those_that_go_on) {
  auto store = open();
  const auto going_on = run("prices");
  ASSERT_TRUE(store->begin_run(going_on, {}).ok());
  auto ended = run("prices");
  ended.status = "success";
  ASSERT_TRUE(store->begin_run(ended, {}).ok());
  ASSERT_TRUE(store->begin_run(run("last"), {}).ok());
  const auto now = ended.started_at;
  EXPECT_TRUE(store->forget({Micros(1'000'000), {}}, now)->empty());
  EXPECT_EQ(store->forget({Micros(1'000'000), {}}, now + Micros(2'000'000))->size(), 1u);
  EXPECT_EQ(store->runs("", 10)->back().run_id, going_on.run_id);
  EXPECT_EQ(store->runs("", 10)->size(), 2u) << "the newest stays whatever its age";
}

TEST_P(AnyStoreTest, tells_the_last_publish_of_a_lane_alone) {
  auto store = open();
  PublishRecord publish;
  publish.lane = {"prices", "out", "main"};
  EXPECT_FALSE(store->last_publish(publish.lane)->has_value());
  for (const auto status : {PublishStatus::committed, PublishStatus::failed}) {
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    publish.publish_id = make_uuid7(system_clock());
    publish.status = status;
    ASSERT_TRUE(store->settle({publish}).ok());
  }
  EXPECT_EQ(store->last_publish(publish.lane)->value().status, PublishStatus::committed);
  EXPECT_FALSE(store->last_publish({"prices", "out", "day"})->has_value());
}

TEST_P(AnyStoreTest, pausing_twice_keeps_the_later_reason) {
  auto store = open();
  const Pause first{"prices", system_clock().now(), "ann on a", ""};
  const Pause second{"prices", system_clock().now(), "bob on b", "why not"};
  ASSERT_TRUE(store->pause(first).ok());
  ASSERT_TRUE(store->pause(second).ok());
  EXPECT_EQ(*store->pauses(), std::vector<Pause>{second});
  const EventRecord event{system_clock().now(), "resume", "prices", "", "resumed by ann"};
  EXPECT_TRUE(*store->resume("prices", event));
  EXPECT_FALSE(*store->resume("prices", event));
  EXPECT_EQ(store->events("prices", 10)->size(), 3u);
}

TEST_P(AnyStoreTest, dumps_each_row_once_however_many_pages_they_fill) {
  auto store = open();
  const auto record = run("prices");
  std::vector<StepRecord> steps;
  for (int i = 0; i < 2500; ++i) {
    steps.push_back(
        {record.run_id, "node" + std::to_string(i), "model", "done", 0, 0, 0, {}, {}, ""});
  }
  ASSERT_TRUE(store->finish_run(record, steps).ok());
  for (int i = 0; i < 1001; ++i) ASSERT_TRUE(store->note_event({{}, "publish", "p", "", "x"}).ok());
  std::map<std::string, std::set<std::string>> seen;
  std::size_t rows = 0;
  const auto done = store->dump([&](const std::string& table, const std::vector<std::string>& names,
                                    const std::vector<std::string>& cells) -> Status {
    EXPECT_EQ(names.size(), cells.size());
    seen[table].insert(table == "events" ? cells[0] : cells[0] + cells[1]);
    ++rows;
    return {};
  });
  ASSERT_TRUE(done.ok()) << done.error().text();
  EXPECT_EQ(rows, 3502u);
  EXPECT_EQ(seen["steps"].size(), 2500u);
  EXPECT_EQ(seen["events"].size(), 1001u);
  EXPECT_EQ(store->unfinished_runs("")->size(), 1u);
}

TEST_P(AnyStoreTest, is_made_once_when_many_open_it_at_the_same_moment) {
  std::vector<std::thread> openers;
  for (int i = 0; i < 4; ++i) openers.emplace_back([this] { open(); });
  for (auto& opener : openers) opener.join();
  EXPECT_TRUE(open()->begin_run(run("prices"), {}).ok());
}

TEST_P(AnyStoreTest, says_what_it_is_and_how_much_it_holds) {
  auto store = open();
  EXPECT_EQ(store->kind(), GetParam());
  EXPECT_NE(store->place().find(folder.empty() ? place.schema : folder.string()),
            std::string::npos);
  EXPECT_GT(*store->bytes(), 0u);
  EXPECT_EQ(store->counts()->size(), 7u);
}

/// Texts come from anywhere: a name of a file need not be UTF-8, a value may hold a NUL.
TEST_P(AnyStoreTest, whatever_text_an_error_holds_a_step_is_kept) {
  auto store = open();
  const auto record = run("prices");
  for (const std::string& text :
       {std::string("a\0b", 3), std::string("a\xff"), std::string("ä?1$1'\n")}) {
    StepRecord step{record.run_id, "in", "source", "failed", 0, 0, 0, {}, {}, text};
    ASSERT_TRUE(store->finish_run(record, {step}).ok()) << text;
    const auto steps = store->steps(record.run_id);
    ASSERT_EQ(steps->size(), 1u);
    if (!text.starts_with("ä")) continue;
    EXPECT_EQ(steps->front().error, text);
  }
}

TEST_P(AnyStoreTest, another_connection_sees_the_same) {
  auto store = open();
  const auto held = store->take_lease(lease("prices"), kLong, false);
  auto another = store->open_another();
  ASSERT_TRUE(another.ok());
  EXPECT_TRUE((*another)->renew_lease(*held, kLong).ok());
}

INSTANTIATE_TEST_SUITE_P(Everywhere, AnyStoreTest, ::testing::Values("SQLite", "PostgreSQL"),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace leat::state
