#include <atomic>
#include <map>

#include "engine/pass_fixture.hpp"

namespace leat::engine {
namespace {

using ::testing::HasSubstr;

/// Keeps ids and names, and the first error that it is told to answer with.
class CollectedRows final : public ChunkWriter {
 public:
  enum class Fails { nowhere, open, write, close, finish, counts_wrong };

  explicit CollectedRows(Fails fails = Fails::nowhere) : x_fails(fails) {}

  Result<std::unique_ptr<Hand>> open_hand() override {
    if (x_fails == Fails::open) return disk_full("open");
    ++x_hands;
    return std::unique_ptr<Hand>(std::make_unique<OneHand>(*this));
  }
  Result<std::uint64_t> finish() override {
    if (x_fails == Fails::finish) return disk_full("finish");
    EXPECT_EQ(x_hands, x_closed);
    return rows.size() + (x_fails == Fails::counts_wrong ? 1 : 0);
  }

  std::map<std::int64_t, std::string> rows;

 private:
  static Error disk_full(const std::string& where) {
    return Error(Fault::external, "no space").with("where", where);
  }

  class OneHand final : public Hand {
   public:
    explicit OneHand(CollectedRows& all) : x_all(all) {}

    Status write(std::span<const data::ColumnView> columns, std::uint32_t count) override {
      if (x_all.x_fails == Fails::write) return disk_full("write");
      const std::lock_guard lock(x_all.x_mutex);
      for (std::uint32_t row = 0; row < count; ++row) {
        const auto text = columns[1].is_valid(row) ? std::string(columns[1].text(row)) : "NULL";
        EXPECT_TRUE(x_all.rows.emplace(columns[0].as<std::int64_t>()[row], text).second);
      }
      return {};
    }
    Status finish() override {
      if (x_all.x_fails == Fails::close) return disk_full("close");
      ++x_all.x_closed;
      return {};
    }

   private:
    CollectedRows& x_all;
  };

  Fails x_fails;
  std::mutex x_mutex;
  std::atomic<int> x_hands{0};
  std::atomic<int> x_closed{0};
};

class ChunkWriterTest : public PassTest {};

TEST_F(ChunkWriterTest, GetsTheRowsThatTheJudgeKeeps) {
  CollectedRows rows;
  auto pass =
      numbers({.rows = 9000, .threads = 2}, "SELECT * FROM n", {sql_check("c", "id % 10 <> 3")});
  pass.stages.push_back(RowStage{&rows, {}});
  write_to(pass, "out.parquet", "parquet");
  EXPECT_EQ(run_ok(pass).rows_written, 8100U);
  EXPECT_EQ(rows.rows.size(), 8100U);
  EXPECT_EQ(rows.rows.at(4711), "row number 4711");
  EXPECT_FALSE(rows.rows.contains(4713));
  EXPECT_EQ(cell("SELECT count(*) FROM '" + path("out.parquet") + "'"), "8100");
}

TEST_F(ChunkWriterTest, GetsFlatVectorsWhateverTheQueryMakes) {
  CollectedRows rows;
  auto pass = numbers({.rows = 5000},
                      "SELECT id, CASE WHEN id % 2 = 0 THEN 'even' END AS name, "
                      "'always' AS third FROM n WHERE id % 3 = 0");
  pass.stages.push_back(RowStage{&rows, {}});
  run_ok(pass);
  EXPECT_EQ(rows.rows.size(), 1667U);
  EXPECT_EQ(rows.rows.at(6), "even");
  EXPECT_EQ(rows.rows.at(9), "NULL");
}

TEST_F(ChunkWriterTest, GetsAColumnAsTheTypeThatItTravelsAs) {
  CollectedRows rows;
  auto pass = numbers({.rows = 12}, "SELECT id, [id, NULL] AS list FROM n");
  pass.stages.push_back(RowStage{&rows, {{1, {data::TypeId::varchar, 0, 0, {}}}}});
  run_ok(pass);
  EXPECT_EQ(rows.rows.at(7), "[7, NULL]");
}

TEST_F(ChunkWriterTest, IsFinishedWhenThereAreNoRows) {
  CollectedRows rows;
  auto pass = numbers({.rows = 0}, "SELECT * FROM n");
  pass.stages.push_back(RowStage{&rows, {}});
  EXPECT_EQ(run_ok(pass).rows_written, 0U);
}

TEST_F(ChunkWriterTest, StopsThePassWithItsOwnError) {
  using Fails = CollectedRows::Fails;
  const std::map<Fails, std::string> places{{Fails::open, "where=open"},
                                            {Fails::write, "where=write"},
                                            {Fails::close, "where=close"},
                                            {Fails::finish, "where=finish"}};
  for (const auto& [fails, said] : places) {
    CollectedRows rows(fails);
    auto pass = numbers({.rows = 5000, .threads = 2}, "SELECT * FROM n");
    pass.stages.push_back(RowStage{&rows, {}});
    const auto report = run(pass);
    ASSERT_FALSE(report.ok());
    EXPECT_EQ(report.error().fault(), Fault::external);
    EXPECT_THAT(report.error().text(), HasSubstr(said));
  }
}

TEST_F(ChunkWriterTest, ThatCountsOtherwiseDoesNotCloseTheBooks) {
  CollectedRows rows(CollectedRows::Fails::counts_wrong);
  auto pass = numbers({.rows = 10}, "SELECT * FROM n");
  pass.stages.push_back(RowStage{&rows, {}});
  const auto report = run(pass);
  ASSERT_FALSE(report.ok());
  EXPECT_EQ(report.error().fault(), Fault::internal);
  EXPECT_THAT(report.error().text(), HasSubstr("do not close"));
}

}  // namespace
}  // namespace leat::engine
