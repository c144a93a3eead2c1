#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "report/charts.hpp"
#include "report/html.hpp"
#include "report/sections.hpp"

namespace leat::report {
namespace {

constexpr std::size_t kOftenBytesMax = 120;  ///< Of HTML, before one value more.

std::string missing_of(const json& column, std::uint64_t rows) {
  const auto nulls = count_of(column, "nulls");
  const double share = rows == 0 ? 0 : double(nulls) / double(rows);
  return format_count(nulls) + " (" + percent(share) + ")" + bar(share, "warn");
}

/// The entry of a column in a list; empty where there is none.
const json& entry_of(const json& list, const std::string& name) {
  for (const auto& entry : list) {
    if (text_of(entry, "name") == name) return entry;
  }
  static const json nothing = json::object();
  return nothing;
}

/// Counted where the profile is; a sketch can tell no less than the error of its ranks.
std::string outliers_of(const json& column, const json& profiled, std::uint64_t rows) {
  constexpr double kRankError = 0.013;
  const auto& histogram = object_of(column, "histogram");
  if (histogram.empty()) return "";
  if (profiled.contains("outliers")) {
    const auto found = count_of(profiled, "outliers");
    const double share = rows == 0 ? 0 : double(found) / double(rows);
    return format_count(found) + " (" + percent(share) + ")" + bar(share, "bad");
  }
  const double share = number_of(histogram, "outside");
  if (share <= kRankError) return element("span", "class=\"soft\"", "not counted");
  return "≈ " + percent(share) + bar(share, "bad");
}

std::string extreme(const json& column, const char* key) {
  const auto text = text_of(column, key);
  return text.empty() ? "" : value(text, 60);
}

/// The mean stands below it, with the standard deviation.
std::string median_of(const json& column) {
  const auto median = quantile(column, 3);
  if (median.empty()) return "";
  const auto mean = moments(column);
  return "≈ " + value(median) + (mean.empty() ? "" : element("div", "class=\"soft\"", mean));
}

/// The values that come most often stand below it.
std::string distinct_of(const json& column) {
  std::string often;
  for (const auto& top : list_of(column, "top")) {
    if (often.size() > kOftenBytesMax) break;
    often += (often.empty() ? "" : ", ") + value(text_of(top, "value"), 30) + " " +
             percent(number_of(top, "share"));
  }
  return "≈ " + format_count(count_of(column, "distinct")) +
         (often.empty() ? "" : element("div", "class=\"soft\"", often));
}

std::string name_of(const json& column, const json& note) {
  const auto units = text_of(note, "units");
  const auto description = text_of(note, "description");
  auto under = value(text_of(column, "type"), 80);
  if (!units.empty()) under += ", in " + value(units, 80);
  auto out = value(text_of(column, "name"), 120) + element("div", "class=\"soft\"", under);
  if (!description.empty()) out += element("div", "class=\"soft\"", value(description, 300));
  return out;
}

std::string dataset_table(const json& node) {
  const auto& statistics = object_of(node, "statistics");
  const auto rows = count_of(statistics, "rows");
  Table out{counted(rows, "row") + ", " + counted(list_of(statistics, "columns").size(), "column"),
            {{"Column"},
             {"Missing", Cell::number},
             {"Distinct", Cell::number},
             {"Least"},
             {"Median", Cell::number},
             {"Greatest"},
             {"Outliers", Cell::number},
             {"Distribution"}},
            {}};
  const auto& profiled = list_of(object_of(node, "profile"), "columns");
  for (const auto& column : list_of(statistics, "columns")) {
    const auto name = text_of(column, "name");
    out.rows.push_back({name_of(column, entry_of(list_of(node, "columns"), name)),
                        missing_of(column, rows), distinct_of(column), extreme(column, "min"),
                        median_of(column), extreme(column, "max"),
                        outliers_of(column, entry_of(profiled, name), rows), histogram(column)});
  }
  return element("h3", "", value(text_of(node, "name"))) + "\n" + table(out);
}

}  // namespace

std::string columns(const json& run) {
  std::string out;
  for (const auto& node : list_of(run, "nodes")) {
    if (!list_of(object_of(node, "statistics"), "columns").empty()) out += dataset_table(node);
  }
  if (out.empty()) return "";
  return element("p", "class=\"soft\"",
                 "Rows, missing values, least and greatest are exact. What bears ≈ and the "
                 "distributions are estimates from a sketch: distinct counts within about 2 %, "
                 "ranks within 1.3 %, shares of frequent values (below the distinct count) within "
                 "1 %. An outlier lies more than three interquartile ranges from "
                 "the quartiles; where they were not counted, <code>policy: {profile: true}</code> "
                 "counts them. The distribution spans the values from 1 % to 99 %; the coloured "
                 "bars at its ends are what lies beyond.") +
         "\n" + out;
}

}  // namespace leat::report
