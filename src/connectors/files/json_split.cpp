#include "connectors/files/json_split.hpp"

#include <algorithm>

#include "base/text.hpp"

namespace leat::connectors::files {
namespace {

constexpr const char* kOpenObject =
    "an object goes on behind this line; of a document that is one object `records` names the "
    "array "
    "in it";

std::uint32_t lines_in(std::string_view text) {
  return static_cast<std::uint32_t>(std::count(text.begin(), text.end(), '\n'));
}

JsonRecord record_at(std::size_t start, std::size_t end) {
  return {static_cast<std::uint32_t>(start), static_cast<std::uint32_t>(end - start), 0, nullptr};
}

}  // namespace

bool ElementEnd::ends_behind(char c) {
  if (x_in_text) {
    if (x_escaped) {
      x_escaped = false;
    } else if (c == '\\') {
      x_escaped = true;
    } else if (c == '"') {
      x_in_text = false;
      return x_kind == Kind::text;
    }
    return false;
  }
  if (c == '"') x_in_text = true;
  if (c == '{' || c == '[') ++x_depth;
  if (c != '}' && c != ']') return false;
  return --x_depth == 0;
}

std::size_t ElementEnd::find(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (x_kind == Kind::unknown) {
      x_kind = c == '"' ? Kind::text : c == '{' || c == '[' ? Kind::nested : Kind::word;
    }
    if (x_kind == Kind::word) {
      if (c == ',' || c == ']' || is_blank(c)) return i;
    } else if (ends_behind(c)) {
      return i + 1;
    }
  }
  return std::string_view::npos;
}

bool JsonSplit::is_open() const {
  return x_shape == JsonShape::array && x_state != State::start && x_state != State::behind;
}

std::size_t JsonSplit::cut(std::string_view text, bool at_end, std::vector<JsonRecord>& records) {
  if (x_shape == JsonShape::detect) {
    const auto first = std::find_if_not(text.begin(), text.end(), is_blank);
    if (first == text.end()) return text.size();
    x_shape = *first == '[' ? JsonShape::array : JsonShape::ndjson;
  }
  const std::size_t before = records.size();
  const std::size_t done = x_shape == JsonShape::array ? cut_document(text, at_end, records)
                                                       : cut_lines(text, at_end, records);
  std::uint32_t lines = 0;
  std::size_t counted = 0;
  for (std::size_t i = before; i < records.size(); ++i) {
    lines += lines_in(text.substr(counted, records[i].start - counted));
    counted = records[i].start;
    records[i].line = lines;
  }
  return done;
}

std::size_t JsonSplit::cut_lines(std::string_view text, bool at_end,
                                 std::vector<JsonRecord>& records) {
  std::size_t at = 0;
  while (at < text.size()) {
    std::size_t end = text.find('\n', at);
    if (end == std::string_view::npos && !at_end) break;
    const std::size_t next = end == std::string_view::npos ? text.size() : end + 1;
    end = std::min(end, text.size());
    while (at < end && is_blank(text[at])) ++at;
    while (end > at && is_blank(text[end - 1])) --end;
    if (end > at) records.push_back(record_at(at, end));
    if (text.substr(at, end - at) == "{") records.back().complaint = kOpenObject;
    at = next;
  }
  return at;
}

bool JsonSplit::take_separator(char c, JsonRecord& stray) {
  if (x_state == State::start && c == '[') {
    x_state = State::first;
    return true;
  }
  if (x_state == State::start || x_state == State::behind) return false;
  if (c == ']') {
    if (x_state == State::separated) stray.complaint = "a comma stands before the array's end";
    x_state = State::behind;
    return true;
  }
  if (c != ',') return false;
  if (x_state != State::after) stray.complaint = "a value is missing before this comma";
  x_state = State::separated;
  return true;
}

/// The array, and what stands around it.
std::size_t JsonSplit::cut_document(std::string_view text, bool at_end,
                                    std::vector<JsonRecord>& records) {
  if (!x_path.is_given()) return cut_elements(text, at_end, records);
  std::size_t start = 0;
  if (!x_path.is_found()) {
    start = x_path.find_array(text);
    if (start == std::string_view::npos) return text.size();
  }
  std::size_t done = start;
  if (x_state != State::behind) {
    const std::size_t before = records.size();
    done += cut_elements(text.substr(start), at_end, records);
    for (std::size_t i = before; i < records.size(); ++i) {
      records[i].start += static_cast<std::uint32_t>(start);
    }
  }
  if (x_state != State::behind) return done;
  x_path.read_on(text.substr(done));
  return text.size();
}

std::size_t JsonSplit::cut_elements(std::string_view text, bool at_end,
                                    std::vector<JsonRecord>& records) {
  std::size_t at = 0;
  while (true) {
    if (x_path.is_given() && x_state == State::behind) return at;
    while (at < text.size() && is_blank(text[at])) ++at;
    if (at == text.size()) return at;
    JsonRecord stray = record_at(at, at + 1);
    if (take_separator(text[at], stray)) {
      ++at;
      if (stray.complaint != nullptr) records.push_back(stray);
      continue;
    }
    ElementEnd element;
    const std::size_t length = find_end(element, text.substr(at));
    if (length == std::string_view::npos && !at_end) return at;
    const std::size_t end = length == std::string_view::npos ? text.size() : at + length;
    JsonRecord record = record_at(at, end);
    if (x_state == State::after) record.complaint = "a comma is missing before this value";
    if (x_state == State::start) record.complaint = "the array does not begin";
    if (x_state == State::behind) record.complaint = "text follows the end of the array";
    if (is_open()) x_state = State::after;
    records.push_back(record);
    at = end;
  }
}

std::size_t JsonSplit::find_end(ElementEnd& element, std::string_view text) const {
  return is_open() ? element.find(text) : text.find('\n');
}

}  // namespace leat::connectors::files
