#include <algorithm>
#include <nlohmann/json.hpp>

#include "app/unit_tests.hpp"
#include "cli/arguments.hpp"
#include "cli/interrupt.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;
using Rows = std::vector<std::vector<std::string>>;

void add_rows(Rows& rows, const char* mark, const std::vector<engine::TextRow>& from) {
  for (const auto& row : from) {
    auto& cells = rows.emplace_back();
    cells.emplace_back(mark);
    for (const auto& cell : row) cells.push_back(cell.value_or("∅"));
  }
}

std::string diff_text(const app::ExpectationResult& result, const Output& output) {
  std::string out = "    " + output.bold(result.node) + "\n";
  if (!result.complaint.empty()) out += "        " + result.complaint + "\n";
  for (const auto& line : result.aside) out += "        " + printable(line) + "\n";
  if (result.diff.empty()) return out;
  Rows rows{{""}};
  rows[0].insert(rows[0].end(), result.diff.columns.begin(), result.diff.columns.end());
  add_rows(rows, "-", result.diff.missing);
  add_rows(rows, "+", result.diff.unexpected);
  return out + table(rows, output, "        ") + "\n";
}

json rows_json(const std::vector<engine::TextRow>& rows) {
  json list = json::array();
  for (const auto& row : rows) {
    json cells = json::array();
    for (const auto& cell : row) cells.push_back(cell ? json(*cell) : json(nullptr));
    list.push_back(std::move(cells));
  }
  return list;
}

json result_json(const app::TestResult& result) {
  json nodes = json::array();
  for (const auto& one : result.expectations) {
    nodes.push_back({{"node", one.node},
                     {"ok", one.ok()},
                     {"complaint", one.complaint},
                     {"set_aside", one.aside},
                     {"columns", one.diff.columns},
                     {"missing", rows_json(one.diff.missing)},
                     {"unexpected", rows_json(one.diff.unexpected)}});
  }
  return {{"file", result.file.string()},
          {"pipeline", result.pipeline},
          {"name", result.name},
          {"ok", result.ok()},
          {"expect", std::move(nodes)}};
}

void print_result(const app::TestResult& result, const Output& output) {
  const auto name = result.file.string() + "  " + result.name;
  if (result.ok()) {
    if (!output.quiet) print(output.green("ok") + "    " + name);
    return;
  }
  std::string out = output.red("FAIL") + "  " + name + "\n";
  for (const auto& one : result.expectations) {
    if (!one.ok()) out += diff_text(one, output);
  }
  out.pop_back();
  print(out);
}

}  // namespace

int test_command(const Arguments& arguments) {
  if (arguments.crash) return crash_test_command(arguments);
  const auto results = app::run_tests(places(arguments), arguments.load, watch_signals());
  if (interrupted_code() != 0) return interrupted_code();
  if (!results.ok()) return report_error(results.error(), arguments.output, "test");
  const auto failed = std::count_if(results->begin(), results->end(),
                                    [](const auto& result) { return !result.ok(); });
  if (arguments.output.json) {
    json tests = json::array();
    for (const auto& result : *results) tests.push_back(result_json(result));
    const json object{{"schema", "leat.test/1"}, {"ok", failed == 0}, {"tests", std::move(tests)}};
    print(json_text(object));
  } else {
    for (const auto& result : *results) print_result(result, arguments.output);
    const auto passed = std::int64_t(results->size()) - failed;
    say(std::to_string(passed) + " passed, " + std::to_string(failed) + " failed" +
        (failed ? "; - was expected and did not come, + came and was not expected" : ""));
  }
  return failed == 0 ? 0 : 1;
}

}  // namespace leat::cli
