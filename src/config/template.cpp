#include "config/template.hpp"

#include <algorithm>
#include <charconv>
#include <cmath>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "base/text.hpp"

namespace leat::config {
namespace {

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// What the engine's names may go on with; a dollar quote starts only after something else.
bool continues_name(char c) { return is_word(c) || c == '$' || (c & 0x80) != 0; }

bool is_dotted_name(std::string_view name) {
  bool start = true;
  for (const char c : name) {
    if (c == '.' ? start : !is_word(c) || (start && c >= '0' && c <= '9')) return false;
    start = c == '.';
  }
  return !start;
}

std::string shown_name(std::string_view name) {
  constexpr std::size_t kNameMax = 60;
  return "`" + std::string(name.substr(0, kNameMax)) + (name.size() > kNameMax ? "…`" : "`");
}

/// Walks SQL by the engine's lexical rules, so that a value lands only where a literal may stand.
class SqlRenderer {
 public:
  SqlRenderer(std::string_view sql, const Values& values, Dialect dialect)
      : x_sql(sql), x_values(values), x_dialect(dialect) {}

  Rendered run() {
    while (x_at < x_sql.size()) step();
    copy_to(x_sql.size());
    return std::move(x_out);
  }

 private:
  bool here(std::string_view sign) const { return x_sql.substr(x_at).starts_with(sign); }

  void step() {
    if (here("--")) {
      x_at = std::min(x_sql.find('\n', x_at), x_sql.size());
    } else if (here("/*")) {
      skip_comment();
    } else if (x_sql[x_at] == '\'' || x_sql[x_at] == '"') {
      skip_quoted();
    } else if (x_sql[x_at] == '$' && (x_at == 0 || !continues_name(x_sql[x_at - 1]))) {
      skip_dollar_quoted();
    } else if (here("{{")) {
      put_value();
    } else {
      ++x_at;
    }
  }

  void skip_comment() {
    int depth = 0;
    do {
      if (here("/*")) {
        ++depth;
        x_at += 2;
      } else if (here("*/")) {
        --depth;
        x_at += 2;
      } else {
        ++x_at;
      }
    } while (depth > 0 && x_at < x_sql.size());
  }

  /// E'…' knows backslashes; a doubled quote ends one part and starts the next, which is the same.
  void skip_quoted() {
    const char quote = x_sql[x_at];
    const bool escapes = quote == '\'' && x_at > 0 && (x_sql[x_at - 1] | 0x20) == 'e' &&
                         (x_at < 2 || !continues_name(x_sql[x_at - 2]));
    for (++x_at; x_at < x_sql.size() && x_sql[x_at] != quote; ++x_at) {
      refuse_here();
      if (escapes && x_sql[x_at] == '\\') ++x_at;
    }
    x_at = std::min(x_at + 1, x_sql.size());
  }

  void skip_dollar_quoted() {
    auto end = x_at + 1;
    while (end < x_sql.size() && x_sql[end] != '$' && continues_name(x_sql[end])) ++end;
    const bool parameter = end > x_at + 1 && x_sql[x_at + 1] >= '0' && x_sql[x_at + 1] <= '9';
    if (end >= x_sql.size() || x_sql[end] != '$' || parameter) {
      ++x_at;
      return;
    }
    const auto tag = x_sql.substr(x_at, end + 1 - x_at);
    const auto close = std::min(x_sql.find(tag, end + 1), x_sql.size());
    for (x_at = end + 1; x_at < close; ++x_at) refuse_here();
    x_at = std::min(close + tag.size(), x_sql.size());
  }

  void refuse_here() {
    if (!here("{{")) return;
    const auto end = x_sql.find("}}", x_at);
    const auto length = std::min(end, x_sql.size() - 2) + 2 - x_at;
    x_out.complaints.push_back({x_at, length, "a template cannot stand inside of quotes",
                                "leave the quotes away: a text comes with its own"});
  }

  void put_value() {
    copy_to(x_at);
    const auto use = read_template(x_sql, x_at, x_values, x_out.complaints);
    const auto end = x_at + use.length;
    const auto touches = [this](std::size_t at) {
      return at < x_sql.size() && (continues_name(x_sql[at]) || x_sql[at] == '\'' ||
                                   x_sql[at] == '"' || x_sql.substr(at).starts_with("{{"));
    };
    if (use.value && ((x_at > 0 && touches(x_at - 1)) || touches(end))) {
      x_out.complaints.push_back({x_at, use.length, "a template in SQL is a value of its own",
                                  "put a blank or an operator on both sides of it"});
    }
    x_out.pieces.push_back({x_out.text.size(), x_at, false});
    if (use.value) x_out.text += sql_literal(*use.value, x_dialect);
    x_at = end;
    x_copied = end;
  }

  void copy_to(std::size_t end) {
    if (end == x_copied) return;
    x_out.pieces.push_back({x_out.text.size(), x_copied, true});
    x_out.text += x_sql.substr(x_copied, end - x_copied);
    x_copied = end;
  }

  std::string_view x_sql;
  const Values& x_values;
  Dialect x_dialect;
  Rendered x_out;
  std::size_t x_at = 0;
  std::size_t x_copied = 0;
};

template <typename Number>
bool is_number(std::string_view text) {
  Number number{};
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  return code == std::errc() && end == text.data() + text.size() && std::isfinite(double(number));
}

}  // namespace

void Values::set(std::string name, Value value) {
  x_values.insert_or_assign(std::move(name), std::move(value));
}

const Value* Values::find(std::string_view name) const {
  const auto found = x_values.find(name);
  return found == x_values.end() ? nullptr : &found->second;
}

std::vector<std::string> Values::names() const {
  std::vector<std::string> names;
  for (const auto& [name, value] : x_values) names.push_back(name);
  return names;
}

TemplateUse read_template(std::string_view text, std::size_t offset, const Values& values,
                          std::vector<TemplateComplaint>& complaints) {
  const auto end = text.find("}}", offset + 2);
  if (end == text.npos) {
    complaints.push_back({offset, 2, "a `{{` that is never closed", ""});
    return {offset, text.size() - offset, nullptr};
  }
  const TemplateUse use{offset, end + 2 - offset, nullptr};
  const auto name = trimmed(text.substr(offset + 2, end - offset - 2));
  if (!is_dotted_name(name)) {
    complaints.push_back({offset, use.length, "only a name can stand in `{{ }}`",
                          "known: " + join_names(values.names(), ", ")});
    return use;
  }
  if (const auto* value = values.find(name)) return {use.offset, use.length, value};
  const auto first = name.substr(0, name.find('.'));
  if (first == "item") {
    complaints.push_back({offset, use.length, "there is no " + shown_name(name) + " here",
                          "a source with `for_each` knows the values of its items"});
  } else if (first == "this") {
    complaints.push_back({offset, use.length, "`this` is not built yet", ""});
  } else if (name.starts_with("interval.") && values.find("interval.start") == nullptr) {
    complaints.push_back({offset, use.length, "the pipeline has no `interval`",
                          "add `interval: {unit: day, start: 2024-01-01}`"});
  } else {
    complaints.push_back(
        {offset, use.length, "unknown name " + shown_name(name), name_hint(name, values.names())});
  }
  return use;
}

Rendered render_sql(std::string_view sql, const Values& values, Dialect dialect) {
  return SqlRenderer(sql, values, dialect).run();
}

namespace {

/// SQLite has texts for times; the others have types.
std::string time_literal(const Value& value, Dialect dialect) {
  auto text = value.text;
  if (value.type == ValueType::date) {
    return (dialect == Dialect::sqlite ? "" : "DATE ") + quote_literal(text);
  }
  std::replace(text.begin(), text.end(), 'T', ' ');
  if (text.ends_with('Z')) text.pop_back();
  if (dialect == Dialect::sqlite) {
    if (text.ends_with(".000000")) text.resize(text.size() - 7);
    return quote_literal(text);
  }
  if (!value.has_zone) return "TIMESTAMP " + quote_literal(text);
  return "CAST(" + quote_literal(text + "+00") + " AS TIMESTAMP WITH TIME ZONE)";
}

}  // namespace

std::string sql_literal(const Value& value, Dialect dialect) {
  if (!value.variable.empty()) {
    return "CAST(getvariable(" + quote_literal(value.variable) + ") AS BIGINT)";
  }
  // A minus of its own in front of "-5" would start a comment.
  const bool negative = value.text.starts_with("-");
  switch (value.type) {
    case ValueType::text: return quote_literal(value.text);
    case ValueType::integer: return negative ? "(" + value.text + ")" : value.text;
    case ValueType::number:
      return "CAST(" + quote_literal(value.text) +
             (dialect == Dialect::postgres ? " AS DOUBLE PRECISION)" : " AS DOUBLE)");
    case ValueType::boolean: return value.text == "true" ? "TRUE" : "FALSE";
    case ValueType::date:
    case ValueType::timestamp: return time_literal(value, dialect);
  }
  return quote_literal(value.text);
}

std::optional<Value> parse_value(ValueType type, std::string_view text) {
  const Value as_written{type, std::string(text)};
  switch (type) {
    case ValueType::text: return as_written;
    case ValueType::boolean:
      if (text == "true" || text == "false") return as_written;
      return std::nullopt;
    case ValueType::integer: {
      std::int64_t number = 0;
      const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
      if (code != std::errc() || end != text.data() + text.size()) return std::nullopt;
      return Value{type, std::to_string(number)};
    }
    case ValueType::number:
      if (is_number<double>(text)) return as_written;
      return std::nullopt;
    case ValueType::date:
      if (parse_date(text).ok()) return as_written;
      return std::nullopt;
    case ValueType::timestamp:
      if (const auto day = parse_date(text); day.ok()) {
        return Value{type, format_instant(Instant(*day))};
      }
      if (const auto instant = parse_instant(text); instant.ok()) {
        return Value{type, format_instant(*instant)};
      }
      return std::nullopt;
  }
  return std::nullopt;
}

std::string_view describe(ValueType type) {
  switch (type) {
    case ValueType::text: return "text";
    case ValueType::integer: return "a whole number";
    case ValueType::number: return "a number";
    case ValueType::boolean: return "true or false";
    case ValueType::date: return "a date such as 2026-01-31";
    case ValueType::timestamp: return "a timestamp such as 2026-01-31T06:00:00Z";
  }
  return "text";
}

}  // namespace leat::config
