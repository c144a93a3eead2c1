#include <array>
#include <optional>

#include "clients/text_values/decode_frame.hpp"
#include "clients/text_values/parse_number.hpp"

namespace leat::text_values {
namespace {

constexpr std::string_view kBlanksThatBind[] = {"\u00A0", "\u202F"};

/// Bytes of the mark between groups of digits with which `text` begins; 0: of none.
std::size_t group_mark(std::string_view text, const std::string& thousands) {
  if (thousands.empty()) return 0;
  if (text.starts_with(thousands)) return thousands.size();
  for (const auto blank : kBlanksThatBind) {
    if (thousands == " " && text.starts_with(blank)) return blank.size();
  }
  return 0;
}

/// As they stand between a number and its sign.
std::string_view without_any_blanks(std::string_view text) {
  text = without_blanks(text);
  for (const auto blank : kBlanksThatBind) {
    if (text.starts_with(blank)) text.remove_prefix(blank.size());
    if (text.ends_with(blank)) text.remove_suffix(blank.size());
  }
  return text;
}

/// A number in the writing of the file, rewritten to plain digits with a point. Padded.
class PlainNumber {
 public:
  /// False when groups or signs stand where they cannot.
  bool rewrite(std::string_view text, const ValueFormat& format) {
    x_size = 0;
    if (text.size() > kSizeMax) return false;
    take_plus_or_minus(text);
    if (drop_sign(text, format.signs) && x_size == 0) take_plus_or_minus(text);
    if (text.empty()) return false;
    const std::size_t point = text.find(format.decimal);
    if (!put_whole(text.substr(0, point), format.thousands)) return false;
    if (point == std::string_view::npos) return true;
    put('.');
    for (const char c : text.substr(point + 1)) {
      if (c == '.') return false;
      put(c);
    }
    return true;
  }
  const char* data() const { return x_text.data(); }
  std::size_t size() const { return x_size; }

 private:
  static constexpr std::size_t kSizeMax = 400;

  void put(char c) { x_text[x_size++] = c; }

  void take_plus_or_minus(std::string_view& text) {
    if (text.empty() || (text.front() != '-' && text.front() != '+')) return;
    put(text.front());
    text.remove_prefix(1);
  }

  /// One of them, on either side.
  static bool drop_sign(std::string_view& text, const std::vector<std::string>& signs) {
    for (const auto& sign : signs) {
      const bool is_before = text.starts_with(sign);
      if (!is_before && !text.ends_with(sign)) continue;
      is_before ? text.remove_prefix(sign.size()) : text.remove_suffix(sign.size());
      text = without_any_blanks(text);
      return true;
    }
    return false;
  }

  /// "1,234,567": one to three digits, then groups of exactly three. Or digits alone.
  bool put_whole(std::string_view whole, const std::string& thousands) {
    std::size_t in_group = 0;
    bool has_groups = false;
    bool has_others = false;
    while (!whole.empty()) {
      if (const auto mark = group_mark(whole, thousands); mark > 0) {
        if (in_group == 0 || in_group > 3 || (has_groups && in_group != 3)) return false;
        has_groups = true;
        in_group = 0;
        whole.remove_prefix(mark);
        continue;
      }
      const char c = whole.front();
      if (c == '.') return false;
      has_others = has_others || c < '0' || c > '9';
      put(c);
      ++in_group;
      whole.remove_prefix(1);
    }
    return !has_groups || (in_group == 3 && !has_others);
  }

  std::array<char, kSizeMax + kPadding> x_text{};
  std::size_t x_size = 0;
};

/// Rewrites, where the format asks for it, and parses.
template <typename T, typename Parse>
void decode_numbers(const ColumnJob& job, Parse parse, bool has_point) {
  const ValueFormat& format = job.format;
  const bool is_plain = format.decimal == '.' || !has_point;
  const bool rewrites = !format.thousands.empty() || !is_plain || !format.signs.empty();
  const auto parse_again = [&](std::string_view text, T& out) {
    if (is_plain && parse(text.data(), text.size(), out)) return true;
    if (!rewrites) return false;
    PlainNumber number;
    return number.rewrite(text, format) && parse(number.data(), number.size(), out);
  };
  if (is_plain) return decode_values<T>(job, parse, parse_again);
  decode_values<T>(job, [](const char*, std::size_t, T&) { return false; }, parse_again);
}

/// Says of an integer that does not fit that it does not fit.
void explain_range(const ColumnJob& job, std::size_t first_fault) {
  for (std::size_t i = first_fault; i < job.faults.size(); ++i) {
    auto text = without_blanks(job.cells[job.faults[i].row].view());
    if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
    if (text.empty() || text.find_first_not_of("0123456789") != text.npos) continue;
    auto& message = job.faults[i].message;
    const auto verb = message.rfind("is not a");
    message.replace(verb, std::string_view("is not a").size(), "is out of range for a");
  }
}

template <typename T>
void decode_integer(const ColumnJob& job) {
  const std::size_t first_fault = job.faults.size();
  decode_numbers<T>(
      job,
      [](const char* text, std::size_t size, T& out) {
        if (size - 1 > 39) return false;
        return parse_integer<T>(text, size, out);
      },
      false);
  if (job.faults.size() > first_fault) explain_range(job, first_fault);
}

template <typename T>
void decode_float(const ColumnJob& job) {
  decode_numbers<T>(job, parse_float<T>, true);
}

template <typename T>
void decode_decimal(const ColumnJob& job) {
  const unsigned width = job.column.type.width;
  const unsigned scale = job.column.type.scale;
  decode_numbers<T>(
      job,
      [width, scale](const char* text, std::size_t size, T& out) {
        return parse_decimal<T>(text, size, width, scale, out);
      },
      true);
}

Decoder decimal_decoder(unsigned width) {
  if (width <= 4) return decode_decimal<std::int16_t>;
  if (width <= 9) return decode_decimal<std::int32_t>;
  if (width <= 18) return decode_decimal<std::int64_t>;
  return decode_decimal<Int128>;
}

}  // namespace

Decoder number_decoder(const data::Type& type) {
  using data::TypeId;
  switch (type.id) {
    case TypeId::int8: return decode_integer<std::int8_t>;
    case TypeId::int16: return decode_integer<std::int16_t>;
    case TypeId::int32: return decode_integer<std::int32_t>;
    case TypeId::int64: return decode_integer<std::int64_t>;
    case TypeId::int128: return decode_integer<Int128>;
    case TypeId::uint8: return decode_integer<std::uint8_t>;
    case TypeId::uint16: return decode_integer<std::uint16_t>;
    case TypeId::uint32: return decode_integer<std::uint32_t>;
    case TypeId::uint64: return decode_integer<std::uint64_t>;
    case TypeId::uint128: return decode_integer<UInt128>;
    case TypeId::float32: return decode_float<float>;
    case TypeId::float64: return decode_float<double>;
    case TypeId::decimal: return decimal_decoder(type.width);
    default: return nullptr;
  }
}

}  // namespace leat::text_values
