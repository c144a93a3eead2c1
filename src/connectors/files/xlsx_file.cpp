#include "connectors/files/xlsx_file.hpp"

#include <nlohmann/json.hpp>
#include <utility>

#include "base/names.hpp"

namespace leat::connectors::files {

Result<XlsxHeader> XlsxHeader::read(XlsxSheet& sheet, const XlsxShape& shape) {
  XlsxHeader header;
  if (!shape.has_header) return header;
  TRY(const auto row, sheet.next());
  if (!row) return header;
  data::Schema names;
  for (const auto& cell : row->cells) {
    auto text = sheet.text(cell).text;
    const auto first = text.find_first_not_of(" \t\r\n");
    if (first == std::string::npos) continue;
    text = text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
    if (names.find(text)) {
      return Error(Fault::config, "two columns of row " + std::to_string(row->number) +
                                      " are called `" + text + "`, letter case aside")
          .hint("give one of them another name, or leave the row out: skip: 1, header: false");
    }
    names.columns.push_back({text, {}, true});
    header.x_names.emplace(cell.column, std::move(text));
  }
  return header;
}

std::string XlsxHeader::name_of(std::uint32_t column) const {
  const auto found = x_names.find(column);
  return found == x_names.end() ? letters_of(column) : found->second;
}

Status XlsxFile::open(io::FileSystem& files, const file_list::ListedFile& listed) {
  TRY(x_sheet.open(files, listed));
  TRY(x_header, XlsxHeader::read(x_sheet, x_plan.shape));
  return find_columns();
}

Status XlsxFile::find_columns() {
  const bool by_position = !x_plan.shape.has_header && x_plan.is_declared;
  for (std::size_t i = 0; i < x_schema.size(); ++i) {
    const auto& name = x_schema.columns[i].name;
    if (by_position) {
      const auto first = x_plan.shape.first_column.value_or(0);
      x_columns.emplace(first + static_cast<std::uint32_t>(i), i);
      continue;
    }
    bool is_found = false;
    std::vector<std::string> known;
    for (const auto& [column, named] : x_header.names()) {
      known.push_back(named);
      if (!is_same_name(named, name)) continue;
      x_columns.emplace(column, i);
      is_found = true;
    }
    if (is_found) continue;
    const auto place = parse_place(name);
    const bool is_letters = place && place->column && place->row == 0;
    if (!is_letters || x_header.is_named(*place->column) || x_plan.is_declared) {
      return Error(Fault::config, "its sheet has no column `" + name + "`")
          .hint(name_hint(name, known));
    }
    x_columns.emplace(*place->column, i);
  }
  return {};
}

Result<std::uint32_t> XlsxFile::next(RowBatch& batch) {
  x_rows.begin();
  x_taken.clear();
  while (x_rows.rows() < batch.rows_max) {
    TRY(auto row, x_sheet.next());
    if (!row) break;
    x_taken.push_back(std::move(*row));
    x_rows.add_row({++x_records, x_taken.back().number, 0, 0});
    for (const auto& cell : x_taken.back().cells) fill(cell);
  }
  x_rows.decode(batch);
  return x_rows.rows();
}

void XlsxFile::fill(const XlsxCell& cell) {
  const auto found = x_columns.find(cell.column);
  if (found == x_columns.end()) {
    if (x_plan.is_declared) return;
    x_rows.refuse("a value stands in column " + letters_of(cell.column) +
                  ", which had none in the first rows; declare the columns that are wanted");
    return;
  }
  auto text = x_sheet.text(cell);
  if (text.fault.empty()) {
    x_rows.set(found->second, text.text);
  } else if (!text.is_error || !x_plan.shape.errors_are_null) {
    x_rows.fault(found->second, std::move(text.fault));
  }
}

std::string XlsxFile::raw(std::uint32_t row) const {
  auto object = nlohmann::ordered_json::object();
  for (const auto& cell : x_taken[row].cells) {
    const auto text = x_sheet.text(cell);
    object[x_header.name_of(cell.column)] = text.fault.empty() ? text.text : cell.text;
  }
  return object.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

}  // namespace leat::connectors::files
