#include "connectors/files/file_sink.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/files/json_columns.hpp"
#include "support/crash_sweep.hpp"
#include "support/faulty_files.hpp"
#include "support/publishing.hpp"

namespace leat::connectors::files {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// Every type of the engine, at its edges, with nulls; what nests, nested.
constexpr const char* kAllTypes = R"(
  SELECT * FROM (VALUES
    (true, (-128)::TINYINT, (-32768)::SMALLINT, (-2147483648)::INTEGER,
     -9223372036854775807::BIGINT, 99999999999999999999999999999999999999::HUGEINT,
     0::UTINYINT, 0::USMALLINT, 0::UINTEGER,
     0::UBIGINT, 0::UHUGEINT, 0.1::FLOAT, 1e-300::DOUBLE, -0.01::DECIMAL(4,2),
     -99999999999999999999999999999999999.999::DECIMAL(38,3), '', ''::BLOB, DATE '0001-01-01',
     TIME '00:00:00', TIMESTAMP '1970-01-01 00:00:00.000001', TIMESTAMPTZ '2020-01-01 12:00:00+02',
     INTERVAL '-1 month 5 days -1 microsecond', UUID '00000000-0000-0000-0000-000000000000',
     '{"a": [1, null]}'::JSON, [1, NULL], {'a': 'x, "y"', 'b': [DATE '2020-01-01']},
     MAP {'k': 1.5::DECIMAL(3,1)}, 'b'::ENUM('a', 'b'), '0101'::BIT,
     '12:00:00+05:30'::TIMETZ, TIMESTAMP_NS '2020-01-01 00:00:00.000000001'),
    (false, 127, 32767, 2147483647, 9223372036854775807, -99999999999999999999999999999999999999,
     255, 65535, 4294967295, 18446744073709551615, 340282366920938463463374607431768211455,
     -3.4e38::FLOAT, 1.7976931348623157e308, 99.99, 99999999999999999999999999999999999.999,
     E'a"b,c\nd\r\n;''\\ é😀 ', '\x00\xFF'::BLOB, DATE '9999-12-31', TIME '23:59:59.999999',
     TIMESTAMP '9999-12-31 23:59:59.999999', TIMESTAMPTZ '0001-01-01 00:00:00+00',
     INTERVAL '100 years 1 microsecond', UUID 'ffffffff-ffff-ffff-ffff-ffffffffffff', '"text"',
     [], {'a': '', 'b': []}, MAP {}, 'a', '1', '00:00:00-15:59', TIMESTAMP_NS '1970-01-01'),
    (NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
     NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL,
     NULL)) AS rows(c1, c2, c3, c4, c5, c6, c7, c8, c9, c10, c11, c12, c13, c14, c15, c16, c17,
     c18, c19, c20, c21, c22, c23, c24, c25, c26, c27, c28, c29, c30, c31))";

/// The file's columns as the types that went in. `nested_as`: as what it has lists, structs and
/// maps; empty: as they are.
std::string as_types_of(const data::Schema& schema, const std::string& from,
                        const std::string& nested_as = "") {
  std::string columns;
  for (const data::Column& column : schema.columns) {
    const auto type = data::sql_of(column.type);
    auto value = quote_identifier(column.name);
    if (!nested_as.empty() && column.type.is_nested())
      value = "CAST(" + value + " AS " + nested_as + ")";
    columns += (columns.empty() ? "" : ", ") + ("CAST(" + value) + " AS " + type + ") AS " +
               quote_identifier(column.name);
  }
  return "SELECT " + columns + " FROM " + from;
}

/// "columns = {'a': 'VARCHAR', …}"
std::string all_text(const data::Schema& schema, const std::string& type) {
  std::string columns;
  for (const data::Column& column : schema.columns) {
    columns += (columns.empty() ? "" : ", ") + quote_literal(column.name) + ": '" + type + "'";
  }
  return "columns = {" + columns + "}";
}

class FileSinks : public testing::Test {
 protected:
  std::string literal(const std::string& name) const {
    return quote_literal((x_folder / name).string());
  }
  test::TemporaryFolder x_folder;
  test::Publishing x_run{x_folder.path()};
};

TEST_F(FileSinks, parquet_gives_back_every_value_of_every_type) {
  for (const auto* options : {"{path: a.parquet}", "{path: b.parquet, parquet_version: 1}",
                              "{path: c.parquet, compression: none}",
                              "{path: d.parquet, compression: lz4, row_group_rows: 2048}",
                              "{path: e.parquet, level: 19}"}) {
    auto sink = x_run.sink(parquet_sink(), options);
    const Status status = x_run.publish(*sink, 1, Strategy::replace, kAllTypes);
    ASSERT_TRUE(status.ok()) << status.error().text();
    const auto schema = x_run.session().describe(kAllTypes).value();
    const std::string file = std::string(options).substr(7, 9);
    EXPECT_EQ(x_run.difference(kAllTypes, as_types_of(schema, literal(file))), "") << options;
  }
}

TEST_F(FileSinks, csv_gives_back_every_value_and_tells_null_from_empty) {
  for (const auto* options : {"{path: a.csv}", "{path: a.csv, delimiter: \";\"}",
                              "{path: a.csv, header: false, delimiter: \"\\t\"}"}) {
    fs::remove(x_folder / "a.csv");
    const bool header = std::string(options).find("header") == std::string::npos;
    auto sink = x_run.sink(csv_sink(), options);
    const auto staged = x_run.stage(*sink, x_run.plan(1, Strategy::replace, kAllTypes), kAllTypes);
    ASSERT_TRUE(staged.ok()) << staged.error().text();
    EXPECT_EQ(staged->rows, 3u);
    ASSERT_TRUE(x_run.publish(*sink, 1, Strategy::replace, kAllTypes).ok());
    const auto schema = x_run.session().describe(kAllTypes).value();
    const std::string delimiter = header ? (std::string(options).find(';') < 99 ? ";" : ",") : "\t";
    const std::string file =
        "read_csv(" + literal("a.csv") + ", delim = '" + delimiter +
        "', quote = '\"', escape = '\"', nullstr = '', header = " + (header ? "true" : "false") +
        ", allow_quoted_nulls = false, " + "auto_detect = false, " + all_text(schema, "VARCHAR") +
        ")";
    EXPECT_EQ(x_run.difference(kAllTypes, as_types_of(schema, file, "JSON")), "") << options;
  }
}

TEST_F(FileSinks, ndjson_gives_back_every_value) {
  // The engine reads these as doubles, which the text of the file is not; and JSON in JSON loses
  // the blanks between its words.
  const std::string select = std::string("SELECT * EXCLUDE (c6, c11, c15) REPLACE (") +
                             "replace(c24, ' ', '')::JSON AS c24) FROM (" + kAllTypes + ")";
  auto sink = x_run.sink(ndjson_sink(), "{path: a.ndjson}");
  const Status status = x_run.publish(*sink, 1, Strategy::replace, select);
  ASSERT_TRUE(status.ok()) << status.error().text();
  const auto schema = x_run.session().describe(select).value();
  std::string columns;
  for (const data::Column& column : schema.columns) {
    const std::string type = data::sql_of(column.type);
    const bool by_text = type == "BIT" || type == "BLOB" || type.starts_with("ENUM");
    columns += (columns.empty() ? "" : ", ") + quote_literal(column.name) + ": " +
               (by_text ? "'VARCHAR'" : quote_literal(type));
  }
  const std::string file = "read_json(" + literal("a.ndjson") +
                           ", format = 'newline_delimited', columns = {" + columns + "})";
  EXPECT_EQ(x_run.difference(select, as_types_of(schema, file)), "");
  auto wide = x_run.sink(ndjson_sink(), "{path: wide.ndjson}");
  const char* one = "SELECT 99999999999999999999999999999999999999::HUGEINT AS h";
  ASSERT_TRUE(x_run.publish(*wide, 1, Strategy::replace, one).ok());
  EXPECT_EQ(x_folder.read("wide.ndjson"), "{\"h\":99999999999999999999999999999999999999}\n");
}

TEST_F(FileSinks, append_keeps_what_is_there_in_every_format) {
  const std::string first = "SELECT 1 AS id, E'two\\nlines' AS text UNION ALL SELECT 2, NULL";
  const std::string second = "SELECT 3 AS id, '' AS text";
  const std::string none = "SELECT 3 AS id, '' AS text WHERE false";
  const std::vector<std::pair<SinkEntry, std::string>> kinds = {
      {parquet_sink(), "{path: a.parquet}"},
      {csv_sink(), "{path: a.csv}"},
      {csv_sink(), "{path: bare.csv, header: false}"},
      {ndjson_sink(), "{path: a.ndjson}"}};
  for (const auto& [entry, options] : kinds) {
    auto sink = x_run.sink(entry, options);
    ASSERT_TRUE(x_run.publish(*sink, 1, Strategy::append, none).ok());
    ASSERT_TRUE(x_run.publish(*sink, 2, Strategy::append, first).ok());
    ASSERT_TRUE(x_run.publish(*sink, 3, Strategy::append, none).ok());
    const Status last = x_run.publish(*sink, 4, Strategy::append, second);
    ASSERT_TRUE(last.ok()) << options << last.error().text();
    const auto other = x_run.plan(5, Strategy::append, "SELECT 'x' AS id, '' AS text");
    const auto refused = sink->stage(other);
    EXPECT_THAT(refused.error().text(), HasSubstr("`id INTEGER`"));
  }
  const std::string all = first + " UNION ALL " + second;
  EXPECT_EQ(x_run.difference(all, "FROM " + literal("a.parquet")), "");
  EXPECT_EQ(x_run.difference(all, "FROM read_json(" + literal("a.ndjson") +
                                      ", columns = {'id': 'INTEGER', 'text': 'VARCHAR'})"),
            "");
  EXPECT_EQ(x_folder.read("bare.csv"), "1,\"two\nlines\"\n2,\n3,\"\"\n");
  EXPECT_EQ(x_folder.read("a.csv"), "id,text\n1,\"two\nlines\"\n2,\n3,\"\"\n");
}

TEST_F(FileSinks, what_json_has_no_word_for_becomes_text_or_stops_the_run) {
  auto sink = x_run.sink(ndjson_sink(), "{path: a.ndjson}");
  const char* text = "SELECT 'NaN' AS t, 'nan'::DOUBLE AS x";
  ASSERT_TRUE(x_run.publish(*sink, 1, Strategy::replace, text).ok());
  EXPECT_EQ(x_folder.read("a.ndjson"), "{\"t\":\"NaN\",\"x\":\"NaN\"}\n");
  const char* nested = "SELECT ['-inf'::DOUBLE] AS x";
  const auto staged = x_run.stage(*sink, x_run.plan(2, Strategy::replace, nested), nested);
  ASSERT_FALSE(staged.ok());
  EXPECT_EQ(staged.error().fault(), Fault::data);
}

TEST_F(FileSinks, a_number_too_large_for_parquet_stops_the_run_and_is_not_rounded) {
  auto sink = x_run.sink(parquet_sink(), "{path: a.parquet}");
  const char* select = "SELECT 170141183460469231731687303715884105727::HUGEINT AS h";
  const auto staged = x_run.stage(*sink, x_run.plan(1, Strategy::replace, select), select);
  ASSERT_FALSE(staged.ok());
  EXPECT_EQ(staged.error().fault(), Fault::data);
}

TEST_F(FileSinks, types_without_a_form_are_refused_before_a_run) {
  const auto refused = [&](const SinkEntry& entry, const std::string& select) {
    const auto spec = x_run.spec(entry, "{path: a}");
    const Status status = spec->accepts(x_run.session().describe(select).value());
    return status.ok() ? std::string("accepted") : status.error().text();
  };
  const char* united = "SELECT 1 AS fine, union_value(a := 1) AS u";
  EXPECT_THAT(refused(parquet_sink(), united), HasSubstr("in column u"));
  EXPECT_THAT(refused(csv_sink(), united), HasSubstr("`u`"));
  EXPECT_THAT(refused(ndjson_sink(), united), HasSubstr("`u`"));
  EXPECT_THAT(refused(parquet_sink(), "SELECT [1::HUGEINT] AS h"), HasSubstr("HUGEINT"));
  EXPECT_EQ(refused(csv_sink(), "SELECT [1::HUGEINT] AS h"), "accepted");
}

TEST_F(FileSinks, wildcards_in_a_name_are_only_letters) {
  auto sink = x_run.sink(parquet_sink(), "{path: \"[a]*?'.parquet\"}");
  x_folder.write("a.parquet", "decoy");
  ASSERT_TRUE(x_run.publish(*sink, 1, Strategy::append, "SELECT 1 AS a").ok());
  ASSERT_TRUE(x_run.publish(*sink, 2, Strategy::append, "SELECT 2 AS a").ok());
  EXPECT_TRUE(fs::exists(x_folder / "[a]*?'.parquet"));
}

TEST_F(FileSinks, a_link_is_written_through) {
  x_run.sink(parquet_sink(), "{path: real/a.parquet}");
  fs::create_directories(x_folder / "real");
  fs::create_symlink("real/a.csv", x_folder / "link.csv");
  auto sink = x_run.sink(csv_sink(), "{path: link.csv}");
  ASSERT_TRUE(x_run.publish(*sink, 1, Strategy::replace, "SELECT 1 AS a").ok());
  EXPECT_EQ(x_folder.read("real/a.csv"), "a\n1\n");
  EXPECT_EQ(x_run.spec(csv_sink(), "{path: link.csv}")->target_key(x_run.context()),
            x_run.spec(csv_sink(), "{path: real/../real/a.csv}")->target_key(x_run.context()));
}

TEST_F(FileSinks, wrong_options_are_told_all_at_once) {
  EXPECT_EQ(x_run.spec(parquet_sink(), "{pth: a}"), nullptr);
  EXPECT_THAT(x_run.complaints, HasSubstr("`path`"));
  EXPECT_EQ(x_run.spec(parquet_sink(), "{path: out/, compression: snappy, level: 3}"), nullptr);
  EXPECT_THAT(x_run.complaints, HasSubstr("names a folder"));
  EXPECT_THAT(x_run.complaints, HasSubstr("`level` is for zstd"));
  EXPECT_EQ(x_run.spec(csv_sink(), "{path: a, delimiter: '\"'}"), nullptr);
  EXPECT_EQ(x_run.spec(csv_sink(), "{path: a, delimiter: \"é\"}"), nullptr);
  EXPECT_EQ(x_run.spec(csv_sink(), "{path: a, compression: lzma}"), nullptr);
  EXPECT_THAT(x_run.complaints, HasSubstr("`lzma`"));
  EXPECT_EQ(x_run.spec(csv_sink(), "{path: a, partition_by: [{week: day}, {year: [a]}]}"), nullptr);
  EXPECT_THAT(x_run.complaints, HasSubstr("`week` is no unit of time"));
  EXPECT_THAT(x_run.complaints, HasSubstr("expected a column, or a unit and a column"));
}

TEST_F(FileSinks, merge_keeps_every_value_of_every_type_that_it_does_not_touch) {
  const std::string all = std::string("SELECT 1 AS id, * FROM (") + kAllTypes + ") WHERE c1";
  const std::string more = std::string("SELECT 2 AS id, * FROM (") + kAllTypes + ") WHERE c1";
  for (const auto& [entry, options] :
       {std::pair{parquet_sink(), "{path: m.parquet}"}, std::pair{csv_sink(), "{path: m.csv}"}}) {
    auto sink = x_run.sink(entry, options);
    for (const auto& [number, select] : {std::pair{1, all}, std::pair{2, more}}) {
      auto about = x_run.plan(std::uint8_t(number), Strategy::merge, select);
      about.options.key = {"id"};
      const Head head = *sink->head(x_run.lane);
      const auto staged = x_run.stage(*sink, about, select);
      ASSERT_TRUE(staged.ok()) << staged.error().text();
      const auto changes = sink->commit(x_run.receipt(about, head));
      ASSERT_TRUE(changes.ok()) << options << changes.error().text();
      EXPECT_EQ(*changes, (RowChanges{1, 0, 0, 0, 0}));
    }
  }
  const auto schema = x_run.session().describe(all).value();
  EXPECT_EQ(x_run.difference(all + " UNION ALL " + more, as_types_of(schema, literal("m.parquet"))),
            "");
  const std::string csv = "read_csv(" + literal("m.csv") +
                          ", quote = '\"', escape = '\"', nullstr = '', header = true, delim = ',',"
                          " allow_quoted_nulls = false, auto_detect = false, " +
                          all_text(schema, "VARCHAR") + ")";
  EXPECT_EQ(x_run.difference(all + " UNION ALL " + more, as_types_of(schema, csv, "JSON")), "");
}

TEST_F(FileSinks, partitions_that_stay_are_looked_at_once) {
  const char* options = "{path: out, partition_by: part}";
  const auto staged = [&](std::size_t partitions) {
    test::TemporaryFolder folder;
    test::Publishing run(folder.path());
    const auto all =
        "SELECT range::INTEGER AS part, 1 AS id FROM range(" + std::to_string(partitions) + ")";
    auto before = run.sink(parquet_sink(), options);
    EXPECT_TRUE(run.publish(*before, 1, Strategy::append, all).ok());
    test::FaultyFiles disk(io::local_files());
    run.use(disk);
    disk.fail(test::Call::stat, 0, 0);
    auto sink = run.sink(parquet_sink(), options);
    EXPECT_TRUE(run.publish(*sink, 2, Strategy::append, "SELECT 0 AS part, 2 AS id").ok());
    return disk.calls();
  };
  EXPECT_EQ(staged(40) - staged(10), 30u);
}

TEST_F(FileSinks, partitions_survive_any_failing_call_of_the_disk) {
  const std::string first = "SELECT 'a' AS part, 1 AS id UNION ALL SELECT 'b', 2";
  const std::string second = "SELECT 'b' AS part, 3 AS id UNION ALL SELECT 'c', 4";
  const char* options = "{path: out, partition_by: part}";
  for (std::size_t nth = 1;; ++nth) {
    SCOPED_TRACE("call " + std::to_string(nth));
    test::TemporaryFolder folder;
    test::Publishing run(folder.path());
    auto before = run.sink(parquet_sink(), options);
    ASSERT_TRUE(run.publish(*before, 1, Strategy::append, first).ok());
    test::FaultyFiles disk(io::local_files());
    run.use(disk);
    disk.fail(test::Call::any, nth, ENOSPC);
    auto sink = run.sink(parquet_sink(), options);
    const Status status = run.publish(*sink, 2, Strategy::append, second);
    const bool is_over = !disk.failed();
    disk.heal();
    const auto found = sink->find(run.id(2));
    ASSERT_TRUE(found.ok()) << found.error().text();
    EXPECT_TRUE(found->has_value() || !status.ok());
    ASSERT_TRUE(sink->discard(run.id(2)).ok());
    if (!found->has_value()) {
      ASSERT_TRUE(run.publish(*sink, 3, Strategy::append, second).ok());
    }
    const std::string there = "SELECT part, id FROM read_parquet(" +
                              quote_literal((folder / "out/*/data.parquet").string()) +
                              ", hive_partitioning = true)";
    EXPECT_EQ(run.difference(first + " UNION ALL " + second, there), "");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder / "out/_leat"), {}), 1);
    if (is_over) break;
  }
}

TEST_F(FileSinks, DISABLED_append_in_child) {
  test::Publishing run(test::variable("LEAT_TEST_FOLDER"));
  auto sink = run.sink(parquet_sink(), "{path: out/a.parquet}");
  ASSERT_TRUE(run.publish(*sink, 2, Strategy::append, "SELECT 2 AS a").ok());
}

TEST_F(FileSinks, parquet_killed_anywhere_in_an_append_loses_and_doubles_nothing) {
  const auto prepare = [&](const test::TemporaryFolder& folder) {
    test::Publishing run(folder.path());
    auto sink = run.sink(parquet_sink(), "{path: out/a.parquet}");
    ASSERT_TRUE(run.publish(*sink, 1, Strategy::append, "SELECT 1 AS a").ok());
  };
  const auto judge = [&](const test::TemporaryFolder& folder) {
    test::Publishing run(folder.path());
    auto sink = run.sink(parquet_sink(), "{path: out/a.parquet}");
    const auto found = sink->find(run.id(2));
    ASSERT_TRUE(found.ok());
    ASSERT_TRUE(sink->discard(run.id(2)).ok());
    if (!found->has_value()) {
      ASSERT_TRUE(run.publish(*sink, 3, Strategy::append, "SELECT 2 AS a").ok());
    }
    EXPECT_EQ(run.difference("FROM (VALUES (1), (2)) AS t(a)",
                             "FROM " + quote_literal((folder / "out/a.parquet").string())),
              "");
    EXPECT_EQ(std::distance(fs::directory_iterator(folder / "out"), {}), 2);
  };
  test::CrashSweep{"FileSinks.DISABLED_append_in_child", prepare, judge}.run();
}

}  // namespace
}  // namespace leat::connectors::files
