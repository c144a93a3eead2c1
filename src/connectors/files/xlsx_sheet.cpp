#include "connectors/files/xlsx_sheet.hpp"

#include <charconv>
#include <utility>

namespace leat::connectors::files {
namespace {

using xml::local_name;

constexpr std::size_t kSheetPieceBytes = 64 * 1024;
constexpr std::size_t kTextMax = 1 << 20;  ///< The program that writes them stops at 32,767.

XlsxCell::Kind kind_of(std::string_view type) {
  if (type == "s") return XlsxCell::Kind::shared;
  if (type == "b") return XlsxCell::Kind::boolean;
  if (type == "e") return XlsxCell::Kind::error;
  if (type == "d") return XlsxCell::Kind::iso;
  return type == "str" || type == "inlineStr" ? XlsxCell::Kind::text : XlsxCell::Kind::number;
}

}  // namespace

Status XlsxSheet::open(io::FileSystem& files, const file_list::ListedFile& listed) {
  TRY(x_book, XlsxBook::open(files, listed, x_shape.limit));
  TRY(x_stream, x_book->sheet(x_shape.sheet));
  x_piece.resize(kSheetPieceBytes);
  return {};
}

Result<std::optional<XlsxRow>> XlsxSheet::next() {
  for (;;) {
    if (x_parser.is_paused()) {
      TRY(x_parser.resume());
    } else if (x_at_end) {
      return std::optional<XlsxRow>();
    } else {
      TRY(const std::size_t got, x_stream->read(x_piece.data(), x_piece.size()));
      x_at_end = got < x_piece.size();
      TRY(x_parser.feed({x_piece.data(), got}, x_at_end));
    }
    if (!x_complaint.empty()) return Error(Fault::external, "the sheet is broken: " + x_complaint);
    if (x_ended) return std::exchange(x_ended, std::nullopt);
  }
}

void XlsxSheet::complain(std::string what) {
  if (x_complaint.empty()) x_complaint = std::move(what);
}

void XlsxSheet::start(std::string_view name, std::span<const xml::Attribute> attributes) {
  const auto local = local_name(name);
  if (local == "row") {
    x_in_row = true;
    x_row = {x_last_row + 1, {}};
    x_next_column = 0;
    const auto number = attribute_of(attributes, "r");
    if (!number.empty()) {
      const auto read = std::from_chars(number.data(), number.data() + number.size(), x_row.number);
      if (read.ec != std::errc() || x_row.number <= x_last_row) {
        x_complaint =
            "row `" + std::string(number) + "` comes after row " + std::to_string(x_last_row);
      }
    }
    x_last_row = x_row.number;
  } else if (local == "c" && x_in_row) {
    start_cell(attributes);
  } else if (x_in_cell && local == "f") {
    x_cell.is_formula = true;
  } else if (x_in_cell && local == "rPh") {
    x_in_reading = true;
  } else if (x_in_cell && (local == "v" || local == "t") && !x_in_reading) {
    x_in_value = x_cell.has_value = true;
  }
}

void XlsxSheet::start_cell(std::span<const xml::Attribute> attributes) {
  x_in_cell = true;
  x_cell = {};
  x_cell.column = x_next_column;
  const auto place = attribute_of(attributes, "r");
  if (!place.empty()) {
    const auto parsed = parse_place(place);
    const bool is_good =
        parsed && parsed->column && *parsed->column >= x_next_column && parsed->row == x_row.number;
    if (is_good) {
      x_cell.column = *parsed->column;
    } else {
      complain("cell `" + std::string(place) + "` stands in row " + std::to_string(x_row.number) +
               " behind column " + (x_next_column == 0 ? "none" : letters_of(x_next_column - 1)));
    }
  }
  x_next_column = x_cell.column + 1;
  x_cell.kind = kind_of(attribute_of(attributes, "t"));
  const auto style = attribute_of(attributes, "s");
  std::size_t number = 0;
  std::from_chars(style.data(), style.data() + style.size(), number);
  x_cell.look = x_book->look_of_style(number);
}

void XlsxSheet::end(std::string_view name) {
  const auto local = local_name(name);
  if (local == "rPh") x_in_reading = false;
  if (local == "v" || local == "t") x_in_value = false;
  if (local == "c" && x_in_cell) end_cell();
  if (local == "row" && x_in_row) end_row();
}

void XlsxSheet::end_cell() {
  x_in_cell = x_in_value = x_in_reading = false;
  const bool is_inside = x_cell.column >= x_shape.first_column.value_or(0) &&
                         x_cell.column <= x_shape.last_column.value_or(x_cell.column);
  if (x_cell.kind == XlsxCell::Kind::number && x_cell.text.empty()) x_cell.has_value = false;
  const bool says_something = x_cell.has_value || x_cell.is_formula;
  if (is_inside && says_something) x_row.cells.push_back(std::move(x_cell));
  x_cell = {};
}

void XlsxSheet::end_row() {
  x_in_row = false;
  const bool is_inside = x_row.number >= x_shape.first_row && x_row.number <= x_shape.last_row;
  if (is_inside && !x_row.cells.empty()) x_ended = std::move(x_row);
  x_row = {};
  if (x_ended || !x_complaint.empty()) x_parser.pause();
}

void XlsxSheet::text(std::string_view text) {
  if (!x_in_value) return;
  if (x_cell.text.size() + text.size() > kTextMax) {
    complain("a text in row " + std::to_string(x_row.number) + " has more than 1 MiB");
    return;
  }
  x_cell.text += text;
}

}  // namespace leat::connectors::files
