#include "clients/text_values/decode.hpp"

#include "base/names.hpp"
#include "base/utf8.hpp"
#include "clients/text_values/decode_frame.hpp"

namespace leat::text_values {
namespace {

bool equals_any(std::string_view text, const std::vector<std::string>& values) {
  for (const auto& value : values) {
    if (text == value) return true;
  }
  return false;
}

bool parse_boolean(std::string_view text, const ValueFormat& format, bool& out) {
  constexpr std::string_view kTrue[] = {"true", "t", "1", "yes", "y"};
  constexpr std::string_view kFalse[] = {"false", "f", "0", "no", "n"};
  if (equals_any(text, format.true_values)) return out = true, true;
  if (equals_any(text, format.false_values)) return out = false, true;
  const auto lower = to_lower(text.substr(0, 8));
  for (std::size_t i = 0; i < 5; ++i) {
    if (format.true_values.empty() && lower == kTrue[i]) return out = true, true;
    if (format.false_values.empty() && lower == kFalse[i]) return out = false, true;
  }
  return false;
}

void decode_boolean(const ColumnJob& job) {
  const auto parse = [&job](std::string_view text, bool& out) {
    return parse_boolean(text, job.format, out);
  };
  decode_values<bool>(
      job, [&](const char* text, std::size_t size, bool& out) { return parse({text, size}, out); },
      parse);
}

bool parse_hex(char c, unsigned& out) {
  if (c >= '0' && c <= '9') return out = static_cast<unsigned>(c - '0'), true;
  const char lower = static_cast<char>(c | 0x20);
  if (lower < 'a' || lower > 'f') return false;
  out = static_cast<unsigned>(lower - 'a') + 10;
  return true;
}

void decode_uuid(const ColumnJob& job) {
  decode_values<duckdb_hugeint>(
      job,
      [](const char* text, std::size_t size, duckdb_hugeint& out) {
        return parse_uuid({text, size}, out);
      },
      parse_uuid);
}

}  // namespace

/// The engine keeps a UUID as a 128-bit integer whose sign bit is flipped, so that it sorts.
bool parse_uuid(std::string_view text, duckdb_hugeint& out) {
  if (text.size() != 36) return false;
  std::uint64_t halves[2] = {};
  unsigned digits = 0;
  for (std::size_t i = 0; i < 36; ++i) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i] != '-') return false;
      continue;
    }
    unsigned digit = 0;
    if (!parse_hex(text[i], digit)) return false;
    halves[digits / 16] = (halves[digits / 16] << 4) | digit;
    ++digits;
  }
  out.upper = static_cast<std::int64_t>(halves[0] ^ (std::uint64_t{1} << 63));
  out.lower = halves[1];
  return true;
}

void add_fault(const ColumnJob& job, std::size_t row, std::string message) {
  job.faults.push_back({static_cast<std::uint32_t>(row), job.column.name, std::move(message)});
}

void add_not_a(const ColumnJob& job, std::size_t row) {
  add_fault(
      job, row,
      "`" + printable(job.cells[row].view()) + "` is not " + data::with_article(job.column.type));
}

Decoder decoder_of(const data::Type& type) {
  if (type.id == data::TypeId::boolean) return decode_boolean;
  if (type.id == data::TypeId::uuid) return decode_uuid;
  if (const Decoder number = number_decoder(type)) return number;
  if (const Decoder text = text_decoder(type)) return text;
  return time_decoder(type);
}

Decoder strict_decoder_of(const data::Type& type) {
  return type.id == data::TypeId::json ? decode_strict_json : decoder_of(type);
}

std::optional<data::Type> carrier_of(const data::Type& type) {
  const auto name = to_lower(type.sql_name);
  // Neither does the engine refuse a key of a map that comes twice, nor set one aside that is none.
  const bool is_map = name.find("map(") != std::string::npos;
  if (is_map || name.starts_with("union(") || name == "geometry") return std::nullopt;
  const bool is_nested = name.ends_with("]") || name.starts_with("struct(");
  return data::Type{is_nested ? data::TypeId::json : data::TypeId::varchar, 0, 0, {}};
}

void read_as(const data::Schema& types, data::Schema& schema) {
  for (auto& column : schema.columns) {
    const auto known = types.find(column.name);
    if (!known || decoder_of(types.columns[*known].type) == nullptr) continue;
    column.type = types.columns[*known].type;
  }
}

void mark_nulls(std::span<Cell> cells, const ValueFormat& format, bool is_varchar) {
  for (const auto& marker : format.nulls) {
    if (marker.empty() && !is_varchar) continue;  // Every decoder but varchar does it by itself.
    for (Cell& cell : cells) {
      const bool counts = cell.kind == Cell::Kind::plain || !is_varchar;
      if (counts && cell.size == marker.size() && cell.view() == marker) {
        cell.kind = Cell::Kind::absent;
      }
    }
  }
}

}  // namespace leat::text_values
