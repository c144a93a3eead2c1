#include "engine/compared_keys.hpp"

#include "engine/pass_fixture.hpp"

namespace leat::engine {
namespace {

using ::testing::HasSubstr;

class ComparedKeysTest : public PassTest {
 protected:
  ComparedKeysTest() { x_context.bad_rows = &x_bad; }

  void open_session(std::uint64_t memory_bytes) {
    auto session =
        Session::open({.threads = 2, .memory_bytes = memory_bytes, .temp_folder = x_folder});
    ASSERT_TRUE(session.ok());
    x_session = std::move(session).value();
    x_context.session = x_session.get();
  }

  static constexpr const char* kOfAmount = "unique(amount)";

  /// Over rows of which three have a key, and a fifth has a null.
  static std::vector<Check> checks() {
    auto counted = key_check("unique(id)#1", {"id"});
    counted.on_fail = OnFail::warn;
    auto even = key_check("unique(id)#2", {"id"});
    even.where_sql = "id % 2 = 0";
    auto all = key_check("unique(id)#3", {"id"});
    all.on_fail = OnFail::deduplicate;
    return {counted, even, all, key_check(kOfAmount, {"amount"}), sql_check("small", "id <> 7")};
  }

  /// What a pass says of its checks, with keys in memory or compared.
  std::vector<std::uint64_t> judged(Pass pass, bool compare_keys) {
    pass.compare_keys = compare_keys;
    write_to(pass, compare_keys ? "compared.parquet" : "kept.parquet", "parquet");
    const auto report = run_ok(pass);
    const auto& counts = report.inputs[0].checks.empty() ? report.output : report.inputs[0];
    std::vector<std::uint64_t> found{counts.read, counts.quarantined, counts.deduplicated,
                                     counts.passed_on};
    for (const auto& tally : counts.checks) {
      found.push_back(tally.judged);
      found.push_back(tally.failed);
    }
    return found;
  }
};

TEST_F(ComparedKeysTest, judge_as_keys_in_memory_do) {
  for (const std::size_t threads : {1U, 2U}) {
    const NumberedRows::Ways ways{
        .rows = 9000, .threads = threads, .id_of = [](auto row) { return std::int64_t(row / 3); }};
    auto asked = checks();
    // Chance says which row of a key stays where two threads read, and so whose amounts are left.
    if (threads > 1) std::erase_if(asked, [](const auto& one) { return one.id == kOfAmount; });
    const auto kept = judged(numbers(ways, "SELECT id FROM n", asked), false);
    EXPECT_GT(kept[1], 1000U);
    EXPECT_GT(kept[2], 1000U);
    EXPECT_EQ(judged(numbers(ways, "SELECT id FROM n", asked), true), kept);
  }
}

TEST_F(ComparedKeysTest, of_a_model_too) {
  const auto pass = [&] {
    auto one = numbers({.rows = 9000, .id_of = [](auto row) { return std::int64_t(row / 3); }},
                       "SELECT id, amount FROM n");
    one.checks = checks();
    return one;
  };
  EXPECT_EQ(judged(pass(), true), judged(pass(), false));
}

TEST_F(ComparedKeysTest, of_a_scan_of_the_engine_too) {
  const auto pass = [&] { return parquet_numbers(9000, "SELECT id FROM n", checks()); };
  EXPECT_EQ(judged(pass(), true), judged(pass(), false));
}

TEST_F(ComparedKeysTest, tell_the_place_of_a_row_that_a_later_look_sets_aside) {
  auto pass = numbers({.rows = 10, .id_of = [](auto row) { return std::int64_t(row == 9); }},
                      "SELECT id FROM n", {});
  pass.inputs[0].checks = {key_check("unique(name)", {"name"}), key_check("unique(id)", {"id"})};
  pass.compare_keys = true;
  const auto report = run_ok(pass);
  EXPECT_EQ(report.inputs[0].quarantined, 8U);
  EXPECT_EQ(x_bad.size(), 8U);
  for (const auto& bad : x_bad.all()) {
    EXPECT_EQ(bad.file, "numbers.txt");
    EXPECT_GT(bad.record, 0U);
  }
}

TEST_F(ComparedKeysTest, take_over_where_keys_outgrow_half_of_the_memory) {
  open_session(64 << 20);
  const NumberedRows::Ways ways{.rows = 1'000'000, .threads = 2};
  const auto pass = [&] {
    return numbers(ways, "SELECT id FROM n", {key_check("unique(name)", {"name"})});
  };
  auto kept = pass();
  const auto failed = run(kept);
  ASSERT_FALSE(failed.ok());
  EXPECT_THAT(failed.error().message(), HasSubstr("the keys of unique(name) need more than half"));
  EXPECT_TRUE(x_session->keys_outgrew());
  auto compared = pass();
  compared.compare_keys = true;
  EXPECT_EQ(run_ok(compared).inputs[0].passed_on, 1'000'000U);
}

}  // namespace
}  // namespace leat::engine
