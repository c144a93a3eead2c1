#include "connectors/files/json_path.hpp"

#include <algorithm>
#include <utility>

#include "base/text.hpp"

namespace leat::connectors::files {
namespace {

constexpr std::size_t kNowhere = std::string_view::npos;
constexpr std::size_t kKeyBytesMax = 1000;
constexpr std::size_t kKeysSeenMax = 20;

}  // namespace

std::vector<std::string> keys_of_path(std::string_view path) {
  if (path.starts_with("$.")) path.remove_prefix(2);
  std::vector<std::string> keys;
  if (path == "$") return keys;
  while (true) {
    const auto quote = path.starts_with('"') ? path.find('"', 1) : kNowhere;
    const auto dot = quote == kNowhere ? path.find('.') : quote + 1;
    auto key = path.substr(0, dot);
    if (quote != kNowhere) {
      key = path.substr(1, quote - 1);
    } else if (key.find_first_of("[]*\"'") != kNowhere || key.starts_with(' ') ||
               key.ends_with(' ')) {
      return {};
    }
    if (key.empty()) return {};
    keys.emplace_back(key);
    if (dot >= path.size()) return keys;
    if (path[dot] != '.') return {};
    path.remove_prefix(dot + 1);
  }
}

std::size_t JsonPath::find_array(std::string_view text) {
  if (!x_complaint.empty()) return kNowhere;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (x_in_text) {
      if (!take_text(c)) end_key();
    } else if (x_await == Await::sought && !is_blank(c)) {
      if (!take_sought(c)) return kNowhere;
      if (x_is_found) return i;
    } else {
      take_beside(c);
      if (!x_complaint.empty()) return kNowhere;
    }
  }
  return kNowhere;
}

/// False at the end of the text.
bool JsonPath::take_text(char c) {
  if (x_escaped) {
    x_escaped = false;
  } else if (c == '\\') {
    x_escaped = true;
  } else if (c == '"') {
    x_in_text = false;
    return false;
  }
  if (x_await == Await::key && x_key.size() < kKeyBytesMax) x_key += c;
  return true;
}

void JsonPath::end_key() {
  if (x_await != Await::key) return;
  x_await = Await::colon;
  if (x_key != x_keys[x_matched] && x_seen.size() < kKeysSeenMax) x_seen.push_back(x_key);
}

/// What stands where the next object of the path, or its array, is expected.
bool JsonPath::take_sought(char c) {
  const bool is_last = x_matched + 1 == x_keys.size();
  if (c == (is_last ? '[' : '{')) {
    ++x_matched;
    x_depth += is_last ? 0 : 1;  // Who reads the array reads its end.
    x_is_found = is_last;
    x_await = Await::key;
    x_seen.clear();
    return true;
  }
  if (x_complaint.empty()) {
    x_complaint = "the key `" + x_keys[x_matched] + "` holds no " + (is_last ? "array" : "object");
  }
  return false;
}

void JsonPath::take_beside(char c) {
  const bool on_path = x_depth == x_matched + 1;
  if (c == '"') {
    x_in_text = true;
    x_key.clear();
  } else if (c == ':' && on_path && x_await == Await::colon) {
    x_await = x_key == x_keys[x_matched] ? Await::sought : Await::value;
  } else if (c == ',' && on_path) {
    x_await = Await::key;
  } else if (c == '{' || c == '[') {
    if (x_depth++ == 0) x_await = c == '{' ? Await::key : Await::value;
  } else if ((c == '}' || c == ']') && x_depth > 0) {
    // The object that the path led into has ended, and what comes is another one.
    if (--x_depth == x_matched) x_complaint = "there is no key `" + x_keys[x_matched] + "`";
  }
}

/// The objects around the array are still open.
void JsonPath::read_on(std::string_view text) {
  for (const char c : text) {
    if (x_in_text) {
      take_text(c);
    } else if (c == '"') {
      x_in_text = true;
    } else if (c == '{' || c == '[') {
      ++x_depth;
    } else if ((c == '}' || c == ']') && x_depth > 0) {
      --x_depth;
    }
  }
}

std::string JsonPath::complaint() const {
  if (!x_complaint.empty()) return x_complaint;
  if (!x_is_found) return "there is no key `" + x_keys[x_matched] + "`";
  return x_depth > 0 ? "the file ends before its document does" : "";
}

}  // namespace leat::connectors::files
