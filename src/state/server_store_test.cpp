#include "support/any_store.hpp"

namespace leat::state {
namespace {

/// What holds of a server alone.
class ServerStoreTest : public AnyStoreTest {
 protected:
  std::string value(const std::string& sql) const {
    auto server = postgres::Connection::open(place.server);
    EXPECT_TRUE(server.ok()) << server.error().text();
    const auto rows = server->query(sql);
    EXPECT_TRUE(rows.ok()) << rows.error().text();
    return rows->at(0).at(0).value_or("");
  }
  /// Of a pipeline that has not run for long, and then as many of another, with a publish and an
  /// event each.
  void fill() const {
    execute("SET search_path TO " + quote_identifier(place.schema) + R"(;
        INSERT INTO runs SELECT substr(id, 1, 8) || '-0000-7000-8000-' || substr(id, 9, 12),
            CASE WHEN i <= 20000 THEN 'retired' ELSE 'prices' END, '', 'success', i, i + 1, 0, '',
            '[]', '[]', '', '', 0, 0, '', i
          FROM generate_series(1, 40000) AS r(i), LATERAL (SELECT lpad(i::TEXT, 20, '0') AS id) x;
        INSERT INTO publishes SELECT run_id, run_id, pipeline, 'out', 'main', 'committed',
            started_at, '', '', '', '', 0 FROM runs ORDER BY run_no;
        INSERT INTO events(at, kind, pipeline, run_id, text) SELECT started_at, 'publish', pipeline,
            run_id, '' FROM runs ORDER BY run_no;
        ANALYZE runs; ANALYZE publishes; ANALYZE events)");
  }
  /// Of all tables of the store, by all connections that have ended by now: a connection tells what
  /// it has read when it ends.
  std::int64_t rows_read() const {
    await_others();
    return std::stoll(
        value("SELECT sum(seq_tup_read + coalesce(idx_tup_fetch, 0))::BIGINT FROM "
              "pg_stat_user_tables WHERE schemaname = '" +
              place.schema + "'"));
  }
  void await_others() const {
    const auto others =
        "SELECT count(*) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND "
        "application_name = '" +
        place.schema + "'";
    for (int i = 0; i < 500 && value(others) != "0"; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
    }
  }
};

TEST_P(ServerStoreTest, of_a_long_history_only_what_is_shown_is_read) {
  constexpr std::size_t kShown = 20;
  open();
  fill();
  const auto before = rows_read();
  {
    auto store = open();
    EXPECT_EQ(store->runs("", kShown)->size(), kShown);
    EXPECT_EQ(store->runs("retired", kShown)->size(), kShown);
    EXPECT_EQ(store->runs("retired", kShown)->at(0).started_at, Instant(Micros(20000)));
    EXPECT_EQ(store->events("retired", kShown)->size(), kShown);
    EXPECT_TRUE(store->last_publish({"retired", "out", "main"})->has_value());
    EXPECT_TRUE(store->unfinished_runs("")->empty());
  }
  EXPECT_LT(rows_read() - before, 200);
}

TEST_P(ServerStoreTest, very_many_rows_are_not_counted) {
  open();
  execute("SET search_path TO " + quote_identifier(place.schema) +
          "; INSERT INTO events(at, kind, pipeline, run_id, text) SELECT n, 'publish', 'p', '', '' "
          "FROM pg_catalog.generate_series(1, 150000) AS n; ANALYZE events, runs");
  const auto counts = open()->counts();
  ASSERT_TRUE(counts.ok()) << counts.error().text();
  for (const auto& count : *counts) {
    EXPECT_EQ(count.is_about, count.table == "events") << count.table;
    EXPECT_EQ(count.rows, count.table == "events" ? 150000u : 0u) << count.table;
  }
}

TEST_P(ServerStoreTest, runs_of_an_older_program_are_numbered_and_none_is_updated) {
  std::vector<RunRecord> made;
  for (const char* pipeline : {"prices", "rates", "prices"}) {
    made.push_back(run(pipeline));
    ASSERT_TRUE(open()->begin_run(made.back(), {}).ok());
  }
  execute(
      "SET search_path TO " + quote_identifier(place.schema) +
      "; ALTER TABLE runs DROP COLUMN run_no; ALTER TABLE publishes DROP COLUMN leaves_stage, DROP "
      "COLUMN place; "
      "CREATE INDEX runs_by_pipeline ON runs(pipeline, "
      "run_id); CREATE VIEW seen AS SELECT run_id FROM runs; UPDATE leat_store SET version = 1");
  auto found = open()->runs("", 5);
  ASSERT_TRUE(found.ok()) << found.error().text();
  ASSERT_EQ(found->size(), made.size());
  for (const auto& one : made) {
    EXPECT_EQ(found->back().run_id, one.run_id);
    EXPECT_EQ(found->back().pipeline, one.pipeline);
    EXPECT_EQ(found->back().started_at, one.started_at);
    found->pop_back();
  }
  const auto schema = quote_identifier(place.schema);
  EXPECT_EQ(value("SELECT count(*) FROM " + schema + ".seen"), "3");
  EXPECT_EQ(value("SELECT string_agg(run_no::TEXT, ' ' ORDER BY run_no) FROM " + schema + ".runs"),
            "1 2 3");
  await_others();
  EXPECT_EQ(value("SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'runs' AND schemaname "
                  "= '" +
                  place.schema + "'"),
            "0");
}

TEST_P(ServerStoreTest, a_store_of_a_newer_program_is_refused_by_name) {
  open();
  execute("UPDATE " + quote_identifier(place.schema) + ".leat_store SET version = 99");
  const auto store = try_open();
  ASSERT_FALSE(store.ok());
  EXPECT_EQ(store.error().fault(), Fault::config);
  EXPECT_NE(store.error().text().find("newer leat"), std::string::npos);
}

TEST_P(ServerStoreTest, to_look_makes_nothing) {
  const auto looked = open_postgres_store(place, false);
  ASSERT_TRUE(looked.ok());
  EXPECT_EQ(*looked, nullptr);
}

TEST_P(ServerStoreTest, a_connection_that_is_cut_is_opened_anew) {
  auto store = open();
  const auto cut =
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> "
      "pg_backend_pid() AND application_name = '" +
      place.schema + "'";
  execute(cut);
  EXPECT_TRUE(store->begin_run(run("prices"), {}).ok());
  execute(cut);
  const auto found = store->runs("", 5);
  ASSERT_TRUE(found.ok()) << found.error().text();
  EXPECT_EQ(found->size(), 1u);
}

TEST_P(ServerStoreTest, a_project_has_a_schema_of_its_own) {
  EXPECT_EQ(schema_of_project("county"), "leat_county");
  EXPECT_NE(schema_of_project("a-b"), schema_of_project("a_b"));
  EXPECT_NE(schema_of_project("A"), schema_of_project("a"));
  const std::string longest(200, 'x');
  EXPECT_LE(schema_of_project(longest).size(), 63u);
  EXPECT_NE(schema_of_project(longest), schema_of_project(longest + "y"));
}

INSTANTIATE_TEST_SUITE_P(Everywhere, ServerStoreTest, ::testing::Values("PostgreSQL"),
                         [](const auto& kind) { return std::string(kind.param); });

}  // namespace
}  // namespace leat::state
