#include "connectors/files/json_child_reader.hpp"

#include <algorithm>

#include "base/quantity.hpp"
#include "base/utf8.hpp"

namespace leat::connectors::files {
namespace {

using Role = JsonPlace::Role;

/// A batch ends here: values of the record around are repeated with each of its elements.
constexpr std::uint64_t kBatchBytes = 8 << 20;

std::string path_text(const std::vector<std::string>& keys) {
  std::string text;
  for (const auto& key : keys) text += (text.empty() ? "" : ".") + key;
  return text;
}

}  // namespace

JsonChildReader::JsonChildReader(JsonChunks& source, const std::vector<bool>& wanted)
    : x_source(source), x_plan(source.plan()), x_cells(x_plan.schema, wanted) {
  x_record_scope.add(x_plan.unnest, x_plan.schema.size(), true);
  for (std::size_t i = 0; i < x_plan.schema.size(); ++i) {
    const auto& place = x_plan.places[i];
    switch (place.role) {
      case Role::own: x_element_scope.add(place.keys, i, place.is_named); break;
      case Role::parent: x_record_scope.add(place.keys, i, place.is_named); break;
      case Role::position: x_positions.push_back(i); break;
      case Role::element: x_elements_whole.push_back(i); break;
    }
  }
}

Result<bool> JsonChildReader::claim() {
  if (x_is_used) x_current = 1 - x_current;
  x_is_used = false;
  x_next_record = 0;
  TRY(const auto records, x_source.claim(block()));
  return records > 0;
}

Result<std::uint32_t> JsonChildReader::next(RowBatch& batch) {
  batch.places.clear();
  batch.faults.clear();
  x_raw.clear();
  x_cells.resize(batch.rows_max);
  std::uint32_t rows = 0;
  std::uint64_t bytes = 0;
  while (rows < batch.rows_max) {
    if (x_has_elements) {
      x_has_elements = add_element(rows, batch);
      rows += x_has_elements ? 1 : 0;
      bytes += x_has_elements ? x_around_bytes + x_raw.back().size() : 0;
      if (bytes >= kBatchBytes) break;
    } else if (x_next_record < block().records.size()) {
      open_record(rows, batch);
    } else if (rows > 0) {
      break;  // They point into this block.
    } else {
      TRY(const bool more, claim());
      if (!more) return std::uint32_t{0};
    }
  }
  x_is_used = true;
  x_source.add_rows(rows);
  x_cells.decode(rows, batch, block().arena);
  return rows;
}

void JsonChildReader::open_record(std::uint32_t& rows, RowBatch& batch) {
  const auto& record = block().records[x_next_record];
  x_place = {block().first_record + x_next_record, block().first_line + record.line,
             block().byte_offset + record.start, block().file};
  ++x_next_record;
  x_text = {block().text.data() + record.start, record.size};
  x_counted = x_text.substr(0, 0);
  x_position = 0;
  x_around.clear();
  x_around_bytes = 0;
  x_elements = JsonElements("[]");
  auto complaint = find_array(record);
  x_has_elements = complaint.empty();
  if (x_has_elements) return;
  batch.places.push_back(x_place);
  batch.faults.push_back({rows, "", std::move(complaint)});
  x_cells.blank(rows);
  x_raw.push_back(x_text);
  ++rows;
}

/// What is wrong with the record; empty when nothing is, and then its elements can be read.
std::string JsonChildReader::find_array(const JsonRecord& record) {
  auto complaint = complaint_of(record, block(), x_plan.cut);
  if (!complaint.empty()) return complaint;
  JsonValue array;
  auto& arena = block().arena;
  complaint = x_record_scope.read(x_text, arena, [&](std::size_t slot, const JsonValue& value) {
    if (slot == x_plan.schema.size()) {
      array = value;
    } else {
      x_around.emplace_back(slot, x_cells.settled(slot, value, arena));
      x_around_bytes += value.raw.size();
    }
  });
  if (x_record_scope.take_news()) x_source.note(x_record_scope);
  if (!complaint.empty() || array.kind == JsonValue::Kind::null) return complaint;
  if (array.kind != JsonValue::Kind::nested || array.raw.front() != '[') {
    return "the key `" + path_text(x_plan.unnest) + "` holds no array";
  }
  x_elements = JsonElements(array.raw);
  return "";
}

/// False: there was none.
bool JsonChildReader::add_element(std::uint32_t row, RowBatch& batch) {
  std::string_view element;
  if (!x_elements.next(element)) return false;
  ++x_position;
  const auto at = static_cast<std::size_t>(element.data() - x_text.data());
  const auto between = x_text.substr(x_counted.size(), at - x_counted.size());
  x_place.line += static_cast<std::uint64_t>(std::count(between.begin(), between.end(), '\n'));
  x_counted = x_text.substr(0, at);
  auto place = x_place;
  place.byte_offset += at;
  batch.places.push_back(place);
  x_raw.push_back(element);
  x_cells.blank(row);
  auto complaint = read_element(element, row, batch);
  if (complaint.empty()) {
    set_around(row, batch);
    return true;
  }
  std::erase_if(batch.faults, [&](const RowFault& fault) { return fault.row == row; });
  batch.faults.push_back({row, "",
                          "element " + std::to_string(x_position) + " of `" +
                              path_text(x_plan.unnest) + "`: " + complaint});
  x_cells.blank(row);
  return true;
}

std::string JsonChildReader::read_element(std::string_view element, std::uint32_t row,
                                          RowBatch& batch) {
  const auto value = json_value_of(element);
  auto& arena = block().arena;
  for (const auto column : x_elements_whole) x_cells.set(row, column, value, arena, batch.faults);
  if (x_element_scope.is_empty()) return "";
  if (value.kind != JsonValue::Kind::nested || element.front() != '{') {
    return x_elements_whole.empty() ? "it is no object" : "";
  }
  const auto take = [&](std::size_t column, const JsonValue& found) {
    x_cells.set(row, column, found, arena, batch.faults);
  };
  auto complaint = x_element_scope.read(element, arena, take);
  if (x_element_scope.take_news()) {
    x_source.note(x_element_scope);
    x_source.note_columns(x_element_scope);
  }
  const bool is_foreign = x_element_scope.keys() > 0 && x_element_scope.known_keys() == 0;
  if (complaint.empty() && is_foreign && x_elements_whole.empty()) {
    return "it has none of the columns";
  }
  return complaint;
}

void JsonChildReader::set_around(std::uint32_t row, RowBatch& batch) {
  auto& arena = block().arena;
  for (const auto& [column, value] : x_around) {
    x_cells.set(row, column, value, arena, batch.faults);
  }
  const auto digits = std::to_string(x_position);
  for (const auto column : x_positions) {
    char* const text = arena.take(digits.size());
    std::copy(digits.begin(), digits.end(), text);
    x_cells.set_plain(row, column, {text, digits.size()});
  }
}

std::string JsonChildReader::raw(std::uint32_t row) const {
  return raw_of(x_raw.at(row), block(), x_plan.cut);
}

}  // namespace leat::connectors::files
