#include "connectors/csv/csv_source.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/csv_reading.hpp"

namespace leat::connectors::csv {
namespace {

using test::SeenRow;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Optional;

using Values = std::vector<std::optional<std::string>>;

class CsvSourceTest : public testing::Test {
 protected:
  test::MemoryFiles files;
  Settings settings;

  void SetUp() override { settings.paths = {"a.csv"}; }

  void columns(const std::vector<std::pair<std::string, std::string>>& names_and_types) {
    settings.declared = test::schema_of(names_and_types);
  }
  std::vector<SeenRow> rows(const std::string& text, const test::ReadOptions& options = {}) {
    files.entries["a.csv"].text = text;
    return rows(options);
  }
  std::vector<SeenRow> rows(const test::ReadOptions& options = {}) {
    auto read = test::read_rows(files, settings, options);
    EXPECT_TRUE(read.ok()) << (read.ok() ? "" : read.error().text());
    return read.ok() ? *read : std::vector<SeenRow>{};
  }
  std::vector<Values> values(const std::string& text) {
    std::vector<Values> out;
    for (const auto& row : rows(text)) {
      EXPECT_THAT(row.faults, IsEmpty()) << row;
      out.push_back(row.values);
    }
    return out;
  }
  Error error(const std::string& text) {
    files.entries["a.csv"].text = text;
    return error();
  }
  Error error() {
    auto read = test::read_rows(files, settings);
    EXPECT_FALSE(read.ok());
    return read.ok() ? Error(Fault::internal, "") : read.error();
  }
};

TEST_F(CsvSourceTest, FindsColumnsByNameWhateverTheirOrderAndCase) {
  columns({{"b", "varchar"}, {"A", "bigint"}});
  EXPECT_THAT(values("\xEF\xBB\xBF a ,x, B\n1,no,one\n2,no,two\n"),
              ElementsAre(Values{"one", "1"}, Values{"two", "2"}));
}

TEST_F(CsvSourceTest, TellsThePlaceOfEveryRow) {
  columns({{"a", "varchar"}, {"b", "varchar"}});
  const auto seen = rows("a,b\n1,\"x\r\ny\"\r\n\r\n2,z\r3,w");
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[0], (SeenRow{"a.csv", 1, 2, 4, "1,\"x\r\ny\"", {"1", "x\r\ny"}, {}}));
  EXPECT_EQ(seen[1], (SeenRow{"a.csv", 2, 5, 16, "2,z", {"2", "z"}, {}}));
  EXPECT_EQ(seen[2], (SeenRow{"a.csv", 3, 6, 20, "3,w", {"3", "w"}, {}}));
}

TEST_F(CsvSourceTest, KeepsEmptyAndNullApart) {
  columns({{"a", "varchar"}, {"n", "bigint"}});
  settings.format.values.nulls = {"", "NA"};
  EXPECT_THAT(values("a,n\n,\n\"\",\"\"\nNA,NA\n\"NA\",\"NA\"\n"),
              ElementsAre(Values{std::nullopt, std::nullopt}, Values{"", std::nullopt},
                          Values{std::nullopt, std::nullopt}, Values{"NA", std::nullopt}));
}

TEST_F(CsvSourceTest, ParsesOnlyTheColumnsThatAreWanted) {
  columns({{"a", "bigint"}, {"b", "bigint"}});
  const auto seen = rows("a,b\nx,1\n", {.wanted = {false, true}});
  ASSERT_EQ(seen.size(), 1u);
  EXPECT_THAT(seen[0].faults, IsEmpty());
  EXPECT_EQ(seen[0].values, Values{"1"});
}

TEST_F(CsvSourceTest, ReportsAValueThatIsNotOfItsType) {
  columns({{"d", "date"}, {"n", "tinyint"}});
  const auto seen = rows("d,n\nn/a,300\n2026-02-29,1e3\n");
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_THAT(seen[0].faults,
              ElementsAre("d: `n/a` is not a DATE", "n: `300` is out of range for a TINYINT"));
  EXPECT_THAT(seen[1].faults,
              ElementsAre("d: `2026-02-29` is not a DATE", "n: `1e3` is not a TINYINT"));
  EXPECT_EQ(seen[0].values, (Values{std::nullopt, std::nullopt}));
}

TEST_F(CsvSourceTest, SetsRaggedRecordsAside) {
  columns({{"a", "varchar"}, {"b", "varchar"}});
  const auto seen = rows("a,b\n1\n1,2,3\n1,2\n");
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_THAT(seen[0].faults, ElementsAre(": 1 field where 2 were expected"));
  EXPECT_THAT(seen[1].faults, ElementsAre(": 3 fields where 2 were expected"));
  EXPECT_EQ(seen[1].raw, "1,2,3");
  EXPECT_THAT(seen[2].faults, IsEmpty());
}

TEST_F(CsvSourceTest, PadsShortRecordsButNeverDropsFields) {
  columns({{"a", "varchar"}, {"b", "varchar"}});
  settings.format.on_ragged = OnRagged::pad;
  const auto seen = rows("a,b\n1\n1,2,3\n");
  EXPECT_THAT(seen[0].faults, IsEmpty());
  EXPECT_EQ(seen[0].values, (Values{"1", std::nullopt}));
  EXPECT_THAT(seen[1].faults, ElementsAre(": 3 fields where 2 were expected"));
}

TEST_F(CsvSourceTest, StopsAtARaggedRecordWhenAskedTo) {
  columns({{"a", "varchar"}, {"b", "varchar"}});
  settings.format.on_ragged = OnRagged::fail;
  EXPECT_THAT(error("a,b\n1,2\n1\n").text(), HasSubstr("1 field where 2 were expected [line=3"));
}

TEST_F(CsvSourceTest, ReportsTextAfterAClosingQuoteEvenWhereNobodyLooks) {
  columns({{"b", "varchar"}});
  const auto seen = rows("a,b\n\"x\"y,2\n\"x\" ,3\n\"x\"\"y\",4\n");
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_THAT(seen[0].faults, ElementsAre(": text follows a closing quote"));
  EXPECT_THAT(seen[1].faults, ElementsAre(": text follows a closing quote"));
  EXPECT_THAT(seen[2].faults, IsEmpty());
}

TEST_F(CsvSourceTest, SaysWhatAnUnclosedQuoteSwallowed) {
  columns({{"a", "varchar"}, {"b", "varchar"}});
  const auto seen = rows("a,b\n1,2\n3,\"4\n5,6\n7,8\n");
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[1].raw, "3,\"4\n5,6\n7,8\n");
  EXPECT_THAT(seen[1].faults,
              ElementsAre(": a quote is never closed: the record that starts on line 3 swallowed "
                          "3 line ends up to the end of the file"));
}

TEST_F(CsvSourceTest, PassesByARecordThatIsTooLongWhateverTheBlockSize) {
  columns({{"a", "varchar"}, {"b", "varchar"}});
  settings.format.max_record_bytes = 40;
  const std::string big = "2,\"" + std::string(3000, 'x') + "\r\n" + std::string(3000, 'y') + "\"";
  const std::string text = "a,b\n1,2\n" + big + "\r\n3,4\n" + std::string(41, 'z') + "\r5,6\n7,\"";
  const auto expected = rows(text + std::string(50, 'q'));
  ASSERT_EQ(expected.size(), 6u);
  EXPECT_THAT(expected[1].faults, ElementsAre(": the record has 6,006 bytes; at most 40 are read "
                                              "(`max_record_bytes`); it swallowed 1 line ends"));
  EXPECT_EQ(expected[1].raw, big.substr(0, 1000) + "… (6,006 bytes in all)");
  EXPECT_EQ(expected[2].line, 5u);
  EXPECT_EQ(expected[3].raw, std::string(41, 'z') + "… (41 bytes in all)");
  EXPECT_THAT(expected[5].faults[0], HasSubstr("a quote in it is never closed"));
  for (std::size_t block = 1; block < 140; ++block) {
    EXPECT_EQ(rows(text + std::string(50, 'q'), {.block_bytes = block}), expected) << block;
  }
}

TEST_F(CsvSourceTest, LeavesOutSkippedLinesHeadersAndFooter) {
  columns({{"a", "varchar"}, {"b", "varchar"}});
  settings.format.skip = 2;
  settings.format.header = 2;
  settings.format.footer = 2;
  const std::string text =
      "title \"\n\r\n\"a\",\"b\"\n\"the\nfirst\",second\n1,2\r\n\n3,4\n\nTotal,\"\n\r\n\n";
  const auto seen = rows(text);
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0], (SeenRow{"a.csv", 1, 6, 37, "1,2", {"1", "2"}, {}}));
  EXPECT_EQ(seen[1], (SeenRow{"a.csv", 2, 8, 43, "3,4", {"3", "4"}, {}}));
  for (std::size_t block = 1; block < 40; ++block) {
    EXPECT_EQ(rows(text, {.block_bytes = block}), seen) << block;
  }
}

TEST_F(CsvSourceTest, SetsAsideWhatStandsAboveTheRecordsWhereItIsToBeSeen) {
  columns({{"a", "varchar"}, {"b", "varchar"}});
  settings.format.skip = 2;
  settings.format.header = 2;
  settings.format.on_preamble = OnPreamble::quarantine;
  const std::string text = "title \"\n\r\n\"a\",\"b\"\n\"the\nfirst\",second\n1,2\r\n\n3,4";
  const auto seen = rows(text);
  ASSERT_EQ(seen.size(), 4u);
  const Values none{std::nullopt, std::nullopt};
  EXPECT_EQ(seen[0], (SeenRow{"a.csv", 0, 1, 0, "title \"", none, seen[0].faults}));
  EXPECT_THAT(seen[0].faults,
              ElementsAre(HasSubstr("above the records, as `skip: 2` and `header: 2` say")));
  EXPECT_EQ(seen[1], (SeenRow{"a.csv", 0, 4, 18, "\"the\nfirst\",second", none, seen[1].faults}));
  EXPECT_THAT(seen[1].faults, ElementsAre(HasSubstr("above the records")));
  EXPECT_EQ(seen[2], (SeenRow{"a.csv", 1, 6, 37, "1,2", {"1", "2"}, {}}));
  EXPECT_EQ(seen[3], (SeenRow{"a.csv", 2, 8, 43, "3,4", {"3", "4"}, {}}));
  for (std::size_t block = 1; block < 40; ++block) {
    EXPECT_EQ(rows(text, {.block_bytes = block}), seen) << block;
    EXPECT_THAT(rows(text, {.block_bytes = block, .readers = 4}),
                testing::UnorderedElementsAreArray(seen))
        << block;
  }
}

TEST_F(CsvSourceTest, SetsAsideWhatStandsAboveNoRecord) {
  columns({{"a", "bigint"}});
  settings.format.skip = 1;
  settings.format.header = 2;
  settings.format.on_preamble = OnPreamble::quarantine;
  EXPECT_EQ(rows("\xEF\xBB\xBFtitle\na\nlabel").size(), 2u);
  EXPECT_EQ(rows("title").size(), 1u);
  EXPECT_EQ(rows("title\na\n").size(), 1u);
  EXPECT_EQ(rows("").size(), 0u);
}

TEST_F(CsvSourceTest, TakesAnEmptyLineForARecordOnlyInAFileOfOneColumn) {
  columns({{"a", "varchar"}});
  EXPECT_THAT(values("a\n1\n\n2\n\n"),
              ElementsAre(Values{"1"}, Values{std::nullopt}, Values{"2"}, Values{std::nullopt}));
  EXPECT_THAT(values("a,b\n1,x\n\n2,y\n\n"), ElementsAre(Values{"1"}, Values{"2"}));
}

TEST_F(CsvSourceTest, LeavesOutComments) {
  columns({{"a", "varchar"}, {"b", "varchar"}});
  settings.format.dialect.comment = '#';
  settings.format.max_record_bytes = 30;
  const std::string text = "# it's \"a,\na,b\n#,\"\"\"\n\"#1\n#x\",2\n3,#4\n#" +
                           std::string(300, '"') + "\r\n5,6\n#no end";
  const auto seen = rows(text);
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[0].values, (Values{"#1\n#x", "2"}));
  EXPECT_EQ(seen[1].values, (Values{"3", "#4"}));
  EXPECT_EQ(seen[2].record, 3u);
  EXPECT_EQ(seen[2].line, 8u);
  for (std::size_t block = 1; block < 80; ++block) {
    EXPECT_EQ(rows(text, {.block_bytes = block}), seen) << block;
  }
}

TEST_F(CsvSourceTest, TrimsWithinQuotesToo) {
  columns({{"a", "varchar"}, {"b", "bigint"}});
  settings.format.dialect.trim = true;
  EXPECT_THAT(values("a , b\n \"x \" ,\" 5\" \n\t\"\"\" , \" , 7 \n \" \" ,\n"),
              ElementsAre(Values{"x", "5"}, Values{"\" ,", "7"}, Values{"", std::nullopt}));
}

TEST_F(CsvSourceTest, HasNoRowsWhereAFileHasNone) {
  columns({{"a", "varchar"}, {"b", "varchar"}});
  for (const char* text : {"", "a,b", "a,b\n", "\xEF\xBB\xBF", "a,b\r\n\r\n", "\n\n"}) {
    EXPECT_THAT(rows(text), IsEmpty()) << text;
  }
}

TEST_F(CsvSourceTest, ReadsByPositionWithoutAHeader) {
  columns({{"x", "bigint"}, {"y", "varchar"}});
  settings.format.header = 0;
  const auto seen = rows("1,a\n2,b,c\n");
  EXPECT_EQ(seen[0].values, (Values{"1", "a"}));
  EXPECT_THAT(seen[1].faults, ElementsAre(": 3 fields where 2 were expected"));
}

TEST_F(CsvSourceTest, CutsFixedWidthLinesByCharacters) {
  columns({{"state", "varchar"}, {"name", "varchar"}, {"n", "bigint"}});
  settings.format.header = 0;
  settings.format.dialect.has_delimiter = settings.format.dialect.has_quote = false;
  settings.format.widths = {{"state", 1, 2}, {"name", 4, 8}, {"n", 10, 14}};
  const auto seen = rows("01 \"ab,   1234\n72 Añas\xC3\xB1o    7 more\n01 short\n\n");
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[0].values, (Values{"01", "\"ab,", "1234"}));
  EXPECT_EQ(seen[1].values, (Values{"72", "Añasñ", "7"}));
  EXPECT_THAT(seen[2].faults, ElementsAre(HasSubstr("shorter than the 10 characters")));
}

TEST_F(CsvSourceTest, NamesBothPlacesOfAColumnThatComesTwice) {
  columns({{"a", "varchar"}});
  EXPECT_THAT(error("a,b,A\n1,2,3\n").text(), HasSubstr("twice, as columns 1 and 3"));
  columns({{"b", "varchar"}});
  EXPECT_THAT(values("a,b,A\n1,2,3\n"), ElementsAre(Values{"2"}));
}

TEST_F(CsvSourceTest, NamesTheNearestColumnOfTheHeader) {
  columns({{"populaton", "bigint"}});
  const Error found = error("name,population\nx,1\n");
  EXPECT_EQ(found.fault(), Fault::config);
  EXPECT_THAT(found.text(), HasSubstr("`a.csv` has no column `populaton`"));
  EXPECT_THAT(found.hint_text(), HasSubstr("`population`"));
}

TEST_F(CsvSourceTest, FillsAColumnWithNullsInFilesThatLackIt) {
  settings.paths = {"a.csv", "b.csv", "c.csv"};
  columns({{"a", "varchar"}, {"b", "varchar"}});
  files.entries["a.csv"].text = "a\n1\n";
  files.entries["b.csv"].text = "b,a\n2,3\n";
  files.entries["c.csv"].text = "";
  const auto seen = rows();
  ASSERT_EQ(seen.size(), 2u);
  EXPECT_EQ(seen[0].values, (Values{"1", std::nullopt}));
  EXPECT_EQ(seen[1].values, (Values{"3", "2"}));
}

TEST_F(CsvSourceTest, FindsTypesInASample) {
  const std::string text =
      "flag,n,x,day,at,code,none,,N\nTRUE,1,1.5,2026-01-31,2026-01-31 06:00:00,007,,a,b\n"
      "false,-2,3,2026-02-01,2026-02-01,1,,,\n";
  files.entries["a.csv"].text = text;
  CsvSource source(files, "", settings);
  EXPECT_EQ(source.schema().value(), test::schema_of({{"flag", "boolean"},
                                                      {"n", "bigint"},
                                                      {"x", "double"},
                                                      {"day", "date"},
                                                      {"at", "timestamp"},
                                                      {"code", "varchar"},
                                                      {"none", "varchar"},
                                                      {"column8", "varchar"},
                                                      {"N_2", "varchar"}}));
  EXPECT_EQ(rows(text).size(), 2u);
}

TEST_F(CsvSourceTest, UnitesTheColumnsOfAllFiles) {
  settings.paths = {"a.csv", "b.csv"};
  files.entries["a.csv"].text = "a,b\n1,x\n";
  files.entries["b.csv"].text = "c,A\n2026-01-01,1.5\n";
  CsvSource source(files, "", settings);
  EXPECT_EQ(source.schema().value(),
            test::schema_of({{"a", "double"}, {"b", "varchar"}, {"c", "date"}}));
}

TEST_F(CsvSourceTest, FindsTheOddValueInTheMiddleOfALargeFile) {
  std::string text = "a,b\n";
  for (int i = 0; i < 300'000; ++i) {
    text += std::to_string(i) + (i >= 150'000 && i < 240'000 ? ",word\n" : ",12\n");
  }
  files.entries["a.csv"].text = text;
  CsvSource source(files, "", settings);
  EXPECT_EQ(source.schema().value(), test::schema_of({{"a", "bigint"}, {"b", "varchar"}}));
}

TEST_F(CsvSourceTest, CannotGuessTheColumnsOfAnEmptyFile) {
  EXPECT_THAT(error("").text(), HasSubstr("`a.csv` is empty, so its columns are not known"));
}

TEST_F(CsvSourceTest, RefusesUtf16ThatIsSaidToBeUtf8) {
  columns({{"a", "varchar"}});
  settings.format.form.encoding = io::Encoding::utf8;
  EXPECT_THAT(error(std::string("\xFF\xFE"
                                "a\0\n\0",
                                6))
                  .text(),
              HasSubstr("UTF-16"));
}

TEST_F(CsvSourceTest, ReportsTextThatIsNotUtf8ButKeepsNulBytes) {
  columns({{"a", "varchar"}, {"b", "varchar"}});
  const auto seen = rows(std::string("a,b\nx\0y,1\n\xC3\x28,2\n\xC3\xA9,3\n", 20));
  ASSERT_EQ(seen.size(), 3u);
  EXPECT_EQ(seen[0].values[0], std::string("x\0y", 3));
  EXPECT_THAT(seen[1].faults, ElementsAre("a: `\\xC3(` is not valid UTF-8"));
  EXPECT_EQ(seen[2].values[0], "é");
}

TEST_F(CsvSourceTest, NoticesAFileThatChangesWhileItIsRead) {
  columns({{"a", "varchar"}});
  files.entries["a.csv"].text = "a\n1\n";
  CsvSource source(files, "", settings);
  const auto slice = source.next_slice({}, {}).value().value();
  for (const bool replaced : {false, true}) {
    auto read = source.read(slice, {}).value();
    auto& chunks = *std::get<std::unique_ptr<ChunkSource>>(read);
    std::vector<SeenRow> seen;
    ASSERT_TRUE(test::read_all(chunks, *settings.declared, {}, seen).ok());
    ASSERT_TRUE(chunks.verify_unchanged().ok());
    auto& entry = files.entries["a.csv"];
    if (replaced) {
      ++entry.inode;
    } else {
      ++entry.mtime_ns;
    }
    const auto verdict = chunks.verify_unchanged();
    ASSERT_FALSE(verdict.ok());
    EXPECT_EQ(verdict.error().fault(), Fault::external);
    EXPECT_THAT(verdict.error().text(), HasSubstr("a.csv"));
    entry = {"a\n1\n", 1, 1};
  }
}

TEST_F(CsvSourceTest, ReadsASingleFileAgainOnlyWhenItIsAnotherOne) {
  columns({{"a", "varchar"}});
  files.entries["a.csv"].text = "a\n1\n";
  CsvSource source(files, "", settings);
  const auto first = source.next_slice({}, {}).value().value();
  EXPECT_FALSE(source.next_slice(first.after, {}).value().has_value());
  files.entries["a.csv"].mtime_ns = 2;
  EXPECT_TRUE(source.next_slice(first.after, {}).value().has_value());
}

TEST_F(CsvSourceTest, StopsWhenAskedTo) {
  columns({{"a", "varchar"}});
  files.entries["a.csv"].text = "a\n1\n";
  CsvSource source(files, "", settings);
  CancelToken cancel;
  auto read = source.read(source.next_slice({}, {}).value().value(), {.cancel = &cancel}).value();
  cancel.request();
  std::vector<SeenRow> seen;
  const auto status =
      test::read_all(*std::get<std::unique_ptr<ChunkSource>>(read), *settings.declared, {}, seen);
  ASSERT_FALSE(status.ok());
  EXPECT_TRUE(status.error().is_cancelled());
}

}  // namespace
}  // namespace leat::connectors::csv
