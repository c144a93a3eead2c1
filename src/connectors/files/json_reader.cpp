#include "connectors/files/json_reader.hpp"

#include <algorithm>
#include <utility>

#include "base/names.hpp"
#include "base/quantity.hpp"
#include "base/utf8.hpp"

namespace leat::connectors::files {
namespace {

using text_values::Cell;

constexpr char kNothing[text_values::kPadding] = {};

std::string shown(std::string_view key) { return "`" + printable(key) + "`"; }

}  // namespace

JsonReader::JsonReader(JsonChunks& source, const std::vector<bool>& wanted)
    : x_source(source), x_plan(source.plan()) {
  for (std::size_t i = 0; i < x_plan.schema.size(); ++i) {
    const data::Column& column = x_plan.schema.columns[i];
    Column made;
    made.decode = text_values::decoder_of(column.type);
    made.is_wanted = i < wanted.size() && wanted[i];
    made.keeps_json = column.type.id == data::TypeId::json;
    made.keeps_empty = column.type.is_text() || column.type.id == data::TypeId::blob;
    x_columns.push_back(std::move(made));
    x_by_key.emplace(column.name, i);
  }
}

std::string_view JsonReader::text_of(const JsonRecord& record) const {
  return {block().text.data() + record.start, record.size};
}

Result<std::uint32_t> JsonReader::next(RowBatch& batch) {
  batch.places.clear();
  batch.faults.clear();
  if (x_next_record == block().records.size()) {
    x_current = 1 - x_current;
    x_next_record = 0;
    TRY(const std::size_t records, x_source.claim(block()));
    if (records == 0) return std::uint32_t{0};
  }
  x_first = x_next_record;
  const std::size_t left = block().records.size() - x_first;
  const auto rows = static_cast<std::uint32_t>(std::min<std::size_t>(left, batch.rows_max));
  for (Column& column : x_columns) column.cells.resize(rows);
  for (std::uint32_t row = 0; row < rows; ++row) {
    const JsonRecord& record = block().records[x_first + row];
    batch.places.push_back({block().first_record + x_first + row, block().first_line + record.line,
                            block().byte_offset + record.start, block().file});
    ++x_rows_seen;
    std::string complaint = read_record(record, row, batch);
    if (complaint.empty()) continue;
    std::erase_if(batch.faults, [&](const RowFault& fault) { return fault.row == row; });
    batch.faults.push_back({row, "", std::move(complaint)});
    blank(row);
  }
  x_next_record = x_first + rows;
  decode(batch);
  return rows;
}

void JsonReader::blank(std::uint32_t row) {
  for (Column& column : x_columns) column.cells[row] = {kNothing, 0, Cell::Kind::absent};
}

std::string JsonReader::read_record(const JsonRecord& record, std::uint32_t row, RowBatch& batch) {
  blank(row);
  const std::uint64_t bytes = block().skipped_bytes.value_or(record.size);
  if (bytes > x_plan.cut.max_record_bytes) {
    return "the record has " + format_count(bytes) + " bytes; at most " +
           format_count(x_plan.cut.max_record_bytes) + " are read (`max_record_bytes`)";
  }
  if (record.complaint != nullptr) return record.complaint;
  const std::string_view text = text_of(record);
  if (!is_valid_utf8(text)) return "the record is not valid UTF-8";
  JsonObjectWalk walk(text);
  JsonMember member;
  x_known_keys = 0;
  std::size_t keys = 0;
  for (; walk.next(member); ++keys) {
    std::string complaint = take(member, row, batch);
    if (!complaint.empty()) return complaint;
  }
  std::string complaint = walk.complaint();
  if (complaint.empty() && keys > 0 && x_known_keys == 0) {
    const auto names = x_plan.schema.names();
    const auto shown_names = std::min<std::size_t>(names.size(), 3);
    complaint = "the record has none of the columns " +
                join_names({names.begin(), names.begin() + std::ptrdiff_t(shown_names)}, ", ") +
                (shown_names < names.size() ? ", …" : "");
  }
  return complaint;
}

std::string JsonReader::take(const JsonMember& member, std::uint32_t row, RowBatch& batch) {
  x_key = member.has_escapes ? std::string(undo_escapes(member.key, block().arena).view())
                             : std::string(member.key);
  const auto found = x_by_key.find(x_key);
  if (found == x_by_key.end()) {
    if (x_plan.is_declared) return "";
    return "the key " + shown(x_key) +
           " was not among the first records; declare the columns that are wanted";
  }
  ++x_known_keys;
  Column& column = x_columns[found->second];
  if (column.last_row == x_rows_seen) return "the key " + shown(x_key) + " comes twice";
  column.last_row = x_rows_seen;
  const JsonValue& value = member.value;
  if (value.kind == JsonValue::Kind::null) return "";
  if (value.raw.empty() && !column.keeps_empty) {
    const data::Column& described = x_plan.schema.columns[found->second];
    batch.faults.push_back(
        {row, described.name,
         "an empty text is not a value of type " + data::sql_of(described.type)});
    return "";
  }
  column.cells[row] = cell_of(column, value);
  return "";
}

Cell JsonReader::cell_of(const Column& column, const JsonValue& value) {
  const bool is_text = value.kind == JsonValue::Kind::text;
  if (is_text && !column.keeps_json) {
    if (value.has_escapes) return undo_escapes(value.raw, block().arena);
    return {value.raw.data(), static_cast<std::uint32_t>(value.raw.size()), Cell::Kind::quoted};
  }
  const std::size_t quotes = is_text ? 1 : 0;
  return {value.raw.data() - quotes, static_cast<std::uint32_t>(value.raw.size() + 2 * quotes),
          Cell::Kind::plain};
}

void JsonReader::decode(RowBatch& batch) {
  for (std::size_t i = 0; i < x_columns.size(); ++i) {
    if (!x_columns[i].is_wanted || batch.columns[i] == nullptr) continue;
    x_columns[i].decode({x_columns[i].cells, batch.columns[i], x_plan.schema.columns[i], x_format,
                         false, block().arena, batch.faults});
  }
  std::stable_sort(batch.faults.begin(), batch.faults.end(),
                   [](const RowFault& a, const RowFault& b) { return a.row < b.row; });
}

std::string JsonReader::raw(std::uint32_t row) const {
  const std::string_view text = text_of(block().records.at(x_first + row));
  const std::uint64_t bytes = block().skipped_bytes.value_or(text.size());
  if (bytes <= x_plan.cut.max_record_bytes) return std::string(text);
  return std::string(text.substr(0, kShownBytes)) + "… (" + format_count(bytes) + " bytes in all)";
}

}  // namespace leat::connectors::files
