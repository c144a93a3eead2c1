#include <cctype>
#include <vector>

#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "report/charts.hpp"
#include "report/html.hpp"
#include "report/sections.hpp"

namespace leat::report {
namespace {

constexpr std::size_t kOtherColumns = 8;  ///< Of an example row.

struct Judged {
  std::string dataset;
  const json* check;
};

bool has_passed(const json& check) {
  return text_of(check, "verdict") == "pass" && count_of(check, "failed") == 0;
}

std::string verdict_of(const json& check) {
  const auto verdict = text_of(check, "verdict");
  if (has_passed(check)) return badge("pass", "good");
  if (verdict == "pass") return badge("set aside", "warn");  // The rows went, the check held.
  return badge(verdict, verdict == "warn" || verdict == "hold" ? "warn" : "bad");
}

std::string cell_text(const json& cell) {
  if (cell.is_null()) return "∅";
  return cell.is_string() ? cell.get<std::string>() : cell.dump();
}

/// A check's id names the columns that it looks at: "range(close)", "expression(high >= low)".
bool is_about(const std::string& id, const std::string& column) {
  const auto is_word = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
  };
  for (auto at = id.find(column); at != id.npos; at = id.find(column, at + 1)) {
    const auto end = at + column.size();
    if ((at == 0 || !is_word(id[at - 1])) && (end == id.size() || !is_word(id[end]))) return true;
  }
  return false;
}

/// The columns that the check is about first, in bold, then some others.
std::string example_of(const std::string& text, const std::string& id) {
  const auto row = nlohmann::ordered_json::parse(text, nullptr, false);
  if (!row.is_object()) return value(text);
  std::string first;
  std::string others;
  std::size_t shown = 0;
  for (const auto& [column, cell] : row.items()) {
    const bool about = !column.empty() && is_about(id, column);
    if (!about && ++shown > kOtherColumns) continue;
    auto part = escaped(shortened(column, 80)) + " " + value(cell_text(json(cell)), 120);
    if (about) part = element("b", "", part);
    auto& side = about ? first : others;
    side += (side.empty() ? "" : ", ") + part;
  }
  if (shown > kOtherColumns) others += ", …";
  return first + (first.empty() || others.empty() ? "" : ", ") + others;
}

std::string examples_of(const json& check) {
  std::string items;
  for (const auto& example : list_of(check, "examples")) {
    if (!example.is_string()) continue;
    items += element("li", "", example_of(example.get<std::string>(), text_of(check, "id")));
  }
  return items.empty() ? "" : element("ul", "class=\"examples\"", items);
}

std::string asked_of(const json& check) {
  const auto asked = text_of(check, "asked");
  const auto reason = text_of(check, "reason");
  return (asked.empty() ? "" : ", " + value(asked) + " asked") +
         (reason.empty() ? "" : element("div", "class=\"soft\"", escaped(reason)));
}

std::string failed_of(const json& check) {
  const auto judged = count_of(check, "judged");
  const auto failed = count_of(check, "failed");
  const auto measured = text_of(check, "value");
  if (!measured.empty()) return "measured " + value(measured) + asked_of(check);
  if (judged == 0) return format_count(failed);
  const double share = double(failed) / double(judged);
  return format_count(failed) + " of " + format_count(judged) + " (" + percent(share) + ")" +
         bar(share, "bad");
}

std::vector<std::string> row_of(const Judged& judged) {
  const auto& check = *judged.check;
  const auto id = text_of(check, "id");
  const auto given = text_of(check, "name");
  auto name = given.empty() ? value(id) : value(given) + " " + value(id);
  const auto description = text_of(check, "description");
  if (!description.empty()) name += element("div", "class=\"soft\"", escaped(description));
  return {name + examples_of(check),
          value(judged.dataset),
          escaped(text_of(check, "dimension")),
          verdict_of(check),
          failed_of(check),
          escaped(text_of(check, "on_fail")),
          escaped(text_of(check, "severity"))};
}

std::string table_of(const std::vector<Judged>& all, const std::string& caption) {
  Table out{caption,
            {{"Check"},
             {"Dataset", Cell::tight},
             {"Dimension", Cell::tight},
             {"Verdict", Cell::tight},
             {"Failing rows", Cell::number},
             {"On fail", Cell::tight},
             {"Severity", Cell::tight}},
            {}};
  for (const auto& judged : all) out.rows.push_back(row_of(judged));
  return table(out);
}

}  // namespace

std::string checks(const json& run) {
  std::vector<Judged> passed;
  std::vector<Judged> failed;
  for (const auto& node : list_of(run, "nodes")) {
    for (const auto& check : list_of(node, "checks")) {
      (has_passed(check) ? passed : failed).push_back({text_of(node, "name"), &check});
    }
  }
  std::string out;
  if (!failed.empty()) out += table_of(failed, "Checks with failing rows");
  if (passed.empty()) return out;
  if (failed.empty()) out += element("p", "", "No row failed a check.") + "\n";
  const auto title = counted(passed.size(), "check") + " passed";
  return out +
         element("details", "", element("summary", "", title) + "\n" + table_of(passed, title));
}

}  // namespace leat::report
