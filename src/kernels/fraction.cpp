#include "kernels/fraction.hpp"

#include <algorithm>
#include <utility>

namespace leat::kernels {
namespace {

constexpr long kDigitsBehind = 18;

std::string_view without_zeros(std::string_view digits) {
  return digits.substr(std::min(digits.find_first_not_of('0'), digits.size()));
}

/// Digits without leading zeros: -1, 0 or 1.
int compare_digits(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return a.size() < b.size() ? -1 : 1;
  const int order = a.compare(b);
  return order < 0 ? -1 : int(order > 0);
}

std::string add_digits(std::string_view a, std::string_view b) {
  std::string sum;
  int carry = 0;
  for (std::size_t i = 0; i < std::max(a.size(), b.size()) || carry != 0; ++i) {
    if (i < a.size()) carry += a[a.size() - 1 - i] - '0';
    if (i < b.size()) carry += b[b.size() - 1 - i] - '0';
    sum += char('0' + carry % 10);
    carry /= 10;
  }
  std::reverse(sum.begin(), sum.end());
  return sum;
}

/// Of a not below b.
std::string subtract_digits(std::string_view a, std::string_view b) {
  std::string rest(a);
  int borrowed = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    int digit = a[a.size() - 1 - i] - '0' - borrowed;
    if (i < b.size()) digit -= b[b.size() - 1 - i] - '0';
    borrowed = digit < 0 ? 1 : 0;
    rest[a.size() - 1 - i] = char('0' + digit + 10 * borrowed);
  }
  return std::string(without_zeros(rest));
}

std::string multiply_digits(std::string_view a, std::string_view b) {
  std::string product(a.size() + b.size(), '0');
  for (std::size_t i = a.size(); i-- > 0;) {
    int carry = 0;
    for (std::size_t j = b.size(); j-- > 0;) {
      carry += product[i + j + 1] - '0' + (a[i] - '0') * (b[j] - '0');
      product[i + j + 1] = char('0' + carry % 10);
      carry /= 10;
    }
    product[i] = char('0' + carry);
  }
  return std::string(without_zeros(product));
}

/// The same number in units of 10^exponent, which is not above its own.
Decimal in_units(const Decimal& number, long exponent) {
  auto out = number;
  if (!out.digits.empty()) out.digits.append(std::size_t(number.exponent - exponent), '0');
  out.exponent = exponent;
  return out;
}

Decimal sum(const Decimal& a, const Decimal& b) {
  const long exponent = std::min(a.exponent, b.exponent);
  const auto left = in_units(a, exponent);
  const auto right = in_units(b, exponent);
  if (left.negative == right.negative) {
    return {left.negative, add_digits(left.digits, right.digits), exponent};
  }
  const bool is_left = compare_digits(left.digits, right.digits) >= 0;
  const auto& most = is_left ? left : right;
  return {most.negative, subtract_digits(most.digits, (is_left ? right : left).digits), exponent};
}

Decimal product(const Decimal& a, const Decimal& b) {
  return {a.negative != b.negative, multiply_digits(a.digits, b.digits), a.exponent + b.exponent};
}

/// "3*1e19"
std::optional<Decimal> parse_product(std::string_view text) {
  const auto star = text.find('*');
  const auto first = parse_decimal(text.substr(0, star));
  if (star == std::string_view::npos || !first) return first;
  const auto second = parse_decimal(text.substr(star + 1));
  if (!second) return std::nullopt;
  return product(*first, *second);
}

/// The next '+' that is none of an exponent.
std::size_t find_plus(std::string_view text, std::size_t from) {
  auto at = text.find('+', from);
  while (at != std::string_view::npos && at > 0 && text[at - 1] == 'e') at = text.find('+', at + 1);
  return std::min(at, text.size());
}

std::optional<Decimal> parse_sum(std::string_view text) {
  Decimal total;
  for (std::size_t from = 0; from <= text.size();) {
    const auto to = find_plus(text, from);
    const auto part = parse_product(text.substr(from, to - from));
    if (!part) return std::nullopt;
    total = sum(total, *part);
    from = to + 1;
  }
  return total;
}

std::string plain_text(const Decimal& number) {
  auto digits = number.digits;
  if (number.exponent > 0 && !digits.empty()) digits.append(std::size_t(number.exponent), '0');
  const auto behind = std::size_t(std::max(0l, -number.exponent));
  if (digits.size() <= behind) digits.insert(0, behind + 1 - digits.size(), '0');
  if (behind > 0) digits.insert(digits.size() - behind, ".");
  return (number.negative && !number.digits.empty() ? "-" : "") + digits;
}

/// Without zeros behind the point that say nothing.
std::string shortest(std::string text) {
  if (text.find('.') == std::string::npos) return text;
  text.resize(text.find_last_not_of('0') + 1);
  if (text.back() == '.') text.pop_back();
  return text;
}

/// Whole digits of a / b, and whether that is all.
std::pair<std::string, bool> divide_digits(std::string_view a, std::string_view b) {
  std::string quotient;
  std::string rest;
  for (const char digit : a) {
    rest += digit;
    rest = std::string(without_zeros(rest));
    char times = '0';
    for (; compare_digits(rest, b) >= 0; ++times) rest = subtract_digits(rest, b);
    quotient += times;
  }
  return {std::string(without_zeros(quotient)), rest.empty()};
}

}  // namespace

std::optional<Fraction> Fraction::parse(std::string_view text) {
  const auto slash = text.find('/');
  const auto top = parse_sum(text.substr(0, slash));
  const auto bottom = parse_decimal(slash == std::string_view::npos ? "1" : text.substr(slash + 1));
  if (!top || !bottom || bottom->negative || bottom->digits.empty()) return std::nullopt;
  Fraction out;
  out.x_top = *top;
  out.x_bottom = *bottom;
  return out;
}

std::optional<int> Fraction::compare(std::string_view bound) const {
  const auto at = parse_decimal(bound);
  if (!at) return std::nullopt;
  auto against = product(*at, x_bottom);
  against.negative = !against.negative;
  const auto apart = sum(x_top, against);
  if (apart.digits.empty()) return 0;
  return apart.negative ? -1 : 1;
}

std::string Fraction::text() const {
  if (x_bottom.digits == "1" && x_bottom.exponent == 0) return shortest(plain_text(x_top));
  const long behind = std::max(0l, -x_top.exponent) + kDigitsBehind;
  const long unit = std::min(x_top.exponent, x_bottom.exponent);
  const auto top = in_units(x_top, unit);
  auto [digits, is_all] = divide_digits(top.digits + std::string(std::size_t(behind), '0'),
                                        in_units(x_bottom, unit).digits);
  if (!is_all && digits.empty()) digits = "0";
  if (!is_all && digits.back() == '0') digits.back() = '1';
  return shortest(plain_text({x_top.negative, digits, -behind}));
}

}  // namespace leat::kernels
