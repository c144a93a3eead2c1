#include "app/near_types.hpp"

#include <array>
#include <string_view>

#include "app/questions.hpp"
#include "base/names.hpp"

namespace leat::app {
namespace {

constexpr std::uint64_t kRowsTried = 10'000;  ///< Before all are asked.
constexpr std::size_t kColumnsMax = 200;      ///< Columns of text that are looked at.
constexpr double kShareMin = 0.9;

struct Candidate {
  std::string_view type;
  std::string_view pattern;
};

constexpr std::array<Candidate, 4> kCandidates{{
    {"BIGINT", "-?(0|[1-9][0-9]*)"},
    {"DOUBLE", "-?(0|[1-9][0-9]*)?(\\.[0-9]+)?([eE][-+]?[0-9]+)?"},
    {"DATE", "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}"},
    {"TIMESTAMP", "[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}([ T][0-9:.]+)?"},
}};

/// The parser comes first: it is cheap where a value is none, and the pattern is where it is one.
std::string fits_sql(const ColumnProfile& column, const Candidate& candidate) {
  const auto value = "trim(" + quote_identifier(column.name) + ")";
  return "(TRY_CAST(" + value + " AS " + std::string(candidate.type) +
         ") IS NOT NULL AND regexp_full_match(" + value + ", " +
         quote_literal(std::string(candidate.pattern)) + "))";
}

bool is_near(std::uint64_t fits, std::uint64_t values) {
  return fits < values && double(fits) >= kShareMin * double(values);
}

/// The first type that most values of the first rows have.
Result<const Candidate*> try_types(engine::Session& session, const std::string& rows_sql,
                                   const ColumnProfile& column) {
  Questions questions;
  questions.ask("count(" + quote_identifier(column.name) + ")");
  for (const auto& candidate : kCandidates) {
    questions.ask("count(*) FILTER (WHERE " + fits_sql(column, candidate) + ")");
  }
  TRY(questions.answer(session, rows_sql));
  const auto values = count_in(questions.next());
  for (const auto& candidate : kCandidates) {
    if (double(count_in(questions.next())) >= kShareMin * double(values) && values > 0) {
      return &candidate;
    }
  }
  return nullptr;
}

Status count_all(engine::Session& session, const std::string& rows_sql, const Candidate& candidate,
                 ColumnProfile& column) {
  const auto name = quote_identifier(column.name);
  const auto fits = fits_sql(column, candidate);
  Questions questions;
  questions.ask("count(" + name + ")");
  questions.ask("count(*) FILTER (WHERE " + fits + ")");
  questions.ask("min(" + name + ") FILTER (WHERE NOT " + fits + ")");
  questions.ask("count(*) FILTER (WHERE regexp_matches(" + name + ", '^[+]|^-?0[0-9]'))");
  TRY(questions.answer(session, rows_sql));
  const auto values = count_in(questions.next());
  const auto count = count_in(questions.next());
  const auto& other = questions.next();
  const auto codes = count_in(questions.next());
  if (!is_near(count, values) || !other || codes > 0) return {};
  column.near = NearType{std::string(candidate.type), count, values, *other};
  return {};
}

}  // namespace

Status find_near_types(engine::Session& session, const std::string& rows_sql, Profile& profile) {
  const auto first = "(FROM " + rows_sql + " LIMIT " + std::to_string(kRowsTried) + ")";
  std::size_t asked = 0;
  for (auto& column : profile.columns) {
    if (column.type != "VARCHAR" || asked == kColumnsMax) continue;
    ++asked;
    TRY(const auto* candidate, try_types(session, first, column));
    if (candidate != nullptr) TRY(count_all(session, rows_sql, *candidate, column));
  }
  return {};
}

}  // namespace leat::app
