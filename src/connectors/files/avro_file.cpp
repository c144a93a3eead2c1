#include "connectors/files/avro_file.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "base/clock.hpp"
#include "base/utf8.hpp"
#include "clients/text_values/decode.hpp"
#include "connectors/files/found_columns.hpp"
#include "connectors/files/row_json.hpp"
#include "connectors/files/string_value.hpp"
#include "data/chunk_view.hpp"

namespace leat::connectors::files {
namespace {

using avro::Kind;
using avro::Meaning;
using data::TypeId;

__extension__ using Int128 = __int128;
__extension__ using UInt128 = unsigned __int128;

/// Of JSON: a batch that has so much ends.
constexpr std::size_t kTextBytesAtOnce = 64 << 20;

std::string not_a(const std::string& value, const data::Type& type) {
  return "`" + value + "` is not a value of type " + data::sql_of(type);
}

}  // namespace

Result<std::unique_ptr<avro::FileReader>> open_avro(io::FileSystem& files,
                                                    const file_list::ListedFile& listed) {
  TRY(auto file, files.open(listed.path, io::Open::read));
  return avro::FileReader::open(std::move(file));
}

Status AvroFile::open(io::FileSystem& files, const file_list::ListedFile& listed) {
  TRY(x_reader, open_avro(files, listed));
  const auto& fields = x_reader->fields();
  x_targets.resize(fields.size());
  TRY(const auto places, find_columns(x_schema, fields));
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (x_wanted[i]) x_targets[places[i]].column = static_cast<std::ptrdiff_t>(i);
  }
  return {};
}

Result<bool> AvroFile::load() {
  for (;;) {
    TRY(auto block, x_reader->next());
    if (!block) return false;
    TRY(auto bytes, x_reader->unpack(*block));
    if (block->rows == 0) {
      if (bytes.empty()) continue;
      return avro::FileReader::broken(*block, "it holds more than its rows");
    }
    x_current = 1 - x_current;
    auto& to = loaded();
    to.bytes = std::move(bytes);
    to.block = std::move(*block);
    to.block.packed.clear();
    x_rows_left = to.block.rows;
    x_cursor = avro::Cursor(to.bytes);
    return true;
  }
}

Result<std::uint32_t> AvroFile::next(RowBatch& batch) {
  if (x_rows_left == 0) {
    TRY(const bool has_block, load());
    if (!has_block) return std::uint32_t{0};
  }
  aim(batch);
  x_turn = 1 - x_turn;
  x_texts[x_turn].clear();
  x_text_bytes = 0;
  const auto most =
      static_cast<std::uint32_t>(std::min<std::uint64_t>(x_rows_left, batch.rows_max));
  std::uint32_t rows = 0;
  for (; rows < most && x_text_bytes < kTextBytesAtOnce; ++rows) {
    const auto row = rows;
    batch.places.push_back({++x_records, 0, 0, 0});
    read_row(row, batch);
    if (x_cursor.is_broken()) {
      return avro::FileReader::broken(
          loaded().block, "row " + std::to_string(loaded().block.rows - x_rows_left + row + 1) +
                              " of it is no record of its schema");
    }
  }
  x_rows_left -= rows;
  if (x_rows_left == 0 && !x_cursor.is_at_end()) {
    return avro::FileReader::broken(loaded().block, "it holds more than its rows");
  }
  return rows;
}

void AvroFile::aim(RowBatch& batch) {
  x_vectors.assign(batch.columns.begin(), batch.columns.end());
  for (auto& target : x_targets) {
    if (target.column < 0) continue;
    auto* const vector = x_vectors[static_cast<std::size_t>(target.column)];
    target.values = vector == nullptr ? nullptr : duckdb_vector_get_data(vector);
    target.valid = nullptr;
  }
}

void AvroFile::read_row(std::uint32_t row, RowBatch& batch) {
  const auto& fields = x_reader->fields();
  for (std::size_t i = 0; i < fields.size(); ++i) {
    auto& target = x_targets[i];
    const bool has_value = !is_null(fields[i]);
    if (target.values == nullptr) {
      if (has_value) avro::skip_value(x_reader->types(), fields[i].node, x_cursor);
      continue;
    }
    std::string complaint;
    if (has_value) complaint = read_value(fields[i], target, row);
    if (has_value && complaint.empty()) continue;
    auto* const vector = x_vectors[static_cast<std::size_t>(target.column)];
    if (target.valid == nullptr) {
      duckdb_vector_ensure_validity_writable(vector);
      target.valid = duckdb_vector_get_validity(vector);
    }
    duckdb_validity_set_row_invalid(target.valid, row);
    if (!complaint.empty()) {
      batch.faults.push_back(
          {row, x_schema.columns[static_cast<std::size_t>(target.column)].name, complaint});
    }
  }
}

bool AvroFile::is_null(const avro::Field& field) {
  if (field.branches > 0) {
    const auto branch = x_cursor.read_long();
    if (branch < 0 || branch >= field.branches) x_cursor.mark_broken();
    if (branch != field.value_branch) return true;
  }
  const auto& nodes = x_reader->types().nodes;
  const auto& node = nodes[field.node];
  if (node.kind != Kind::either) return node.kind == Kind::null;
  auto behind = x_cursor;
  const auto branch = behind.read_long();
  const bool is_among = branch >= 0 && static_cast<std::uint64_t>(branch) < node.items.size();
  if (!is_among || nodes[node.items[static_cast<std::size_t>(branch)]].kind != Kind::null) {
    return false;
  }
  x_cursor = behind;
  return true;
}

std::string AvroFile::read_value(const avro::Field& field, const Target& target,
                                 std::uint32_t row) {
  const avro::Node& node = x_reader->types().nodes[field.node];
  switch (node.meaning) {
    case Meaning::decimal: return read_decimal(field, node, target.values, row);
    case Meaning::uuid: return read_uuid(node, target.values, row);
    case Meaning::date:
      static_cast<std::int32_t*>(target.values)[row] = x_cursor.read_int();
      return "";
    case Meaning::plain: break;
    default: return read_time(field, node, target.values, row);
  }
  if (field.type.is_text() || field.type.id == TypeId::blob) {
    auto& out = static_cast<duckdb_string_t*>(target.values)[row];
    out = {};
    return read_text(field, out);
  }
  return read_number(field, target.values, row);
}

std::string AvroFile::read_number(const avro::Field& field, void* values, std::uint32_t row) {
  switch (field.type.id) {
    case TypeId::boolean: static_cast<bool*>(values)[row] = x_cursor.read_bool(); break;
    case TypeId::int32: static_cast<std::int32_t*>(values)[row] = x_cursor.read_int(); break;
    case TypeId::int64: static_cast<std::int64_t*>(values)[row] = x_cursor.read_long(); break;
    case TypeId::float32: static_cast<float*>(values)[row] = x_cursor.read_plain<float>(); break;
    default: static_cast<double*>(values)[row] = x_cursor.read_plain<double>(); break;
  }
  return "";
}

std::string AvroFile::read_text(const avro::Field& field, duckdb_string_t& out) {
  const avro::Node& node = x_reader->types().nodes[field.node];
  if (field.is_json) {
    auto& text = x_texts[x_turn].emplace_back();
    auto complaint = avro::read_json(x_reader->types(), field.node, x_cursor, text);
    x_text_bytes += text.size();
    if (complaint.empty()) out = string_value(text);
    return complaint;
  }
  if (node.kind == Kind::symbols) {
    const auto symbol = x_cursor.read_long();
    if (symbol < 0 || static_cast<std::uint64_t>(symbol) >= node.names.size()) {
      x_cursor.mark_broken();
      return "";
    }
    out = string_value(node.names[static_cast<std::size_t>(symbol)]);
    return "";
  }
  const auto text = node.kind == Kind::fixed ? x_cursor.take(node.size) : x_cursor.read_text();
  if (node.kind == Kind::text && !is_valid_utf8(text)) {
    return "`" + printable(text) + "` is not valid UTF-8";
  }
  out = string_value(text);
  return "";
}

/// Everything in microseconds; what would be rounded is a fault.
std::string AvroFile::read_time(const avro::Field& field, const avro::Node& node, void* values,
                                std::uint32_t row) {
  const auto value = x_cursor.read_long();
  std::int64_t scaled = 0;
  const bool overflows = __builtin_mul_overflow(value, node.multiply, &scaled);
  const bool is_time = field.type.id == TypeId::time;
  if (overflows || (is_time && (scaled < 0 || scaled > kMicrosADay))) {
    return not_a(std::to_string(value), field.type);
  }
  if (scaled % node.divide != 0) {
    return not_a(std::to_string(value), field.type) + " without rounding";
  }
  static_cast<std::int64_t*>(values)[row] = scaled / node.divide;
  return "";
}

std::string AvroFile::read_decimal(const avro::Field& field, const avro::Node& node, void* values,
                                   std::uint32_t row) {
  const auto bytes = node.kind == Kind::fixed ? x_cursor.take(node.size) : x_cursor.read_text();
  const bool is_negative = !bytes.empty() && bytes[0] < 0;
  auto digits = bytes;
  while (digits.size() > sizeof(Int128) && digits[0] == (is_negative ? '\xFF' : '\0')) {
    digits.remove_prefix(1);
  }
  Int128 value = is_negative ? -1 : 0;
  for (const char c : digits.substr(0, sizeof value)) {
    value = static_cast<Int128>((static_cast<UInt128>(value) << 8) | static_cast<unsigned char>(c));
  }
  Int128 limit = 1;
  for (int i = 0; i < node.precision; ++i) limit *= 10;
  if (digits.size() > sizeof value || value >= limit || value <= -limit ||
      (value < 0) != is_negative) {
    return "a number is not a value of type " + data::sql_of(field.type);
  }
  switch (data::decimal_carrier(node.precision)) {
    case TypeId::int16: static_cast<std::int16_t*>(values)[row] = std::int16_t(value); break;
    case TypeId::int32: static_cast<std::int32_t*>(values)[row] = std::int32_t(value); break;
    case TypeId::int64: static_cast<std::int64_t*>(values)[row] = std::int64_t(value); break;
    default: std::memcpy(static_cast<char*>(values) + row * sizeof value, &value, sizeof value);
  }
  return "";
}

/// The engine keeps it as a number whose first bit is turned around.
std::string AvroFile::read_uuid(const avro::Node& node, void* values, std::uint32_t row) {
  if (node.kind != Kind::fixed) {
    const auto text = x_cursor.read_text();
    const bool is_one = text_values::parse_uuid(text, static_cast<duckdb_hugeint*>(values)[row]);
    return is_one ? "" : "`" + printable(text) + "` is not a UUID";
  }
  unsigned char bytes[16] = {};
  const auto raw = x_cursor.take(sizeof bytes);
  std::copy(raw.begin(), raw.end(), bytes);
  bytes[0] ^= 0x80;
  std::reverse(std::begin(bytes), std::end(bytes));
  std::memcpy(static_cast<char*>(values) + row * sizeof bytes, bytes, sizeof bytes);
  return "";
}

std::string AvroFile::raw(std::uint32_t row) const { return row_as_json(x_schema, x_vectors, row); }

}  // namespace leat::connectors::files
