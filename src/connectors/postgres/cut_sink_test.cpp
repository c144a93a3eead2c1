#include <gtest/gtest.h>

#include "connectors/postgres/table_sink.hpp"
#include "support/cut_test.hpp"

namespace leat::connectors::postgres {
namespace {

using test::Cut;
using test::FaultyNetwork;

/// One way of publishing over rows that are there.
struct Way {
  const char* name;
  Strategy strategy;
  const char* before;  ///< SELECT of what was published before; empty: nothing was.
  const char* select;
  std::vector<std::string> key = {};
  const char* rule = "";  ///< A constraint of the table, which some of the rows break.
};

constexpr const char* kOld = "SELECT i::BIGINT AS id, 'old' AS name FROM range(5) AS r(i)";
constexpr const char* kNew = "SELECT i::BIGINT AS id, 'new' AS name FROM range(3, 9) AS r(i)";
constexpr const char* kWider = "SELECT i::BIGINT AS id, 'new' AS name, 1 AS m FROM range(4) r(i)";

class CutSink : public test::CutTest {
 protected:
  std::unique_ptr<Sink> sink(const leat::postgres::Library* library) {
    TableTarget target;
    target.server = x_place.server();
    target.server.library = library;
    target.shown = "the server of the tests";
    target.table = {x_place.schema, "rows"};
    target.scratch = x_folder / "scratch";
    return open_table_sink(io::local_files(), std::move(target));
  }
  PublishPlan plan(const Way& way, std::uint8_t number, const char* select) {
    auto made = x_run.plan(number, way.strategy, select);
    made.options.key = way.key;
    return made;
  }
  Status publish(Sink& to, const PublishPlan& about, const char* select) {
    TRY(const auto head, to.head(x_run.lane));
    TRY(x_run.stage(to, about, select));
    TRY(to.commit(x_run.receipt(about, head)));
    return {};
  }
  /// The rows, and what the ledger has.
  std::string look() {
    std::string text;
    for (const auto& [table, what] :
         {std::pair{"rows", "*"}, std::pair{"_leat_commits", "publish_id, counter"},
          std::pair{"_leat_heads", "publish_id, counter"}}) {
      if (!x_place.has(table)) continue;
      const auto sql = std::string("SELECT ") + what + " FROM " + x_place.name_of(table);
      text += x_place.rows(sql) + "| ";
    }
    return text;
  }
  void prepare(const Way& way) {
    if (way.before[0] != '\0') {
      auto first = sink(nullptr);
      const auto done = publish(*first, plan(way, 1, way.before), way.before);
      ASSERT_TRUE(done.ok()) << done.error().text();
    }
    if (way.rule[0] != '\0') {
      x_place.execute("ALTER TABLE " + x_place.name_of("rows") + " ADD " + way.rule);
    }
    x_place.keep();
  }

  /// False: the call that was to fail never came.
  bool try_once(const Way& way, std::size_t nth, Cut how) {
    x_place.restore();
    const auto about = plan(way, 2, way.select);
    Status done;
    {
      auto first = sink(x_faulty);
      FaultyNetwork::cut(nth, how);
      done = publish(*first, about, way.select);
    }
    const bool is_cut = FaultyNetwork::is_cut();
    FaultyNetwork::heal();
    auto again = sink(nullptr);
    const auto receipt = again->find(about.publish_id);
    EXPECT_TRUE(receipt.ok()) << receipt.error().text();
    if (!receipt.ok()) return is_cut;
    EXPECT_EQ(look(), *receipt ? x_after : x_before);
    EXPECT_TRUE(!done.ok() || receipt->has_value()) << "it was told that it is published";
    if (*receipt || done.ok()) return is_cut;
    EXPECT_EQ(done.error().fault(), Fault::external) << done.error().text();
    EXPECT_TRUE(again->discard(about.publish_id).ok());
    EXPECT_TRUE(std::filesystem::is_empty(x_folder / "scratch"));
    const auto second = publish(*again, about, way.select);
    EXPECT_TRUE(second.ok()) << second.error().text();
    EXPECT_EQ(look(), x_after);
    return is_cut;
  }

  void sweep(const Way& way) {
    SCOPED_TRACE(way.name);
    x_place.restore();
    prepare(way);
    x_before = look();
    auto clean = sink(x_faulty);
    FaultyNetwork::heal();
    const auto done = publish(*clean, plan(way, 2, way.select), way.select);
    ASSERT_TRUE(done.ok()) << done.error().text();
    const auto calls = FaultyNetwork::calls();
    clean.reset();
    x_after = look();
    ASSERT_NE(x_before, x_after);
    for_each_cut(calls, [&](std::size_t nth, Cut how) { EXPECT_TRUE(try_once(way, nth, how)); });
  }

  std::string x_before;
  std::string x_after;
};

TEST_F(CutSink, is_before_or_after_wherever_the_network_fails) {
  x_place.keep();
  const std::vector<Way> ways{
      {"a table that is made", Strategy::append, "", kNew},
      {"append", Strategy::append, kOld, kNew},
      {"append of rows that the server refuses",
       Strategy::append,
       kOld,
       kNew,
       {},
       "CHECK (id <> 6)"},
      {"replace", Strategy::replace, kOld, kNew},
      {"replace with other columns", Strategy::replace, kOld, kWider},
      {"merge", Strategy::merge, kOld, kNew, {"id"}},
      {"scd2", Strategy::scd2, kOld, kNew, {"id"}},
  };
  for (const auto& way : ways) {
    sweep(way);
    x_place.execute("DROP SCHEMA " + quote_identifier(x_place.schema) + " CASCADE; CREATE SCHEMA " +
                    quote_identifier(x_place.schema));
    x_place.keep();
  }
}

}  // namespace
}  // namespace leat::connectors::postgres
