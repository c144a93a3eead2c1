#include "config/template.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/sql_text.hpp"

namespace leat::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Values sample() {
  Values values;
  values.set("params.state", {ValueType::text, "MA"});
  values.set("params.evil", {ValueType::text, "'; DROP TABLE t; --"});
  values.set("params.year", {ValueType::integer, "2021"});
  values.set("params.cold", {ValueType::integer, "-5"});
  values.set("params.ratio", {ValueType::number, "-0.5"});
  values.set("params.flag", {ValueType::boolean, "true"});
  values.set("params.day", {ValueType::date, "2026-01-31"});
  values.set("params.at", {ValueType::timestamp, "2026-01-31T06:00:00.000000Z"});
  values.set("env", {ValueType::text, "dev"});
  return values;
}

std::string sql(std::string_view text) {
  const auto rendered = render_sql(text, sample());
  EXPECT_THAT(rendered.complaints, IsEmpty()) << text;
  return rendered.text;
}

/// "offset+length message | hint" of each complaint.
std::vector<std::string> complaints(std::string_view text) {
  std::vector<std::string> out;
  for (const auto& c : render_sql(text, sample()).complaints) {
    out.push_back(std::to_string(c.offset) + "+" + std::to_string(c.length) + " " + c.message +
                  (c.hint.empty() ? "" : " | " + c.hint));
  }
  return out;
}

TEST(SqlTemplate, PutsInTypedLiterals) {
  EXPECT_EQ(sql("s = {{ params.state }}"), "s = 'MA'");
  EXPECT_EQ(sql("y={{params.year}}"), "y=2021");
  EXPECT_EQ(sql("r > {{ params.ratio }}"), "r > CAST('-0.5' AS DOUBLE)");
  EXPECT_EQ(sql("f = {{ params.flag }} "), "f = TRUE ");
  EXPECT_EQ(sql("d = {{\tparams.day\n}}"), "d = DATE '2026-01-31'");
  EXPECT_EQ(sql("t < {{ params.at }}"), "t < TIMESTAMP '2026-01-31 06:00:00.000000'");
  EXPECT_EQ(sql("f({{ env }},{{ params.year }})"), "f('dev',2021)");
}

TEST(SqlTemplate, LetsNoValueBeAnythingButALiteral) {
  EXPECT_EQ(sql("s = {{ params.evil }}"), "s = '''; DROP TABLE t; --'");
  EXPECT_EQ(sql("1 -{{ params.cold }}"), "1 -(-5)");  // never `--5`, a comment
}

TEST(SqlTemplate, IsRefusedInsideOfQuotes) {
  for (const auto* text :
       {"'{{ params.state }}'", "\"{{ params.state }}\"", "$$ {{ env }} $$", "$t$ {{ env }} $t$",
        "E'\\'{{ env }}'", "'it''s {{ env }}'", "$é$ {{ env }} $é$"}) {
    EXPECT_THAT(complaints(text), ElementsAre(HasSubstr("cannot stand inside of quotes"))) << text;
  }
}

TEST(SqlTemplate, IsRefusedWhereItTouchesAWordOrAQuote) {
  for (const auto* text : {"E{{ env }}", "x{{ env }}", "{{ env }}x", "'a'{{ env }}", "{{ env }}'a'",
                           "{{ env }}{{ env }}", "$1{{ env }}", "é{{ env }}"}) {
    EXPECT_THAT(complaints(text), testing::Not(IsEmpty())) << text;
  }
}

TEST(SqlTemplate, StaysAsItIsInAComment) {
  EXPECT_EQ(sql("1 -- {{ nope }}\n+ {{ params.year }}"), "1 -- {{ nope }}\n+ 2021");
  EXPECT_EQ(sql("/* a /* {{ x }} */ {{ */ 1"), "/* a /* {{ x }} */ {{ */ 1");
  EXPECT_EQ(sql("'--' || {{ env }}"), "'--' || 'dev'");
}

TEST(SqlTemplate, IsSeenAfterWhatOnlyLooksLikeAQuote) {
  EXPECT_EQ(sql("a$$ = {{ env }}"), "a$$ = 'dev'");
  EXPECT_EQ(sql("'\\' = {{ env }}"), "'\\' = 'dev'");
  EXPECT_EQ(sql("$1 = {{ env }}"), "$1 = 'dev'");
}

TEST(SqlTemplate, TellsAllMistakesWithTheirPlaces) {
  EXPECT_THAT(
      complaints("{{ params.staet }}, {{ a + b }}, {{ interval.start }}, {{ env"),
      ElementsAre(
          "0+18 unknown name `params.staet` | did you mean `params.state`?",
          HasSubstr("20+11 only a name can stand in `{{ }}` | known: env, params"),
          "33+20 the pipeline has no `interval` | add `interval: {unit: day, start: 2024-01-01}`",
          "55+2 a `{{` that is never closed"));
  for (const auto* text : {"{{}}", "{{ . }}", "{{ a..b }}", "{{ a. }}", "{{ 1a }}", "{{ f() }}",
                           "{{ 'x' }}", "{{ a|b }}", "{{ {{ env }} }}"}) {
    EXPECT_THAT(complaints(text), testing::Not(IsEmpty())) << text;
  }
}

TEST(SqlText, MapsAPlaceInTheRenderedSqlBackToTheAuthorsText) {
  Findings findings;
  const auto text = sql_of_file("SELECT {{ params.state }} AS s,\n       é, {{ params.year }} + x",
                                "m.sql", sample(), findings);
  ASSERT_TRUE(text);
  ASSERT_EQ(text->text, "SELECT 'MA' AS s,\n       é, 2021 + x");
  const auto place = [&](std::string_view what) {
    const auto at = text->place_at(text->text.find(what));
    return at.file + ":" + std::to_string(at.line) + ":" + std::to_string(at.column);
  };
  EXPECT_EQ(place("SELECT"), "m.sql:1:1");
  EXPECT_EQ(place("'MA'"), "m.sql:1:8");
  EXPECT_EQ(place("A'"), "m.sql:1:8");
  EXPECT_EQ(place("AS s"), "m.sql:1:27");
  EXPECT_EQ(place("é"), "m.sql:2:8");
  EXPECT_EQ(place("2021"), "m.sql:2:11");
  EXPECT_EQ(place("+ x"), "m.sql:2:29");
}

TEST(SqlText, PointsIntoTheFileWhenATemplateIsWrong) {
  Findings findings;
  EXPECT_FALSE(sql_of_file("SELECT 1,\n  {{ nope }}", "m.sql", sample(), findings));
  const auto found = findings.take();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].place.line, 2);
  EXPECT_EQ(found[0].place.column, 3);
  EXPECT_EQ(found[0].source_line, "  {{ nope }}");
  EXPECT_EQ(found[0].length, 10);
}

TEST(Value, IsReadByItsTypeAndMadeCanonical) {
  EXPECT_EQ(parse_value(ValueType::integer, "007")->text, "7");
  EXPECT_EQ(parse_value(ValueType::text, "007")->text, "007");
  EXPECT_EQ(parse_value(ValueType::timestamp, "2026-01-31")->text, "2026-01-31T00:00:00.000000Z");
  EXPECT_FALSE(parse_value(ValueType::integer, "1.5"));
  EXPECT_FALSE(parse_value(ValueType::integer, ""));
  EXPECT_FALSE(parse_value(ValueType::integer, "1; DROP"));
  EXPECT_FALSE(parse_value(ValueType::number, "nan"));
  EXPECT_FALSE(parse_value(ValueType::number, "1e999"));
  EXPECT_FALSE(parse_value(ValueType::boolean, "yes"));
  EXPECT_FALSE(parse_value(ValueType::date, "2026-02-30"));
  EXPECT_FALSE(parse_value(ValueType::timestamp, "now"));
}

}  // namespace
}  // namespace leat::config
