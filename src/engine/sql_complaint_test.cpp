#include "engine/sql_complaint.hpp"

#include <gtest/gtest.h>

#include "engine/session.hpp"

namespace leat::engine {
namespace {

/// "offset+length message | hint" of what is wrong with a SELECT over a table of people.
std::string complaint_text(const std::string& sql) {
  const auto session = Session::open({});
  NamedSchema people{"people", {}};
  for (const char* name : {"id", "name", "day", "amount", "population", "first", "second"}) {
    people.schema.columns.push_back({name, *data::parse_type("integer"), true});
  }
  const auto outcome = bind_select(**session, sql, {people});
  if (outcome.complaints.size() != 1) return std::to_string(outcome.complaints.size());
  const auto& one = outcome.complaints[0];
  return (one.has_offset ? std::to_string(one.offset) : "?") + "+" + std::to_string(one.length) +
         " " + one.message + (one.hint.empty() ? "" : " | " + one.hint);
}

TEST(SqlComplaint, NamesTheNearestColumnAndNoList) {
  EXPECT_EQ(complaint_text("SELECT nmae FROM people"),
            "7+4 there is no column `nmae` | did you mean `name`?");
  EXPECT_EQ(complaint_text("SELECT p.nmae FROM people p"),
            "9+4 `p` has no column `nmae` | did you mean `name`?");
  EXPECT_EQ(complaint_text("SELECT zzzzzz FROM people"),
            "7+6 there is no column `zzzzzz` | known: amount, id, name, day, population, first, "
            "second");
  EXPECT_EQ(complaint_text("WITH c AS (SELECT id AS total FROM people) SELECT totla FROM c"),
            "50+5 there is no column `totla` | did you mean `total`?");
}

TEST(SqlComplaint, FindsTheNameWhereTheEngineTellsNoPlace) {
  EXPECT_EQ(complaint_text("SELECT 1 FROM people a JOIN people b USING (idd)").substr(0, 29),
            "44+3 there is no column `idd`");
  EXPECT_EQ(complaint_text("SELECT * EXCLUDE (foo) FROM people").substr(0, 29),
            "18+3 there is no column `foo`");
}

TEST(SqlComplaint, NamesFunctionsAndTypes) {
  EXPECT_EQ(complaint_text("SELECT lengthh(name) FROM people"),
            "7+7 there is no function `lengthh` | did you mean `length`?");
  EXPECT_EQ(complaint_text("SELECT id::inte FROM people"),
            "11+4 there is no type `inte` | did you mean `int`?");
  EXPECT_EQ(complaint_text("SELECT upper(id, 3) FROM people"),
            "7+5 there is no upper(INTEGER, INTEGER) | it takes upper(VARCHAR): cast what it gets");
  EXPECT_EQ(complaint_text("SELECT date_diff(id, name) FROM people"),
            "7+9 there is no date_diff(INTEGER, INTEGER) | it takes date_diff(VARCHAR, DATE, "
            "DATE), date_diff(VARCHAR, TIME, TIME), date_diff(VARCHAR, TIMESTAMP, TIMESTAMP), and "
            "1 more: cast what it gets");
}

TEST(SqlComplaint, SaysTheRestInOneLine) {
  const auto grouped = complaint_text("SELECT id FROM people GROUP BY name");
  EXPECT_EQ(grouped.find('\n'), std::string::npos);
  EXPECT_NE(grouped.find("must appear in the GROUP BY clause"), std::string::npos);
  EXPECT_NE(grouped.find(" | Either add it"), std::string::npos);
  const auto doubled = complaint_text("SELECT id FROM people a JOIN people b ON true");
  EXPECT_NE(doubled.find("Ambiguous reference"), std::string::npos);
}

}  // namespace
}  // namespace leat::engine
