#include "config/yaml_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>

namespace leat::config {
namespace {

bool is_blank(char c) { return c == ' ' || c == '\t'; }
bool is_space(char c) { return is_blank(c) || c == '\n' || c == '\r'; }

/// Walks a scalar as written and its value side by side, and notes where pieces start.
class Aligner {
 public:
  Aligner(const YamlText& yaml, std::string_view value, char style)
      : x_yaml(yaml), x_raw(yaml.text()), x_value(value), x_style(style) {}

  std::shared_ptr<const TextPlaces> from(std::size_t raw) {
    note(raw);
    while (x_at < x_value.size() && raw < x_raw.size()) {
      const auto next = step(raw);
      if (!next) break;
      raw = *next;
    }
    return std::make_shared<const TextPlaces>(std::move(x_places));
  }

 private:
  void note(std::size_t raw) {
    const auto place = x_yaml.place(raw, "");
    if (!x_places.pieces.empty() && x_places.pieces.back().offset == x_at) {
      x_places.pieces.pop_back();
    }
    x_places.pieces.push_back({x_at, place.line, place.column});
  }

  std::optional<std::size_t> step(std::size_t raw) {
    if (is_space(x_raw[raw])) {
      auto end = raw;
      while (end < x_raw.size() && is_space(x_raw[end])) ++end;
      if (x_raw.substr(raw, end - raw).find('\n') != x_raw.npos) return folded(end);
    }
    if (x_style == '"' && x_raw[raw] == '\\') return escaped(raw);
    if (x_raw[raw] != x_value[x_at]) return std::nullopt;
    ++x_at;
    if (x_style == '\'' && x_raw[raw] == '\'') {
      note(raw + 2);
      return raw + 2;
    }
    return raw + 1;
  }

  /// A line break is one space, several are one less, and an escaped one is nothing.
  std::size_t folded(std::size_t end) {
    while (x_at < x_value.size() && is_space(x_value[x_at])) ++x_at;
    note(end);
    return end;
  }

  std::optional<std::size_t> escaped(std::size_t raw) {
    if (raw + 1 >= x_raw.size()) return std::nullopt;
    const char kind = x_raw[raw + 1];
    if (kind == '\n' || kind == '\r') {
      auto end = raw + 1;
      while (end < x_raw.size() && is_space(x_raw[end])) ++end;
      return folded(end);
    }
    const std::size_t digits = kind == 'x' ? 2 : kind == 'u' ? 4 : kind == 'U' ? 8 : 0;
    do {
      ++x_at;
    } while (x_at < x_value.size() && (static_cast<unsigned char>(x_value[x_at]) & 0xC0) == 0x80);
    note(std::min(raw + 2 + digits, x_raw.size()));
    return raw + 2 + digits;
  }

  const YamlText& x_yaml;
  std::string_view x_raw;
  std::string_view x_value;
  char x_style;
  std::size_t x_at = 0;
  TextPlaces x_places;
};

std::size_t quoted_end(std::string_view text, std::size_t offset) {
  const char quote = text[offset];
  for (auto at = offset + 1; at < text.size(); ++at) {
    if (text[at] == '\n') return at;
    if (text[at] == '\\' && quote == '"') {
      ++at;
    } else if (text[at] == quote) {
      if (quote == '"' || at + 1 >= text.size() || text[at + 1] != quote) return at + 1;
      ++at;
    }
  }
  return text.size();
}

}  // namespace

YamlText::YamlText(std::string_view text) : x_text(text) {
  x_starts.push_back(0);
  for (auto at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) {
    x_starts.push_back(at + 1);
  }
}

std::size_t YamlText::offset(int line, int column) const {
  if (line < 0 || column < 0) return 0;
  if (std::size_t(line) >= x_starts.size()) return x_text.size();
  return std::min(x_starts[std::size_t(line)] + std::size_t(column), x_text.size());
}

std::size_t YamlText::line_of(std::size_t offset) const {
  return std::size_t(std::upper_bound(x_starts.begin(), x_starts.end(), offset) -
                     x_starts.begin()) -
         1;
}

Place YamlText::place(std::size_t offset, const std::string& file) const {
  const auto line = line_of(offset);
  if (line != x_last_line || offset < x_last_offset) {
    x_last_line = line;
    x_last_offset = x_starts[line];
    x_last_column = 1;
  }
  const auto passed = x_text.substr(x_last_offset, offset - x_last_offset);
  x_last_column += int(count_characters(passed));
  x_last_offset = offset;
  return {file, int(line) + 1, x_last_column};
}

std::string_view YamlText::line(std::size_t index) const {
  if (index >= x_starts.size()) return {};
  const auto start = x_starts[index];
  auto found = x_text.substr(start, x_text.find('\n', start) - start);
  if (!found.empty() && found.back() == '\r') found.remove_suffix(1);
  return found;
}

bool YamlText::has_marker_before(std::size_t offset) const {
  for (auto index = line_of(offset) + 1; index-- > 0;) {
    const auto text = line(index);
    if (text.starts_with("---") || text.starts_with("...")) return true;
    const bool idle = text.empty() || text[0] == '#' || text[0] == '%';
    if (!idle && index < line_of(offset)) return false;
  }
  return false;
}

std::size_t YamlText::skip_properties(std::size_t offset) const {
  while (offset < x_text.size() && (x_text[offset] == '&' || x_text[offset] == '!')) {
    while (offset < x_text.size() && !is_space(x_text[offset])) ++offset;
    while (offset < x_text.size() && is_space(x_text[offset])) ++offset;
  }
  return offset;
}

std::string_view YamlText::null_word(std::size_t offset) const {
  static constexpr std::array<std::string_view, 4> kWords{"~", "null", "Null", "NULL"};
  const auto rest = x_text.substr(offset);
  for (const auto word : kWords) {
    if (!rest.starts_with(word)) continue;
    const char after = rest.size() > word.size() ? rest[word.size()] : '\n';
    if (is_space(after) || after == ',' || after == ']' || after == '}' || after == ':') {
      return word;
    }
  }
  return {};
}

bool YamlText::is_never_closed(std::size_t offset) const {
  if (offset >= x_text.size() || (x_text[offset] != '"' && x_text[offset] != '\'')) return false;
  const char quote = x_text[offset];
  for (auto at = offset + 1; at < x_text.size(); ++at) {
    if (x_text[at] == '\\' && quote == '"') {
      ++at;
    } else if (x_text[at] == quote) {
      const bool doubled = quote == '\'' && at + 1 < x_text.size() && x_text[at + 1] == quote;
      if (!doubled) return false;
      ++at;
    }
  }
  return true;
}

YamlText::Written YamlText::written(std::size_t offset, std::string_view value) const {
  if (offset >= x_text.size()) return {};
  const char style = x_text[offset];
  if (style == '|' || style == '>') {
    auto start = std::min(x_text.find('\n', offset), x_text.size() - 1) + 1;
    if (style == '>') {
      while (start < x_text.size() && is_blank(x_text[start])) ++start;
      return {1, Aligner(*this, value, style).from(start)};
    }
    // Each line of a literal is its indentation and then exactly the line of the value.
    TextPlaces places;
    auto index = line_of(offset) + 1;
    for (std::size_t at = 0; at <= value.size(); ++index) {
      const auto end = std::min(value.find('\n', at), value.size());
      const auto raw = line(index);
      const auto indent = raw.size() > end - at ? raw.size() - (end - at) : 0;
      places.pieces.push_back({at, int(index) + 1, int(indent) + 1});
      at = end + 1;
    }
    return {1, std::make_shared<const TextPlaces>(std::move(places))};
  }
  if (style == '"' || style == '\'') {
    const auto end = quoted_end(x_text, offset);
    const auto raw = x_text.substr(offset, end - offset);
    const int length = int(count_characters(raw));
    if (raw.size() == value.size() + 2) return {length, nullptr};
    return {length, Aligner(*this, value, style).from(offset + 1)};
  }
  if (x_text.substr(offset, value.size()) == value) {
    return {std::max(1, int(count_characters(value.substr(0, value.find('\n'))))), nullptr};
  }
  const auto first = x_text.substr(offset, x_text.find('\n', offset) - offset);
  return {std::max(1, int(count_characters(first))), Aligner(*this, value, 0).from(offset)};
}

std::optional<BadByte> find_bad_byte(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto byte = static_cast<unsigned char>(text[at]);
    if ((byte >= 0x20 && byte < 0x7F) || byte == '\n' || byte == '\t' || byte == '\r') {
      ++at;
      continue;
    }
    if (byte < 0x80) {
      char what[48];
      std::snprintf(what, sizeof what, "control character 0x%02X", unsigned(byte));
      return BadByte{at, what};
    }
    const std::size_t size = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : 2;
    const bool lead = byte >= 0xC2 && byte <= 0xF4;
    bool good = lead && at + size <= text.size();
    for (std::size_t i = 1; good && i < size; ++i) {
      good = (static_cast<unsigned char>(text[at + i]) & 0xC0) == 0x80;
    }
    const auto second = good ? static_cast<unsigned char>(text[at + 1]) : 0u;
    // Overlong forms, surrogates, and what lies beyond Unicode.
    if (!good || (byte == 0xE0 && second < 0xA0) || (byte == 0xED && second > 0x9F) ||
        (byte == 0xF0 && second < 0x90) || (byte == 0xF4 && second > 0x8F)) {
      return BadByte{at, "a byte that is not UTF-8"};
    }
    at += size;
  }
  return std::nullopt;
}

}  // namespace leat::config
