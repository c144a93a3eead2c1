#include "connectors/csv/chunk_reader.hpp"

#include <algorithm>
#include <string_view>

#include "base/quantity.hpp"
#include "connectors/csv/structure_scanner.hpp"

namespace leat::connectors::csv {
namespace {

/// The two ways to meet such a record, in a block and passed by, must not differ.
std::string too_long(const SkippedRecord& record, std::uint64_t limit) {
  std::string text = "the record has " + format_count(record.bytes) + " bytes; at most " +
                     format_count(limit) + " are read (`max_record_bytes`)";
  if (record.unterminated) text += "; a quote in it is never closed";
  if (record.lines_within > 0) {
    text += "; it swallowed " + format_count(record.lines_within) + " line ends";
  }
  return text;
}

std::string shortened(std::string_view start, std::uint64_t bytes) {
  return std::string(start) + "… (" + format_count(bytes) + " bytes in all)";
}

std::string fields(std::uint32_t count) {
  return std::to_string(count) + (count == 1 ? " field" : " fields");
}

/// A field's own length is looked at as well, where it has a limit.
Fields fields_for(const ReadPlan& plan, const std::vector<bool>& wanted) {
  const bool reads_any = std::find(wanted.begin(), wanted.end(), true) != wanted.end();
  const bool has_limit = plan.format.max_field_bytes < plan.format.max_record_bytes;
  return reads_any || has_limit ? Fields::listed : Fields::counted;
}

}  // namespace

CsvReader::CsvReader(BlockSource& source, const std::vector<bool>& wanted)
    : x_source(source),
      x_plan(source.plan()),
      x_index(x_plan.format.dialect, fields_for(x_plan, wanted)) {
  for (std::size_t i = 0; i < x_plan.schema.size(); ++i) {
    const data::Column& column = x_plan.schema.columns[i];
    x_columns.push_back({i < wanted.size() && wanted[i],
                         text_values::strict_decoder_of(column.type),
                         x_plan.format.values_of(column.name)});
  }
}

IndexedText CsvReader::indexed_text() const {
  const bool is_fixed = !x_plan.format.widths.empty();
  const std::size_t fields_a_record =
      is_fixed ? x_plan.format.widths.size() : block().layout->field_count;
  return {block().text.data(), block().size, fields_a_record == 1};
}

Result<bool> CsvReader::next_block() {
  x_current = 1 - x_current;
  TRY(const std::uint64_t records, x_source.claim(block(), x_lane));
  x_has_block = records > 0;
  x_index.reset();
  x_records_before = 0;
  return x_has_block;
}

Result<std::uint32_t> CsvReader::next(RowBatch& batch) {
  batch.places.clear();
  batch.faults.clear();
  while (true) {
    if (x_has_block && !block().skipped && x_index.advance(indexed_text(), batch.rows_max)) break;
    TRY(const bool has_more, next_block());
    if (!has_more) return std::uint32_t{0};
    if (block().skipped) return deliver_skipped(batch), std::uint32_t{1};
  }
  const auto rows = static_cast<std::uint32_t>(x_index.records().size());
  x_batch_first = block().first_record + x_records_before;
  x_records_before += rows;
  place_rows(batch);
  TRY(judge_records(batch));
  const std::size_t structural = batch.faults.size();
  for (std::size_t i = 0; i < x_columns.size(); ++i) {
    if (x_columns[i].is_wanted && batch.columns[i] != nullptr) decode_column(i, batch);
  }
  if (batch.faults.size() > structural) {
    std::stable_sort(batch.faults.begin(), batch.faults.end(),
                     [](const RowFault& a, const RowFault& b) { return a.row < b.row; });
  }
  return rows;
}

void CsvReader::place_rows(RowBatch& batch) const {
  const auto records = x_index.records();
  batch.places.resize(records.size());
  for (std::size_t row = 0; row < records.size(); ++row) {
    batch.places[row] = {x_batch_first + row, block().first_line + records[row].line,
                         block().byte_offset + records[row].start, block().file};
  }
}

Status CsvReader::judge_records(RowBatch& batch) {
  x_is_broken.clear();
  if (are_all_well()) return {};
  const auto records = x_index.records();
  for (std::size_t row = 0; row < records.size(); ++row) {
    std::string complaint = complaint_about(records[row]);
    const bool is_ragged = complaint.empty();
    if (is_ragged) complaint = ragged_complaint(records[row]);
    if (complaint.empty()) continue;
    if (is_ragged && x_plan.format.on_ragged == OnRagged::fail) {
      return Error(Fault::external, complaint)
          .with("line", std::to_string(batch.places[row].line))
          .with("record", std::to_string(batch.places[row].record))
          .hint("`on_ragged: quarantine` would set such records aside")
          .during("reading `" + x_source.block_file(block().file) + "`");
    }
    x_is_broken.resize(records.size());
    x_is_broken[row] = 1;
    batch.faults.push_back({static_cast<std::uint32_t>(row), "", std::move(complaint)});
  }
  return {};
}

bool CsvReader::are_all_well() const {
  const FileFormat& format = x_plan.format;
  const std::uint32_t fields = x_index.fields_of_each();
  return format.widths.empty() && fields != 0 && fields == block().layout->field_count &&
         x_index.bytes_max() <= std::min(format.max_record_bytes, format.max_field_bytes) &&
         !x_index.has_broken();
}

std::string CsvReader::complaint_about(const Record& record) const {
  const std::uint64_t bytes = record.end - record.start;
  if (bytes > x_plan.format.max_record_bytes) {
    return too_long({bytes, record.lines_within, record.unterminated},
                    x_plan.format.max_record_bytes);
  }
  if (record.unterminated) {
    return "a quote is never closed: the record that starts on line " +
           std::to_string(block().first_line + record.line) + " swallowed " +
           format_count(record.lines_within) + " line ends up to the end of the file";
  }
  if (record.has_junk) return "text follows a closing quote";
  return field_complaint(record);
}

std::string CsvReader::field_complaint(const Record& record) const {
  const std::uint64_t limit = x_plan.format.max_field_bytes;
  if (record.end - record.start <= limit) return "";
  std::uint32_t start = record.start;
  for (std::uint32_t field = 0; field < record.fields; ++field) {
    const std::uint32_t end = x_index.field_ends()[record.first_field + field];
    if (end - start > limit) {
      return "field " + std::to_string(field + 1) + " has " + format_count(end - start) +
             " bytes; at most " + format_count(limit) + " are read (`max_field_bytes`)";
    }
    start = end + x_plan.format.dialect.delimiter_size();
  }
  return "";
}

std::string CsvReader::ragged_complaint(const Record& record) const {
  const FileFormat& format = x_plan.format;
  if (!format.widths.empty()) {
    const std::uint32_t needed = characters_needed(format.widths);
    const std::string_view text(block().text.data() + record.start, record.end - record.start);
    const bool reaches = bytes_of_characters(text, needed - 1) < text.size();
    if (reaches || format.on_ragged == OnRagged::pad) return "";
    return "the line is shorter than the " + std::to_string(needed) +
           " characters at which its last column starts";
  }
  const std::uint32_t expected = block().layout->field_count;
  if (record.fields == expected || expected == 0) return "";
  if (record.fields < expected && format.on_ragged == OnRagged::pad) return "";
  return fields(record.fields) + " where " + std::to_string(expected) + " were expected";
}

/// All rows of a batch are of one file, and so of one folder.
void CsvReader::decode_folder(std::size_t column, RowBatch& batch) {
  const std::size_t first = x_plan.schema.size() - x_plan.folders;
  const FolderText& text = x_plan.folder_texts[block().file][column - first];
  const Cell cell{text.padded.data(), text.size,
                  text.is_null ? Cell::Kind::absent : Cell::Kind::quoted};
  x_cells.assign(x_index.records().size(), cell);
  if (x_plan.schema.columns[column].type.id != data::TypeId::varchar) {
    text_values::mark_nulls(x_cells, x_columns[column].values, false);
  }
  x_columns[column].decode({x_cells, batch.columns[column], x_plan.schema.columns[column],
                            x_columns[column].values, true, block().arena, batch.faults});
}

void CsvReader::decode_column(std::size_t column, RowBatch& batch) {
  if (column + x_plan.folders >= x_plan.schema.size()) return decode_folder(column, batch);
  const FileFormat& format = x_plan.format;
  x_cells.resize(x_index.records().size());
  const std::int32_t field = block().layout->fields[column];
  const CellReader reader(format.dialect, block().text.data(), x_index, block().arena);
  if (field == Layout::kMissing) {
    std::fill(x_cells.begin(), x_cells.end(), Cell{block().text.data(), 0, Cell::Kind::absent});
  } else if (!format.widths.empty()) {
    reader.read_fixed(format.widths[static_cast<std::size_t>(field)], x_is_broken, x_cells);
  } else {
    reader.read(static_cast<std::uint32_t>(field), x_is_broken, x_cells);
  }
  const data::Column& description = x_plan.schema.columns[column];
  const ValueFormat& values = x_columns[column].values;
  text_values::mark_nulls(x_cells, values, description.type.id == data::TypeId::varchar);
  x_columns[column].decode({x_cells, batch.columns[column], description, values,
                            x_index.has_high_bytes(), block().arena, batch.faults});
}

void CsvReader::deliver_skipped(RowBatch& batch) {
  const Cell nothing{block().text.data(), 0, Cell::Kind::absent};
  batch.places.push_back(
      {block().first_record, block().first_line, block().byte_offset, block().file});
  const auto& skipped = *block().skipped;
  const bool is_above = !skipped.why_none.empty();
  batch.faults.push_back(
      {0, "", is_above ? skipped.why_none : too_long(skipped, x_plan.format.max_record_bytes),
       is_above});
  for (std::size_t i = 0; i < x_columns.size(); ++i) {
    if (!x_columns[i].is_wanted || batch.columns[i] == nullptr) continue;
    x_columns[i].decode({{&nothing, 1},
                         batch.columns[i],
                         x_plan.schema.columns[i],
                         x_columns[i].values,
                         false,
                         block().arena,
                         batch.faults});
  }
}

std::string CsvReader::raw(std::uint32_t row) const {
  const char* const text = block().text.data();
  if (block().skipped && !block().skipped->why_none.empty()) return {text, block().size};
  if (block().skipped) return shortened({text, block().size}, block().skipped->bytes);
  const Record& record = x_index.records()[row];
  const std::string_view content(text + record.start, record.end - record.start);
  if (content.size() <= x_plan.format.max_record_bytes) return std::string(content);
  return shortened(content.substr(0, Block::kSkippedShown), content.size());
}

}  // namespace leat::connectors::csv
