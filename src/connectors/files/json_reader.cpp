#include "connectors/files/json_reader.hpp"

#include <algorithm>
#include <utility>

#include "base/names.hpp"

namespace leat::connectors::files {

JsonReader::JsonReader(JsonChunks& source, const std::vector<bool>& wanted)
    : x_source(source), x_plan(source.plan()), x_cells(x_plan.schema, wanted) {
  for (std::size_t i = 0; i < x_plan.schema.size(); ++i) {
    x_scope.add(x_plan.places[i].keys, i, x_plan.places[i].is_named);
  }
  if (!x_plan.is_declared) x_scope.refuse_others();
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
  x_cells.resize(rows);
  for (std::uint32_t row = 0; row < rows; ++row) {
    const JsonRecord& record = block().records[x_first + row];
    batch.places.push_back({block().first_record + x_first + row, block().first_line + record.line,
                            block().byte_offset + record.start, block().file});
    std::string complaint = read_record(record, row, batch);
    if (complaint.empty()) continue;
    std::erase_if(batch.faults, [&](const RowFault& fault) { return fault.row == row; });
    batch.faults.push_back({row, "", std::move(complaint)});
    x_cells.blank(row);
  }
  x_next_record = x_first + rows;
  x_cells.decode(rows, batch, block().arena);
  return rows;
}

std::string JsonReader::read_record(const JsonRecord& record, std::uint32_t row, RowBatch& batch) {
  x_cells.blank(row);
  auto complaint = complaint_of(record, block(), x_plan.cut);
  if (!complaint.empty()) return complaint;
  auto& arena = block().arena;
  complaint = x_scope.read(text_of(record), arena, [&](std::size_t column, const JsonValue& value) {
    x_cells.set(row, column, value, arena, batch.faults);
  });
  if (x_scope.take_news()) {
    x_source.note(x_scope);
    x_source.note_columns(x_scope);
  }
  if (complaint.empty() && x_scope.keys() > 0 && x_scope.known_keys() == 0) {
    const auto names = x_plan.schema.names();
    const auto shown_names = std::min<std::size_t>(names.size(), 3);
    complaint = "the record has none of the columns " +
                join_names({names.begin(), names.begin() + std::ptrdiff_t(shown_names)}, ", ") +
                (shown_names < names.size() ? ", …" : "");
  }
  return complaint;
}

std::string JsonReader::raw(std::uint32_t row) const {
  return raw_of(text_of(block().records.at(x_first + row)), block(), x_plan.cut);
}

}  // namespace leat::connectors::files
