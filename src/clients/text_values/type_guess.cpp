#include "clients/text_values/type_guess.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "base/names.hpp"
#include "base/text.hpp"
#include "clients/text_values/decode.hpp"

namespace leat::text_values {
namespace {

using data::TypeId;

constexpr std::array<TypeId, 9> kCandidates{
    TypeId::boolean,   TypeId::int64, TypeId::float64, TypeId::date, TypeId::timestamp_tz,
    TypeId::timestamp, TypeId::time,  TypeId::uuid,    TypeId::json};
/// A double holds no more digits for sure.
constexpr std::size_t kExactDigits = 15;

/// Text that a number's parser would take although it is more likely a code.
bool is_code(std::string_view text) {
  if (text.front() == '+') return true;
  if (text.front() == '-') text.remove_prefix(1);
  if (text.size() > 1 && text[0] == '0' && is_digit(text[1])) return true;
  const auto is_letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
  const auto letters = std::count_if(text.begin(), text.end(), is_letter);
  const auto digits = std::count_if(text.begin(), text.end(), is_digit);
  return letters > 1 || digits == 0;
}

bool is_plausible(const Cell& cell, TypeId type, const ValueFormat& format) {
  const std::string_view text = cell.view();
  if (type == TypeId::boolean) {
    const auto lower = to_lower(text);
    const auto is_among = [&](const auto& values) {
      return std::find(values.begin(), values.end(), text) != values.end();
    };
    return lower == "true" || lower == "false" || is_among(format.true_values) ||
           is_among(format.false_values);
  }
  if (type == TypeId::int64) return !is_code(text);
  if (type == TypeId::float64) {
    const bool is_whole = std::all_of(text.begin(), text.end(), is_digit);
    return !is_code(text) && !(is_whole && text.size() > kExactDigits);
  }
  // 09:15 may be a score, a verse or a length of time, and would not be written so again.
  if (type == TypeId::time) return std::count(text.begin(), text.end(), ':') == 2;
  // A number or a word is JSON, too, and is not meant as such.
  if (type == TypeId::json) return text.front() == '{' || text.front() == '[';
  return true;
}

/// The engine's vector of one type, for trying values out.
class ScratchVector {
 public:
  ScratchVector(const data::Type& type, std::size_t rows) : x_type(data::type_to_engine(type)) {
    x_vector = duckdb_create_vector(x_type, rows);
  }
  ~ScratchVector() {
    duckdb_destroy_vector(&x_vector);
    duckdb_destroy_logical_type(&x_type);
  }
  ScratchVector(const ScratchVector&) = delete;
  ScratchVector& operator=(const ScratchVector&) = delete;
  duckdb_vector get() const { return x_vector; }

 private:
  duckdb_logical_type x_type;
  duckdb_vector x_vector;
};

bool reads_all(std::span<const Cell> cells, const ValueFormat& format, TypeId type) {
  for (const Cell& cell : cells) {
    if (!is_plausible(cell, type, format)) return false;
  }
  const data::Column column{"", {type, 0, 0, {}}, true};
  const ScratchVector vector(column.type, cells.size());
  Arena arena;
  std::vector<RowFault> faults;
  strict_decoder_of(column.type)({cells, vector.get(), column, format, false, arena, faults});
  return faults.empty();
}

}  // namespace

void TypeGuess::try_values(std::span<const Cell> cells, const ValueFormat& format) {
  std::vector<Cell> values(cells.begin(), cells.end());
  mark_nulls(values, format, false);
  std::erase_if(values, [](const Cell& cell) {
    return cell.kind == Cell::Kind::absent ||
           cell.view().find_first_not_of(" \t") == std::string_view::npos;
  });
  if (values.empty()) return;
  x_has_values = true;
  for (std::size_t i = 0; i < kCandidates.size(); ++i) {
    const auto bit = static_cast<std::uint16_t>(1u << i);
    if ((x_ruled_out & bit) == 0 && !reads_all(values, format, kCandidates[i])) x_ruled_out |= bit;
  }
}

data::Type TypeGuess::result() const {
  for (std::size_t i = 0; i < kCandidates.size() && x_has_values; ++i) {
    if ((x_ruled_out >> i & 1) == 0) return {kCandidates[i], 0, 0, {}};
  }
  return {TypeId::varchar, 0, 0, {}};
}

}  // namespace leat::text_values
