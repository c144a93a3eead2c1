#include "config/values.hpp"

#include <algorithm>

namespace leat::config {

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

SqlText sql_in(const Node& scalar) {
  SqlText sql;
  sql.text = scalar.text;
  sql.written = scalar.text;
  sql.file = scalar.place.file;
  sql.places = scalar.places;
  if (scalar.origin) {
    sql.written = scalar.origin->written;
    if (scalar.origin->templated) {
      sql.text = scalar.origin->sql;
      sql.pieces = scalar.origin->sql_pieces;
    }
  }
  if (!sql.places) {
    const auto start = scalar.place_at(0);
    sql.places = std::make_shared<const TextPlaces>(
        TextPlaces{{{0, start.line, start.column}}});
  }
  return sql;
}

}  // namespace leat::config
