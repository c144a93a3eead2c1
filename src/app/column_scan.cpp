#include "app/column_scan.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <cstdlib>

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
constexpr double kSquareRootOfMax = 1e150;

bool is_instant(data::TypeId id) {
  return id == data::TypeId::date || id == data::TypeId::timestamp ||
         id == data::TypeId::timestamp_tz;
}

bool is_simple(const data::Type& type) {
  return type.id != data::TypeId::other && type.id != data::TypeId::blob &&
         type.id != data::TypeId::interval;
}

/// The column as a number; empty when it is none.
std::string number_sql(const data::Column& column) {
  const auto name = quote_identifier(column.name);
  if (is_instant(column.type.id)) return "epoch(" + name + ")";
  return column.type.is_numeric() ? "CAST(" + name + " AS double)" : "";
}

std::string quantile_list() {
  std::string out;
  for (int percent = 0; percent <= 100; percent += 5) {
    out += (out.empty() ? "" : ", ") + std::to_string(percent / 100.0);
  }
  return "[" + out + "]";
}

std::uint64_t count_in(const std::optional<std::string>& cell) {
  return cell ? std::strtoull(cell->c_str(), nullptr, 10) : 0;
}

std::optional<double> number_in(const std::optional<std::string>& cell) {
  if (!cell) return std::nullopt;
  return std::strtod(cell->c_str(), nullptr);
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

/// One SELECT with a row of answers that are taken in the order in which they were asked for.
class Questions {
 public:
  void ask(const std::string& sql) { x_list += (x_list.empty() ? "" : ", ") + sql; }
  Status answer(engine::Session& session, const std::string& rows_sql) {
    TRY(auto table, session.query("SELECT " + x_list + " FROM " + rows_sql));
    x_row = std::move(table.rows.at(0));
    return {};
  }
  const std::optional<std::string>& next() { return x_row.at(x_next++); }

 private:
  std::string x_list;
  engine::TextRow x_row;
  std::size_t x_next = 0;
};

/// What can be asked of a column that holds numbers.
struct Scale {
  bool has_gaps = false;     ///< Infinity or NaN is among the values: they have no place on it.
  bool is_too_wide = false;  ///< Squares of the values are beyond what a double holds.
};

bool may_be_infinite(const data::Column& column) {
  return column.type.is_floating() || is_instant(column.type.id);
}

/// Rows, and the scale of each column: a filter in every sum would cost more than this look.
Result<std::vector<Scale>> look_first(engine::Session& session, const std::string& rows_sql,
                                      const data::Schema& schema, std::uint64_t& rows) {
  Questions questions;
  questions.ask("count(*)");
  for (const auto& column : schema.columns) {
    if (!may_be_infinite(column)) continue;
    const auto name = quote_identifier(column.name);
    questions.ask("count_if(NOT isfinite(" + name + "))");
    questions.ask(is_instant(column.type.id) ? std::string("0")
                                             : "coalesce(max(abs(" + name +
                                                   ")) FILTER (WHERE isfinite(" + name + ")), 0)");
  }
  TRY(questions.answer(session, rows_sql));
  rows = count_in(questions.next());
  std::vector<Scale> scales;
  for (const auto& column : schema.columns) {
    auto& scale = scales.emplace_back();
    if (!may_be_infinite(column)) continue;
    scale.has_gaps = count_in(questions.next()) > 0;
    scale.is_too_wide = number_in(questions.next()).value_or(0) > kSquareRootOfMax;
  }
  return scales;
}

void ask_about(const data::Column& column, bool exact, const Scale& scale, Questions& questions) {
  const auto name = quote_identifier(column.name);
  questions.ask("count(" + name + ")");
  if (!is_simple(column.type)) return;
  questions.ask("approx_count_distinct(" + name + ")");
  questions.ask("min(" + name + ")");
  questions.ask("max(" + name + ")");
  const auto number = number_sql(column);
  if (number.empty()) return;
  const auto finite = scale.has_gaps ? " FILTER (WHERE isfinite(" + number + "))" : std::string();
  if (column.type.is_numeric()) {
    questions.ask(scale.is_too_wide ? "NULL" : "avg(" + number + ")" + finite);
    questions.ask(scale.is_too_wide ? "NULL" : "stddev_samp(" + number + ")" + finite);
  }
  questions.ask((exact ? "quantile_cont(" : "approx_quantile(") + number + ", " + quantile_list() +
                ")" + finite);
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

void take_answers(const data::Column& column, std::uint64_t rows, Questions& questions,
                  ColumnProfile& out) {
  out.name = column.name;
  out.type = data::sql_of(column.type);
  out.missing = rows - count_in(questions.next());
  if (!is_simple(column.type)) return;
  out.distinct = count_in(questions.next());
  out.min = questions.next();
  out.max = questions.next();
  if (number_sql(column).empty()) return;
  if (column.type.is_numeric()) {
    out.mean = number_in(questions.next());
    out.stddev = number_in(questions.next());
  }
  out.quantiles = numbers_in(questions.next());
  out.histogram = histogram_of(out.quantiles);
}

/// SQL that is true for a row beyond the fences of a column; empty when it has none.
std::string beyond_fences(const data::Column& column, const ColumnProfile& profile) {
  if (!column.type.is_numeric() || profile.quantiles.size() != 21) return "";
  const double q1 = profile.quantiles[5];
  const double q3 = profile.quantiles[15];
  const double reach = kFenceFactor * (q3 - q1);
  char text[120];
  std::snprintf(text, sizeof text, " NOT BETWEEN %.17g AND %.17g", q1 - reach, q3 + reach);
  return "coalesce(" + number_sql(column) + text + ", false)";
}

/// Rows with an outlier, rows that fail one of `failing`, and how many are either.
Status count_unsound(engine::Session& session, const std::string& rows_sql,
                     const data::Schema& schema, const std::vector<std::string>& failing,
                     Profile& profile) {
  Questions questions;
  std::string any = "false";
  std::vector<ColumnProfile*> asked;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const auto beyond = beyond_fences(schema.columns[i], profile.columns[i]);
    if (beyond.empty()) continue;
    questions.ask("count_if(" + beyond + ")");
    any += " OR " + beyond;
    asked.push_back(&profile.columns[i]);
  }
  std::string fails = "false";
  for (const auto& sql : failing) fails += " OR " + sql;
  const std::string mark = quote_identifier("leat fails");
  if (asked.empty() && failing.empty()) return {};
  questions.ask("count_if(" + any + ")");
  questions.ask("count_if(" + mark + ")");
  questions.ask("count_if(" + mark + " OR " + any + ")");
  TRY(questions.answer(session,
                       "(SELECT *, (" + fails + ") AS " + mark + " FROM " + rows_sql + ")"));
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
    // The estimate may be off by a tenth.
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
                       const data::Schema& schema, const std::vector<std::string>& failing,
                       Profile& profile) {
  std::uint64_t rows = 0;
  TRY(const auto scales, look_first(session, rows_sql, schema, rows));
  profile.total = rows;
  profile.outliers_exact = rows <= kExactRows;
  Questions questions;
  for (std::size_t i = 0; i < schema.size(); ++i) {
    ask_about(schema.columns[i], profile.outliers_exact, scales[i], questions);
  }
  TRY(questions.answer(session, rows_sql));
  profile.columns.resize(schema.size());
  for (std::size_t i = 0; i < schema.size(); ++i) {
    take_answers(schema.columns[i], rows, questions, profile.columns[i]);
  }
  TRY(count_unsound(session, rows_sql, schema, failing, profile));
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
