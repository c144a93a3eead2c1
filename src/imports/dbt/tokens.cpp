#include "imports/dbt/tokens.hpp"

#include <algorithm>
#include <cctype>

#include "base/text.hpp"

namespace leat::imports::dbt {
namespace {

bool is_space(char c) { return std::isspace(static_cast<unsigned char>(c)) != 0; }
bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

/// A quoted text; `at` stands on its quote and is left behind the closing one.
Result<std::string> quoted(std::string_view all, std::size_t& at) {
  const char quote = all[at++];
  std::string out;
  for (; at < all.size(); ++at) {
    if (all[at] == quote) return ++at, out;
    if (all[at] == '\\' && at + 1 < all.size()) ++at;
    out += all[at];
  }
  return Error(Fault::config, "a text that is never closed");
}

std::string run_of(std::string_view all, std::size_t& at, bool (*belongs)(char)) {
  const auto start = at;
  while (at < all.size() && belongs(all[at])) ++at;
  return std::string(all.substr(start, at - start));
}

std::string sign_at(std::string_view all, std::size_t& at) {
  for (const std::string_view two : {"==", "!=", "<=", ">=", "//", "**"}) {
    if (all.substr(at).starts_with(two)) return at += 2, std::string(two);
  }
  return std::string(1, all[at++]);
}

}  // namespace

Result<std::vector<Token>> tokens_of(std::string_view expression) {
  std::vector<Token> out;
  std::size_t at = 0;
  while (at < expression.size()) {
    const char c = expression[at];
    if (is_space(c)) {
      ++at;
    } else if (c == '\'' || c == '"') {
      TRY(auto text, quoted(expression, at));
      out.push_back({Token::Kind::text, std::move(text)});
    } else if (is_digit(c)) {
      const auto number = [](char d) { return is_digit(d) || d == '.'; };
      out.push_back({Token::Kind::number, run_of(expression, at, number)});
    } else if (is_word(c)) {
      out.push_back({Token::Kind::name, run_of(expression, at, is_word)});
    } else {
      out.push_back({Token::Kind::sign, sign_at(expression, at)});
    }
  }
  out.push_back({});
  return out;
}

}  // namespace leat::imports::dbt
