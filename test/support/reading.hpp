#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/publishing.hpp"
#include "support/temporary_folder.hpp"

namespace leat::test {

/// What a source's test needs: one pass over its rows, and what was set aside.
class Reading : public testing::Test {
 protected:
  explicit Reading(SourceEntry entry) : x_entry(std::move(entry)) {}

  std::unique_ptr<Source> source(const std::string& options) {
    config::Findings findings;
    const auto node = config::parse_yaml(options, "test.yml", findings);
    auto spec = x_entry.parse(*node, findings);
    for (const Diagnostic& found : findings.take()) ADD_FAILURE() << found.message;
    return spec->build(x_run.context()).value();
  }
  std::string complaints(const std::string& options) {
    config::Findings findings;
    const auto node = config::parse_yaml(options, "test.yml", findings);
    EXPECT_EQ(x_entry.parse(*node, findings), nullptr);
    std::string text;
    for (const Diagnostic& found : findings.take()) text += found.message + "; " + found.hint;
    return text;
  }
  /// All rows as one pass hands them on, as text; what it set aside is in `x_run.bad_rows`.
  std::string read(const std::string& options, const ReadContext& context = {}) {
    auto from = source(options);
    const auto schema = from->schema();
    if (!schema.ok()) return schema.error().text();
    const auto slice = from->next_slice({}, {});
    if (!slice.ok()) return slice.error().text();
    auto read = from->read(**slice, context);
    if (!read.ok()) return read.error().text();
    engine::Pass pass;
    pass.dataset = "rows";
    pass.inputs.push_back({"rows_in", *schema, std::move(read).value(), {}, true});
    pass.select = "SELECT * FROM rows_in";
    pass.schema = *schema;
    pass.stages.push_back(StageTarget{x_folder / "out.parquet", "parquet", {}, {}});
    const auto report = x_run.run(std::move(pass));
    if (!report.ok()) return report.error().text();
    EXPECT_EQ(report->inputs[0].read, report->inputs[0].passed_on + x_run.bad_rows.rows.size());
    const auto rows =
        x_run.session().query("FROM '" + (x_folder / "out.parquet").string() + "' ORDER BY ALL");
    std::string text;
    for (const auto& row : rows->rows) {
      for (const auto& cell : row) text += cell.value_or("NULL") + "|";
      text.back() = ';';
    }
    return text;
  }
  /// "line:offset message <raw>" of every row set aside.
  std::vector<std::string> aside() const {
    std::vector<std::string> found;
    for (const BadRow& row : x_run.bad_rows.rows) {
      found.push_back(std::to_string(row.line) + ":" + std::to_string(row.byte_offset) + " " +
                      row.message + " <" + row.raw + ">");
    }
    return found;
  }
  std::string types(const std::string& options) {
    const auto schema = source(options)->schema();
    if (!schema.ok()) return schema.error().text();
    std::string text;
    for (const data::Column& column : schema->columns) {
      text += column.name + " " + data::sql_of(column.type) + ";";
    }
    return text;
  }

  SourceEntry x_entry;
  TemporaryFolder x_folder;
  Publishing x_run{x_folder.path()};
};

}  // namespace leat::test
