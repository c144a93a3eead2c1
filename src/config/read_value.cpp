#include "config/read_value.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

#include "base/names.hpp"
#include "base/quantity.hpp"

namespace leat::config {
namespace {

std::string range_text(const ValueShape& shape) {
  if (shape.min && shape.max) {
    return "between " + number_text(*shape.min) + " and " + number_text(*shape.max);
  }
  return shape.min ? "at least " + number_text(*shape.min) : "at most " + number_text(*shape.max);
}

/// The scalar that a number, a quantity or text is read from.
bool take_scalar(const Node& node, std::string_view expected, Findings& findings) {
  if (node.is_scalar()) return !refuse_secret(node, findings);
  add_mismatch(node, expected, findings);
  return false;
}

template <typename Number>
bool read_number(const Node& node, const ValueShape& shape, Number& out, Findings& findings) {
  if (!take_scalar(node, name_of(shape.kind), findings)) return false;
  auto text = std::string_view(node.text);
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  Number number{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code == std::errc::result_out_of_range) {
    findings.add(node, shown(node) + " is too large");
    return false;
  }
  if (text.empty() || code != std::errc() || end != text.data() + text.size() ||
      !std::isfinite(double(number))) {
    const bool negative = std::is_unsigned_v<Number> && text.starts_with("-");
    add_mismatch(node, negative ? "a whole number of at least 0" : name_of(shape.kind), findings);
    return false;
  }
  if ((shape.min && number < *shape.min) || (shape.max && number > *shape.max)) {
    findings.add(node, shown(node) + " is not " + range_text(shape));
    return false;
  }
  out = number;
  return true;
}

bool check_length(const Node& node, const ValueShape& shape, Findings& findings) {
  const auto length = count_characters(node.text);
  if (length >= shape.length_min && (!shape.length_max || length <= shape.length_max)) return true;
  const auto characters = [](std::size_t n) {
    return std::to_string(n) + (n == 1 ? " character" : " characters");
  };
  std::string wanted = "at least " + characters(shape.length_min);
  if (shape.length_min == shape.length_max) {
    wanted = characters(shape.length_max);
  } else if (length > shape.length_min) {
    wanted = "at most " + characters(shape.length_max);
  }
  findings.add(
      node, "expected " + wanted + ", found " + (length ? shown(node) : std::string("empty text")));
  return false;
}

long double size_of(const Bytes& bytes) { return static_cast<long double>(bytes.count); }
long double size_of(const Duration& duration) {
  return static_cast<long double>(duration.length.count());
}
long double size_of(const Share& share) { return share.of_one; }

template <typename Quantity, typename Parsed>
bool read_quantity(const Node& node, const ValueShape& shape,
                   Result<Parsed> (*parse)(std::string_view), Quantity& out, Findings& findings) {
  if (!take_scalar(node, name_of(shape.kind), findings)) return false;
  auto parsed = parse(node.text);
  if (!parsed.ok()) {
    findings.add(node, "expected " + std::string(name_of(shape.kind)) + ", found " + shown(node),
                 parsed.error().hint_text());
    return false;
  }
  out = Quantity{std::move(parsed).value()};
  if (!shape.min || size_of(out) >= *shape.min) return true;
  findings.add(node, "expected more than 0, found " + shown(node));
  return false;
}

}  // namespace

bool waits_for_run(const Node& node) {
  if (!node.origin) return false;
  const auto& written = node.origin->written;
  for (auto at = written.find("{{"); at != written.npos; at = written.find("{{", at + 2)) {
    const auto name = written.find_first_not_of(" \t\r\n", at + 2);
    if (name != written.npos && written.compare(name, 6, "nodes.") == 0) return true;
  }
  return false;
}

bool refuse_secret(const Node& node, Findings& findings) {
  if (waits_for_run(node)) {
    findings.add(node, "a count of a node is known only while a run goes on",
                 "it can stand in the SQL of a model and in `when`");
    return true;
  }
  if (!node.origin || node.origin->secret.empty()) return false;
  findings.add(node, "a secret may only stand in an option that takes one",
               "options that take a secret are passwords, tokens and the like of a connection");
  return true;
}

void add_mismatch(const Node& node, std::string_view expected, Findings& findings) {
  std::string hint;
  const bool yes_no = expected == name_of(ValueKind::boolean) && node.is_scalar();
  if (yes_no) {
    const auto word = to_lower(node.text);
    if (word == "yes" || word == "on") hint = "write `true`";
    if (word == "no" || word == "off") hint = "write `false`";
  }
  findings.add(node, "expected " + std::string(expected) + ", found " + shown(node),
               std::move(hint));
}

bool check_choices(const Node& node, const ValueShape& shape, Findings& findings) {
  const auto has = [](const std::vector<std::string>& names, std::string_view name) {
    return std::find(names.begin(), names.end(), name) != names.end();
  };
  if (shape.choices.empty() || has(shape.choices, node.text)) return true;
  const auto word = std::string_view(node.text).substr(0, node.text.find(':'));
  if (has(shape.later_choices, word)) {
    findings.add(node, shown(node) + " is not built yet",
                 "what works: " + join_names(shape.choices, ", "));
    return false;
  }
  findings.add(node, shown(node) + " is not one of " + join_names(shape.choices, " or "),
               nearest_name(node.text, shape.choices) ? name_hint(node.text, shape.choices) : "");
  return false;
}

bool check_items(const Node& node, const ValueShape& shape, std::size_t count, Findings& findings) {
  const auto entries = [](std::size_t n) {
    return std::to_string(n) + (n == 1 ? " entry" : " entries");
  };
  if (count < shape.length_min) {
    findings.add(node, "expected at least " + entries(shape.length_min) + ", found " +
                           std::to_string(count));
    return false;
  }
  if (shape.length_max && count > shape.length_max) {
    findings.add(
        node, "expected at most " + entries(shape.length_max) + ", found " + std::to_string(count));
    return false;
  }
  return true;
}

bool read_value(const Node& node, const ValueShape& shape, bool& out, Findings& findings) {
  if (!take_scalar(node, name_of(shape.kind), findings)) return false;
  if (node.text != "true" && node.text != "false") {
    add_mismatch(node, name_of(shape.kind), findings);
    return false;
  }
  out = node.text == "true";
  return true;
}

bool read_value(const Node& node, const ValueShape& shape, std::int64_t& out, Findings& findings) {
  return read_number(node, shape, out, findings);
}

bool read_value(const Node& node, const ValueShape& shape, std::uint64_t& out, Findings& findings) {
  return read_number(node, shape, out, findings);
}

bool read_value(const Node& node, const ValueShape& shape, double& out, Findings& findings) {
  return read_number(node, shape, out, findings);
}

bool read_value(const Node& node, const ValueShape& shape, std::string& out, Findings& findings) {
  if (!take_scalar(node, name_of(shape.kind), findings)) return false;
  if (!check_choices(node, shape, findings) || !check_length(node, shape, findings)) return false;
  out = node.text;
  return true;
}

bool read_value(const Node& node, const ValueShape& shape, Bytes& out, Findings& findings) {
  return read_quantity(node, shape, parse_bytes, out, findings);
}

bool read_value(const Node& node, const ValueShape& shape, Duration& out, Findings& findings) {
  return read_quantity(node, shape, parse_duration, out, findings);
}

bool read_value(const Node& node, const ValueShape& shape, Share& out, Findings& findings) {
  return read_quantity(node, shape, parse_share, out, findings);
}

bool read_value(const Node& node, const ValueShape&, SecretRef& out, Findings& findings) {
  if (node.is_scalar() && node.origin && !node.origin->secret.empty()) {
    out = {node.origin->secret, node.place};
    return true;
  }
  findings.hide(node);
  findings.add(node, "a secret does not stand in a file",
               "write \"${secret:name}\" here and keep the value in the environment or in "
               ".leat/secrets.yml");
  return false;
}

bool read_value(const Node& node, const ValueShape& shape, SqlText& out, Findings& findings) {
  if (!node.is_scalar()) return add_mismatch(node, name_of(shape.kind), findings), false;
  auto sql = sql_in(node, findings);
  if (sql) out = std::move(*sql);
  return sql.has_value();
}

bool read_value(const Node& node, const ValueShape& shape, Located<std::string>& out,
                Findings& findings) {
  if (!read_value(node, shape, out.text, findings)) return false;
  out.place = node.place;
  out.length = node.length;
  return true;
}

bool read_value(const Node& node, const ValueShape&, Node& out, Findings& findings) {
  if (refuse_secret(node, findings)) return false;
  out = node;
  return true;
}

bool read_value(const Node& node, const ValueShape&, const Node*& out, Findings&) {
  out = &node;
  return true;
}

std::string yaml_text_of(const std::string& text) {
  const auto plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '/' || c == '.' || c == '-';
  };
  const bool starts_well = !text.empty() && text[0] != '-';
  if (starts_well && std::all_of(text.begin(), text.end(), plain)) return text;
  std::string out = "\"";
  for (const char c : text) {
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else {
      if (c == '"' || c == '\\') out += '\\';
      out += c;
    }
  }
  return out + '"';
}

std::string number_text(long double value) {
  char text[64];
  const bool whole = std::abs(value) < 2e19L && value == std::floor(value);
  std::snprintf(text, sizeof text, whole ? "%.0Lf" : "%Lg", value);
  return text;
}

std::string default_text(bool value) { return value ? "true" : "false"; }
std::string default_text(std::int64_t value) { return std::to_string(value); }
std::string default_text(std::uint64_t value) { return std::to_string(value); }
std::string default_text(double value) { return number_text(value); }
std::string default_text(const std::string& value) {
  return value.empty() ? "" : yaml_text_of(value);
}
std::string default_text(const Located<std::string>& value) { return default_text(value.text); }
std::string default_text(const Bytes& value) {
  return value.count ? std::to_string(value.count) : "";
}
std::string default_text(const Duration& value) {
  const auto ms = value.length.count();
  if (ms == 0) return "";
  return ms % 1000 ? std::to_string(ms) + "ms" : std::to_string(ms / 1000) + "s";
}
std::string default_text(const Share& value) { return number_text(value.of_one * 100) + "%"; }

}  // namespace leat::config
