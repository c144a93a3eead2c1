#include "core/receipt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <nlohmann/json.hpp>

namespace leat {
namespace {

using testing::HasSubstr;

Receipt sample() {
  Receipt receipt;
  receipt.publish_id = parse_uuid("0192f3c4-0000-7000-8000-000000000001").value();
  receipt.previous_publish_id = parse_uuid("0192f3c4-0000-7000-8000-000000000002").value();
  receipt.counter = std::numeric_limits<std::uint64_t>::max();
  receipt.lane = {"county", "ware\"house\n", "main"};
  receipt.run_id = parse_uuid("0192f3c4-0000-7000-8000-000000000003").value();
  receipt.strategy = "append";
  receipt.position = {{"a", {R"({"file":"é \\ x","record":12})"}}, {"b", {""}}};
  receipt.rows_read = 217;
  receipt.rows_published = 215;
  receipt.rows_quarantined = 2;
  receipt.rows_filtered = 3;
  receipt.rows_deduplicated = 4;
  receipt.changes = {5, 4, 3, 2, 1};
  receipt.row_wise = false;
  receipt.checksum = "00ff00ff00ff00ff";
  receipt.checks = {{"d", "not_null(x)", "completeness", "hold", "high", Verdict::hold, 10, 2, "2",
                     "", "", "", ""},
                    {"d", "row_count", "validity", "warn", "", Verdict::pass, 10, 0, "217",
                     "at least 1000", "it cannot be computed", "enough", ""}};
  receipt.read_whole = {"d", "e"};
  receipt.took_over = Uuid{};
  receipt.replay = {"d",
                    parse_uuid("0192f3c4-0000-7000-8000-000000000004").value(),
                    {{"x.parquet", {{0, 3}, {7, 8}}}, {"y.parquet", {}}}};
  receipt.quarantine = {{"d", "x.parquet", 2}};
  receipt.columns = {{"d", {{"x", "BIGINT"}, {"y\"", "VARCHAR"}}}};
  receipt.schema_changes = {{"d", "y", "", "VARCHAR"}, {"d", "z", "DATE", ""}};
  receipt.score = 99.1 / 3;
  receipt.statistics = R"({"rows":1e400})";
  receipt.pipeline_version = "abc";
  receipt.started_at = Instant(Micros(1'767'225'600'123'456));
  receipt.committed_at = Instant(Micros(1'767'225'601'000'000));
  receipt.leat_version = "0.1.0";
  return receipt;
}

TEST(Receipt, ComesBackExactlyFromItsJson) {
  const auto receipt = sample();
  const auto back = receipt_from_json(to_json(receipt));
  ASSERT_TRUE(back.ok()) << back.error().text();
  EXPECT_EQ(back->publish_id, receipt.publish_id);
  EXPECT_EQ(back->previous_publish_id, receipt.previous_publish_id);
  EXPECT_EQ(back->counter, receipt.counter);
  EXPECT_EQ(back->lane, receipt.lane);
  EXPECT_EQ(back->position, receipt.position);
  EXPECT_EQ(back->checks, receipt.checks);
  EXPECT_EQ(back->quarantine, receipt.quarantine);
  EXPECT_EQ(back->replay, receipt.replay);
  EXPECT_EQ(back->columns, receipt.columns);
  EXPECT_EQ(back->schema_changes, receipt.schema_changes);
  EXPECT_EQ(back->score, receipt.score);
  EXPECT_EQ(back->started_at, receipt.started_at);
  EXPECT_EQ(back->changes, (RowChanges{5, 4, 3, 2, 1}));
  EXPECT_EQ(back->row_wise, false);
  EXPECT_EQ(to_json(*back), to_json(receipt));
}

TEST(Receipt, TellsWhatBecameOfTheColumns) {
  const std::vector<DatasetColumns> before{{"a", {{"x", "BIGINT"}, {"y", "DATE"}}}};
  const std::vector<DatasetColumns> now{{"a", {{"x", "VARCHAR"}, {"z", "DATE"}}},
                                        {"b", {{"n", "BIGINT"}}}};
  const auto changes = changes_between(before, now);
  ASSERT_EQ(changes.size(), 3u);
  EXPECT_EQ(changes[0], (SchemaChange{"a", "x", "BIGINT", "VARCHAR"}));
  EXPECT_EQ(changes[1], (SchemaChange{"a", "z", "", "DATE"}));
  EXPECT_EQ(changes[2], (SchemaChange{"a", "y", "DATE", ""}));
}

TEST(Receipt, KeepsUnitsAndTellsOthersThanBefore) {
  Receipt receipt = sample();
  receipt.columns = {{"t", {{"price", "DOUBLE"}, {"tax", "DOUBLE"}}, {{"price", "EUR"}}}};
  auto now = receipt.columns;
  now[0].units = {{"price", "USD"}, {"tax", "USD"}};
  receipt.schema_changes = changes_between(receipt.columns, now);
  ASSERT_EQ(receipt.schema_changes.size(), 1u) << "units said for the first time are no change";
  EXPECT_EQ(receipt.schema_changes[0],
            (SchemaChange{"t", "price", "DOUBLE", "DOUBLE", "EUR", "USD"}));
  const auto back = receipt_from_json(to_json(receipt));
  ASSERT_TRUE(back.ok()) << back.error().text();
  EXPECT_EQ(back->columns, receipt.columns);
  EXPECT_EQ(back->schema_changes, receipt.schema_changes);
  now[0].units.clear();
  EXPECT_EQ(changes_between(receipt.columns, now).at(0).units_to, "");
}

TEST(Receipt, IsOneLine) { EXPECT_EQ(to_json(sample()).find('\n'), std::string::npos); }

TEST(Receipt, OfBeforeThereWereChangesHasNone) {
  auto json = nlohmann::json::parse(to_json(sample()));
  json.erase("changes");
  const auto back = receipt_from_json(json.dump());
  ASSERT_TRUE(back.ok()) << back.error().text();
  EXPECT_EQ(back->changes, RowChanges{});
  json["changes"] = {{"inserted", "many"}};
  EXPECT_FALSE(receipt_from_json(json.dump()).ok());
}

TEST(Receipt, OfBeforeReadingWholeWasNotedHasNone) {
  auto json = nlohmann::json::parse(to_json(sample()));
  EXPECT_EQ(receipt_from_json(json.dump())->read_whole, (std::vector<std::string>{"d", "e"}));
  EXPECT_EQ(receipt_from_json(json.dump())->took_over, Uuid{});
  json.erase("read_whole");
  json.erase("took_over");
  json["checks"][0].erase("severity");
  const auto back = receipt_from_json(json.dump());
  ASSERT_TRUE(back.ok()) << back.error().text();
  EXPECT_TRUE(back->read_whole.empty());
  EXPECT_FALSE(back->took_over.has_value());
  EXPECT_EQ(back->checks[0].severity, "");
  json["read_whole"] = {1};
  EXPECT_FALSE(receipt_from_json(json.dump()).ok());
}

TEST(Receipt, MayHaveMembersThatALaterVersionAdded) {
  auto text = to_json(sample());
  text.insert(1, R"("new":{"x":[1]},)");
  EXPECT_TRUE(receipt_from_json(text).ok());
}

TEST(Receipt, IsRefusedWhenAnyMemberIsMissing) {
  const auto text = to_json(sample());
  for (const auto* key : {"publish_id",
                          "previous_publish_id",
                          "counter",
                          "pipeline",
                          "sink",
                          "lane",
                          "run_id",
                          "strategy",
                          "position",
                          "rows_read",
                          "rows_published",
                          "rows_quarantined",
                          "rows_filtered",
                          "rows_deduplicated",
                          "row_wise",
                          "checksum",
                          "checks",
                          "quarantine",
                          "score",
                          "statistics",
                          "pipeline_version",
                          "started_at",
                          "committed_at",
                          "leat_version",
                          "verdict",
                          "dataset",
                          "rows_failed"}) {
    auto broken = text;
    const auto quoted = "\"" + std::string(key) + "\":";
    const auto at = broken.find(quoted);
    ASSERT_NE(at, std::string::npos) << key;
    broken.replace(at, quoted.size(), "\"other\":");
    const auto back = receipt_from_json(broken);
    ASSERT_FALSE(back.ok()) << key;
    EXPECT_THAT(back.error().text(), HasSubstr(key));
    EXPECT_THAT(back.error().text(), HasSubstr("is missing"));
  }
}

TEST(Receipt, IsRefusedWhenAMemberHasAnotherType) {
  const auto text = to_json(sample());
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"\"rows_read\":217", "\"rows_read\":-1"},
           {"\"rows_read\":217", "\"rows_read\":\"217\""},
           {"\"rows_read\":217", "\"rows_read\":1.5"},
           {"\"hold\",\"rows_judged\"", "\"maybe\",\"rows_judged\""},
           {"\"started_at\":\"2026", "\"started_at\":\"tomorrow"},
           {"0192f3c4-0000-7000-8000-000000000001", "0192"},
           {"\"b\":\"\"", "\"b\":7"},
           {"\"row_wise\":false", "\"row_wise\":null"}}) {
    auto broken = text;
    const auto at = broken.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    broken.replace(at, from.size(), to);
    EXPECT_FALSE(receipt_from_json(broken).ok()) << to;
  }
}

TEST(Receipt, IsRefusedWhenItIsNoJson) {
  const auto text = to_json(sample());
  for (std::size_t size = 0; size < text.size(); ++size) {
    ASSERT_FALSE(receipt_from_json(text.substr(0, size)).ok());
  }
  EXPECT_FALSE(receipt_from_json("[]").ok());
  EXPECT_FALSE(receipt_from_json("null").ok());
}

TEST(Receipt, IsWrittenEvenWithAFileNameThatIsNotUtf8) {
  auto receipt = sample();
  receipt.position["a"].text = "\xFF";
  EXPECT_TRUE(receipt_from_json(to_json(receipt)).ok());
}

}  // namespace
}  // namespace leat
