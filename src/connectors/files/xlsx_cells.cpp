#include "connectors/files/xlsx_cells.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstdio>

#include "base/text.hpp"
#include "connectors/files/xml_text.hpp"

namespace leat::connectors::files {
namespace {

constexpr std::uint32_t kColumnsMax = 16'384;
constexpr std::int64_t kMillisADay = 86'400'000;
/// The day after 9999-12-31 in the system that starts in 1900.
constexpr double kSerialsMax = 2'958'466;

/// Steps over what a code only shows: "text", \c, _c, *c, [Red].
std::size_t skip_shown(std::string_view code, std::size_t at) {
  if (code[at] == '"') {
    const auto end = code.find('"', at + 1);
    return end == std::string_view::npos ? code.size() : end + 1;
  }
  if (code[at] == '[') {
    const auto end = code.find(']', at);
    return end == std::string_view::npos ? code.size() : end + 1;
  }
  return code[at] == '\\' || code[at] == '_' || code[at] == '*' ? at + 2 : at;
}

/// [h], [mm], [s]: time that has passed.
bool is_elapsed(std::string_view bracket) {
  const auto inner = bracket.substr(1, bracket.size() < 2 ? 0 : bracket.size() - 2);
  return !inner.empty() && inner.find_first_not_of("hHmMsS") == std::string_view::npos;
}

std::string number_text(double value) {
  std::array<char, 400> out{};
  const double size = std::fabs(value);
  const bool is_plain = size == 0 || (size >= 1e-5 && size < 1e17);
  const auto end =
      std::to_chars(out.data(), out.data() + out.size(), value,
                    is_plain ? std::chars_format::fixed : std::chars_format::scientific);
  return {out.data(), end.ptr};
}

std::string time_text(std::int64_t millis) {
  const auto seconds = millis / 1000;
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%02lld:%02lld:%02lld",
                static_cast<long long>(seconds / 3600), static_cast<long long>(seconds / 60 % 60),
                static_cast<long long>(seconds % 60));
  std::string text = out.data();
  if (millis % 1000 == 0) return text;
  std::snprintf(out.data(), out.size(), ".%03lld", static_cast<long long>(millis % 1000));
  return text + out.data();
}

std::string day_text(std::int64_t days_since_1970) {
  const std::chrono::sys_days day{std::chrono::days(days_since_1970)};
  const std::chrono::year_month_day date(day);
  std::array<char, 64> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return out.data();
}

/// The first day of the system in days since 1970. 1900 was no leap year, but sheets say so.
std::int64_t day_zero(double serial, bool from_1904) {
  constexpr std::int64_t kDay1904 = -24'107;
  constexpr std::int64_t kDay1900 = -25'569;
  return from_1904 ? kDay1904 : serial < 60 ? kDay1900 + 1 : kDay1900;
}

XlsxText moment_text(double serial, const XlsxCell& cell, bool from_1904) {
  const bool is_no_day = !from_1904 && serial >= 60 && serial < 61;
  if (is_no_day || serial < 0 || serial >= kSerialsMax) {
    return {"", "`" + cell.text + "` is the number of no day", false};
  }
  const auto millis = std::llround(serial * double(kMillisADay));
  if (cell.look == XlsxLook::time && (serial < 1 || serial > 366)) {
    return serial < 1 ? XlsxText{time_text(millis), "", false}
                      : XlsxText{day_text(day_zero(serial, from_1904) + millis / kMillisADay) +
                                     " " + time_text(millis % kMillisADay),
                                 "", false};
  }
  if (cell.look == XlsxLook::time) return {time_text(millis), "", false};
  auto text = day_text(day_zero(serial, from_1904) + millis / kMillisADay);
  if (cell.look == XlsxLook::moment || millis % kMillisADay != 0) {
    text += " " + time_text(millis % kMillisADay);
  }
  return {std::move(text), "", false};
}

XlsxText number_of(const XlsxCell& cell, bool from_1904) {
  double value = 0;
  const char* const begin = cell.text.data();
  const char* const end = begin + cell.text.size();
  const auto read = std::from_chars(begin, end, value);
  if (read.ec != std::errc() || read.ptr != end || !std::isfinite(value)) {
    return {"", "`" + cell.text + "` is no number", false};
  }
  if (cell.look != XlsxLook::number) return moment_text(value, cell, from_1904);
  const std::size_t sign = cell.text.starts_with('-') ? 1 : 0;
  const bool is_whole = std::all_of(begin + sign, end, is_digit);
  return {is_whole ? cell.text : number_text(value), "", false};
}

/// Some writers spell it out.
XlsxText boolean_of(const XlsxCell& cell) {
  if (cell.text == "0" || cell.text == "false") return {"false", "", false};
  if (cell.text == "1" || cell.text == "true") return {"true", "", false};
  return {"", "`" + cell.text + "` is neither true nor false", false};
}

XlsxText shared_of(const XlsxCell& cell, const std::vector<std::string>& shared) {
  std::size_t at = 0;
  const char* const end = cell.text.data() + cell.text.size();
  const auto read = std::from_chars(cell.text.data(), end, at);
  if (read.ec == std::errc() && read.ptr == end && at < shared.size()) {
    return {plain_sheet_text(shared[at]), "", false};
  }
  return {"", "text number `" + cell.text + "` is not in the workbook", false};
}

}  // namespace

XlsxLook look_of_code(std::string_view code) {
  bool has_day = false;
  bool has_month = false;
  bool has_time = false;
  for (std::size_t at = 0; at < code.size() && code[at] != ';';) {
    const auto next = skip_shown(code, at);
    if (next != at) {
      if (code[at] == '[') has_time = has_time || is_elapsed(code.substr(at, next - at));
      at = next;
      continue;
    }
    const char c = static_cast<char>(code[at] | 0x20);
    has_day = has_day || c == 'y' || c == 'd';
    has_month = has_month || c == 'm';
    has_time = has_time || c == 'h' || c == 's';
    ++at;
  }
  has_day = has_day || (has_month && !has_time);
  if (has_day) return has_time ? XlsxLook::moment : XlsxLook::date;
  return has_time ? XlsxLook::time : XlsxLook::number;
}

XlsxLook look_of_builtin(std::uint32_t id) {
  if (id == 22) return XlsxLook::moment;
  const auto among = [id](std::uint32_t first, std::uint32_t last) {
    return id >= first && id <= last;
  };
  if (among(14, 17) || among(27, 31) || id == 36 || among(50, 54) || among(57, 58)) {
    return XlsxLook::date;
  }
  const bool is_time = among(18, 21) || among(32, 35) || among(45, 47) || among(55, 56);
  return is_time ? XlsxLook::time : XlsxLook::number;
}

XlsxText text_of(const XlsxCell& cell, const std::vector<std::string>& shared, bool from_1904) {
  if (!cell.has_value) {
    if (!cell.is_formula) return {};
    return {"", "a formula's result was never computed; open the workbook once and save it", false};
  }
  switch (cell.kind) {
    case XlsxCell::Kind::number: return number_of(cell, from_1904);
    case XlsxCell::Kind::shared: return shared_of(cell, shared);
    case XlsxCell::Kind::boolean: return boolean_of(cell);
    case XlsxCell::Kind::error: return {"", "`" + cell.text + "` is an error of the sheet", true};
    case XlsxCell::Kind::iso: {
      auto text = cell.text;
      std::replace(text.begin(), text.end(), 'T', ' ');
      if (text.ends_with('Z')) text.pop_back();
      return {text, "", false};
    }
    case XlsxCell::Kind::text: break;
  }
  return {plain_sheet_text(cell.text), "", false};
}

std::optional<XlsxPlace> parse_place(std::string_view text) {
  XlsxPlace place;
  std::size_t at = 0;
  std::uint32_t column = 0;
  for (; at < text.size() && ((text[at] | 0x20) >= 'a' && (text[at] | 0x20) <= 'z'); ++at) {
    column = column * 26 + static_cast<std::uint32_t>((text[at] | 0x20) - 'a' + 1);
    if (column > kColumnsMax) return std::nullopt;
  }
  if (at > 0) place.column = column - 1;
  if (at == text.size()) return at > 0 ? std::optional(place) : std::nullopt;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data() + at, end, place.row);
  if (read.ec != std::errc() || read.ptr != end || place.row == 0) return std::nullopt;
  return place;
}

std::string letters_of(std::uint32_t column) {
  std::string letters;
  for (std::uint32_t left = column + 1; left > 0; left = (left - 1) / 26) {
    letters.insert(letters.begin(), static_cast<char>('A' + (left - 1) % 26));
  }
  return letters;
}

}  // namespace leat::connectors::files
