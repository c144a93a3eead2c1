#include "connectors/files/seen_columns.hpp"

#include <optional>

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

std::optional<std::string> meant(const std::string& sought,
                                 const std::set<std::string, std::less<>>& others) {
  std::vector<std::string> near;
  for (const auto& other : others) {
    if (plain(other) == plain(sought)) return other;
    if (!ends_in_digits(other) || !ends_in_digits(sought)) near.push_back(other);
  }
  return sought.size() < kShortBytes ? std::nullopt : nearest_name(sought, near);
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
}

std::vector<std::string> SeenColumns::missing(const std::vector<std::string>& sought) const {
  std::vector<std::string> out;
  if (x_found.empty()) return out;
  for (std::size_t i = 0; i < sought.size(); ++i) {
    if (!sought[i].empty() && (i >= x_found.size() || !x_found[i])) out.push_back(sought[i]);
  }
  return out;
}

Status SeenColumns::judge(const std::vector<std::string>& sought, const std::string& unit,
                          const std::string& where) const {
  for (const auto& name : missing(sought)) {
    const auto near = meant(name, x_others);
    if (!near) continue;
    return Error(Fault::data, "no " + unit + " of " + where + " has `" + printable(name) +
                                  "`, which is a column")
        .hint("did you mean `" + printable(*near) +
              "`? Where it is another value, declare it, too");
  }
  return {};
}

std::vector<std::string> SeenColumns::warnings(const std::vector<std::string>& sought,
                                               const std::string& unit) const {
  std::vector<std::string> out;
  for (const auto& name : missing(sought)) {
    out.push_back("no " + unit + " has `" + printable(name) + "`: that column is null in all rows");
  }
  return out;
}

}  // namespace leat::connectors::files
