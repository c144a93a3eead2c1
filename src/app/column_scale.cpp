#include "app/column_scale.hpp"

#include <cmath>
#include <cstdio>

#include "app/questions.hpp"
#include "base/names.hpp"
#include "run/exact_number.hpp"

namespace leat::app {
namespace {

constexpr double kSquareRootOfMax = 1e150;

bool may_be_infinite(const data::Column& column) {
  return column.type.is_floating() || is_instant(column.type.id);
}

void ask_about_scale(const data::Column& column, Questions& questions) {
  const auto name = quote_identifier(column.name);
  if (may_be_infinite(column)) {
    questions.ask("count_if(NOT isfinite(" + name + "))");
    questions.ask(is_instant(column.type.id) ? std::string("0")
                                             : "coalesce(max(abs(" + name +
                                                   ")) FILTER (WHERE isfinite(" + name + ")), 0)");
  } else if (run::may_be_beyond_double(column.type)) {
    questions.ask("min(" + name + ")");
    questions.ask("max(" + name + ")");
  }
}

Scale scale_of(const data::Column& column, Questions& questions) {
  Scale scale;
  const auto name = quote_identifier(column.name);
  if (is_instant(column.type.id)) scale.number = "epoch(" + name + ")";
  if (column.type.is_numeric()) scale.number = "CAST(" + name + " AS DOUBLE)";
  if (may_be_infinite(column)) {
    scale.has_gaps = count_in(questions.next()) > 0;
    const double farthest = number_in(questions.next()).value_or(0);
    if (farthest <= kSquareRootOfMax) return scale;
    scale.unit = std::ldexp(1.0, std::ilogb(farthest));
    char unit[40];
    std::snprintf(unit, sizeof unit, "%.17g", scale.unit);
    scale.number = "(" + scale.number + " / CAST('" + unit + "' AS DOUBLE))";
  } else if (run::may_be_beyond_double(column.type)) {
    const auto min = questions.next();
    const auto exact = run::exact_number(column, min, questions.next());
    scale.number = exact.sql;
    scale.offset = exact.offset;
  }
  return scale;
}

}  // namespace

bool is_instant(data::TypeId id) {
  return id == data::TypeId::date || id == data::TypeId::timestamp ||
         id == data::TypeId::timestamp_tz;
}

Result<std::vector<Scale>> scales_of(engine::Session& session, const std::string& rows_sql,
                                     const data::Schema& schema, std::uint64_t& rows) {
  Questions questions;
  questions.ask("count(*)");
  for (const auto& column : schema.columns) ask_about_scale(column, questions);
  TRY(questions.answer(session, rows_sql));
  rows = count_in(questions.next());
  std::vector<Scale> scales;
  for (const auto& column : schema.columns) scales.push_back(scale_of(column, questions));
  return scales;
}

}  // namespace leat::app
