#include "engine/column_lineage.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/session.hpp"

namespace leat::engine {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

data::Column column(const char* name, data::TypeId id) {
  data::Column out;
  out.name = name;
  out.type.id = id;
  return out;
}

/// county(fips, state, people), health(fips, measure, value), tree(id, parent, name).
class ColumnLineage : public testing::Test {
 protected:
  ColumnLineage() {
    auto opened = Session::open({});
    EXPECT_TRUE(opened.ok());
    session = std::move(opened).value();
    const auto text = data::TypeId::varchar;
    const auto number = data::TypeId::int64;
    tables = {
        {"county", {{column("fips", text), column("state", text), column("people", number)}}},
        {"health", {{column("fips", text), column("measure", text), column("value", number)}}},
        {"tree", {{column("id", number), column("parent", number), column("name", text)}}}};
  }

  static std::string shown(const ColumnUse& use) {
    const char* mark = use.feed == Feed::copied ? "" : use.feed == Feed::computed ? "~" : "#";
    return mark + use.table + "." + use.column;
  }

  static std::string shown(const std::vector<ColumnUse>& uses) {
    std::vector<std::string> texts;
    for (const auto& use : uses) texts.push_back(shown(use));
    std::sort(texts.begin(), texts.end());
    std::string out;
    for (const auto& text : texts) out += (out.empty() ? "" : " ") + text;
    return out;
  }

  /// One text an output column: `a.x` copied, `~a.x` computed, `#a.x` aggregated.
  std::vector<std::string> feeds(const std::string& sql) {
    const auto traced = trace_columns(*session, sql, tables);
    if (!traced.complaints.empty()) return {"complaint: " + traced.complaints.front().message};
    std::vector<std::string> out;
    for (const auto& uses : traced.value.columns) out.push_back(shown(uses));
    return out;
  }

  std::string decides(const std::string& sql) {
    auto uses = trace_columns(*session, sql, tables).value.deciding;
    for (auto& use : uses) use.feed = Feed::copied;
    return shown(uses);
  }

  std::unique_ptr<Session> session;
  std::vector<NamedSchema> tables;
};

TEST_F(ColumnLineage, tells_copies_from_expressions_and_aggregates) {
  EXPECT_THAT(feeds("SELECT fips, people + 1, upper(state) AS s, 1 AS one FROM county"),
              ElementsAre("county.fips", "~county.people", "~county.state"));
  EXPECT_THAT(feeds("SELECT state, sum(people), count(*) AS n FROM county GROUP BY state"),
              ElementsAre("county.state", "#county.people"));
}

TEST_F(ColumnLineage, a_filter_decides_and_does_not_feed) {
  EXPECT_THAT(feeds("SELECT fips FROM county WHERE people > 5"), ElementsAre("county.fips"));
  EXPECT_EQ(decides("SELECT fips FROM county WHERE people > 5"), "county.people");
}

TEST_F(ColumnLineage, follows_joins_of_every_kind) {
  const std::string from = " FROM county c LEFT JOIN health h ON c.fips = h.fips";
  EXPECT_THAT(feeds("SELECT c.state, h.value, c.people * h.value AS x" + from),
              ElementsAre("county.state", "health.value", "~county.people ~health.value"));
  EXPECT_EQ(decides("SELECT c.state" + from), "county.fips health.fips");
  EXPECT_THAT(feeds("SELECT fips FROM county FULL JOIN health USING (fips)"),
              ElementsAre("~county.fips ~health.fips"));
  EXPECT_THAT(feeds("SELECT a.name, b.name AS above FROM tree a JOIN tree b ON a.parent = b.id"),
              ElementsAre("tree.name", "tree.name"));
  EXPECT_THAT(feeds("SELECT c.fips, t.name FROM county c ASOF JOIN tree t ON c.people >= t.id"),
              ElementsAre("county.fips", "tree.name"));
  EXPECT_THAT(feeds("SELECT c.fips FROM county c SEMI JOIN health h USING (fips)"),
              ElementsAre("county.fips"));
}

TEST_F(ColumnLineage, follows_stars_and_what_they_leave_out) {
  EXPECT_THAT(feeds("SELECT * EXCLUDE (people) REPLACE (lower(state) AS state) FROM county"),
              ElementsAre("county.fips", "~county.state"));
  EXPECT_THAT(feeds("FROM health"), ElementsAre("health.fips", "health.measure", "health.value"));
}

TEST_F(ColumnLineage, follows_with_clauses) {
  EXPECT_THAT(feeds("WITH big AS (SELECT fips, people * 2 AS p FROM county),"
                    " all_of AS MATERIALIZED (SELECT big.*, h.value FROM big JOIN health h USING"
                    " (fips)) SELECT p, sum(value) AS v FROM all_of GROUP BY p"),
              ElementsAre("~county.people", "#health.value"));
  EXPECT_THAT(
      feeds("WITH county AS (SELECT state AS people FROM county) SELECT people FROM county"),
      ElementsAre("county.state"));
}

TEST_F(ColumnLineage, follows_recursion_until_nothing_changes) {
  EXPECT_THAT(feeds("WITH RECURSIVE r AS (SELECT id, name, name AS path FROM tree WHERE parent IS"
                    " NULL UNION ALL SELECT t.id, t.name, r.path || t.name FROM tree t JOIN r ON"
                    " t.parent = r.id) SELECT id, path FROM r"),
              ElementsAre("tree.id", "~tree.name"));
}

TEST_F(ColumnLineage, follows_set_operations) {
  EXPECT_THAT(feeds("SELECT fips, people FROM county UNION ALL SELECT fips, value FROM health"),
              ElementsAre("county.fips health.fips", "county.people health.value"));
  const std::string except = "SELECT fips FROM county EXCEPT SELECT fips FROM health";
  EXPECT_THAT(feeds(except), ElementsAre("county.fips"));
  EXPECT_THAT(decides(except), HasSubstr("health.fips"));
}

TEST_F(ColumnLineage, follows_windows_and_qualify) {
  const std::string sql =
      "SELECT fips, sum(value) OVER (PARTITION BY measure ORDER BY fips) AS s FROM health"
      " QUALIFY row_number() OVER (PARTITION BY fips ORDER BY value) = 1";
  EXPECT_THAT(feeds(sql), ElementsAre("health.fips", "#health.fips #health.measure #health.value"));
  EXPECT_EQ(decides(sql), "health.fips health.value");
}

TEST_F(ColumnLineage, follows_subqueries_that_look_outside) {
  EXPECT_THAT(feeds("SELECT fips, (SELECT max(value) FROM health h WHERE h.fips = c.fips) AS top"
                    " FROM county c"),
              ElementsAre("county.fips", HasSubstr("#health.value")));
  EXPECT_THAT(feeds("SELECT fips, people IN (SELECT value FROM health) AS known FROM county"),
              ElementsAre("county.fips", "~county.people ~health.value"));
  EXPECT_THAT(decides("SELECT fips FROM county c WHERE EXISTS (FROM health h WHERE h.fips = c.fips"
                      " AND h.value > c.people)"),
              HasSubstr("health.value"));
}

TEST_F(ColumnLineage, a_subquery_in_a_subquery_looks_two_steps_outside) {
  EXPECT_THAT(feeds("SELECT (SELECT max((SELECT max(t.id + c.people) FROM tree t WHERE t.name ="
                    " h.measure)) FROM health h WHERE h.fips = c.fips) AS x FROM county c"),
              ElementsAre(HasSubstr("#tree.id")));
}

TEST_F(ColumnLineage, follows_lateral_joins_lists_and_structs) {
  EXPECT_THAT(
      feeds("SELECT c.fips, l.twice FROM county c, LATERAL (SELECT c.people * 2 AS twice) l"),
      ElementsAre("county.fips", "~county.people"));
  EXPECT_THAT(feeds("SELECT unnest([people, people + 1]) AS p FROM county"),
              ElementsAre("~county.people"));
  EXPECT_THAT(feeds("SELECT s.a AS a FROM (SELECT {'a': people, 'b': state} AS s FROM county)"),
              ElementsAre(HasSubstr("~county.people")));
  EXPECT_THAT(feeds("SELECT list_transform([people], x -> x + length(state)) AS xs FROM county"),
              ElementsAre("~county.people ~county.state"));
}

TEST_F(ColumnLineage, follows_pivots_and_unpivots) {
  EXPECT_THAT(feeds("FROM health PIVOT (sum(value) FOR measure IN ('A', 'B') GROUP BY fips)"),
              ElementsAre("health.fips", HasSubstr("#health.value"), HasSubstr("#health.value")));
  EXPECT_THAT(feeds("SELECT fips, what, how_many FROM (SELECT fips, people, length(state) AS n FROM"
                    " county) UNPIVOT (how_many FOR what IN (people, n))"),
              ElementsAre("county.fips", testing::_, HasSubstr("~county.people")));
}

TEST_F(ColumnLineage, follows_grouping_sets_distinct_on_and_values) {
  EXPECT_THAT(feeds("SELECT state, grouping(state) AS g, sum(people) AS p FROM county GROUP BY"
                    " ROLLUP (state)"),
              ElementsAre("county.state", "#county.state", "#county.people"));
  EXPECT_EQ(decides("SELECT DISTINCT ON (state) fips FROM county"), "county.state");
  EXPECT_THAT(feeds("SELECT v.x, c.fips FROM (VALUES (1), (2)) v(x), county c"),
              ElementsAre("", "county.fips"));
}

TEST_F(ColumnLineage, leaves_no_table_behind_and_tells_what_is_wrong) {
  EXPECT_THAT(feeds("SELECT nobody FROM county"), ElementsAre(HasSubstr("complaint: ")));
  EXPECT_THAT(feeds("SELECT fips FROM county"), ElementsAre("county.fips"));
  const auto left = session->query("SELECT table_name FROM duckdb_tables()");
  ASSERT_TRUE(left.ok());
  EXPECT_THAT(left->rows, IsEmpty());
}

}  // namespace
}  // namespace leat::engine
