#include <cmath>
#include <nlohmann/json.hpp>

#include "clients/avro/cursor.hpp"

namespace leat::avro {
namespace {

using nlohmann::ordered_json;

constexpr std::size_t kDepthMax = 200;

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

ordered_json floating(double value) {
  if (std::isfinite(value)) return value;
  return std::isnan(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
}

/// Takes one value, and makes JSON of it or not.
class Walk {
 public:
  Walk(const Types& types, Cursor& cursor) : x_types(types), x_cursor(cursor) {}

  ordered_json value(std::uint32_t at, std::size_t depth) {
    const Node& node = x_types.nodes[at];
    if (depth > kDepthMax) x_cursor.mark_broken();
    if (x_cursor.is_broken()) return nullptr;
    switch (node.kind) {
      case Kind::null: break;
      case Kind::boolean: return x_cursor.read_bool();
      case Kind::int32: return x_cursor.read_int();
      case Kind::int64: return x_cursor.read_long();
      case Kind::float32: return floating(double(x_cursor.read_plain<float>()));
      case Kind::float64: return floating(x_cursor.read_plain<double>());
      case Kind::bytes: return latin_text(x_cursor.read_text());
      case Kind::fixed: return latin_text(x_cursor.take(node.size));
      case Kind::text: return std::string(x_cursor.read_text());
      case Kind::symbols:
        return choice(node, node.names.size(),
                      [&](std::size_t i) { return ordered_json(node.names[i]); });
      case Kind::either:
        return choice(node, node.items.size(),
                      [&](std::size_t i) { return value(node.items[i], depth + 1); });
      case Kind::record: {
        auto object = ordered_json::object();
        for (std::size_t i = 0; i < node.items.size(); ++i) {
          object[node.names[i]] = value(node.items[i], depth + 1);
        }
        return object;
      }
      case Kind::list:
      case Kind::map: return many(node, depth);
    }
    return nullptr;
  }

 private:
  template <typename Make>
  ordered_json choice(const Node&, std::size_t count, Make make) {
    const auto index = x_cursor.read_long();
    if (index < 0 || static_cast<std::uint64_t>(index) >= count) x_cursor.mark_broken();
    if (x_cursor.is_broken()) return nullptr;
    return make(static_cast<std::size_t>(index));
  }

  /// Blocks of items; a negative count is followed by the bytes of its block.
  ordered_json many(const Node& node, std::size_t depth) {
    auto all = node.kind == Kind::map ? ordered_json::object() : ordered_json::array();
    std::uint64_t total = 0;
    for (;;) {
      auto count = x_cursor.read_long();
      if (x_cursor.is_broken() || count == 0) return all;
      if (count < 0) x_cursor.read_long();
      const auto items =
          count < 0 ? ~static_cast<std::uint64_t>(count) + 1 : static_cast<std::uint64_t>(count);
      // Items without any byte could be claimed without end.
      constexpr std::uint64_t kFree = 1 << 16;
      if (items > x_cursor.left() + kFree || (total += items) > (1u << 28)) {
        x_cursor.mark_broken();
      }
      for (std::uint64_t i = 0; i < items && !x_cursor.is_broken(); ++i) {
        if (node.kind == Kind::map) {
          const std::string key(x_cursor.read_text());
          all[key] = value(node.items[0], depth + 1);
        } else {
          all.push_back(value(node.items[0], depth + 1));
        }
      }
    }
  }

  const Types& x_types;
  Cursor& x_cursor;
};

}  // namespace

bool read_json(const Types& types, std::uint32_t node, Cursor& cursor, std::string& out) {
  const auto value = Walk(types, cursor).value(node, 0);
  try {
    out = value.dump();
  } catch (const nlohmann::json::exception&) {
    return false;
  }
  return true;
}

void skip_value(const Types& types, std::uint32_t at, Cursor& cursor) {
  const Node& node = types.nodes[at];
  switch (node.kind) {
    case Kind::null: return;
    case Kind::boolean: cursor.read_bool(); return;
    case Kind::int32:
    case Kind::int64: cursor.read_long(); return;
    case Kind::float32: cursor.take(4); return;
    case Kind::float64: cursor.take(8); return;
    case Kind::bytes:
    case Kind::text: cursor.read_text(); return;
    case Kind::fixed: cursor.take(node.size); return;
    default: Walk(types, cursor).value(at, 0);
  }
}

}  // namespace leat::avro
