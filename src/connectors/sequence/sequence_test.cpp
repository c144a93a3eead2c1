#include <duckdb.h>
#include <gmock/gmock.h>

#include "config/yaml.hpp"
#include "connectors/sequence/describe.hpp"

namespace leat::connectors::sequence {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class SequenceTest : public testing::Test {
 protected:
  config::Findings findings;

  std::unique_ptr<SourceSpec> parse(const std::string& yaml) {
    Catalog catalog;
    describe(catalog);
    const auto node = config::parse_yaml(yaml, "test.yml", findings);
    return catalog.source("sequence")->parse(*node, findings);
  }
  std::unique_ptr<Source> build(const std::string& yaml) {
    return parse(yaml)->build(BuildContext{}).value();
  }

  static std::vector<std::int64_t> values(Source& source, const Slice& slice,
                                          std::uint32_t rows_max) {
    auto read = source.read(slice, {}).value();
    auto& chunks = *std::get<std::unique_ptr<ChunkSource>>(read);
    auto reader = chunks.make_reader({true}).value();
    duckdb_logical_type type = duckdb_create_logical_type(DUCKDB_TYPE_BIGINT);
    duckdb_vector vector = duckdb_create_vector(type, 2048);
    std::vector<std::int64_t> out;
    RowBatch batch;
    batch.columns = {&vector, 1};
    batch.rows_max = rows_max;
    while (const auto rows = reader->next(batch).value()) {
      const auto* data = static_cast<const std::int64_t*>(duckdb_vector_get_data(vector));
      out.insert(out.end(), data, data + rows);
      EXPECT_EQ(batch.places.size(), rows);
      EXPECT_EQ(reader->raw(rows - 1), "{\"n\":" + std::to_string(out.back()) + "}");
    }
    EXPECT_EQ(chunks.records_claimed(), out.size());
    duckdb_destroy_vector(&vector);
    duckdb_destroy_logical_type(&type);
    return out;
  }
};

TEST_F(SequenceTest, ResumesAtEveryPosition) {
  const auto source = build("{start: 5, count: 7}");
  for (std::uint64_t limit = 1; limit < 9; ++limit) {
    Position position;
    std::vector<std::int64_t> all;
    while (const auto slice = source->next_slice(position, {.rows = limit, .bytes = {}}).value()) {
      const auto some = values(*source, *slice, 3);
      EXPECT_LE(some.size(), limit);
      all.insert(all.end(), some.begin(), some.end());
      EXPECT_EQ(slice->more, all.size() < 7);
      position = slice->after;
    }
    EXPECT_THAT(all, ElementsAre(5, 6, 7, 8, 9, 10, 11));
  }
}

TEST_F(SequenceTest, GoesOnWhenItBecomesLonger) {
  const auto slice = build("{count: 3}")->next_slice({}, {}).value().value();
  const auto longer = build("{count: 5}");
  const auto rest = longer->next_slice(slice.after, {}).value().value();
  EXPECT_THAT(values(*longer, rest, 2048), ElementsAre(3, 4));
  EXPECT_FALSE(build("{count: 2}")->next_slice(slice.after, {}).value().has_value());
}

TEST_F(SequenceTest, HasOneSliceWithoutRowsWhenItCountsToNothing) {
  const auto source = build("{count: 0, start: 4}");
  const auto slice = source->next_slice({}, {}).value().value();
  EXPECT_FALSE(slice.more);
  EXPECT_THAT(values(*source, slice, 2048), ElementsAre());
  EXPECT_FALSE(source->next_slice(slice.after, {}).value().has_value());
}

TEST_F(SequenceTest, RefusesValuesBeyondABigint) {
  EXPECT_EQ(parse("{start: 9223372036854775807, count: 1}"), nullptr);
  EXPECT_THAT(findings.take().at(0).message, HasSubstr("does not fit a bigint"));
  EXPECT_NE(parse("{start: 9223372036854775807, count: 0}"), nullptr);
}

TEST_F(SequenceTest, RefusesThePositionOfAnotherSource) {
  const Position files{R"({"files":[{"path":"a","size":1,"mtime_ns":1}]})"};
  EXPECT_FALSE(build("{count: 1}")->next_slice(files, {}).ok());
}

TEST_F(SequenceTest, TellsWhereItBegan) {
  const auto first = build("{start: 10, count: 5}")->next_slice({}, {}).value().value();
  EXPECT_EQ(first.after.text, R"({"sequence":[[10,15]]})");
  const auto later = build("{start: 20, count: 2}")->next_slice(first.after, {}).value().value();
  EXPECT_EQ(later.after.text, R"({"sequence":[[10,15],[20,22]]})");
}

TEST_F(SequenceTest, GoesOnFromAPositionOfAnOlderVersion) {
  const auto source = build("{start: 10, count: 10}");
  const auto slice = source->next_slice({"15"}, {}).value().value();
  EXPECT_THAT(values(*source, slice, 2048), ElementsAre(15, 16, 17, 18, 19));
  EXPECT_EQ(slice.after.text, R"({"sequence":[[10,20]]})");
  EXPECT_FALSE(source->next_slice({"20"}, {}).value().has_value());
}

}  // namespace
}  // namespace leat::connectors::sequence
