#include "config/canonical.hpp"

#include <cstdio>

namespace leat::config {
namespace {

void put_string(std::string& out, std::string_view text) {
  out += '"';
  for (const char c : text) {
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (static_cast<unsigned char>(c) < 0x20) {
      char escaped[8];
      std::snprintf(escaped, sizeof escaped, "\\u%04x", unsigned(c));
      out += escaped;
    } else {
      out += c;
    }
  }
  out += '"';
}

void put_scalar(std::string& out, const Node& node) {
  const bool as_written = node.origin && (node.origin->values || !node.origin->secret.empty());
  put_string(out, as_written ? node.origin->written : node.text);
}

void put(std::string& out, const Node& node) {
  const char* separator = "";
  switch (node.kind) {
    case Node::Kind::null: out += "null"; break;
    case Node::Kind::scalar: put_scalar(out, node); break;
    case Node::Kind::sequence:
      out += '[';
      for (const auto& item : node.items) {
        out += separator;
        put(out, item);
        separator = ",";
      }
      out += ']';
      break;
    case Node::Kind::map:
      out += '{';
      for (const auto& entry : node.entries) {
        out += separator;
        put_string(out, entry.key.text);
        out += ':';
        put(out, entry.value);
        separator = ",";
      }
      out += '}';
      break;
  }
}

}  // namespace

std::string canonical_text(const Node& node) {
  std::string out;
  put(out, node);
  return out;
}

}  // namespace leat::config
