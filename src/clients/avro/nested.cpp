#include <cmath>
#include <nlohmann/json.hpp>
#include <unordered_map>

#include "clients/avro/cursor.hpp"

namespace leat::avro {
namespace {

using nlohmann::json;

constexpr std::size_t kDepthMax = 1000;
constexpr std::size_t kTextBytesMax = std::size_t{256} << 20;

constexpr const char* kTooLong = "it takes more than 256 MiB as JSON";

/// Bytes as the characters with these numbers.
std::string latin_text(std::string_view bytes) {
  std::string text;
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      text += c;
    } else {
      text += static_cast<char>(0xC0 | (byte >> 6));
      text += static_cast<char>(0x80 | (byte & 0x3F));
    }
  }
  return text;
}

/// Takes one value, and writes it as JSON where somebody wants it.
class Walk {
 public:
  Walk(const Types& types, Cursor& cursor, std::string* out)
      : x_types(types), x_cursor(cursor), x_out(out) {}

  const std::string& complaint() const { return x_complaint; }

  void value(std::uint32_t at, std::size_t depth) {
    const Node& node = x_types.nodes[at];
    if (depth > kDepthMax) x_cursor.mark_broken();
    x_cursor.visit();
    if (x_cursor.is_broken()) return;
    switch (node.kind) {
      case Kind::null: return put("null");
      case Kind::boolean: return put(x_cursor.read_bool() ? "true" : "false");
      case Kind::int32: return number(x_cursor.read_int());
      case Kind::int64: return number(x_cursor.read_long());
      case Kind::float32: return floating(double(x_cursor.read_plain<float>()));
      case Kind::float64: return floating(x_cursor.read_plain<double>());
      case Kind::bytes: return bytes(x_cursor.read_text());
      case Kind::fixed: return bytes(x_cursor.take(node.size));
      case Kind::text: return text(x_cursor.read_text());
      case Kind::symbols: {
        const auto symbol = choice(node.names.size());
        return x_cursor.is_broken() ? void() : text(node.names[symbol]);
      }
      case Kind::either: {
        const auto branch = choice(node.items.size());
        return x_cursor.is_broken() ? void() : value(node.items[branch], depth + 1);
      }
      case Kind::record: return record(node, depth);
      case Kind::list: return list(node, depth);
      case Kind::map: return map(node, depth);
    }
  }

 private:
  void put(std::string_view text) {
    if (x_out == nullptr) return;
    if (x_written + text.size() <= kTextBytesMax) {
      *x_out += text;
    } else if (x_complaint.empty()) {
      x_complaint = kTooLong;
    }
    x_written += text.size();
  }

  template <typename Number>
  void number(Number value) {
    if (x_out != nullptr) put(std::to_string(value));
  }

  void floating(double value) {
    if (x_out == nullptr) return;
    if (std::isfinite(value)) return put(json(value).dump());
    put(std::isnan(value) ? "\"NaN\"" : value > 0 ? "\"Infinity\"" : "\"-Infinity\"");
  }

  void bytes(std::string_view bytes) {
    if (has_room(bytes)) text(latin_text(bytes));
  }

  /// Asked before it is written, which takes several times its size.
  bool has_room(std::string_view text) {
    if (x_out == nullptr) return false;
    if (x_written + text.size() <= kTextBytesMax) return true;
    x_complaint = kTooLong;
    return false;
  }

  void text(std::string_view text) {
    if (!has_room(text)) return;
    try {
      put(json(text).dump());
    } catch (const json::exception&) {
      x_complaint = "a text in it is not valid UTF-8";
    }
  }

  /// Which one of so many.
  std::size_t choice(std::size_t count) {
    const auto index = x_cursor.read_long();
    if (index < 0 || static_cast<std::uint64_t>(index) >= count) x_cursor.mark_broken();
    return static_cast<std::size_t>(index);
  }

  void record(const Node& node, std::size_t depth) {
    for (std::size_t i = 0; i < node.items.size() && !x_cursor.is_broken(); ++i) {
      put(i == 0 ? "{" : ",");
      text(node.names[i]);
      put(":");
      value(node.items[i], depth + 1);
    }
    put(node.items.empty() ? "{}" : "}");
  }

  /// Blocks of items; a negative count is followed by the bytes of its block.
  template <typename Item>
  void many(Item item) {
    for (;;) {
      const auto count = x_cursor.read_long();
      if (x_cursor.is_broken() || count == 0) return;
      if (count < 0) x_cursor.read_long();
      const auto items =
          count < 0 ? ~static_cast<std::uint64_t>(count) + 1 : static_cast<std::uint64_t>(count);
      for (std::uint64_t i = 0; i < items && !x_cursor.is_broken(); ++i) item();
    }
  }

  void list(const Node& node, std::size_t depth) {
    bool is_first = true;
    put("[");
    many([&] {
      if (!std::exchange(is_first, false)) put(",");
      value(node.items[0], depth + 1);
    });
    put("]");
  }

  /// A key that comes twice keeps its place and has its last value.
  void map(const Node& node, std::size_t depth) {
    std::string* const out = std::exchange(x_out, nullptr);
    std::vector<std::pair<std::string, std::string>> entries;
    std::unordered_map<std::string_view, std::size_t> places;
    many([&] {
      const auto key = x_cursor.read_text();
      if (out == nullptr) return value(node.items[0], depth + 1);
      const auto [found, is_new] = places.try_emplace(key, entries.size());
      if (is_new) entries.emplace_back(key, "");
      std::string& inner = entries[found->second].second;
      x_written -= std::min(x_written, inner.size());
      inner.clear();
      x_out = &inner;
      value(node.items[0], depth + 1);
      x_out = nullptr;
    });
    x_out = out;
    if (out == nullptr) return;
    for (const auto& [key, inner] : entries) x_written -= std::min(x_written, inner.size());
    put("{");
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (i > 0) put(",");
      text(entries[i].first);
      put(":");
      put(entries[i].second);
    }
    put("}");
  }

  const Types& x_types;
  Cursor& x_cursor;
  std::string* x_out;  ///< Null: the value is passed by.
  std::size_t x_written = 0;
  std::string x_complaint;
};

}  // namespace

std::string read_json(const Types& types, std::uint32_t node, Cursor& cursor, std::string& out) {
  Walk walk(types, cursor, &out);
  walk.value(node, 0);
  return walk.complaint();
}

void skip_value(const Types& types, std::uint32_t at, Cursor& cursor) {
  Walk(types, cursor, nullptr).value(at, 0);
}

}  // namespace leat::avro
