#include "connectors/csv/guess_dialect.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace leat::connectors::csv {
namespace {

using testing::HasSubstr;

TEST(GuessDialect, finds_each_delimiter) {
  for (const char delimiter : {',', ';', '\t', '|'}) {
    std::string text = "id;name;day\n1;ann;2024-01-31\n2;bob;2024-02-01\n";
    std::replace(text.begin(), text.end(), ';', delimiter);
    const auto guess = guess_dialect(text, true);
    EXPECT_EQ(guess.delimiter, delimiter);
    EXPECT_EQ(guess.fields, 3u);
    EXPECT_EQ(guess.header, 1);
    EXPECT_EQ(guess.confidence, 1);
    EXPECT_THAT(guess.reason, HasSubstr("3 of 3 records into 3 fields"));
  }
}

TEST(GuessDialect, decimal_commas_do_not_hide_the_semicolon) {
  const auto guess = guess_dialect("a;b\n1,5;2,5\n3,5;4,5\n5;6,1\n", true);
  EXPECT_EQ(guess.delimiter, ';');
  EXPECT_LT(guess.confidence, 1);
}

TEST(GuessDialect, delimiters_inside_quotes_do_not_count) {
  EXPECT_EQ(guess_dialect("a,b\n\"x;y;z\",1\n\"p;q;r\",2\n", true).delimiter, ',');
  const auto single = guess_dialect("a,b\n'x,y',1\n'p,q,r',2\n", true);
  EXPECT_EQ(single.quote, '\'');
  EXPECT_EQ(single.fields, 2u);
}

TEST(GuessDialect, lines_before_the_names_are_skipped) {
  const auto guess =
      guess_dialect("Report of 2024\n\nmade by hand\na,b,c\n1,2,3\n4,5,6\n7,8,9\n", true);
  EXPECT_EQ(guess.skip, 3);
  EXPECT_EQ(guess.header, 1);
}

TEST(GuessDialect, titles_that_a_spreadsheet_filled_up_are_skipped) {
  const auto guess =
      guess_dialect("Poverty 2018,,,\n,,,\nsee notes,,,\nid,a,b,c\n1,2,3,4\n5,6,7,8\n", true);
  EXPECT_EQ(guess.skip, 3);
  EXPECT_EQ(guess.header, 1);
  EXPECT_EQ(guess.confidence, 1);
  EXPECT_EQ(guess_dialect("a,b,c\n,,\n1,,\n", true).skip, 0);
}

TEST(GuessDialect, a_number_in_the_first_record_is_no_name) {
  const auto guess = guess_dialect("1,ann\n2,bob\n", true);
  EXPECT_EQ(guess.header, 0);
  EXPECT_THAT(guess.header_reason, HasSubstr("`1`"));
}

TEST(GuessDialect, one_column_is_nothing_to_be_sure_of) {
  const auto guess = guess_dialect("name\nann\nbob\n", true);
  EXPECT_EQ(guess.fields, 1u);
  EXPECT_EQ(guess.confidence, 0.5);
}

TEST(GuessDialect, a_record_that_is_cut_off_does_not_count) {
  EXPECT_EQ(guess_dialect("a,b,c\n1,2,3\n4,5,6\n7,", false).confidence, 1);
}

TEST(GuessDialect, nothing_and_noise_are_no_reason_to_fail) {
  EXPECT_EQ(guess_dialect("", true).fields, 1u);
  guess_dialect(std::string(10'000, '"'), false);
  guess_dialect(std::string("\0\xff\n,;|\t'", 8), true);
}

}  // namespace
}  // namespace leat::connectors::csv
