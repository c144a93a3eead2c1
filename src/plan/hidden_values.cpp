#include "plan/hidden_values.hpp"

#include <algorithm>
#include <string_view>

#include "base/names.hpp"
#include "config/read_value.hpp"
#include "plan/params.hpp"

namespace leat::plan {
namespace {

/// A shorter one is part of too many words: it is hidden where it stands as a literal.
constexpr std::size_t kWordBytesMin = 4;

bool is_of_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// Does it stand there by itself? "data" is no part of "database".
bool is_whole(std::string_view text, std::size_t at, std::size_t size) {
  const auto goes_on = [&](std::size_t last, std::size_t next) {
    return next < text.size() && is_of_word(text[last]) && is_of_word(text[next]);
  };
  return !(at > 0 && goes_on(at, at - 1)) && !goes_on(at + size - 1, at + size);
}

/// As it stands between the quotes of a text.
std::string inner(const std::string& quoted) { return quoted.substr(1, quoted.size() - 2); }

}  // namespace

void HiddenValues::add(const std::string& value) {
  if (value.empty()) return;
  const auto literal = quote_literal(value);
  x_all.push_back({literal, quote_literal(kHiddenValue)});
  if (value.size() >= kWordBytesMin) {
    const auto yaml = config::yaml_text_of(value);
    for (const auto& form : {inner(literal), yaml.front() == '"' ? inner(yaml) : value, value}) {
      x_all.push_back({form, kHiddenValue});
    }
  }
  std::stable_sort(x_all.begin(), x_all.end(),
                   [](const auto& a, const auto& b) { return a.text.size() > b.text.size(); });
}

std::string HiddenValues::out_of(std::string text) const {
  for (const auto& [hidden, shown] : x_all) {
    for (auto at = text.find(hidden); at != text.npos;) {
      const bool is_it = is_whole(text, at, hidden.size());
      if (is_it) text.replace(at, hidden.size(), shown);
      at = text.find(hidden, at + (is_it ? shown.size() : 1));
    }
  }
  return text;
}

}  // namespace leat::plan
