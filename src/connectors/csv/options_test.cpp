#include "connectors/csv/options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/yaml.hpp"
#include "connectors/csv/describe.hpp"

namespace leat::connectors::csv {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class CsvOptions : public testing::Test {
 protected:
  std::optional<Settings> read(const std::string& yaml) {
    config::Findings findings;
    const auto node = config::parse_yaml(yaml, "test.yml", findings);
    auto settings = read_settings(*node, findings);
    complaints.clear();
    for (const auto& found : findings.take()) {
      complaints.push_back(std::to_string(found.place.line) + ":" +
                           std::to_string(found.place.column) + " " + found.message +
                           (found.hint.empty() ? "" : " | " + found.hint));
    }
    return settings;
  }
  std::string complaint(const std::string& yaml) {
    EXPECT_FALSE(read(yaml).has_value());
    return complaints.empty() ? "" : complaints[0];
  }

  std::vector<std::string> complaints;
};

TEST_F(CsvOptions, HaveTheDefaultsOfPlainCsv) {
  const auto settings = read("{path: a.csv}");
  ASSERT_TRUE(settings);
  const FileFormat& format = settings->format;
  EXPECT_EQ(format.dialect.delimiter, ',');
  EXPECT_EQ(format.dialect.quote, '"');
  EXPECT_EQ(format.dialect.escape, '"');
  EXPECT_EQ(format.header, 1u);
  EXPECT_EQ(format.max_record_bytes, 16u << 20);
  EXPECT_THAT(format.values.nulls, ElementsAre(""));
  EXPECT_FALSE(settings->declared);
}

TEST_F(CsvOptions, AreAllUnderstood) {
  const auto settings = read(R"--(
path: [a.csv, "b/*.csv"]
columns: {id: bigint, Price: "decimal(9,2)", at: timestamptz}
delimiter: tab
quote: "'"
escape: "\\"
header: 2
skip: 3
footer: 1
nulls: ["", NA]
thousands: "."
decimal: ","
trim: true
date_format: "%d.%m.%Y"
timestamp_format: "%d.%m.%Y %H:%M %z"
true_values: [ja]
false_values: [nein]
on_ragged: pad
max_record_bytes: 1MB
comment: "#"
compression: gzip
max_compression_ratio: 50
encoding: utf-8
)--");
  ASSERT_TRUE(settings) << testing::PrintToString(complaints);
  const FileFormat& format = settings->format;
  EXPECT_THAT(settings->paths, ElementsAre("a.csv", "b/*.csv"));
  EXPECT_EQ(settings->declared->columns[1].type, (data::Type{data::TypeId::decimal, 9, 2, {}}));
  EXPECT_EQ(format.dialect.delimiter, '\t');
  EXPECT_EQ(format.dialect.escape, '\\');
  EXPECT_EQ(format.dialect.comment, '#');
  EXPECT_EQ(format.values.decimal, ',');
  EXPECT_EQ(format.on_ragged, OnRagged::pad);
  EXPECT_EQ(format.form.compression, io::Compression::gzip);
  EXPECT_EQ(format.form.limit.ratio_max, 50u);
  EXPECT_EQ(format.max_record_bytes, 1'000'000u);
}

TEST_F(CsvOptions, GiveFixedWidthColumnsTheirTypes) {
  const auto settings =
      read("{path: a, widths: {id: [1, 2], flag: 3, n: [5, 9]}, columns: {N: bigint}}");
  ASSERT_TRUE(settings) << testing::PrintToString(complaints);
  EXPECT_EQ(settings->format.header, 0u);
  EXPECT_EQ(settings->format.widths[1].last, 3u);
  EXPECT_THAT(settings->declared->names(), ElementsAre("id", "flag", "n"));
  EXPECT_EQ(settings->declared->columns[2].type.id, data::TypeId::int64);
}

TEST_F(CsvOptions, GiveAColumnItsOwnFormOfDates) {
  const auto settings = read(R"--(
path: a
columns: {a: date, b: date, at: timestamptz}
date_format: "%d.%m.%Y"
timestamp_format: "%Y"
column_formats: {B: "%m/%d/%Y", at: "%d/%m/%Y %H:%M %z"}
)--");
  ASSERT_TRUE(settings) << testing::PrintToString(complaints);
  EXPECT_EQ(settings->format.values_of("a").date->pattern(), "%d.%m.%Y");
  EXPECT_EQ(settings->format.values_of("b").date->pattern(), "%m/%d/%Y");
  EXPECT_EQ(settings->format.values_of("at").date->pattern(), "%d.%m.%Y");
  EXPECT_EQ(settings->format.values_of("at").timestamp->pattern(), "%d/%m/%Y %H:%M %z");
}

TEST_F(CsvOptions, AreRefusedWithPlaceAndHint) {
  EXPECT_THAT(complaint("{}"), HasSubstr("path"));
  EXPECT_THAT(complaint("{path: a, delimeter: \";\"}"),
              testing::AllOf(HasSubstr("1:11"), HasSubstr("did you mean `delimiter`")));
  EXPECT_THAT(complaint("{path: \"\"}"), HasSubstr("1:8 a path cannot be empty"));
  EXPECT_THAT(complaint("{path: a, columns: {x: bigin}}"),
              testing::AllOf(HasSubstr("1:24 unknown type `bigin`"), HasSubstr("`bigint`")));
  EXPECT_THAT(complaint("{path: a, columns: {x: geometry}}"), HasSubstr("cannot be read"));
  EXPECT_THAT(complaint("{path: a, columns: {x: int, X: int}}"), HasSubstr("declared twice"));
  EXPECT_THAT(complaint("{path: a, delimiter: \"a\\nb\"}"), HasSubstr("without line ends"));
  EXPECT_THAT(complaint("{path: a, delimiter: \"'\", quote: \"'\"}"), HasSubstr("are the same"));
  EXPECT_THAT(complaint("{path: a, thousands: \".\"}"), HasSubstr("are the same"));
  EXPECT_THAT(complaint("{path: a, date_format: \"%Q\"}"), HasSubstr("1:24 `%Q`"));
  EXPECT_THAT(complaint("{path: a, date_format: \"%H\"}"), HasSubstr("a date has no time"));
  EXPECT_THAT(complaint("{path: a, timestamp_format: \"%Y\", columns: {x: timestamptz}}"),
              HasSubstr("no offset"));
  EXPECT_THAT(complaint("{path: a, column_formats: {x: \"%Q\"}}"), HasSubstr("1:31 `%Q`"));
  EXPECT_THAT(complaint("{path: a, column_formats: {x: \"%Y\", X: \"%Y\"}}"),
              HasSubstr("twice in `column_formats`"));
  EXPECT_THAT(complaint("{path: a, column_formats: {y: \"%Y\"}, columns: {x: date}}"),
              HasSubstr("no column `y` is declared"));
  EXPECT_THAT(complaint("{path: a, column_formats: {x: \"%Y %H\"}, columns: {x: date}}"),
              HasSubstr("a date has no time"));
  EXPECT_THAT(complaint("{path: a, column_formats: {x: \"%Y\"}, columns: {x: timestamptz}}"),
              HasSubstr("no offset"));
  EXPECT_THAT(complaint("{path: a, widths: {x: [2, 1]}}"), HasSubstr("first and last"));
  EXPECT_THAT(complaint("{path: a, widths: {x: [1, 2], X: [3, 4]}}"), HasSubstr("twice"));
  EXPECT_THAT(complaint("{path: a, widths: {x: [1, 2]}, columns: {y: int}}"),
              HasSubstr("not in `widths`"));
  EXPECT_THAT(complaint("{path: a, widths: {x: [1, 2]}, delimiter: \";\"}"),
              HasSubstr("means nothing"));
  EXPECT_THAT(complaint("{path: a, encoding: latin1}"), HasSubstr("did you mean `latin-1`"));
  EXPECT_THAT(complaint("{path: a, compression: bzip3}"), HasSubstr("did you mean `bzip2`"));
  EXPECT_THAT(complaint("{path: a, max_record_bytes: 0}"), HasSubstr("1 GiB"));
}

TEST_F(CsvOptions, TellAllMistakesAtOnce) {
  read("{path: \"\", quote: \"''\", columns: {x: bigin, y: datum}}");
  EXPECT_GE(complaints.size(), 1u);
  read("{path: \"\", thousands: \".\", columns: {x: bigin, y: datum}}");
  EXPECT_EQ(complaints.size(), 4u);
}

TEST_F(CsvOptions, CarryTypesThatNoDecoderReads) {
  const auto settings = read("{path: a, columns: {i: interval, l: \"varchar[]\", n: bigint}}");
  ASSERT_TRUE(settings) << testing::PrintToString(complaints);
  EXPECT_EQ(settings->declared->columns[0].type.id, data::TypeId::varchar);
  EXPECT_EQ(settings->declared->columns[1].type.id, data::TypeId::json);
  EXPECT_EQ(data::sql_of(settings->carried->columns[0].type), "INTERVAL");
  EXPECT_EQ(data::sql_of(settings->carried->columns[1].type), "varchar[]");
  EXPECT_EQ(settings->carried->columns[2].type.id, data::TypeId::int64);
  EXPECT_FALSE(read("{path: a, columns: {n: bigint}}")->carried);
}

TEST_F(CsvOptions, SayWhetherMoreMayCome) {
  Catalog catalog;
  describe(catalog);
  const auto grows = [&](const std::string& yaml) {
    config::Findings findings;
    const auto node = config::parse_yaml(yaml, "test.yml", findings);
    return catalog.source("csv")->parse(*node, findings)->grows();
  };
  EXPECT_FALSE(grows("{path: a.csv}"));
  EXPECT_TRUE(grows("{path: \"*.csv\"}"));
  EXPECT_TRUE(grows("{path: [a.csv, b.csv]}"));
  EXPECT_TRUE(grows("{path: \"-\"}"));
}

}  // namespace
}  // namespace leat::connectors::csv
