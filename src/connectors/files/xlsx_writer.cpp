#include "connectors/files/xlsx_writer.hpp"

#include <array>
#include <charconv>
#include <chrono>
#include <cmath>

#include "base/quantity.hpp"
#include "connectors/files/xlsx_cells.hpp"
#include "connectors/files/xml_text.hpp"

namespace leat::connectors::files {
namespace {

constexpr std::uint64_t kRowsMax = 1'048'575;  ///< Below the header.
constexpr std::size_t kDigitsMax = 15;
constexpr std::size_t kSheetFlushBytes = 1 << 20;
constexpr std::int64_t kDayZero = -25'569;  ///< 1899-12-30 in days since 1970.
constexpr double kMarchSerial = 61;         ///< 1900-03-01: before, sheets know a 29 February.
constexpr std::int64_t kMillisOfDay = 86'400'000;

constexpr std::string_view kHead =
    "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";
constexpr std::string_view kTypes =
    "<Types xmlns=\"http://schemas.openxmlformats.org/package/2006/content-types\">"
    "<Default Extension=\"rels\" "
    "ContentType=\"application/vnd.openxmlformats-package.relationships+xml\"/>"
    "<Override PartName=\"/xl/workbook.xml\" "
    "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml\"/>"
    "<Override PartName=\"/xl/worksheets/sheet1.xml\" "
    "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml\"/>"
    "<Override PartName=\"/xl/styles.xml\" "
    "ContentType=\"application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml\"/>"
    "</Types>";
constexpr std::string_view kRelations =
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    "<Relationship Id=\"rId1\" Target=\"xl/workbook.xml\" "
    "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument\"/>"
    "</Relationships>";
constexpr std::string_view kBook =
    "<workbook xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\" "
    "xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\">"
    "<sheets><sheet name=\"rows\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>";
constexpr std::string_view kBookRelations =
    "<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"
    "<Relationship Id=\"rId1\" Target=\"worksheets/sheet1.xml\" "
    "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet\"/>"
    "<Relationship Id=\"rId2\" Target=\"styles.xml\" "
    "Type=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles\"/>"
    "</Relationships>";
/// Style 1 is a day, 2 a moment, 3 the header's.
constexpr std::string_view kStyles =
    "<styleSheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">"
    "<numFmts count=\"2\"><numFmt numFmtId=\"164\" formatCode=\"yyyy\\-mm\\-dd\"/>"
    "<numFmt numFmtId=\"165\" formatCode=\"yyyy\\-mm\\-dd\\ hh:mm:ss.000\"/></numFmts>"
    "<fonts count=\"2\"><font><sz val=\"11\"/><name val=\"Calibri\"/></font>"
    "<font><b/><sz val=\"11\"/><name val=\"Calibri\"/></font></fonts>"
    "<fills count=\"2\"><fill><patternFill patternType=\"none\"/></fill>"
    "<fill><patternFill patternType=\"gray125\"/></fill></fills>"
    "<borders count=\"1\"><border><left/><right/><top/><bottom/><diagonal/></border></borders>"
    "<cellStyleXfs count=\"1\"><xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\"/>"
    "</cellStyleXfs><cellXfs count=\"4\">"
    "<xf numFmtId=\"0\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\"/>"
    "<xf numFmtId=\"164\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
    "applyNumberFormat=\"1\"/>"
    "<xf numFmtId=\"165\" fontId=\"0\" fillId=\"0\" borderId=\"0\" xfId=\"0\" "
    "applyNumberFormat=\"1\"/>"
    "<xf numFmtId=\"0\" fontId=\"1\" fillId=\"0\" borderId=\"0\" xfId=\"0\" applyFont=\"1\"/>"
    "</cellXfs><cellStyles count=\"1\"><cellStyle name=\"Normal\" xfId=\"0\" builtinId=\"0\"/>"
    "</cellStyles></styleSheet>";
constexpr std::string_view kSheetHead =
    "<worksheet xmlns=\"http://schemas.openxmlformats.org/spreadsheetml/2006/main\">"
    "<sheetViews><sheetView workbookViewId=\"0\"><pane ySplit=\"1\" topLeftCell=\"A2\" "
    "activePane=\"bottomLeft\" state=\"frozen\"/></sheetView></sheetViews><sheetData>";
constexpr std::string_view kSheetTail = "</sheetData></worksheet>";

/// Would a sheet keep each digit of this number? It has doubles, and shows 15 digits of them.
bool keeps_digits(std::string_view text) {
  std::size_t digits = 0;
  std::size_t zeros = 0;  // At the end, behind the point.
  bool is_fraction = false;
  for (const char c : text) {
    is_fraction = is_fraction || c == '.';
    if (c == '-' || c == '.' || (c == '0' && digits == 0)) continue;
    if (c < '0' || c > '9') return false;
    zeros = is_fraction && c == '0' ? zeros + 1 : 0;
    ++digits;
  }
  return digits - zeros <= kDigitsMax;
}

/// A sheet has no numbers as small as the smallest doubles.
bool is_sheet_number(std::string_view text) {
  double value = 0;
  const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
  return end.ec == std::errc() && end.ptr == text.data() + text.size() &&
         (value == 0 || std::isnormal(value));
}

template <typename Number>
bool take(std::string_view& text, std::size_t digits, Number& out) {
  if (text.size() < digits) return false;
  const auto end = std::from_chars(text.data(), text.data() + digits, out);
  if (end.ec != std::errc() || end.ptr != text.data() + digits) return false;
  text.remove_prefix(digits);
  return true;
}

bool take(std::string_view& text, char mark) {
  if (!text.starts_with(mark)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<std::int64_t> millis_of(std::string_view text) {
  unsigned hour = 0;
  unsigned minute = 0;
  unsigned second = 0;
  const bool is_clock = take(text, 2, hour) && take(text, ':') && take(text, 2, minute) &&
                        take(text, ':') && take(text, 2, second);
  if (!is_clock) return std::nullopt;
  std::int64_t millis = 0;
  if (!text.empty()) {
    if (!take(text, '.') || text.empty()) return std::nullopt;
    std::string digits(text);
    while (digits.ends_with('0')) digits.pop_back();
    if (digits.size() > 3) return std::nullopt;
    digits.resize(3, '0');
    std::string_view rest = digits;
    if (!take(rest, 3, millis)) return std::nullopt;
  }
  return ((hour * 60 + minute) * 60 + second) * std::int64_t{1000} + millis;
}

void append_number(std::string& out, double value) {
  std::array<char, 32> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value);
  out.append(digits.data(), end.ptr);
}

/// What stands behind the cell's place: its kind and its value.
void append_cell(std::string& out, data::TypeId type, std::string_view text) {
  using data::TypeId;
  if (type == TypeId::boolean) {
    out += text == "true" ? "\" t=\"b\"><v>1</v></c>" : "\" t=\"b\"><v>0</v></c>";
    return;
  }
  const bool is_floating = type == TypeId::float32 || type == TypeId::float64;
  const bool is_number = type >= TypeId::int8 && type <= TypeId::decimal;
  if (is_floating ? is_sheet_number(text) : is_number && keeps_digits(text)) {
    out.append("\"><v>").append(text).append("</v></c>");
    return;
  }
  if (type == TypeId::date || type == TypeId::timestamp) {
    if (const auto serial = sheet_serial(text)) {
      out += type == TypeId::date ? "\" s=\"1\"><v>" : "\" s=\"2\"><v>";
      append_number(out, *serial);
      out += "</v></c>";
      return;
    }
  }
  out += "\" t=\"inlineStr\"><is><t xml:space=\"preserve\">";
  append_sheet_text(out, text);
  out += "</t></is></c>";
}

/// Moments of other units than microseconds are moments too.
data::TypeId kind_of(const data::Type& type) {
  const bool is_moment = type.id == data::TypeId::other &&
                         (type.sql_name == "TIMESTAMP_S" || type.sql_name == "TIMESTAMP_MS" ||
                          type.sql_name == "TIMESTAMP_NS");
  return is_moment ? data::TypeId::timestamp : type.id;
}

}  // namespace

std::size_t sheet_characters(std::string_view text) {
  std::size_t count = 0;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    count += (byte & 0xC0) != 0x80;
    count += byte >= 0xF0;
  }
  return count;
}

std::optional<double> sheet_serial(std::string_view text) {
  int year = 0;
  unsigned month = 0;
  unsigned day = 0;
  const bool is_day = take(text, 4, year) && take(text, '-') && take(text, 2, month) &&
                      take(text, '-') && take(text, 2, day);
  if (!is_day) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(month),
                                         std::chrono::day(day)};
  if (!date.ok()) return std::nullopt;
  const auto days = std::chrono::sys_days(date).time_since_epoch().count() - kDayZero;
  if (double(days) < kMarchSerial) return std::nullopt;
  if (text.empty()) return double(days);
  if (!take(text, ' ')) return std::nullopt;
  const auto millis = millis_of(text);
  if (!millis) return std::nullopt;
  return double(days) + double(*millis) / double(kMillisOfDay);
}

XlsxWriter::XlsxWriter(std::unique_ptr<zip::ArchiveWriter> archive, const data::Schema& schema)
    : x_archive(std::move(archive)), x_schema(schema) {
  for (std::uint32_t i = 0; i < schema.size(); ++i) {
    x_kinds.push_back(kind_of(schema.columns[i].type));
    x_letters.push_back(letters_of(i));
  }
}

Result<std::unique_ptr<XlsxWriter>> XlsxWriter::create(io::FileSystem& files,
                                                       const std::filesystem::path& path,
                                                       const data::Schema& schema) {
  TRY(auto archive, zip::ArchiveWriter::create(files, path));
  auto writer = std::make_unique<XlsxWriter>(std::move(archive), schema);
  TRY(writer->begin());
  return writer;
}

Status XlsxWriter::begin() {
  const auto add = [this](const char* name, std::string_view xml) {
    return x_archive->add(name, std::string(kHead).append(xml));
  };
  TRY(add("[Content_Types].xml", kTypes));
  TRY(add("_rels/.rels", kRelations));
  TRY(add("xl/workbook.xml", kBook));
  TRY(add("xl/_rels/workbook.xml.rels", kBookRelations));
  TRY(add("xl/styles.xml", kStyles));
  TRY(x_archive->begin("xl/worksheets/sheet1.xml"));
  x_text.append(kHead).append(kSheetHead).append("<row r=\"1\">");
  for (std::size_t i = 0; i < x_schema.size(); ++i) {
    x_text.append("<c r=\"" + x_letters[i] + "1\" s=\"3\" t=\"inlineStr\"><is>");
    x_text += "<t xml:space=\"preserve\">";
    append_sheet_text(x_text, x_schema.columns[i].name);
    x_text += "</t></is></c>";
  }
  x_text += "</row>";
  return {};
}

Status XlsxWriter::add_rows(std::span<const data::ColumnView> columns, std::uint32_t rows) {
  const std::lock_guard held(x_mutex);
  for (std::uint32_t row = 0; row < rows; ++row) {
    TRY(add_row(columns, row));
    if (x_text.size() < kSheetFlushBytes) continue;
    TRY(x_archive->write(x_text));
    x_text.clear();
  }
  return {};
}

Status XlsxWriter::add_row(std::span<const data::ColumnView> columns, std::uint32_t row) {
  if (x_rows == kRowsMax) {
    return Error(Fault::data, "a sheet holds " + format_count(kRowsMax) + " rows below its header")
        .hint("publish fewer rows to it, or to csv or parquet");
  }
  ++x_rows;
  const auto number = std::to_string(x_rows + 1);
  x_text.append("\n<row r=\"").append(number).append("\">");
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (!columns[i].is_valid(row)) continue;
    const auto text = columns[i].text(row);
    if (text.size() > kXlsxCharactersMax && sheet_characters(text) > kXlsxCharactersMax) {
      return Error(Fault::data, "column `" + x_schema.columns[i].name + "` has a text of " +
                                    format_count(sheet_characters(text)) +
                                    " characters, and a cell " + "holds " +
                                    format_count(kXlsxCharactersMax))
          .hint("check its `length`, or cut it in a model");
    }
    x_text.append("<c r=\"").append(x_letters[i]).append(number);
    append_cell(x_text, x_kinds[i], text);
  }
  x_text += "</row>";
  return {};
}

Status XlsxWriter::close() {
  TRY(x_archive->write(x_text.append(kSheetTail)));
  TRY(x_archive->end());
  return x_archive->close();
}

/// One thread's hand: rows have numbers, so all write one after the other.
class ChunksToXlsx::OneHand final : public Hand {
 public:
  explicit OneHand(XlsxWriter& writer) : x_writer(writer) {}

  Status write(std::span<const data::ColumnView> columns, std::uint32_t rows) override {
    return x_writer.add_rows(columns, rows);
  }
  Status finish() override { return {}; }

 private:
  XlsxWriter& x_writer;
};

std::unique_ptr<ChunkWriter::Hand> ChunksToXlsx::hand_on(XlsxWriter& file) {
  return std::make_unique<OneHand>(file);
}

}  // namespace leat::connectors::files
