#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connectors/files/file_source.hpp"
#include "support/publishing.hpp"
#include "support/temporary_folder.hpp"

namespace leat::connectors::files {
namespace {

using testing::HasSubstr;

class ParquetFiles : public testing::Test {
 protected:
  void write(const std::string& name, const std::string& select) {
    const std::string path = (x_folder / name).string();
    const Status done = x_run.session().execute("COPY (" + select + ") TO " + quote_literal(path) +
                                                " (FORMAT parquet)");
    ASSERT_TRUE(done.ok()) << done.error().text();
  }
  std::unique_ptr<Source> source(const std::string& options) {
    config::Findings findings;
    const auto node = config::parse_yaml(options, "test.yml", findings);
    return parquet_source().parse(*node, findings)->build(x_run.context()).value();
  }
  /// Rows of the next slice with their places, as text.
  std::string read(Source& from, Position& position) {
    const auto slice = from.next_slice(position, {});
    if (!slice.ok()) return slice.error().text();
    if (!slice->has_value()) return "nothing";
    auto read = from.read(**slice, {});
    if (!read.ok()) return read.error().text();
    const auto scan = std::get<EngineScan>(std::move(read).value());
    const auto or_null = [](const std::string& sql) { return sql.empty() ? "NULL" : sql; };
    std::string columns;
    const auto schema = from.schema();
    for (const auto& name : schema->names()) columns += quote_identifier(name) + ", ";
    const auto rows = x_run.session().query("SELECT " + columns + or_null(scan.file_sql) + ", " +
                                            or_null(scan.record_sql) + " FROM " + scan.from_sql +
                                            " ORDER BY ALL");
    if (!rows.ok()) return rows.error().text();
    position = (*slice)->after;
    std::string text;
    for (const auto& row : rows->rows) {
      for (const auto& cell : row) text += cell.value_or("NULL") + " ";
      text.back() = ';';
    }
    return text;
  }

  test::TemporaryFolder x_folder;
  test::Publishing x_run{x_folder.path()};
};

TEST_F(ParquetFiles, tell_the_file_and_the_number_of_every_row) {
  write("a.parquet", "SELECT range AS id FROM range(2)");
  write("b.parquet", "SELECT 5::TINYINT AS id, 'more' AS extra");
  auto both = source("{path: \"*.parquet\"}");
  EXPECT_EQ(data::sql_of(both->schema()->columns.at(0).type), "BIGINT");
  Position position;
  EXPECT_EQ(read(*both, position), "0 a.parquet 1;1 a.parquet 2;5 b.parquet 1;");
  EXPECT_EQ(read(*both, position), "nothing");
  write("c.parquet", "SELECT 7 AS id");
  EXPECT_EQ(read(*both, position), "7 c.parquet 1;");
}

TEST_F(ParquetFiles, give_the_columns_asked_for) {
  write("a.parquet", "SELECT 1 AS x, 2 AS y, 3 AS \"z z\"");
  auto some = source("{path: a.parquet, columns: [\"z z\", X]}");
  Position position;
  EXPECT_EQ(read(*some, position), "3 1 a.parquet 1;");
  const auto missing = source("{path: a.parquet, columns: [w]}")->schema();
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().fault(), Fault::config);
}

TEST_F(ParquetFiles, may_have_columns_with_the_names_of_places) {
  write("a.parquet", "SELECT 'x' AS filename, 9 AS file_row_number");
  Position position;
  EXPECT_EQ(read(*source("{path: a.parquet}"), position), "x 9 NULL NULL;");
}

TEST_F(ParquetFiles, in_folders_with_odd_names_are_found) {
  std::filesystem::create_directories(x_folder / "o'[dd]*");
  write("o'[dd]*/a.parquet", "SELECT 1 AS x");
  Position position;
  EXPECT_EQ(read(*source("{path: \"o'*/a.parquet\"}"), position), "1 o'[dd]*/a.parquet 1;");
}

TEST_F(ParquetFiles, that_are_none_are_named) {
  x_folder.write("text.parquet", "a,b\n1,2\n3,4\n5,6\n");
  EXPECT_EQ(source("{path: text.parquet}")->schema().error().text(),
            "text.parquet is not a Parquet file");
  x_folder.write("empty.parquet", "");
  EXPECT_EQ(source("{path: empty.parquet}")->schema().error().fault(), Fault::config);
  write("whole.parquet", "SELECT 1 AS x");
  x_folder.write("cut.parquet", x_folder.read("whole.parquet").substr(0, 100));
  const auto cut = source("{path: cut.parquet}")->schema();
  EXPECT_EQ(cut.error().fault(), Fault::external);
  EXPECT_THAT(cut.error().text(), HasSubstr("cut.parquet has no end"));
  EXPECT_THAT(source("{path: \"no*.parquet\"}")->schema().error().text(),
              HasSubstr("no file matches no*.parquet"));
}

TEST_F(ParquetFiles, without_a_column_of_the_first_one_stop_the_read) {
  write("a.parquet", "SELECT 1 AS x, 2 AS y");
  write("b.parquet", "SELECT 1 AS x");
  Position position;
  EXPECT_THAT(read(*source("{path: [a.parquet, b.parquet]}"), position), HasSubstr("b.parquet"));
}

TEST_F(ParquetFiles, that_change_after_they_were_listed_are_refused) {
  write("a.parquet", "SELECT 1 AS x");
  auto one = source("{path: a.parquet}");
  const auto slice = one->next_slice({}, {});
  write("a.parquet", "SELECT 1 AS x, 'longer than before' AS y");
  const auto read = one->read(**slice, {});
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().fault(), Fault::external);
}

}  // namespace
}  // namespace leat::connectors::files
