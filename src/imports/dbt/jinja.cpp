#include "imports/dbt/jinja.hpp"

#include <algorithm>
#include <set>

#include "base/text.hpp"
#include "imports/dbt/pieces.hpp"

namespace leat::imports::dbt {
namespace {

constexpr int kMacroDepthMax = 20;
constexpr const char* kTooDeep = "macros call each other too deep";
constexpr std::size_t kBytesMax = 4u << 20;  ///< Of what a template may become.

/// "a, b" in front of " in …", or the parameters of a macro; commas inside brackets do not part.
std::vector<std::string> parts_of(const std::string& text) {
  std::vector<std::string> out(1);
  int depth = 0;
  for (const char c : text) {
    if (c == '(' || c == '[') ++depth;
    if (c == ')' || c == ']') --depth;
    if (c == ',' && depth == 0) {
      out.emplace_back();
    } else {
      out.back() += c;
    }
  }
  for (auto& part : out) part = trimmed(part);
  if (out.back().empty()) out.pop_back();
  return out;
}

/// "name(a, b=1)" of `{% macro name(a, b=1) %}`; an empty name where it is not understood.
std::pair<std::string, Macro> head_of(const std::string& head) {
  const auto open = head.find('(');
  const auto close = head.rfind(')');
  if (open == head.npos || close == head.npos) return {};
  Macro macro;
  for (const auto& part : parts_of(head.substr(open + 1, close - open - 1))) {
    const auto equals = part.find('=');
    const auto name = trimmed(part.substr(0, equals));
    macro.parameters.push_back(name);
    if (equals != part.npos) macro.defaults[name] = part.substr(equals + 1);
  }
  return {trimmed(head.substr(0, open)), macro};
}

class Renderer {
 public:
  Renderer(const Macros& macros, const Builtin& builtin, std::map<std::string, Value> variables,
           int depth)
      : x_macros(macros), x_builtin(builtin), x_variables(std::move(variables)), x_depth(depth) {
    x_names.find = [this](const std::string& name) -> const Value* {
      const auto found = x_variables.find(name);
      return found == x_variables.end() ? nullptr : &found->second;
    };
    x_names.call = [this](const std::string& name, const CallArguments& arguments) {
      return call(name, arguments);
    };
  }

  Result<std::string> all(std::string_view text) {
    TRY(x_pieces, pieces_of(text));
    TRY(block({}, true));
    return std::move(x_out);
  }

 private:
  Result<Value> value_of(const std::string& expression, int line) {
    auto value = evaluate(expression, x_names);
    if (value.ok()) return value;
    const auto& message = value.error().message();
    const bool has_line = !message.empty() && message.front() >= '0' && message.front() <= '9';
    return Error(Fault::config, has_line ? message : std::to_string(line) + ": " + message);
  }

  Result<Value> call(const std::string& name, const CallArguments& arguments) {
    const auto found = x_macros.find(name);
    if (found == x_macros.end()) return x_builtin(name, arguments);
    if (x_depth >= kMacroDepthMax) return Error(Fault::config, kTooDeep);
    const auto& macro = found->second;
    std::map<std::string, Value> variables;
    for (std::size_t i = 0; i < macro.parameters.size(); ++i) {
      const auto& parameter = macro.parameters[i];
      Value otherwise;
      if (const auto fallback = macro.defaults.find(parameter); fallback != macro.defaults.end()) {
        TRY(otherwise, evaluate(fallback->second, x_names));
      }
      variables[parameter] = arguments.get(parameter, i, std::move(otherwise));
    }
    auto text = Renderer(x_macros, x_builtin, std::move(variables), x_depth + 1).all(macro.body);
    if (!text.ok()) {
      const auto& message = text.error().message();
      // Of a ring of macros each round would say the same.
      if (x_depth > 0 && message.ends_with(kTooDeep)) return Error(Fault::config, kTooDeep);
      return Error(Fault::config, "macro `" + name + "`, line " + message);
    }
    return Value(std::string(trimmed(*text)));
  }

  /// Up to one of `ends`, which is left to the caller; `shown` false: read and thrown away.
  Status block(const std::set<std::string>& ends, bool shown) {
    while (x_at < x_pieces.size()) {
      const auto& piece = x_pieces[x_at];
      if (piece.kind == Piece::Kind::statement && ends.contains(piece.word())) return {};
      ++x_at;
      if (piece.kind == Piece::Kind::statement) {
        TRY(statement(piece, shown));
      } else if (shown && piece.kind == Piece::Kind::text) {
        x_out += piece.text;
      } else if (shown) {
        TRY(const auto value, value_of(piece.text, piece.line));
        x_out += value.is_null() ? "" : text_of(value);
      }
      if (x_out.size() > kBytesMax)
        return Error(Fault::config, "the template yields too much text");
    }
    if (ends.empty()) return {};
    return Error(Fault::config, "a block lacks its `" + *ends.rbegin() + "`");
  }

  Status statement(const Piece& piece, bool shown) {
    const auto word = piece.word();
    if (word == "if") return condition(piece, shown);
    if (word == "for") return loop(piece, shown);
    if (word == "set") return set(piece, shown);
    if (word == "macro" || word == "test" || word == "docs" || word == "snapshot") {
      TRY(block({"end" + word}, false));
      ++x_at;
      return {};
    }
    if (!shown) return {};
    if (word == "do") {
      TRY(value_of(piece.rest(), piece.line));
      return {};
    }
    return Error(Fault::config,
                 std::to_string(piece.line) + ": `{% " + word + " %}` is not understood");
  }

  Status condition(const Piece& opening, bool shown) {
    bool done = !shown;
    auto piece = opening;
    while (piece.word() != "endif") {
      bool take = !done;
      if (take && piece.word() != "else") {
        TRY(const auto value, value_of(piece.rest(), piece.line));
        take = is_true(value);
      }
      done = done || take;
      TRY(block({"elif", "else", "endif"}, take));
      piece = x_pieces[x_at++];
    }
    return {};
  }

  Status set(const Piece& piece, bool shown) {
    const auto rest = piece.rest();
    const auto equals = rest.find('=');
    if (equals == rest.npos) {
      const auto before = std::exchange(x_out, "");
      TRY(block({"endset"}, shown));
      ++x_at;
      x_variables[rest] = trimmed(std::exchange(x_out, before));
      return {};
    }
    if (!shown) return {};
    TRY(x_variables[trimmed(rest.substr(0, equals))],
        value_of(rest.substr(equals + 1), piece.line));
    return {};
  }

  Status loop(const Piece& piece, bool shown) {
    const auto rest = piece.rest();
    const auto in = rest.find(" in ");
    if (in == rest.npos) {
      return Error(Fault::config, std::to_string(piece.line) + ": a `for` without `in`");
    }
    Value items = Value::array();
    if (shown) {
      TRY(items, value_of(rest.substr(in + 4), piece.line));
    }
    if (!items.is_array() && !items.is_object()) {
      return Error(Fault::config, std::to_string(piece.line) + ": a `for` over what is no list");
    }
    const auto start = x_at;
    const auto names = parts_of(rest.substr(0, in));
    for (std::size_t i = 0; i < items.size(); ++i) {
      x_at = start;
      bind(names, items, i);
      TRY(block({"endfor"}, true));
    }
    if (items.empty()) {
      TRY(block({"endfor"}, false));
    }
    ++x_at;
    return {};
  }

  void bind(const std::vector<std::string>& names, const Value& items, std::size_t index) {
    const auto last = items.size() - 1;
    x_variables["loop"] = {{"index", index + 1},
                           {"index0", index},
                           {"first", index == 0},
                           {"last", index == last},
                           {"length", items.size()}};
    const auto item = items.is_array()
                          ? items[index]
                          : Value(std::next(items.begin(), std::ptrdiff_t(index)).key());
    if (names.size() == 1) x_variables[names.front()] = item;
    for (std::size_t i = 0; names.size() > 1 && i < names.size(); ++i) {
      x_variables[names[i]] = item.is_array() && i < item.size() ? item[i] : Value();
    }
  }

  const Macros& x_macros;
  const Builtin& x_builtin;
  std::map<std::string, Value> x_variables;
  int x_depth;
  Names x_names;
  std::vector<Piece> x_pieces;
  std::size_t x_at = 0;
  std::string x_out;
};

}  // namespace

Result<std::string> render(std::string_view text, const Macros& macros, const Builtin& builtin,
                           const std::map<std::string, Value>& variables) {
  return Renderer(macros, builtin, variables, 0).all(text);
}

Macros macros_of(std::string_view text) {
  Macros out;
  constexpr std::string_view end = "endmacro";
  for (auto at = text.find("{%"); at != text.npos; at = text.find("{%", at + 2)) {
    const auto close = text.find("%}", at);
    if (close == text.npos) break;
    auto head = trimmed(std::string(text.substr(at + 2, close - at - 2)));
    if (head.starts_with('-')) head = trimmed(head.substr(1));
    if (head.ends_with('-')) head = trimmed(head.substr(0, head.size() - 1));
    if (!head.starts_with("macro ")) continue;
    const auto stop = text.find(end, close);
    if (stop == text.npos) break;
    auto [name, macro] = head_of(head.substr(6));
    macro.body = std::string(text.substr(close + 2, text.rfind("{%", stop) - close - 2));
    if (!name.empty()) out.emplace(name, std::move(macro));
    at = stop;
  }
  return out;
}

}  // namespace leat::imports::dbt
