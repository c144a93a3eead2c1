#include "app/column_scan.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

#include "app/column_scale.hpp"
#include "app/questions.hpp"
#include "base/names.hpp"
#include "base/text.hpp"

namespace leat::app {
namespace {

constexpr std::uint64_t kExactRows = 1'000'000;   ///< Up to so many quartiles are exact.
constexpr std::uint64_t kCountedValues = 10'000;  ///< Up to so many values are counted.
constexpr std::size_t kTopValues = 20;
constexpr std::size_t kBins = 10;
constexpr std::size_t kKeysTried = 2;
constexpr double kFenceFactor = 3;

bool is_simple(const data::Type& type) {
  return type.id != data::TypeId::other && type.id != data::TypeId::blob &&
         type.id != data::TypeId::interval;
}

std::string quantile_list() {
  std::string out;
  for (int percent = 0; percent <= 100; percent += 5) {
    out += (out.empty() ? "" : ", ") + std::to_string(percent / 100.0);
  }
  return "[" + out + "]";
}

/// "[1.0, 2.5]"
std::vector<double> numbers_in(const std::optional<std::string>& cell) {
  std::vector<double> out;
  if (!cell) return out;
  const char* at = cell->c_str() + 1;
  while (*at != '\0' && *at != ']') {
    char* end = nullptr;
    out.push_back(std::strtod(at, &end));
    if (end == at) return {};
    at = end;
    while (*at == ',' || *at == ' ') ++at;
  }
  return out;
}

/// The engine's sum of them holds any number of rows.
bool adds_up_exactly(const data::Type& type) {
  return type.is_whole() && type.id != data::TypeId::int128 && type.id != data::TypeId::uint128;
}

/// Whole numbers are added up exactly, others with compensation; of the scale in any case.
std::string mean_sql(const data::Column& column, const Scale& scale) {
  const auto name = quote_identifier(column.name);
  if (!adds_up_exactly(column.type)) return "favg(" + scale.number + ")" + scale.finite();
  return "CAST(sum(" + name + ") AS DOUBLE) / nullif(count(" + name + "), 0)";
}

void ask_about(const data::Column& column, bool exact, const Scale& scale, Questions& questions) {
  const auto name = quote_identifier(column.name);
  questions.ask("count(" + name + ")");
  if (!is_simple(column.type)) return;
  questions.ask("min(" + name + ")");
  questions.ask("max(" + name + ")");
  const auto& number = scale.number;
  if (number.empty()) return;
  if (column.type.is_numeric()) {
    questions.ask(mean_sql(column, scale));
    questions.ask("stddev_samp(" + number + ")" + scale.finite());
  }
  questions.ask((exact ? "quantile_cont(" : "approx_quantile(") + number + ", " + quantile_list() +
                ")" + scale.finite());
}

/// Shares of equal stretches between the ends, from where the quantiles lie.
std::vector<double> histogram_of(const std::vector<double>& quantiles) {
  if (quantiles.size() < 2 || !(quantiles.back() > quantiles.front())) return {};
  std::vector<double> bins(kBins, 0);
  const double low = quantiles.front();
  const double width = (quantiles.back() - low) / double(kBins);
  const double share = 1.0 / double(quantiles.size() - 1);
  for (std::size_t i = 0; i + 1 < quantiles.size(); ++i) {
    const double from = quantiles[i];
    const double to = quantiles[i + 1];
    for (std::size_t bin = 0; bin < kBins; ++bin) {
      const double begin = low + width * double(bin);
      const double end = begin + width;
      if (to <= from) {
        const bool here = (from >= begin && from < end) || (bin + 1 == kBins && from >= end);
        bins[bin] += here ? share : 0;
      } else {
        bins[bin] += share * std::max(0.0, std::min(to, end) - std::max(from, begin)) / (to - from);
      }
    }
  }
  return bins;
}

void take_answers(const data::Column& column, std::uint64_t rows, const Scale& scale,
                  Questions& questions, ColumnProfile& out) {
  out.name = column.name;
  out.type = data::sql_of(column.type);
  out.missing = rows - count_in(questions.next());
  if (!is_simple(column.type)) return;
  out.min = questions.next();
  out.max = questions.next();
  if (scale.number.empty()) return;
  if (column.type.is_numeric()) {
    out.mean = number_in(questions.next());
    if (out.mean && !adds_up_exactly(column.type)) out.mean = scale.value(*out.mean);
    out.stddev = number_in(questions.next());
    if (out.stddev) *out.stddev *= scale.unit;
  }
  out.quantiles = numbers_in(questions.next());
  out.histogram = histogram_of(out.quantiles);
}

void take_distinct(const kernels::Summary& statistics, Profile& profile) {
  for (auto& column : profile.columns) {
    for (const auto& known : statistics.columns) {
      if (known.name == column.name) column.distinct = known.distinct;
    }
  }
}

/// SQL that is true for a row beyond the fences of a column; empty when it has none.
std::string beyond_fences(const data::Column& column, const Scale& scale,
                          const ColumnProfile& profile) {
  if (!column.type.is_numeric() || profile.quantiles.size() != 21) return "";
  const double q1 = profile.quantiles[5];
  const double q3 = profile.quantiles[15];
  const double reach = kFenceFactor * (q3 - q1);
  char text[120];
  std::snprintf(text, sizeof text, " NOT BETWEEN %.17g AND %.17g", q1 - reach, q3 + reach);
  // Of a Parquet file the engine knows bounds that say nothing of NaN, and believes them.
  const auto gap = column.type.is_floating() ? "NOT isfinite(" + scale.number + ") OR " : "";
  return "coalesce(" + gap + scale.number + text + ", false)";
}

/// Rows with an outlier, rows that fail one of `failing`, and how many are either.
Status count_unsound(engine::Session& session, const std::string& rows_sql,
                     const data::Schema& schema, const std::vector<Scale>& scales,
                     const std::string& marked_sql, Profile& profile) {
  Questions questions;
  std::string any = "false";
  std::vector<ColumnProfile*> asked;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const auto beyond = beyond_fences(schema.columns[i], scales[i], profile.columns[i]);
    if (beyond.empty()) continue;
    questions.ask("count_if(" + beyond + ")");
    any += " OR " + beyond;
    asked.push_back(&profile.columns[i]);
  }
  const bool is_marked = !marked_sql.empty();
  const std::string mark = is_marked ? quote_identifier(kFails) : "false";
  if (asked.empty() && !is_marked) return {};
  questions.ask("count_if(" + any + ")");
  questions.ask("count_if(" + mark + ")");
  questions.ask("count_if(" + mark + " OR " + any + ")");
  TRY(questions.answer(session, is_marked ? marked_sql : rows_sql));
  for (auto* column : asked) column->outliers = count_in(questions.next());
  profile.with_outlier = count_in(questions.next());
  profile.failing = count_in(questions.next());
  profile.unsound = count_in(questions.next());
  return {};
}

Status count_values(engine::Session& session, const std::string& rows_sql,
                    const data::Column& column, ColumnProfile& out) {
  if (!is_simple(column.type) || out.distinct == 0 || out.distinct > kCountedValues) return {};
  const auto name = quote_identifier(column.name);
  TRY(const auto table, session.query("SELECT v, n, count(*) OVER () FROM (SELECT " + name +
                                      " AS v, count(*) AS n FROM " + rows_sql + " WHERE " + name +
                                      " IS NOT NULL GROUP BY 1) ORDER BY n DESC, v LIMIT " +
                                      std::to_string(kTopValues)));
  for (const auto& row : table.rows) out.top.emplace_back(row[0].value_or(""), count_in(row[1]));
  if (!table.rows.empty()) out.distinct = count_in(table.rows.front()[2]);
  out.top_is_exact = true;
  return {};
}

/// A name that YAML and SQL can do without quotes, else quoted.
std::string yaml_name(const std::string& name) {
  return is_node_name(name) ? name : yaml_quoted(name);
}

bool is_share(const std::string& name) {
  const auto lower = to_lower(name);
  for (const char* word : {"rate", "percent", "pct", "prevalence", "share"}) {
    if (lower.find(word) != std::string::npos) return true;
  }
  return false;
}

void suggest_ranges(const Profile& profile, std::vector<std::string>& out) {
  std::vector<std::string> shares;
  std::vector<std::string> others;
  for (const auto& column : profile.columns) {
    if (!column.mean || !column.min || !column.max) continue;
    if (std::strtod(column.min->c_str(), nullptr) < 0) continue;
    const bool is_percent =
        is_share(column.name) && std::strtod(column.max->c_str(), nullptr) <= 100;
    (is_percent ? shares : others).push_back(yaml_name(column.name));
  }
  if (!shares.empty()) {
    out.push_back("- range: { columns: [" + joined(shares) + "], min: 0, max: 100 }");
  }
  if (!others.empty()) out.push_back("- range: { columns: [" + joined(others) + "], min: 0 }");
}

void suggest_values(const ColumnProfile& column, std::uint64_t rows,
                    std::vector<std::string>& out) {
  const bool few = column.top_is_exact && column.distinct <= 12 && column.distinct > 1 &&
                   rows >= column.distinct * 5;
  if (!few || column.type != "VARCHAR") return;
  std::vector<std::string> values;
  for (const auto& [value, count] : column.top) values.push_back(yaml_quoted(value));
  std::sort(values.begin(), values.end());
  out.push_back("- accepted_values: { column: " + yaml_name(column.name) + ", values: [" +
                joined(values) + "] }");
}

/// The first column whose values are all different; few are counted, as counting is a scan.
Status suggest_key(engine::Session& session, const std::string& rows_sql, Profile& profile,
                   std::uint64_t rows) {
  std::size_t counted = 0;
  for (const auto& column : profile.columns) {
    const bool is_real = column.type == "DOUBLE" || column.type == "FLOAT";
    // The estimate is off by more in one of a billion cases.
    const bool may_be = column.missing == 0 && double(column.distinct) > 0.85 * double(rows);
    if (is_real || !may_be || rows < 2) continue;
    if (++counted > kKeysTried) break;
    TRY(const auto found, session.query("SELECT count(DISTINCT " + quote_identifier(column.name) +
                                        ") FROM " + rows_sql));
    if (count_in(found.rows.at(0).at(0)) != rows) continue;
    profile.suggestions.push_back("- unique: [" + yaml_name(column.name) + "]");
    break;
  }
  return {};
}

}  // namespace

Status measure_columns(engine::Session& session, const std::string& rows_sql,
                       const data::Schema& schema, const kernels::Summary& statistics,
                       const std::string& marked_sql, Profile& profile) {
  std::uint64_t rows = 0;
  TRY(const auto scales, scales_of(session, rows_sql, schema, rows));
  profile.total = rows;
  profile.outliers_exact = rows <= kExactRows;
  Questions questions;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    ask_about(schema.columns[i], profile.outliers_exact, scales[i], questions);
  }
  TRY(questions.answer(session, rows_sql));
  profile.columns.resize(schema.size());
  for (std::size_t i = 0; i < schema.size(); ++i) {
    take_answers(schema.columns[i], rows, scales[i], questions, profile.columns[i]);
  }
  take_distinct(statistics, profile);
  TRY(count_unsound(session, rows_sql, schema, scales, marked_sql, profile));
  for (std::size_t i = 0; i < schema.size(); ++i) {
    for (auto& quantile : profile.columns[i].quantiles) quantile = scales[i].value(quantile);
  }
  for (std::size_t i = 0; i < schema.size(); ++i) {
    TRY(count_values(session, rows_sql, schema.columns[i], profile.columns[i]));
  }
  return {};
}

Status suggest_checks(engine::Session& session, const std::string& rows_sql, Profile& profile) {
  auto& out = profile.suggestions;
  const auto rows = profile.measured();
  if (rows == 0) return {};
  std::vector<std::string> full;
  for (const auto& column : profile.columns) {
    if (column.missing == 0) full.push_back(yaml_name(column.name));
  }
  if (!full.empty()) out.push_back("- not_null: [" + joined(full) + "]");
  TRY(suggest_key(session, rows_sql, profile, rows));
  suggest_ranges(profile, out);
  for (const auto& column : profile.columns) {
    suggest_values(column, rows, out);
  }
  return {};
}

}  // namespace leat::app
