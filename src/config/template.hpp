#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace leat::config {

enum class ValueType { text, integer, number, boolean, date, timestamp };

/// A typed value of a template name. `text` is checked: it is a value of its type.
struct Value {
  ValueType type = ValueType::text;
  std::string text;  ///< "25", "true", "2026-01-31", "2026-01-31T06:00:00.000000Z"
  /// Not empty: a whole number that only the run knows, in the engine's variable of this name.
  std::string variable = {};
  bool has_zone = false;   ///< A timestamp that is an instant.
  std::string plain = {};  ///< What is put into a text that is no SQL; empty: `text`.
  bool operator==(const Value&) const = default;
};

/// Whose SQL a literal is written in.
enum class Dialect { engine, postgres, sqlite };

/// What `{{ … }}` may name: "params.state", "run.id", "env".
class Values {
 public:
  void set(std::string name, Value value);
  const Value* find(std::string_view name) const;
  std::vector<std::string> names() const;

 private:
  std::map<std::string, Value, std::less<>> x_values;
};

/// A stretch of a rendered text and the stretch of the written text that it comes from.
struct RenderedPiece {
  std::size_t rendered = 0;  ///< Where it starts in the rendered text, in bytes.
  std::size_t written = 0;   ///< Where it starts in the written text.
  bool verbatim = true;      ///< False: a value stands here, all of it means `written`.
};

/// What is wrong with a template, by byte offset into the written text.
struct TemplateComplaint {
  std::size_t offset = 0;
  std::size_t length = 0;
  std::string message;
  std::string hint;
};

struct Rendered {
  std::string text;
  std::vector<RenderedPiece> pieces;
  std::vector<TemplateComplaint> complaints;  ///< Empty: `text` holds.
};

/// One `{{ name }}` of a text.
struct TemplateUse {
  std::size_t offset = 0;
  std::size_t length = 0;
  const Value* value = nullptr;  ///< Null: a complaint was made.
};

/// The `{{ … }}` that starts at `offset`. Only a dotted name can stand in it: no code is reachable.
TemplateUse read_template(std::string_view text, std::size_t offset, const Values& values,
                          std::vector<TemplateComplaint>& complaints);

/// SQL with typed literals for `{{ … }}`. Comments stay as they are.
///
/// Promise   a value is a complete literal of its own wherever it is accepted: inside of quotes, or
///           touching a word or a quote, it is refused.
Rendered render_sql(std::string_view sql, const Values& values, Dialect dialect = Dialect::engine);

/// The one function that turns a value into SQL.
std::string sql_literal(const Value& value, Dialect dialect = Dialect::engine);

/// A text as a value of this type in its canonical form; nothing when it is none.
std::optional<Value> parse_value(ValueType type, std::string_view text);
/// "a whole number", "a date such as 2026-01-31"
std::string_view describe(ValueType type);

}  // namespace leat::config
