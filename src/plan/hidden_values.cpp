#include "plan/hidden_values.hpp"

#include <algorithm>

#include "base/names.hpp"
#include "plan/params.hpp"

namespace leat::plan {
namespace {

/// A shorter one is part of too many words: it is hidden where it stands as a literal.
constexpr std::size_t kWordBytesMin = 4;

}  // namespace

void HiddenValues::add(const std::string& value) {
  if (value.empty()) return;
  const auto literal = quote_literal(value);
  x_all.push_back({literal, quote_literal(kHiddenValue)});
  if (value.size() >= kWordBytesMin) {
    x_all.push_back({literal.substr(1, literal.size() - 2), kHiddenValue});
    x_all.push_back({value, kHiddenValue});
  }
  std::stable_sort(x_all.begin(), x_all.end(),
                   [](const auto& a, const auto& b) { return a.text.size() > b.text.size(); });
}

std::string HiddenValues::out_of(std::string text) const {
  for (const auto& [hidden, shown] : x_all) {
    for (auto at = text.find(hidden); at != text.npos; at = text.find(hidden, at + shown.size())) {
      text.replace(at, hidden.size(), shown);
    }
  }
  return text;
}

}  // namespace leat::plan
