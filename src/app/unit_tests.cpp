#include "app/unit_tests.hpp"

#include <algorithm>
#include <set>

#include "base/counted.hpp"
#include "app/catalog.hpp"
#include "app/preview.hpp"
#include "app/test_file.hpp"
#include "base/names.hpp"
#include "io/files.hpp"
#include "plan/passes.hpp"

namespace leat::app {
namespace {

namespace fs = std::filesystem;
using config::Node;

Node text_node(std::string text, const Place& place, Node::Kind kind = Node::Kind::scalar) {
  Node node;
  node.kind = kind;
  node.text = std::move(text);
  node.place = place;
  return node;
}

/// The long form of the connector `rows`: the given rows with the columns of the real source.
Node rows_node(const Node& rows, const data::Schema& schema) {
  Node columns = text_node("", rows.place, Node::Kind::map);
  for (const auto& column : schema.columns) {
    columns.entries.push_back(
        {text_node(column.name, rows.place), text_node(data::sql_of(column.type), rows.place)});
  }
  Node node = text_node("", rows.place, Node::Kind::map);
  node.entries.push_back({text_node("values", rows.place), rows});
  node.entries.push_back({text_node("columns", rows.place), std::move(columns)});
  return node;
}

/// One test, made ready: a plan whose sources are the given rows.
class Bench {
 public:
  Bench(plan::Plan plan, const TestCase& test, config::Findings& findings)
      : x_plan(std::move(plan)), x_test(test), x_findings(findings) {}

  void prepare() {
    for (const auto& [name, rows] : x_test.given) {
      const auto found = source_named(name.text);
      if (found == x_plan.sources.end()) {
        std::vector<std::string> names;
        for (const auto& source : x_plan.sources) names.push_back(source.name);
        x_findings.add(name.place, "`" + name.text + "` is no source of " + x_plan.pipeline,
                       name_hint(name.text, names), name.length);
        continue;
      }
      replace(*found, *rows);
    }
    for (const auto& [name, rows] : x_test.expect) find_dataset(name, rows);
    for (const auto& [name, count] : x_test.quarantined) find_dataset(name, nullptr);
    give_no_rows();
  }

  std::vector<ExpectationResult> run(const CancelToken& cancel) {
    std::vector<ExpectationResult> out;
    for (const auto& [name, rows] : x_test.expect) out.push_back(judge(name.text, *rows, cancel));
    for (const auto& [name, count] : x_test.quarantined) {
      out.push_back(judge_quarantine(name.text, count, cancel));
    }
    return out;
  }

 private:
  std::vector<plan::SourceNode>::iterator source_named(const std::string& name) {
    return std::find_if(x_plan.sources.begin(), x_plan.sources.end(),
                        [&](const auto& source) { return is_same_name(source.name, name); });
  }

  void replace(plan::SourceNode& source, const Node& rows) {
    auto spec = catalog().source("rows")->parse(rows_node(rows, source.schema), x_findings);
    if (!spec) return;
    source.spec = std::move(spec);
    source.connector = "rows";
    source.items.reset();
    x_given.insert(source.name);
  }

  void give_no_rows() {
    const Node none = text_node("", x_place, Node::Kind::sequence);
    for (auto& source : x_plan.sources) {
      if (!x_given.contains(source.name)) replace(source, none);
    }
  }

  /// A source or model; of a sink the dataset that it publishes.
  std::string dataset_of(const std::string& name) const {
    const auto wanted = to_lower(name);
    for (const auto& source : x_plan.sources) {
      if (to_lower(source.name) == wanted) return source.name;
    }
    for (const auto& model : x_plan.models) {
      if (to_lower(model.name) == wanted) return model.name;
    }
    for (const auto& sink : x_plan.sinks) {
      if (to_lower(sink.name) == wanted) return sink.from;
    }
    return {};
  }

  void find_dataset(const config::Located<std::string>& name, const Node* rows) {
    x_place = name.place;
    const auto dataset = dataset_of(name.text);
    if (dataset.empty()) {
      std::vector<std::string> names;
      for (const auto& source : x_plan.sources) names.push_back(source.name);
      for (const auto& model : x_plan.models) names.push_back(model.name);
      for (const auto& sink : x_plan.sinks) names.push_back(sink.name);
      x_findings.add(name.place, "`" + name.text + "` is no node of " + x_plan.pipeline,
                     name_hint(name.text, names), name.length);
      return;
    }
    if (rows != nullptr) check_rows(*rows, dataset);
  }

  void check_rows(const Node& rows, const std::string& dataset) {
    if (rows.is_null()) return;
    if (!rows.is_sequence()) {
      return config::add_mismatch(rows, "a list of rows", x_findings);
    }
    const auto& schema = x_plan.schema(dataset);
    for (const auto& row : rows.items) {
      if (!row.is_map()) {
        config::add_mismatch(row, "a row: {column: value}", x_findings);
        continue;
      }
      for (const auto& cell : row.entries) {
        if (schema.find(cell.key.text)) continue;
        x_findings.add(cell.key, "`" + dataset + "` has no column `" + cell.key.text + "`",
                       name_hint(cell.key.text, schema.names()));
      }
    }
  }

  /// Columns that some expected row names, in the order of the schema.
  static std::vector<std::size_t> columns_of(const Node& rows, const data::Schema& schema) {
    std::set<std::size_t> wanted;
    for (const auto& row : rows.items) {
      for (const auto& cell : row.entries) wanted.insert(*schema.find(cell.key.text));
    }
    if (wanted.empty()) {
      for (std::size_t i = 0; i < schema.size(); ++i) wanted.insert(i);
    }
    return {wanted.begin(), wanted.end()};
  }

  /// The expected rows as the engine prints values of these types.
  static Result<std::vector<engine::TextRow>> expected_rows(
      engine::Session& session, const Node& rows, const data::Schema& schema,
      const std::vector<std::size_t>& columns) {
    std::vector<engine::TextRow> out;
    for (const auto& row : rows.items) {
      std::string list;
      for (const auto column : columns) {
        const auto& description = schema.columns[column];
        const Node* value = nullptr;
        for (const auto& cell : row.entries) {
          if (schema.find(cell.key.text) == column) value = &cell.value;
        }
        const bool is_null = value == nullptr || value->is_null();
        list += (list.empty() ? "" : ", ") +
                (is_null ? std::string("NULL") : quote_literal(value->text)) +
                "::" + data::sql_of(description.type);
      }
      auto read = session.query("SELECT " + list);
      if (!read.ok()) {
        return std::move(read).error().during("while reading the expected row in line " +
                                              std::to_string(row.place.line));
      }
      out.push_back(read->rows.front());
    }
    return out;
  }

  ExpectationResult judge(const std::string& node, const Node& rows, const CancelToken& cancel) {
    ExpectationResult out;
    out.node = node;
    const auto dataset = dataset_of(node);
    const auto& schema = x_plan.schema(dataset);
    const auto columns = columns_of(rows, schema);
    std::string list;
    std::vector<bool> is_real;
    for (const auto column : columns) {
      const auto& description = schema.columns[column];
      out.diff.columns.push_back(description.name);
      list += (list.empty() ? "" : ", ") + quote_identifier(description.name);
      is_real.push_back(description.type.is_floating());
    }
    const auto reader = [&](engine::Session& session, const std::string& rows_sql,
                            const kernels::Summary&) -> Status {
      TRY(auto expected, expected_rows(session, rows, schema, columns));
      TRY(auto actual, session.query("SELECT " + list + " FROM " + rows_sql));
      auto names = std::move(out.diff.columns);
      out.diff = diff_rows(std::move(expected), std::move(actual.rows), is_real);
      out.diff.columns = std::move(names);
      return {};
    };
    const auto looked = look_at(x_plan, dataset, cancel, {}, reader);
    if (!looked.ok()) {
      out.complaint = looked.error().text();
    } else if (!out.diff.empty()) {
      out.aside = set_aside(looked->datasets);
    }
    return out;
  }

  /// "2 rows of orders were set aside: range(amount) 1 (amount is -1), decode 1"
  static std::vector<std::string> set_aside(const std::vector<run::DatasetReport>& datasets) {
    std::vector<std::string> lines;
    for (const auto& dataset : datasets) {
      const auto& counts = dataset.outcome.counts;
      const auto rows = counts.quarantined + counts.deduplicated;
      if (rows == 0) continue;
      std::string why;
      for (const auto& check : dataset.outcome.checks) {
        const bool takes = check.on_fail == name_of(OnFail::quarantine) ||
                           check.on_fail == name_of(OnFail::deduplicate);
        if (check.rows_failed == 0 || !takes) continue;
        why += (why.empty() ? "" : ", ") + label_of(check) + " " +
               std::to_string(check.rows_failed) + example_of(dataset.outcome, check.id);
      }
      lines.push_back(counted(rows, "row") + " of " + dataset.name +
                      (rows == 1 ? " was" : " were") + " set aside: " + why);
    }
    return lines;
  }

  static std::string example_of(const run::DatasetOutcome& outcome, const std::string& id) {
    for (const auto& tally : outcome.tallies) {
      if (tally.id == id && !tally.examples.empty()) return " " + tally.examples.front();
    }
    return "";
  }

  ExpectationResult judge_quarantine(const std::string& node, std::uint64_t expected,
                                     const CancelToken& cancel) {
    ExpectationResult out;
    out.node = node;
    const auto dataset = dataset_of(node);
    const auto looked = look_at(
        x_plan, dataset, cancel, {},
        [](engine::Session&, const std::string&, const kernels::Summary&) { return Status(); });
    if (!looked.ok()) {
      out.complaint = looked.error().text();
      return out;
    }
    std::uint64_t actual = 0;
    for (const auto& one : looked->datasets) {
      if (one.name == dataset) actual = one.outcome.counts.quarantined;
    }
    if (actual != expected) {
      out.complaint = counted(actual, "row was", "rows were") + " set aside, expected " +
                      std::to_string(expected);
      out.aside = set_aside(looked->datasets);
    }
    return out;
  }

  plan::Plan x_plan;
  const TestCase& x_test;
  config::Findings& x_findings;
  std::set<std::string> x_given;
  Place x_place;
};

Result<std::vector<fs::path>> test_files(const std::vector<fs::path>& where) {
  std::vector<fs::path> out;
  for (const auto& place : where) {
    if (!fs::is_directory(place)) {
      out.push_back(place);
      continue;
    }
    const auto folder = state_folder(place).parent_path() / "tests";
    if (!io::local_files().exists(folder)) continue;
    TRY(const auto files, io::local_files().list(folder));
    for (const auto& file : files) {
      const auto extension = file.extension();
      if (extension != ".yml" && extension != ".yaml") continue;
      out.push_back(file.lexically_proximate(fs::current_path()));
    }
  }
  if (!out.empty()) return out;
  return Error(Fault::config, "there is no test here")
      .hint("a test is a .yml file below tests/: pipeline, and tests with `given` and `expect`");
}

/// The pipeline of this name in the project of the test file.
Result<fs::path> pipeline_of(const TestFile& file, config::Findings& findings) {
  const auto root = state_folder(file.path).parent_path();
  TRY(const auto pipelines, find_pipelines(root.filename() == "tests" ? root.parent_path() : root));
  std::vector<std::string> names;
  for (const auto& pipeline : pipelines) {
    if (pipeline.stem().string() == file.pipeline.text) return pipeline;
    names.push_back(pipeline.stem().string());
  }
  findings.add(file.pipeline.place, "there is no pipeline `" + file.pipeline.text + "`",
               name_hint(file.pipeline.text, names), file.pipeline.length);
  return fs::path();
}

struct Ready {
  TestResult result;
  std::unique_ptr<Bench> bench;
};

/// What is wrong with a param that the test gives stands in the test, not on the command line.
Status at_params(const Error& error, const TestCase& test, config::Findings& findings) {
  auto found = error.diagnostics();
  if (found.empty()) return error;
  for (auto& one : found) {
    for (const auto& [param, value] : test.params) {
      const bool is_value = one.place.file == "--var " + param.text;
      const bool is_name = one.place.file == "--var" &&
                           one.message.find("`" + param.text + "`") != std::string::npos;
      if (!is_value && !is_name) continue;
      const auto& at = is_value ? value : param;
      one.place = at.place;
      one.length = at.length;
    }
    findings.add(std::move(one));
  }
  return {};
}

Status make_ready(const TestFile& file, const LoadOptions& options, config::Findings& findings,
                  std::vector<Ready>& out) {
  TRY(const auto pipeline, pipeline_of(file, findings));
  if (pipeline.empty()) return {};
  for (const auto& [name, test] : file.tests) {
    auto with = options;
    for (const auto& [param, value] : test.params) {
      with.variables.emplace_back(param.text, value.text);
    }
    auto planned = Planner(with).plan(pipeline, false);
    if (!planned.ok()) {
      TRY(at_params(planned.error(), test, findings));
      continue;
    }
    auto plan = std::move(planned).value();
    Ready ready;
    ready.result = {file.path, file.pipeline.text, name.text, {}};
    ready.bench = std::make_unique<Bench>(std::move(plan), test, findings);
    ready.bench->prepare();
    out.push_back(std::move(ready));
  }
  return {};
}

}  // namespace

bool TestResult::ok() const {
  return std::all_of(expectations.begin(), expectations.end(),
                     [](const auto& expectation) { return expectation.ok(); });
}

Result<std::vector<TestResult>> run_tests(const std::vector<fs::path>& where,
                                          const LoadOptions& options, const CancelToken& cancel) {
  TRY(const auto paths, test_files(where));
  config::Findings findings;
  std::vector<TestFile> files;
  for (const auto& path : paths) files.push_back(read_test_file(path, findings));
  std::vector<Ready> ready;
  for (const auto& file : files) {
    if (file.tree && !file.pipeline.text.empty()) {
      TRY(make_ready(file, options, findings, ready));
    }
  }
  if (!findings.empty()) return Error::of(findings.take());
  std::vector<TestResult> out;
  for (auto& one : ready) {
    one.result.expectations = one.bench->run(cancel);
    out.push_back(std::move(one.result));
  }
  return out;
}

}  // namespace leat::app
