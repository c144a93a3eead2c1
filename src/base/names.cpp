#include "base/names.hpp"

#include <algorithm>
#include <cctype>

namespace leat {
namespace {

char lower(char c) { return c >= 'A' && c <= 'Z' ? char(c - 'A' + 'a') : c; }

std::string quoted(std::string_view text, char quote) {
  std::string out(1, quote);
  for (const char c : text) {
    if (c == quote) out += quote;
    out += c;
  }
  return out += quote;
}

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> above(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) above[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const bool same = a[i - 1] == b[j - 1];
      row[j] = std::min({above[j] + 1, row[j - 1] + 1, above[j - 1] + (same ? 0 : 1)});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
    before = above;
    above = row;
  }
  return above[b.size()];
}

}  // namespace

std::optional<std::string> nearest_name(std::string_view typed,
                                        std::span<const std::string> known) {
  const auto wanted = to_lower(typed).substr(0, 128);
  std::optional<std::string> best;
  std::size_t best_distance = std::max<std::size_t>(1, wanted.size() / 3) + 1;
  for (const auto& name : known) {
    const auto d = distance(wanted, to_lower(name));
    if (d < best_distance) {
      best_distance = d;
      best = name;
    }
  }
  return best;
}

std::string name_hint(std::string_view typed, std::span<const std::string> known) {
  if (const auto near = nearest_name(typed, known)) return "did you mean `" + *near + "`?";
  if (known.empty()) return "";
  constexpr std::size_t kShown = 24;
  std::string out = "known: ";
  for (std::size_t i = 0; i < known.size() && i < kShown; ++i) {
    out += (i ? ", " : "") + known[i];
  }
  return known.size() > kShown ? out + ", …" : out;
}

bool is_node_name(std::string_view name) {
  if (name.empty() || name.size() > 63) return false;
  const auto word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !(name[0] >= '0' && name[0] <= '9') && std::all_of(name.begin(), name.end(), word);
}

std::string to_lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), lower);
  return out;
}

bool is_same_name(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) return false;
  // From the end, where the names of wide tables differ: c1, c2, c3 …
  return std::equal(a.rbegin(), a.rend(), b.rbegin(),
                    [](char x, char y) { return x == y || lower(x) == lower(y); });
}

std::string quote_identifier(std::string_view name) { return quoted(name, '"'); }

std::string quote_literal(std::string_view text) { return quoted(text, '\''); }

std::string join_names(std::span<const std::string> names, std::string_view last) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? last : std::string_view(", ");
    out += names[i];
  }
  return out;
}

}  // namespace leat
