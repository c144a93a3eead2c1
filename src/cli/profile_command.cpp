#include <algorithm>
#include <cmath>
#include <cstdio>
#include <nlohmann/json.hpp>

#include "app/profile.hpp"
#include "base/names.hpp"
#include "base/counted.hpp"
#include "base/quantity.hpp"
#include "cli/arguments.hpp"
#include "cli/interrupt.hpp"
#include "cli/progress.hpp"

namespace leat::cli {
namespace {

using nlohmann::json;

std::string short_text(const std::string& text) {
  constexpr std::size_t kWidth = 24;
  std::string out;
  std::size_t seen = 0;
  for (const char c : text) {
    if ((static_cast<unsigned char>(c) & 0xC0) != 0x80 && seen++ == kWidth) return out + "…";
    out += c == '\n' || c == '\r' || c == '\t' ? ' ' : c;
  }
  return out;
}

/// ▁▂▃: the highest stretch is full.
std::string bars(const std::vector<double>& shares) {
  static const char* const kBars[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
  if (shares.empty()) return "";
  const double most = *std::max_element(shares.begin(), shares.end());
  std::string out;
  for (const double share : shares) {
    const auto step = most > 0 ? std::lround(share / most * 7) : 0;
    out += share <= 0 ? " " : kBars[std::clamp(step, 0L, 7L)];
  }
  return out;
}

constexpr double kSecondsMax = 9e12;  ///< An instant counts microseconds.

/// Quantiles of dates and instants count seconds since 1970.
std::string median(const app::ColumnProfile& column) {
  if (column.quantiles.size() != 21) return "";
  const double value = column.quantiles[10];
  const bool is_day = column.type == "DATE";
  if (!is_day && !column.type.starts_with("TIMESTAMP")) return number_text(value);
  if (std::abs(value) > kSecondsMax) return "";
  const auto instant = Instant(Micros(static_cast<std::int64_t>(value * 1e6)));
  return format_instant(instant).substr(0, is_day ? 10 : 19);
}

std::string rows_line(const app::Profile& profile) {
  const auto about = profile.is_exact() ? "" : "≈";
  std::string out = counted(profile.total, "row") + ", " + about + format_count(profile.valid()) +
                    " valid, " + about + format_count(profile.invalid()) +
                    " not: " + format_count(profile.set_aside) +
                    " undecodable or taken out by a check, " + (profile.failing_exact ? "" : "≥") +
                    format_count(profile.failing) + " failed a check that lets pass, " +
                    (profile.outliers_exact ? "" : "≈") + format_count(profile.with_outlier) +
                    " with an outlier (3 × IQR";
  out += profile.outliers_exact ? ")\n" : ", quartiles estimated)\n";
  return out + "complete " + number_text(profile.completeness()) +
         "%: " + format_count(profile.missing()) + " of " +
         counted(profile.measured() * profile.columns.size(), "value") + " missing";
}

std::string columns_text(const app::Profile& profile, const Output& output) {
  std::vector<std::vector<std::string>> rows{{"column", "type", "units", "missing", "distinct",
                                              "min", "median", "max", "mean", "outliers",
                                              "spread ≈"}};
  for (const auto& column : profile.columns) {
    rows.push_back(
        {column.name, column.type, short_text(column.units), format_count(column.missing),
         (column.top_is_exact || column.distinct == 0 ? "" : "≈") + format_count(column.distinct),
         short_text(column.min.value_or("")), median(column), short_text(column.max.value_or("")),
         column.mean ? number_text(*column.mean) : "",
         column.outliers ? (profile.outliers_exact ? "" : "≈") + format_count(*column.outliers)
                         : "",
         bars(column.histogram)});
  }
  drop_empty_column(rows, 2);
  return table(rows, output, "  ");
}

/// Why a column is text although most of its values are not.
std::string near_text(const app::Profile& profile, const Output& output) {
  std::string out;
  for (const auto& column : profile.columns) {
    if (!column.near) continue;
    const auto& near = *column.near;
    out += "  " + output.bold(column.name) + " is text: " + format_count(near.fits) + " of " +
           format_count(near.values) + " values are " + near.type + ", `" + short_text(near.other) +
           "` is not; declared as " + to_lower(near.type) + " such rows are set aside\n";
  }
  return out.empty() ? "" : "\n" + out;
}

std::string values_text(const app::Profile& profile, const Output& output) {
  constexpr std::size_t kShown = 5;
  std::string out;
  for (const auto& column : profile.columns) {
    const bool says_something = !column.top.empty() && column.top.front().second > 1;
    if (!says_something) continue;
    out += "  " + output.bold(column.name) + "  ";
    for (std::size_t i = 0; i < column.top.size() && i < kShown; ++i) {
      out += (i ? ", " : "") + short_text(column.top[i].first) + " " +
             output.dim(format_count(column.top[i].second));
    }
    out += column.distinct > kShown ? ", …\n" : "\n";
  }
  return out.empty() ? "" : "\nmost frequent values\n" + out;
}

/// How values are written, where that is not as anybody would expect.
std::string values_line(const connectors::csv::DialectGuess& dialect) {
  std::vector<std::string> found;
  if (dialect.decimal != '.') found.push_back("numbers have a decimal comma");
  if (!dialect.thousands.empty()) {
    found.push_back("groups of digits have `" + dialect.thousands + "` between them");
  }
  if (!dialect.signs.empty()) found.push_back("beside numbers stands " + join_names(dialect.signs));
  for (const auto& [column, pattern] : dialect.column_formats) {
    found.push_back(column + " is " + pattern);
  }
  if (!dialect.nulls.empty()) found.push_back("missing is " + join_names(dialect.nulls));
  for (const auto& [column, marks] : dialect.column_nulls) {
    found.push_back("missing in " + column + " is " + join_names(marks));
  }
  return found.empty() ? "" : "  values: " + join_names(found, ", ") + "\n";
}

std::string untold_lines(const connectors::csv::DialectGuess& dialect) {
  std::string out;
  for (const auto& untold : dialect.untold_orders) {
    out += "  " + connectors::csv::told_untold(untold, dialect) + "\n";
  }
  return out;
}

json untold_json(const connectors::csv::DialectGuess& dialect) {
  json object = json::object();
  for (const auto& untold : dialect.untold_orders) object[untold.column] = untold.patterns;
  return object;
}

/// What is known of the text itself, and of its end.
std::string lines_around(const connectors::csv::DialectGuess& dialect) {
  std::string out;
  if (dialect.escape != dialect.quote) {
    out += "  within quotes `" + std::string(1, dialect.escape) + "` stands before a quote\n";
  }
  if (!dialect.encoding.empty()) {
    out += "  encoding " + dialect.encoding + ": " + dialect.encoding_reason + "\n";
  }
  if (!dialect.likely_encoding.empty()) {
    out += "  " + connectors::csv::told_likely_encoding(dialect) + "\n";
  }
  if (dialect.leaves_out()) {
    out +=
        "  what stands above the records besides the names is set aside, unless `on_preamble: "
        "drop` leaves it out\n";
  }
  if (dialect.notes > 0) {
    const auto notes = std::to_string(dialect.notes);
    out += "  the last " + notes + (dialect.notes == 1 ? " line looks" : " lines look") +
           " like notes: set aside, unless `footer: " + notes + "` leaves them out\n";
  }
  return out;
}

std::string dialect_text(const app::Profile& profile) {
  if (!profile.dialect) return "";
  char confidence[16];
  std::snprintf(confidence, sizeof confidence, "%.2f", profile.dialect->confidence);
  return "  delimiter, confidence " + std::string(confidence) + ": " + profile.dialect->reason +
         "\n  " + (profile.dialect->header ? "header" : "no header") + ": " +
         profile.dialect->header_reason + "\n" + values_line(*profile.dialect) +
         untold_lines(*profile.dialect) + "  types from " + profile.sample + "\n" +
         lines_around(*profile.dialect);
}

std::string profile_text(const app::Profile& profile, const Output& output) {
  std::string out = output.bold(profile.what) + "  " + profile.connector + "\n" +
                    dialect_text(profile) + rows_line(profile) + "\n\n" +
                    columns_text(profile, output) + "\n" + near_text(profile, output) +
                    values_text(profile, output);
  if (profile.suggestions.empty()) return out.substr(0, out.size() - 1);
  out += "\nchecks that hold for these rows\n";
  for (const auto& line : profile.suggestions) out += "    " + line + "\n";
  out.pop_back();
  return out;
}

json column_json(const app::ColumnProfile& column, std::uint64_t rows) {
  json top = json::array();
  for (const auto& [value, count] : column.top) top.push_back({{"value", value}, {"rows", count}});
  json object{
      {"name", column.name},
      {"type", column.type},
      {"missing", column.missing},
      {"completeness", rows == 0 ? 100.0 : 100.0 * double(rows - column.missing) / double(rows)},
      {"distinct", column.distinct},
      {"distinct_exact", column.top_is_exact},
      {"min", column.min ? json(*column.min) : json(nullptr)},
      {"max", column.max ? json(*column.max) : json(nullptr)},
      {"mean", column.mean ? json(*column.mean) : json(nullptr)},
      {"stddev", column.stddev ? json(*column.stddev) : json(nullptr)},
      {"quantiles", column.quantiles},
      {"histogram", column.histogram},
      {"outliers", column.outliers ? json(*column.outliers) : json(nullptr)},
      {"top", std::move(top)}};
  if (column.near) {
    object["near"] = {{"type", column.near->type},
                      {"fits", column.near->fits},
                      {"values", column.near->values},
                      {"other", column.near->other}};
  }
  if (!column.units.empty()) object["units"] = column.units;
  if (!column.description.empty()) object["description"] = column.description;
  return object;
}

json profile_json(const app::Profile& profile) {
  json object{{"schema", "leat.profile/1"},
              {"ok", true},
              {"what", profile.what},
              {"connector", profile.connector},
              {"total", profile.total},
              {"valid", profile.valid()},
              {"invalid", profile.invalid()},
              {"set_aside", profile.set_aside},
              {"with_outlier", profile.with_outlier},
              {"outliers_exact", profile.outliers_exact},
              {"failing", profile.failing},
              {"failing_exact", profile.failing_exact},
              {"missing", profile.missing()},
              {"completeness", profile.completeness()},
              {"elapsed_us", profile.elapsed.count()},
              {"suggestions", profile.suggestions},
              {"columns", json::array()}};
  for (const auto& column : profile.columns)
    object["columns"].push_back(column_json(column, profile.measured()));
  if (!profile.dialect) return object;
  const auto& dialect = *profile.dialect;
  object["dialect"] = {
      {"delimiter", dialect.delimiter},
      {"quote", std::string(1, dialect.quote)},
      {"escape", dialect.escape == dialect.quote ? "" : std::string(1, dialect.escape)},
      {"header", dialect.header},
      {"skip", dialect.skip},
      {"decimal", std::string(1, dialect.decimal)},
      {"thousands", dialect.thousands},
      {"signs", dialect.signs},
      {"column_formats", std::map(dialect.column_formats.begin(), dialect.column_formats.end())},
      {"untold_orders", untold_json(dialect)},
      {"sample", profile.sample},
      {"nulls", dialect.nulls},
      {"column_nulls", std::map(dialect.column_nulls.begin(), dialect.column_nulls.end())},
      {"encoding", dialect.encoding},
      {"likely_encoding", dialect.likely_encoding},
      {"encoding_reason", dialect.encoding_reason},
      {"notes_at_end", dialect.notes},
      {"confidence", dialect.confidence},
      {"reason", dialect.reason},
      {"header_reason", dialect.header_reason}};
  return object;
}

}  // namespace

int profile_command(const Arguments& arguments) {
  const auto& cancel = watch_signals();
  Progress progress(arguments.output);
  const auto profile = app::profile(arguments.project, arguments.load, arguments.targets.front(),
                                    cancel, progress.events());
  progress.clear();
  if (!profile.ok()) return report_error(profile.error(), arguments.output, "profile");
  if (arguments.output.json) {
    print(json_text(profile_json(*profile)));
  } else {
    print(profile_text(*profile, arguments.output));
    say("took " + format_duration(profile->elapsed));
  }
  return 0;
}

}  // namespace leat::cli
