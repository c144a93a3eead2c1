#include "config/sql_text.hpp"

#include <algorithm>

#include "config/read_value.hpp"

namespace leat::config {
namespace {

/// False when findings were added.
bool put_values_in(SqlText& sql, const Values& values, Findings& findings) {
  if (sql.written.find("{{") == std::string::npos) return true;
  auto rendered = render_sql(sql.written, values);
  for (auto& complaint : rendered.complaints) {
    const auto place = sql.places->at(sql.written, complaint.offset, sql.file);
    findings.add(place, std::move(complaint.message), std::move(complaint.hint),
                 int(complaint.length));
  }
  sql.text = std::move(rendered.text);
  sql.pieces = std::move(rendered.pieces);
  return rendered.complaints.empty();
}

}  // namespace

std::string SqlText::text_for(Dialect dialect) const {
  return values ? render_sql(written, *values, dialect).text : text;
}

Place SqlText::place_at(std::size_t offset) const {
  auto in_written = offset;
  const auto after = std::upper_bound(
      pieces.begin(), pieces.end(), offset,
      [](std::size_t wanted, const RenderedPiece& piece) { return wanted < piece.rendered; });
  if (after != pieces.begin()) {
    const auto& piece = *(after - 1);
    in_written = piece.written + (piece.verbatim ? offset - piece.rendered : 0);
  }
  return places ? places->at(written, in_written, file) : Place{file, 0, 0};
}

std::optional<SqlText> sql_in(const Node& scalar, Findings& findings) {
  if (!waits_for_run(scalar) && refuse_secret(scalar, findings)) return std::nullopt;
  if (scalar.origin && scalar.origin->from_environment) {
    findings.add(scalar, "a variable cannot stand in SQL",
                 "declare a param with `default: \"${…}\"` and write {{ params.… }} here");
    return std::nullopt;
  }
  if (scalar.text.find_first_not_of(" \t\r\n") == std::string::npos) {
    findings.add(scalar, "expected SQL, found empty text");
    return std::nullopt;
  }
  SqlText sql;
  sql.text = scalar.text;
  sql.written = scalar.origin ? scalar.origin->written : scalar.text;
  sql.file = scalar.place.file;
  sql.places = scalar.places;
  if (!sql.places) {
    const auto start = scalar.place_at(0);
    sql.places = std::make_shared<const TextPlaces>(TextPlaces{{{0, start.line, start.column}}});
  }
  if (scalar.origin && scalar.origin->values &&
      !put_values_in(sql, *scalar.origin->values, findings)) {
    return std::nullopt;
  }
  if (scalar.origin) sql.values = scalar.origin->values;
  return sql;
}

std::optional<SqlText> sql_of_file(std::string text, const std::string& file, const Values& values,
                                   Findings& findings) {
  SqlText sql;
  sql.places = std::make_shared<const TextPlaces>(TextPlaces::of_file(text));
  sql.file = file;
  sql.text = text;
  sql.written = std::move(text);
  findings.add_source(file, sql.written);
  if (!put_values_in(sql, values, findings)) return std::nullopt;
  return sql;
}

}  // namespace leat::config
