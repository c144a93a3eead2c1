#include "connectors/csv/find_dialect.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/chunk_reading.hpp"
#include "support/faulty_files.hpp"

/// What stands further on in a file, and in others.
namespace leat::connectors::csv {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

std::string rows(const std::string& row, std::size_t bytes) {
  std::string out;
  while (out.size() < bytes) out += row;
  return out;
}

class FindDialect : public testing::Test {
 protected:
  leat::test::MemoryFiles files;
  std::vector<file_list::ListedFile> listed;

  void add(const std::string& name, const std::string& text) {
    files.entries[name].text = text;
    file_list::ListedFile file;
    file.name = name;
    file.path = name;
    file.size = text.size();
    file.mtime_ns = 1;
    listed.push_back(file);
  }
  DialectGuess found() {
    auto guess = find_dialect(files, listed, {});
    EXPECT_TRUE(guess.ok() && guess->has_value());
    return **guess;
  }
};

TEST_F(FindDialect, an_escape_that_only_a_later_part_has_is_found) {
  add("a.csv", "id,text\n" + rows("1,plain\n", 400'000) + rows("2,\"a \\\"b, c\\\" d\"\n", 50'000) +
                   rows("3,plain\n", 400'000));
  const auto guess = found();
  EXPECT_EQ(guess.escape, '\\');
  EXPECT_EQ(guess.confidence, 1);
  EXPECT_THAT(guess.reason, Not(HasSubstr("only")));
}

TEST_F(FindDialect, quotes_that_only_a_later_part_has_are_found) {
  add("a.csv", "id,text\n" + rows("1,plain\n", 400'000) + rows("2,'a, b'\n", 400'000));
  EXPECT_EQ(found().quote, '\'');
}

/// A start of plain rows, and seven pieces in the middle of which one row each stands.
std::string with_rows_between(const std::string& first, const std::string& others) {
  std::string out = rows("1,plain\n", 256 * 1024);
  for (int i = 0; i < 7; ++i) {
    const auto half = rows("1,plain\n", 32 * 1024 - 64);
    out.append(half).append(i == 0 ? first : others).append(half);
  }
  return out;
}

/// Under a backslash each of them takes away what follows it.
TEST_F(FindDialect, one_row_with_backslashes_outweighs_no_rows_that_end_in_one) {
  const std::string row = "5,\"a \\\"x\\\" b\"\n";
  const std::string ends_so = "7,\"C:\\tmp\\\"\n";
  add("a.csv", with_rows_between(row, ends_so));
  EXPECT_EQ(found().escape, '"');
  listed.clear();
  add("a.csv", with_rows_between(rows(row, 200), ends_so + "1,plain\n" + ends_so));
  EXPECT_EQ(found().escape, '"');
  listed.clear();
  add("a.csv", rows(row, 200) + with_rows_between(row, ends_so));
  EXPECT_EQ(found().escape, '"');
  listed.clear();
  add("a.csv", with_rows_between(row, row));
  EXPECT_EQ(found().escape, '"');  // Seven may be a slip of somebody.
  listed.clear();
  add("a.csv", with_rows_between(row + row, row));
  EXPECT_EQ(found().escape, '\\');
}

TEST_F(FindDialect, a_few_escaped_quotes_at_the_end_of_fields_tell_by_the_rows_between_them) {
  for (const std::size_t plain : {30U, 140U, 900U}) {
    std::string text = "id,name\n";
    for (int i = 0; i < 14; ++i) {
      for (std::size_t row = 0; row < plain; ++row) text += "1,plain\n";
      text += "2,\"screen 5\\\"\"\n";
    }
    listed.clear();
    add("a.csv", text);
    EXPECT_EQ(found().escape, '\\') << plain;
  }
}

TEST_F(FindDialect, one_ragged_row_outweighs_no_rows_that_begin_with_an_apostrophe) {
  const std::string row = "5,'a, b'\n";
  const std::string begins_so = "6,'s-Gravenhage\n";
  add("a.csv", with_rows_between(row, begins_so));
  EXPECT_EQ(found().quote, '"');
  listed.clear();
  add("a.csv", with_rows_between(rows(row, 100), begins_so + "1,plain\n" + begins_so));
  EXPECT_EQ(found().quote, '"');
  listed.clear();
  add("a.csv", rows(row, 100) + with_rows_between(row, begins_so));
  EXPECT_EQ(found().quote, '"');
  listed.clear();
  add("a.csv", with_rows_between(row, row));
  EXPECT_EQ(found().quote, '"');
  listed.clear();
  add("a.csv", with_rows_between(row + row, row));
  EXPECT_EQ(found().quote, '\'');
}

TEST_F(FindDialect, a_later_part_decides_between_delimiters_that_fit_the_start_alike) {
  add("a.csv", "Name, first;age\n" + rows("Doe, Jane;5\n", 300'000) + rows("Smith;7\n", 300'000));
  const auto guess = found();
  EXPECT_EQ(guess.delimiter, ";");
  EXPECT_THAT(guess.reason, Not(HasSubstr("only")));
}

TEST_F(FindDialect, a_part_that_contradicts_lowers_the_confidence_and_is_named) {
  const auto start = "id,name,town\n" + rows("1,ann,rome\n", 500'000);
  add("a.csv", start + rows("2;bob;oslo\n", 500'000));
  const auto guess = found();
  EXPECT_EQ(guess.delimiter, ",");
  EXPECT_LT(guess.confidence, 0.8);
  EXPECT_THAT(guess.reason, AllOf(HasSubstr("; at byte "), HasSubstr(" only "),
                                  HasSubstr("(`;` splits "), HasSubstr("more place")));
  const auto at = guess.reason.find("; at byte ") + 10;
  std::string digits;
  for (auto i = at; guess.reason[i] != ' '; ++i) {
    if (guess.reason[i] != ',') digits += guess.reason[i];
  }
  EXPECT_GE(std::stoul(digits), start.size() - 64 * 1024);
}

TEST_F(FindDialect, a_start_that_changes_its_delimiter_is_doubted) {
  const auto first = "id,name,town\n" + rows("1,ann,rome\n", 1006 * 11);
  add("a.csv", "\xEF\xBB\xBF" + first + rows("2;bob;oslo\n", 13'637 * 11));
  auto guess = found();
  EXPECT_EQ(guess.delimiter, ",");
  EXPECT_TRUE(guess.is_doubted);
  // Behind the names and 999 records.
  EXPECT_THAT(guess.reason,
              HasSubstr("; at byte 11,005 only 7 of 13644 records (`;` splits 13637 "));
  EXPECT_THAT(guess.reason, Not(HasSubstr("no other")));
  add("b.csv", first);
  EXPECT_THAT(found().reason, HasSubstr("; at byte 11,005 of `a.csv` only 7 of"));
  listed.clear();
  add("a.csv", first + rows("A note on what stands above\n", 100));
  EXPECT_FALSE(found().is_doubted);
}

TEST_F(FindDialect, of_several_files_the_first_one_is_named_too) {
  const auto start = "id,name\n" + rows("1,a\n", 256 * 1024 - 8);
  add("a.csv", start + rows("2;b\n", 100'000));
  add("b.csv", "id,name\n1,ann\n");
  EXPECT_THAT(found().reason, HasSubstr("; at byte 262,144 of `a.csv` only 0 of"));
  listed.pop_back();
  EXPECT_THAT(found().reason, HasSubstr("; at byte 262,144 only 0 of"));
}

TEST_F(FindDialect, pieces_lie_end_to_end_as_long_as_they_reach) {
  const auto start = rows("1,a\n", 655'360);
  add("a.csv", start + rows("2;b\n", 64 * 1024));
  EXPECT_THAT(found().reason, HasSubstr("; at byte 655,360 only 0 of"));
  listed.clear();
  add("a.csv", start + rows("2;b\n", 64 * 1024 + 4));
  EXPECT_THAT(found().reason, HasSubstr("; at byte 655,364 only 0 of"));
}

TEST_F(FindDialect, a_mark_at_the_start_moves_no_piece) {
  add("a.csv", "\xEF\xBB\xBF" + rows("1,a\n", 256 * 1024) + rows("2;b\n", 100'000));
  EXPECT_THAT(found().reason, HasSubstr("; at byte 262,144 only 0 of"));
}

/// Nobody can jump there: one piece of nine is looked at.
TEST_F(FindDialect, recoded_files_are_read_on_to_their_pieces) {
  add("a.csv", rows("1,a\n", 600'000) + rows("2;b\n", 1'000'000));
  const auto guess =
      find_dialect(files, listed, {io::Compression::detect, {}, io::Encoding::latin1});
  ASSERT_TRUE(guess.ok() && guess->has_value());
  EXPECT_THAT((*guess)->reason, HasSubstr("; at byte 786,432 only 0 of"));
}

TEST_F(FindDialect, one_line_that_no_piece_ends_tells_nothing) {
  add("a.csv", std::string(1'000'000, 'a'));
  EXPECT_EQ(found().fields, 1u);
}

/// The quotes within which a part begins close at what looks like the start of a field.
TEST_F(FindDialect, a_part_that_begins_within_quotes_misleads_nobody) {
  const std::string text = "say \"\"so\"\",\nor \"\"not\"\";\n;;;\nand,so,on\n";
  const std::string row = "1,\"" + rows(text, 20'000) + "\",rome\n";
  add("a.csv", "id,text,town\n" + rows(row, 1'500'000));
  const auto guess = found();
  EXPECT_EQ(guess.delimiter, ",");
  EXPECT_EQ(guess.quote, '"');
  EXPECT_EQ(guess.escape, '"');
  EXPECT_EQ(guess.fields, 3u);
  EXPECT_EQ(guess.confidence, 1);
}

TEST_F(FindDialect, a_part_within_one_long_text_says_nothing) {
  const std::string row = "1,\"" + rows("and so on\n", 150'000) + "\",rome\n";
  add("a.csv", "id,text,town\n" + rows("1,\"a\nb\",oslo\n", 100'000) + rows(row, 1'500'000));
  const auto guess = found();
  EXPECT_EQ(guess.fields, 3u);
  EXPECT_EQ(guess.confidence, 1);
}

TEST_F(FindDialect, how_numbers_are_written_is_told_by_later_parts_too) {
  add("a.csv", "id;price\n" + rows("1;7\n", 400'000) + rows("2;1.234,50\n", 400'000));
  const auto guess = found();
  EXPECT_EQ(guess.decimal, ',');
  EXPECT_EQ(guess.thousands, ".");
}

TEST_F(FindDialect, other_files_are_looked_at) {
  for (int i = 0; i < 20; ++i) {
    add(std::to_string(100 + i), "id,text\n1,plain\n2,plain\n3,plain\n4,plain\n");
  }
  add("last", "id,text\n1,plain\n2,\"a\\\"b, c\"\n3,\"d\\\", e\"\n");
  EXPECT_EQ(found().escape, '"');  // Nobody looks into all.
  listed.erase(listed.begin(), listed.end() - 8);
  EXPECT_EQ(found().escape, '\\');
}

TEST_F(FindDialect, a_file_with_another_delimiter_is_named) {
  for (const char* name : {"a.csv", "b.csv"}) add(name, "id,name\n1,ann\n2,bob\n3,cid\n");
  add("c\n.csv", "id;name\n1;ann\n2;bob\n3;cid\n");
  const auto guess = found();
  EXPECT_LT(guess.confidence, 0.8);
  EXPECT_THAT(guess.reason, HasSubstr("; at `c\\x0A.csv` only 0 of 4 records (`;` splits 4 of them "
                                      "into 2)"));
}

/// The values of their columns are of other columns.
TEST_F(FindDialect, files_with_other_columns_and_titles_contradict_nothing) {
  add("a.csv", "Made by hand\nid,day,name\n1,31.01.2024,ann\n2,05.02.2024,bob\n3,06.02.2024,c\n");
  add("b.csv", "Made by hand, too\nid,name\n1,ann\n2,bob\n3,cid\n");
  add("c.csv", "Made\nid,name,day\n1,ann,31.01.2024\n2,bob,05.02.2024\n");
  const auto guess = found();
  EXPECT_EQ(guess.confidence, 1);
  EXPECT_THAT(guess.reason, Not(HasSubstr("only")));
  using Formats = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(guess.column_formats, (Formats{{"day", "%d.%m.%Y"}}));
}

TEST_F(FindDialect, a_file_that_cannot_be_read_is_passed_by) {
  add("a.csv", "id;name\n1;ann\n2;bob\n");
  add("b.csv", "id;name\n1;ann\n");
  files.entries.erase("b.csv");
  EXPECT_EQ(found().delimiter, ";");
}

TEST_F(FindDialect, the_encoding_of_later_parts_is_found_but_no_stray_byte_is_one) {
  const auto start = "id,name\n" + rows("1,ann\n", 400'000);
  add("a.csv", start + rows("2,Andr\xE9\n", 300'000));
  EXPECT_EQ(found().encoding, "windows-1252");
  listed.clear();
  add("a.csv", start + "2,Andr\xE9\n");
  EXPECT_EQ(found().encoding, "");
  listed.clear();
  add("a.csv", start + rows("2,Andr\xE9\n", 200'000) + rows("2,Andr\xC3\xA9\n", 200'000));
  EXPECT_EQ(found().encoding, "");
}

/// What was not looked at may be UTF-8, and would be read wrongly without a trace.
TEST_F(FindDialect, the_encoding_of_parts_is_only_likely_where_not_all_was_looked_at) {
  const auto dirty = "id,name\n" + rows("2,Andr\xE9\n", 200);
  const auto expect_likely = [&] {
    const auto guess = found();
    EXPECT_EQ(guess.encoding, "");
    EXPECT_EQ(guess.likely_encoding, "windows-1252");
    EXPECT_THAT(told_likely_encoding(guess),
                AllOf(HasSubstr("bytes above 0x7F"), HasSubstr("`encoding: windows-1252`")));
  };
  for (int i = 0; i < 9; ++i) {
    const auto odd = i % 2 == 1;
    add(std::to_string(i), i == 4 ? dirty : odd ? "id,name\n1,M\xC3\xBCller\n" : "id,name\n1,a\n");
  }
  expect_likely();
  listed.clear();
  add("a.csv", "id,name\n" + rows("1,ann\n", 400'000) + rows("2,Andr\xE9\n", 400'000));
  expect_likely();
  listed.clear();
  add("a.csv", "id\n1\n");
  add("b.csv", std::string("\xFF\xFEi\0d\0\n\0", 8));
  add("c.csv", dirty);
  expect_likely();
}

TEST_F(FindDialect, a_file_that_says_that_it_is_utf8_is_not_read_otherwise) {
  const auto dirty = rows("2,Andr\xE9\n", 200);
  const std::string marked = "\xEF\xBB\xBFid,name\n1,ann\n";
  for (const auto& first : {marked, std::string("id,name\n1,ann\n")}) {
    listed.clear();
    add("a.csv", first);
    add("b.csv", marked);
    add("c.csv", dirty);
    EXPECT_EQ(found().encoding, "");
  }
}

/// One letter of UTF-8 on the line that two pieces share.
TEST_F(FindDialect, of_an_encoding_every_byte_is_looked_at) {
  const auto start = rows("1,ann\n", 256 * 1024 + 64 * 1024 - 5);
  add("a.csv", start + "2,M\xC3\xBCller\n" + rows("2,Andr\xE9\n", 200'000));
  EXPECT_EQ(found().encoding, "");
}

/// However many files there are, few are opened.
TEST_F(FindDialect, of_many_files_few_are_opened) {
  for (int i = 0; i < 10'000; ++i) add(std::to_string(10'000 + i), "id,name\n1,ann\n2,bob\n");
  leat::test::FaultyFiles counted(files);
  counted.fail(leat::test::Call::open, 0, 0);
  ASSERT_TRUE(find_dialect(counted, listed, {}).ok());
  EXPECT_LE(counted.calls(), 8u);
}

}  // namespace
}  // namespace leat::connectors::csv
