#include "clients/text_values/parse_number.hpp"

namespace leat::text_values {
namespace {

bool is_digits(std::string_view text) {
  return text.find_first_not_of("0123456789") == std::string_view::npos;
}

}  // namespace

bool parse_long_decimal(std::string_view text, unsigned width, unsigned scale, Int128& out) {
  const bool is_negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) text.remove_prefix(1);
  const std::size_t point = text.find('.');
  std::string_view whole = text.substr(0, point);
  std::string_view part = point == text.npos ? std::string_view() : text.substr(point + 1);
  if (whole.empty() && part.empty()) return false;
  if (!is_digits(whole) || !is_digits(part)) return false;
  while (!part.empty() && part.back() == '0') part.remove_suffix(1);
  while (!whole.empty() && whole.front() == '0') whole.remove_prefix(1);
  if (part.size() > scale || whole.size() > width - scale) return false;
  UInt128 magnitude = 0;
  for (const char c : whole) magnitude = magnitude * 10 + static_cast<unsigned>(c - '0');
  for (const char c : part) magnitude = magnitude * 10 + static_cast<unsigned>(c - '0');
  magnitude *= kPowersOfTen<UInt128>[scale - part.size()];
  out = is_negative ? -static_cast<Int128>(magnitude) : static_cast<Int128>(magnitude);
  return true;
}

}  // namespace leat::text_values
