#include "config/findings.hpp"

#include <algorithm>
#include <array>
#include <tuple>

#include "base/names.hpp"

namespace leat::config {
namespace {

constexpr std::string_view kDots = "…";
constexpr std::size_t kLineBytesMax = 10'000;  ///< A longer line is no help to anybody.
constexpr std::size_t kFindingsMax = 200;      ///< Nor are more complaints than these.
constexpr std::array<std::string_view, 8> kSecretKeys{
    "password", "passwd", "secret", "token", "api_key", "apikey", "private_key", "access_key"};

std::string_view line_of(std::string_view text, int line) {
  std::size_t start = 0;
  for (int at = 1; at < line; ++at) {
    const auto end = text.find('\n', start);
    if (end == text.npos) return {};
    start = end + 1;
  }
  auto found = text.substr(start, text.find('\n', start) - start);
  if (!found.empty() && found.back() == '\r') found.remove_suffix(1);
  return found;
}

/// Byte offset of the character in `column`, from 1.
std::size_t offset_of(std::string_view line, int column) {
  std::size_t at = 0;
  for (int passed = 1; at < line.size(); ++at) {
    if ((static_cast<unsigned char>(line[at]) & 0xC0) == 0x80) continue;
    if (passed++ == column) break;
  }
  return at;
}

/// As many dots as there were characters, so that carets stay where they belong.
void put_dots(std::string& line, std::size_t begin, std::size_t end) {
  std::string dots;
  for (auto left = count_characters(std::string_view(line).substr(begin, end - begin)); left > 0;
       --left) {
    dots += kDots;
  }
  line.replace(begin, end - begin, dots);
}

/// Where the value starts when a key ends right before `at`; else npos.
std::size_t value_after_key(std::string_view line, std::size_t at) {
  if (at < line.size() && (line[at] == '"' || line[at] == '\'')) ++at;
  at = line.find_first_not_of(' ', at);
  if (at == line.npos || line[at] != ':') return line.npos;
  return line.find_first_not_of(" \t\"'", at + 1);
}

/// A password that stands in a file where a reference should is not shown either.
void hide_passwords(std::string& line) {
  for (const auto key : kSecretKeys) {
    const auto lower = to_lower(line);
    for (auto at = lower.find(key); at != lower.npos; at = lower.find(key, at + 1)) {
      if (at >= 2 && lower.compare(at - 2, 2, "${") == 0) continue;
      const auto begin = value_after_key(line, at + key.size());
      if (begin == line.npos || line.compare(begin, 2, "${") == 0) continue;
      put_dots(line, begin, std::min(line.find_first_of(",}\"'", begin), line.size()));
      break;
    }
  }
}

auto order_of(const Diagnostic& d) {
  return std::tie(d.place.file, d.place.line, d.place.column, d.message);
}

}  // namespace

bool names_a_secret(std::string_view key) {
  const auto lower = to_lower(key);
  return std::any_of(kSecretKeys.begin(), kSecretKeys.end(),
                     [&](std::string_view word) { return lower.ends_with(word); });
}

void Findings::add(Diagnostic diagnostic) { x_found.push_back(std::move(diagnostic)); }

void Findings::add(const Place& place, std::string message, std::string hint, int length) {
  x_found.push_back({place, std::move(message), std::move(hint), "", length});
}

void Findings::add(const Node& node, std::string message, std::string hint) {
  add(node.place, std::move(message), std::move(hint), node.length);
}

void Findings::add(const Node& node, const Error& error) {
  if (error.diagnostics().empty()) {
    add(node, error.text(), error.hint_text());
    return;
  }
  for (const auto& diagnostic : error.diagnostics()) add(diagnostic);
}

void Findings::add_source(std::string file, std::string text) {
  x_sources.insert_or_assign(std::move(file), std::move(text));
}

void Findings::hide_source(const std::string& file) { x_sources.erase(file); }

void Findings::hide(const Node& node) {
  const bool one_piece = node.is_scalar() && !node.places;
  int last_line = node.place.line;
  if (node.places) last_line = node.places->pieces.back().line;
  x_hidden.emplace(node.place.file, Hidden{node.place.line, node.place.column,
                                           one_piece ? node.length : 0, last_line});
}

std::string Findings::source_line(const Place& place) const {
  const auto source = x_sources.find(place.file);
  if (source == x_sources.end() || place.line <= 0) return "";
  std::string line(line_of(source->second, place.line));
  if (line.size() > kLineBytesMax) return "";
  const auto [first, last] = x_hidden.equal_range(place.file);
  for (auto at = first; at != last; ++at) {
    const auto& hidden = at->second;
    if (place.line < hidden.line || place.line > hidden.last_line) continue;
    if (place.line > hidden.line) return std::string(kDots);
    const auto begin = offset_of(line, hidden.column);
    const auto end = hidden.length ? offset_of(line, hidden.column + hidden.length) : line.size();
    put_dots(line, begin, end);
  }
  hide_passwords(line);
  return line;
}

std::vector<Diagnostic> Findings::take() {
  auto found = std::move(x_found);
  x_found.clear();
  std::sort(found.begin(), found.end(),
            [](const Diagnostic& a, const Diagnostic& b) { return order_of(a) < order_of(b); });
  found.erase(std::unique(found.begin(), found.end(),
                          [](const Diagnostic& a, const Diagnostic& b) {
                            return order_of(a) == order_of(b);
                          }),
              found.end());
  if (found.size() > kFindingsMax) {
    const auto more = std::to_string(found.size() - kFindingsMax) + " more errors";
    found.resize(kFindingsMax);
    found.push_back({Place{found.back().place.file, 0, 0}, more, "", "", 1});
  }
  for (auto& diagnostic : found) {
    if (diagnostic.source_line.empty()) diagnostic.source_line = source_line(diagnostic.place);
  }
  return found;
}

}  // namespace leat::config
