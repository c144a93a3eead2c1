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
    EXPECT_EQ(guess.delimiter, std::string(1, delimiter));
    EXPECT_EQ(guess.fields, 3u);
    EXPECT_EQ(guess.header, 1);
    EXPECT_EQ(guess.confidence, 1);
    EXPECT_THAT(guess.reason, HasSubstr("3 of 3 records into 3 fields"));
  }
}

TEST(GuessDialect, finds_delimiters_of_several_characters) {
  for (const std::string delimiter : {"||", "~|~", "|~|", ";;", "::", "¬"}) {
    std::string text;
    for (const char* line : {"id", "name", "day\n1", "a b", "\n2", "", "2024-02-01\n"}) {
      text += (text.empty() ? "" : delimiter) + line;
    }
    const auto guess = guess_dialect(text, true);
    EXPECT_EQ(guess.delimiter, delimiter);
    EXPECT_EQ(guess.fields, 3u);
    EXPECT_EQ(guess.header, 1);
    EXPECT_EQ(guess.confidence, 1);
    EXPECT_THAT(guess.reason, HasSubstr("3 of 3 records into 3 fields"));
  }
}

TEST(GuessDialect, empty_fields_between_pipes_are_no_longer_delimiter) {
  EXPECT_EQ(guess_dialect("a|b|c\n1||3\n4||6\n", true).delimiter, "|");
  EXPECT_EQ(guess_dialect("a|b|c\n||\n||\n", true).delimiter, "|");
  EXPECT_EQ(guess_dialect("address,at\nfe80::1,2\n", true).delimiter, ",");
  EXPECT_EQ(guess_dialect("address\nfe80::1\n", true).fields, 1u);
}

TEST(GuessDialect, an_apostrophe_in_a_text_is_no_quote) {
  const auto guess = guess_dialect(
      "n,name\n1,\"Kent County, Ohio\"\n2,\"O'Brien County, Iowa\"\n3,\"Queen's, Rome\"\n", true);
  EXPECT_EQ(guess.quote, '"');
  EXPECT_EQ(guess.fields, 2u);
  EXPECT_EQ(guess.header, 1);
}

TEST(GuessDialect, labels_below_the_names_are_no_values) {
  const char* const values = "k,1,2\nl,3,4\nm,5,6\nn,7,8\no,9,10\np,1,2\nq,3,4\nr,5,6\ns,7,8\n";
  const auto header = [&](const std::string& start) {
    return guess_dialect(start + values, true).header;
  };
  EXPECT_EQ(header("id,a,b\nKey,Estimate of a,Estimate of b\n"), 2);
  EXPECT_EQ(header("id,a,b\nj,NA,NA\n"), 1);
  EXPECT_EQ(header("id,a,b\nj,NA,7\n"), 1);
  EXPECT_EQ(header("id,a,b\n"), 1);
}

TEST(GuessDialect, texts_above_one_column_of_numbers_are_no_labels) {
  const auto header = [](const std::string& rows) { return guess_dialect(rows, true).header; };
  EXPECT_EQ(header("Ward,Votes\nPostal,withheld\nWard 1,2\nWard 2,3\nWard 3,4\nWard 4,4\n"), 1);
  EXPECT_EQ(header("id,n\nx,y\na1,1\na2,2\na3,3\na4,4\na5,5\n"), 1);
}

TEST(GuessDialect, texts_that_come_again_below_are_no_labels) {
  const auto header = [](const std::string& end) {
    const std::string start = "ward,votes,share\nPostal,withheld,not counted\n";
    const std::string rows = "a,1,2\nb,2,3\nc,3,4\nd,4,5\ne,5,6\nf,6,7\ng,7,8\nh,8,9\n";
    return guess_dialect(start + rows + end, true).header;
  };
  EXPECT_EQ(header("i,9,10\n"), 2);
  EXPECT_EQ(header("i,withheld,10\n"), 1);
  EXPECT_EQ(header("i,9,Withheld\n"), 1);
}

TEST(GuessDialect, a_backslash_before_quotes_is_found) {
  const auto guess = guess_dialect(R"(id,t
1,"a\"b, c"
2,"x"
3,"y\"z"
)",
                                   true);
  EXPECT_EQ(guess.escape, '\\');
  EXPECT_EQ(guess.fields, 2u);
  EXPECT_EQ(guess.confidence, 1);
  EXPECT_EQ(guess_dialect("id,t\n1,\"a\"\"b\"\n2,\"C:\\\"\n", true).escape, '"');
  EXPECT_EQ(guess_dialect("id,t\n1,\"a\" x\n2,\"b\"\n", true).escape, '"');
}

/// A line that a comment sign takes away is counted nowhere, and a later file may have rows of it.
TEST(GuessDialect, lines_that_begin_with_a_hash_are_no_comments_unless_somebody_says_so) {
  const auto guess = guess_dialect("# made by hand\nid,t,n\n1,a,2\n2,b,3\n3,c,4\n", true);
  EXPECT_EQ(guess.skip, 1);
  EXPECT_EQ(guess_dialect("id,t,n\n1,a,2\n#77,9\n2,b,3\n3,c,4\n", true).skip, 0);
}

TEST(GuessDialect, decimal_commas_do_not_hide_the_semicolon) {
  const auto guess = guess_dialect("a;b\n1,5;2,5\n3,5;4,5\n5;6,1\n", true);
  EXPECT_EQ(guess.delimiter, ";");
  EXPECT_LT(guess.confidence, 1);
}

TEST(GuessDialect, delimiters_inside_quotes_do_not_count) {
  EXPECT_EQ(guess_dialect("a,b\n\"x;y;z\",1\n\"p;q;r\",2\n", true).delimiter, ",");
  const auto single = guess_dialect("a,b\n'x,y',1\n'p,q,r',2\n", true);
  EXPECT_EQ(single.quote, '\'');
  EXPECT_EQ(single.fields, 2u);
}

TEST(GuessDialect, marks_of_missing_numbers_are_nulls) {
  using testing::ElementsAre;
  const auto nulls = [](const std::string& text) { return guess_dialect(text, true).nulls; };
  EXPECT_THAT(nulls("a,b\n-,1\n2,(X)\n3,4\n"), ElementsAre("(X)", "-"));
  EXPECT_THAT(nulls("a,b\n1,NA\n2,3\n"), ElementsAre("NA"));
  EXPECT_THAT(nulls("a,b\nNA,NA\nEU,3\n"), ElementsAre());  // A continent.
  EXPECT_THAT(nulls("a,b\n\"250,000+\",1\n-,2\n"), ElementsAre("-"));
  EXPECT_THAT(nulls("a,b\nx,1\n-,2\n"), ElementsAre());
  EXPECT_THAT(nulls("t,a,b,c\nx,1,-,-\ny,2,1,1\n"), ElementsAre("-"));
}

TEST(GuessDialect, marks_in_few_columns_are_nulls_there_alone) {
  using Columns = std::vector<std::pair<std::string, std::vector<std::string>>>;
  const auto nulls = [](const std::string& text) { return guess_dialect(text, true).column_nulls; };
  EXPECT_EQ(nulls("t,a\nx,-\ny,2\n"), (Columns{{"a", {"-"}}}));
  EXPECT_EQ(nulls("t, a ,a\n-,-,1\ny,2,-\n"), (Columns{{"a", {"-"}}, {"a_2", {"-"}}}));
  EXPECT_EQ(nulls("t,a\nNA,NA\ny,2\n"), (Columns{{"a", {"NA"}}}));
  EXPECT_EQ(nulls("a,b\n-,1\n2,3\n"), Columns{});
}

TEST(GuessDialect, notes_at_the_end_are_counted) {
  const auto notes = [](const std::string& end) {
    return guess_dialect("a,b,c\n1,2,3\n4,5,6\n7,8,9\n" + end, true).notes;
  };
  EXPECT_EQ(notes("Source: some office\n"), 1);
  EXPECT_EQ(notes("Note: see there\nSource: some office\n\n"), 2);
  EXPECT_EQ(notes("10,11,12\n"), 0);
  EXPECT_EQ(notes("10\n"), 0);  // A record that was cut off.
  EXPECT_EQ(notes(""), 0);
}

TEST(GuessDialect, lines_before_the_names_are_skipped) {
  const auto guess =
      guess_dialect("Report of 2024\n\nmade by hand\na,b,c\n1,2,3\n4,5,6\n7,8,9\n", true);
  EXPECT_EQ(guess.skip, 3);
  EXPECT_EQ(guess.header, 1);
  EXPECT_EQ(guess_dialect("Report\rof May\ra,b,c\r1,2,3\r4,5,6\r7,8,9\r", true).skip, 2);
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

TEST(GuessDialect, years_and_texts_above_numbers_are_names) {
  EXPECT_EQ(guess_dialect("state,2019,2020\nMA,1,2\nNY,3,4\n", true).header, 1);
  EXPECT_EQ(guess_dialect("ann,x,7\nbob,y,8\ncid,z,9\n", true).header, 0);
  EXPECT_EQ(guess_dialect("id,count,7\n1,3,x\n2,4,y\n", true).header, 1);
  EXPECT_EQ(guess_dialect("2019,ann\n2020,bob\n", true).header, 0);
}

TEST(GuessDialect, decimal_commas_are_found_where_no_value_leaves_a_doubt) {
  const auto decimal = [](const char* text) { return guess_dialect(text, true).decimal; };
  EXPECT_EQ(decimal("a;b\n1,5;x\n-2,25;y\n7;z\n"), ',');
  EXPECT_EQ(decimal("a;b\n1,234;x\n5,678;y\n"), '.');  // Thousands, for all anybody knows.
  EXPECT_EQ(decimal("a;b\n1,5;2.5\n2,5;3.5\n"), '.');  // Both.
  EXPECT_EQ(decimal("a;b\n1,5;x\nsoon;y\n2,5;z\n"), '.');
  EXPECT_EQ(decimal("a;b\n0,125;x\n3,125;y\n"), ',');
  EXPECT_EQ(decimal("a;b\n1,;x\n,5;y\n"), '.');
}

TEST(GuessDialect, groups_of_digits_and_signs_are_found) {
  const auto guess = [](const char* text) { return guess_dialect(text, true); };
  const auto money = guess("a|b\n$1,234.50|x\n-$3|y\n");
  EXPECT_EQ(money.thousands, ",");
  EXPECT_EQ(money.decimal, '.');
  EXPECT_THAT(money.signs, testing::ElementsAre("$"));
  const auto euros = guess("a;b\n1.234,5 €;7 %\n3,25 €;12%\n");
  EXPECT_EQ(euros.thousands, ".");
  EXPECT_EQ(euros.decimal, ',');
  EXPECT_THAT(euros.signs, testing::ElementsAre("%", "€"));
  EXPECT_EQ(guess("a;b\n1,234,567;x\n7;y\n").thousands, ",");
  EXPECT_EQ(guess("a;b\n1,234;x\n2.5;y\n").thousands, ",");
  EXPECT_EQ(guess("a;b\n1,234;x\n2,345;y\n").thousands, "");
  EXPECT_EQ(guess("a;b\n1,23,456;x\n7;y\n").thousands, "");
  EXPECT_EQ(guess("a;b\n1.2.3;x\n1.2.4;y\n").thousands, "");
  EXPECT_EQ(guess("a;b\n10.0.0.1;x\n10.0.0.2;y\n").thousands, "");
  EXPECT_THAT(guess("a;b\n$;x\n$5;y\n").signs, testing::IsEmpty());
}

TEST(GuessDialect, blanks_and_apostrophes_between_groups_of_digits_are_found) {
  const auto guess = [](const char* text) { return guess_dialect(text, true); };
  const auto francs = guess("a;b\n1\u00A0234,5\u00A0€;x\n2\u202F345\u202F678,25 €;y\n");
  EXPECT_EQ(francs.thousands, " ");
  EXPECT_EQ(francs.decimal, ',');
  EXPECT_THAT(francs.signs, testing::ElementsAre("€"));
  EXPECT_EQ(guess("a;b\n1 234;x\n12;y\n").thousands, " ");
  EXPECT_EQ(guess("a;b\n1'234.5;x\n2'345'678;y\n").thousands, "'");
  EXPECT_EQ(guess("a;b\n123 456 789;x\n234 567 890;y\n").thousands, "");  // Telephones.
  EXPECT_EQ(guess("a;b\n555 123;x\n1 555 234 567;y\n").thousands, "");
  EXPECT_EQ(guess("a;b\n12'345;x\n1'012'345;y\n").thousands, "");
  EXPECT_EQ(guess("a;b\n12 34;x\n1 234;y\n").thousands, "");
  EXPECT_EQ(guess("a;b\n1 234;1'234\n12;12\n").thousands, "");
}

using Formats = std::vector<std::pair<std::string, std::string>>;

Formats formats_in(const char* text) { return guess_dialect(text, true).column_formats; }

TEST(GuessDialect, days_are_found_where_a_number_can_be_no_month) {
  EXPECT_EQ(formats_in("a;b\n31.01.2024;x\n05.02.2024;y\n"), (Formats{{"a", "%d.%m.%Y"}}));
  EXPECT_EQ(formats_in("a;b\n01/31/2024;x\n02/05/2024;y\n"), (Formats{{"a", "%m/%d/%Y"}}));
  EXPECT_EQ(formats_in("a;b\n01/02/2024;x\n02/05/2024;y\n"), Formats{});
  EXPECT_EQ(formats_in("a;b\n31.01.2024;x\n05-02-2024;y\n"), Formats{});
}

TEST(GuessDialect, a_column_is_written_as_its_own_values_tell) {
  EXPECT_EQ(formats_in("a;b\n31.01.2024;01.31.2024\n05.02.2024;02.28.2024\n"),
            (Formats{{"a", "%d.%m.%Y"}, {"b", "%m.%d.%Y"}}));
  EXPECT_EQ(formats_in("a;b\n31.01.2024;2024-01-31\n05.02.2024;2024-02-28\n"),
            (Formats{{"a", "%d.%m.%Y"}}));
}

TEST(GuessDialect, no_column_decides_on_the_order_of_days_in_another) {
  const auto guess = guess_dialect("a;b\n31.01.2024;01.02.2024\n05.02.2024;02.03.2024\n", true);
  EXPECT_EQ(guess.column_formats, (Formats{{"a", "%d.%m.%Y"}}));
  ASSERT_EQ(guess.untold_orders.size(), 1u);
  EXPECT_EQ(guess.untold_orders[0].column, "b");
  EXPECT_THAT(guess.untold_orders[0].patterns, testing::ElementsAre("%d.%m.%Y", "%m.%d.%Y"));
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
