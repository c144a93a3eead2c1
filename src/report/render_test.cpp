#include "report/render.hpp"

#include <gmock/gmock.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "report/html.hpp"
#include "report/page_text.hpp"

namespace leat::report {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;

constexpr const char* kHostile =
    "</style></title><script>alert('1')</script>\"onload='x' &amp; {{css}}";

/// A report in which every text is `text`.
json run_with(const std::string& text) {
  const json check{
      {"id", text},      {"dimension", text},   {"on_fail", text},
      {"verdict", text}, {"judged", 10},        {"failed", 3},
      {"value", ""},     {"description", text}, {"examples", {json{{text, text}}.dump(), text}}};
  const json column{{"name", text},
                    {"type", text},
                    {"nulls", 1},
                    {"distinct", 2},
                    {"min", text},
                    {"max", text},
                    {"quantiles", {1, 2, 3, 4, 5, 6, 7}},
                    {"mean", 4.25},
                    {"stddev", 1.5},
                    {"top", {{{"value", text}, {"share", 0.125}}}},
                    {"histogram",
                     {{"from", 1},
                      {"to", 7},
                      {"below", 0},
                      {"shares", {0.5, 0.5}},
                      {"above", 0},
                      {"outside", 0.1}}}};
  const json receipt{{"publish_id", text},   {"previous_publish_id", text},
                     {"counter", 2},         {"checksum", text},
                     {"committed_at", text}, {"pipeline_version", text}};
  return {{"pipeline", text},
          {"status", text},
          {"run_id", text},
          {"started_at", text},
          {"environment", text},
          {"warnings", {text}},
          {"queries", {text}},
          {"quarantine", {text}},
          {"score", {{"total", 99.999}, {"by_dimension", {{text, 50.5}}}}},
          {"graph", {{{"name", text}, {"kind", text}, {"connector", text}, {"inputs", {text}}}}},
          {"nodes",
           {{{"name", text},
             {"kind", "source"},
             {"read", 10},
             {"quarantined", 3},
             {"checks", {check}},
             {"columns", {{{"name", text}, {"units", text}, {"description", text}}}},
             {"statistics", {{"rows", 10}, {"columns", {column}}}}}}},
          {"sinks",
           {{{"name", text},
             {"verdict", text},
             {"place", text},
             {"reasons", {text}},
             {"error", text},
             {"receipt", receipt},
             {"how_to_look", text},
             {"guarantee", text}}}}};
}

std::string page_of(const json& run) {
  auto page = render(run.dump(), "1.2.3");
  EXPECT_TRUE(page.ok());
  return page.ok() ? std::move(page).value() : std::string();
}

TEST(Report, shows_hostile_texts_and_interprets_none) {
  const auto page = page_of(run_with(kHostile));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert("));
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("onload='")));
  EXPECT_THAT(page, Not(HasSubstr("\"onload=")));
  EXPECT_THAT(page, HasSubstr("{{css}}"));
}

TEST(Report, has_the_same_tags_whatever_the_texts_are) {
  const auto tags = [](const std::string& page) {
    return std::count(page.begin(), page.end(), '<');
  };
  EXPECT_EQ(tags(page_of(run_with(kHostile))), tags(page_of(run_with("x"))));
}

TEST(Report, loads_nothing) {
  const auto page = page_of(run_with("x"));
  for (const auto* word : {"http:", "https:", "url(", "src=", "@import"}) {
    EXPECT_THAT(page, Not(HasSubstr(word)));
  }
  EXPECT_THAT(page, HasSubstr("default-src 'none'"));
}

TEST(Report, shows_how_a_column_is_spread) {
  const auto page = page_of(run_with("x"));
  EXPECT_THAT(page, HasSubstr("mean 4.25 ± 1.5"));
  EXPECT_THAT(page, HasSubstr("12.5\u00a0%"));
}

TEST(Report, leaves_out_what_the_run_does_not_say) {
  const auto page = page_of(json{{"pipeline", "p"}, {"status", "failed"}});
  for (const auto* id :
       {"sinks", "checks", "quarantine", "score", "lineage", "columns", "receipts", "queries"}) {
    EXPECT_THAT(page, Not(HasSubstr("id=\"" + std::string(id) + "\"")));
  }
}

TEST(Report, survives_fields_of_other_kinds) {
  const auto whole = run_with("x");
  for (const auto& [key, field] : whole.items()) {
    for (const json& other : {json(7), json("text"), json(nullptr), json{{"a", 1}}, json{1, "b"}}) {
      auto run = whole;
      run[key] = other;
      page_of(run);
    }
  }
}

TEST(Report, of_something_else_is_a_data_error) {
  for (const auto* text : {"", "[]", "{", "7"}) EXPECT_FALSE(render(text, "1").ok()) << text;
}

TEST(Report, cuts_a_score_and_does_not_round_it_up) {
  EXPECT_THAT(page_of(run_with("x")), HasSubstr("<dd>99.99</dd>"));
}

TEST(Report, names_the_column_that_a_check_is_about_first) {
  auto run = run_with("x");
  auto& check = run["nodes"][0]["checks"][0];
  check["id"] = "range(close)";
  check["examples"] = {R"({"close_day":"d","close":-5})"};
  EXPECT_THAT(page_of(run), HasSubstr("<b>close <bdi class=\"value\">-5</bdi></b>, close_day"));
}

TEST(Html, shows_control_characters_as_signs) {
  EXPECT_EQ(escaped(std::string("a\0b\x1b\n", 5)), "a␀b␛\n");
}

TEST(Html, cuts_between_characters) {
  EXPECT_EQ(shortened("größe", 3), "gr…");
  EXPECT_EQ(shortened("größe", 4), "grö…");
  EXPECT_EQ(shortened("größe", 7), "größe");
}

TEST(Html, a_share_that_is_not_nothing_is_not_shown_as_nothing) {
  EXPECT_EQ(percent(0), "0\u00a0%");
  EXPECT_EQ(percent(0.00001), "< 0.1\u00a0%");
  EXPECT_EQ(percent(0.125), "12.5\u00a0%");
  EXPECT_EQ(percent(0.99999), "> 99.9\u00a0%");
  EXPECT_EQ(percent(1), "100\u00a0%");
}

}  // namespace
}  // namespace leat::report
