#include "connectors/files/seen_columns.hpp"

#include <utility>

#include "base/names.hpp"
#include "base/utf8.hpp"

namespace leat::connectors::files {
namespace {

/// Two short names differ in a letter without anybody having mistyped one.
constexpr std::size_t kShortBytes = 4;

/// Letters and digits alone: "unitPrice", "unit_price" and "@unit-price" are one name.
std::string plain(std::string_view name) {
  std::string out;
  for (const char c : to_lower(name)) {
    const bool is_word = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (is_word || static_cast<unsigned char>(c) >= 0x80) out += c;
  }
  return out;
}

/// Numbered names are a row of them: address1 is not address2 mistyped.
bool ends_in_digits(std::string_view name) {
  return !name.empty() && name.back() >= '0' && name.back() <= '9';
}

/// One letter is another one, is missing, or two that are neighbours have changed places.
bool is_one_slip(std::string_view a, std::string_view b) {
  if (a.size() < b.size()) std::swap(a, b);
  if (a.size() - b.size() > 1) return false;
  std::size_t at = 0;
  while (at < b.size() && a[at] == b[at]) ++at;
  if (a.size() > b.size()) return a.substr(at + 1) == b.substr(at);
  if (a.substr(at + 1) == b.substr(at + 1)) return true;
  return a[at] == b[at + 1] && a[at + 1] == b[at] && a.substr(at + 2) == b.substr(at + 2);
}

/// Of a path in XML its last name counts.
bool may_be_meant(std::string_view sought, std::string_view other) {
  const auto name_at = [](std::string_view path) { return path.rfind('/') + 1; };
  const auto above = sought.substr(0, name_at(sought));
  if (above != other.substr(0, name_at(other))) return false;
  sought.remove_prefix(above.size());
  other.remove_prefix(above.size());
  if (plain(other) == plain(sought)) return true;
  if (ends_in_digits(other) && ends_in_digits(sought)) return false;
  return sought.size() >= kShortBytes && is_one_slip(to_lower(sought), to_lower(other));
}

}  // namespace

void SeenColumns::add_other(std::string_view name) {
  if (wants_others() && !x_others.contains(name)) x_others.emplace(name);
}

void SeenColumns::merge(const SeenColumns& seen) {
  for (std::size_t i = 0; i < seen.x_found.size(); ++i) {
    if (seen.x_found[i]) add_found(i);
  }
  for (const auto& name : seen.x_others) add_other(name);
  x_said.insert(seen.x_said.begin(), seen.x_said.end());
}

std::vector<std::string> SeenColumns::missing(const std::vector<std::string>& sought) const {
  std::vector<std::string> out;
  if (x_found.empty()) return out;
  for (std::size_t i = 0; i < sought.size(); ++i) {
    if (!sought[i].empty() && (i >= x_found.size() || !x_found[i])) out.push_back(sought[i]);
  }
  return out;
}

std::vector<std::string> SeenColumns::warnings(const std::vector<std::string>& sought,
                                               const std::string& unit,
                                               const std::string& where) const {
  std::vector<std::string> out(x_said.begin(), x_said.end());
  for (const auto& name : missing(sought)) {
    auto text = "no " + unit + " of " + where + " has `" + printable(name) +
                "`: that column is null in all rows of it";
    for (const auto& other : x_others) {
      if (!may_be_meant(name, other)) continue;
      text += "; did you mean `" + printable(other) + "`, which is there and nothing reads?";
      break;
    }
    out.push_back(std::move(text));
  }
  return out;
}

}  // namespace leat::connectors::files
