#include "imports/dbt/expression.hpp"

#include <algorithm>
#include <charconv>
#include <optional>

#include "imports/dbt/filters.hpp"
#include "imports/dbt/tokens.hpp"

namespace leat::imports::dbt {
namespace {

constexpr int kDepthMax = 64;

Error not_understood(const std::string& what) {
  return Error(Fault::config, "`" + what + "` is not understood");
}

Value number_of(const std::string& text) {
  if (text.find('.') == text.npos) {
    std::int64_t whole = 0;
    std::from_chars(text.data(), text.data() + text.size(), whole);
    return whole;
  }
  double value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

bool contains(const Value& all, const Value& one) {
  if (all.is_string() && one.is_string()) {
    return all.get<std::string>().find(one.get<std::string>()) != std::string::npos;
  }
  if (all.is_object()) return one.is_string() && all.contains(one.get<std::string>());
  return all.is_array() && std::find(all.begin(), all.end(), one) != all.end();
}

Result<Value> calculate(const std::string& sign, const Value& left, const Value& right) {
  if (sign == "~") return Value(text_of(left) + text_of(right));
  if (sign == "+" && left.is_string() && right.is_string()) {
    return Value(left.get<std::string>() + right.get<std::string>());
  }
  if (sign == "+" && left.is_array() && right.is_array()) {
    Value all = left;
    for (const auto& item : right) all.push_back(item);
    return all;
  }
  if (!left.is_number() || !right.is_number()) return not_understood(sign);
  if (left.is_number_integer() && right.is_number_integer() && sign != "/") {
    const auto a = left.get<std::int64_t>();
    const auto b = right.get<std::int64_t>();
    if (sign == "+") return Value(a + b);
    if (sign == "-") return Value(a - b);
    if (sign == "*") return Value(a * b);
    if (b == 0) return Error(Fault::config, "a division by zero");
    return sign == "%" ? Value(a % b) : Value(a / b);
  }
  const auto a = left.get<double>();
  const auto b = right.get<double>();
  if (sign == "+") return Value(a + b);
  if (sign == "-") return Value(a - b);
  if (sign == "*") return Value(a * b);
  return sign == "/" ? Result<Value>(Value(a / b)) : Result<Value>(not_understood(sign));
}

Result<bool> compare(const std::string& sign, const Value& left, const Value& right) {
  if (sign == "==") return left == right;
  if (sign == "!=") return left != right;
  const bool alike =
      (left.is_number() && right.is_number()) || (left.is_string() && right.is_string());
  if (!alike) return not_understood(sign);
  if (sign == "<") return left < right;
  if (sign == "<=") return left <= right;
  return sign == ">" ? left > right : left >= right;
}

/// Reads and evaluates in one go. What a condition skips is read with `x_skipped` above zero: its
/// names need not be known, and nothing is called.
class Evaluator {
 public:
  Evaluator(std::vector<Token> tokens, const Names& names)
      : x_tokens(std::move(tokens)), x_names(names) {}

  Result<Value> all() {
    TRY(auto value, choice());
    if (now().kind != Token::Kind::end) return not_understood(now().text);
    return value;
  }

 private:
  const Token& now() const { return x_tokens[x_at]; }
  bool is(std::string_view text) const {
    return now().text == text &&
           (now().kind == Token::Kind::sign || now().kind == Token::Kind::name);
  }
  bool take(std::string_view text) {
    if (!is(text)) return false;
    ++x_at;
    return true;
  }
  Status want(std::string_view text) {
    if (take(text)) return {};
    return Error(Fault::config,
                 "`" + std::string(text) + "` is missing before `" + now().text + "`");
  }

  /// Where `if` stands in `a if b else c`; nowhere when this is no such expression.
  std::optional<std::size_t> find_if_word() const {
    int depth = 0;
    for (auto at = x_at; x_tokens[at].kind != Token::Kind::end; ++at) {
      const auto& token = x_tokens[at];
      if (token.kind == Token::Kind::name && token.text == "if" && depth == 0) return at;
      if (token.kind != Token::Kind::sign) continue;
      if (token.text == "(" || token.text == "[" || token.text == "{") ++depth;
      if (token.text == ")" || token.text == "]" || token.text == "}") --depth;
      if (depth < 0 || (depth == 0 && (token.text == "," || token.text == ":"))) break;
    }
    return std::nullopt;
  }

  Result<Value> choice() {
    if (++x_depth > kDepthMax) return Error(Fault::config, "an expression that is nested too deep");
    auto value = chosen();
    --x_depth;
    return value;
  }

  /// The condition is read first, and only the side that it chooses.
  Result<Value> chosen() {
    const auto if_word = find_if_word();
    if (!if_word) return either();
    const auto start = x_at;
    x_at = *if_word + 1;
    TRY(const auto condition, either());
    const auto behind = x_at;
    const bool holds = is_true(condition);
    Value out;
    if (holds) {
      x_at = start;
      TRY(out, either());
      if (x_at != *if_word) return not_understood(now().text);
      x_at = behind;
    }
    if (!take("else")) return out;
    x_skipped += holds ? 1 : 0;
    TRY(auto other, choice());
    x_skipped -= holds ? 1 : 0;
    return holds ? out : other;
  }

  Result<Value> either() {
    TRY(auto left, both());
    while (take("or")) {
      const bool decided = is_true(left);
      x_skipped += decided ? 1 : 0;
      TRY(auto right, both());
      x_skipped -= decided ? 1 : 0;
      if (!decided) left = std::move(right);
    }
    return left;
  }

  Result<Value> both() {
    TRY(auto left, negated());
    while (take("and")) {
      const bool decided = !is_true(left);
      x_skipped += decided ? 1 : 0;
      TRY(auto right, negated());
      x_skipped -= decided ? 1 : 0;
      if (!decided) left = std::move(right);
    }
    return left;
  }

  Result<Value> negated() {
    bool inverse = false;
    bool any = false;
    for (; take("not"); any = true) inverse = !inverse;
    TRY(auto value, compared());
    return any ? Value(is_true(value) != inverse) : value;
  }

  Result<Value> compared() {
    TRY(auto left, sum());
    for (;;) {
      if (take("is")) {
        TRY(left, tested(left));
      } else if (is("in") || (is("not") && x_tokens[x_at + 1].text == "in")) {
        const bool inverse = take("not");
        ++x_at;
        TRY(const auto right, sum());
        left = contains(right, left) != inverse;
      } else if (is("==") || is("!=") || is("<") || is("<=") || is(">") || is(">=")) {
        const auto sign = x_tokens[x_at++].text;
        TRY(const auto right, sum());
        if (x_skipped > 0) continue;
        TRY(const bool holds, compare(sign, left, right));
        left = holds;
      } else {
        return left;
      }
    }
  }

  Result<Value> tested(const Value& value) {
    const bool inverse = take("not");
    const auto name = x_tokens[x_at++].text;
    if (name == "none" || name == "undefined") return Value(value.is_null() != inverse);
    if (name == "defined") return Value(value.is_null() == inverse);
    if (name == "string") return Value(value.is_string() != inverse);
    return not_understood("is " + name);
  }

  Result<Value> sum() {
    TRY(auto left, product());
    while (is("+") || is("-") || is("~")) {
      const auto sign = x_tokens[x_at++].text;
      TRY(const auto right, product());
      if (x_skipped > 0) continue;
      TRY(left, calculate(sign, left, right));
    }
    return left;
  }

  Result<Value> product() {
    TRY(auto left, filtered());
    while (is("*") || is("/") || is("//") || is("%")) {
      const auto sign = x_tokens[x_at++].text;
      TRY(const auto right, filtered());
      if (x_skipped > 0) continue;
      TRY(left, calculate(sign, left, right));
    }
    return left;
  }

  Result<Value> filtered() {
    TRY(auto value, reached());
    while (take("|")) {
      const auto name = x_tokens[x_at++].text;
      CallArguments arguments;
      if (take("(")) {
        TRY(arguments, call_arguments());
      }
      if (x_skipped > 0) continue;
      TRY(value, apply_filter(name, value, arguments));
    }
    return value;
  }

  /// A literal, a name or a call, and what is reached from it.
  Result<Value> reached() {
    TRY(auto value, primary());
    for (;;) {
      if (take("[")) {
        TRY(const auto key, choice());
        TRY(want("]"));
        value = at(value, key);
      } else if (value.is_object() && value.contains(std::string(kMacroKey)) && take("(")) {
        TRY(const auto arguments, call_arguments());
        if (x_skipped > 0) continue;
        const auto name = text_of(value[std::string(kMacroKey)]);
        TRY(value, x_names.call(name, arguments));
      } else if (take(".")) {
        value = at(value, x_tokens[x_at++].text);
        if (is("(") && x_skipped == 0) return not_understood("." + x_tokens[x_at - 1].text + "()");
      } else {
        return value;
      }
    }
  }

  static Value at(const Value& value, const Value& key) {
    if (value.is_object() && key.is_string()) return value.value(key.get<std::string>(), Value());
    if (!value.is_array() || !key.is_number_integer()) return nullptr;
    auto index = key.get<std::int64_t>();
    if (index < 0) index += std::int64_t(value.size());
    return index >= 0 && index < std::int64_t(value.size()) ? value[std::size_t(index)] : Value();
  }

  Result<Value> primary() {
    const auto token = x_tokens[x_at];
    if (token.kind == Token::Kind::end) return Error(Fault::config, "an expression ends too early");
    ++x_at;
    if (token.kind == Token::Kind::text) return Value(token.text);
    if (token.kind == Token::Kind::number) return number_of(token.text);
    if (token.kind == Token::Kind::name) return named(token.text);
    if (token.text == "[") return list("]");
    if (token.text == "{") return map();
    if (token.text == "-") {
      if (x_tokens[x_at].text == "-") return not_understood("--");
      TRY(const auto value, reached());
      return calculate("-", Value(0), value);
    }
    if (token.text != "(") return not_understood(token.text);
    TRY(auto value, choice());
    if (is(",")) return not_understood(",");
    TRY(want(")"));
    return value;
  }

  Result<Value> list(std::string_view closing) {
    Value out = Value::array();
    while (!take(closing)) {
      TRY(auto item, choice());
      out.push_back(std::move(item));
      if (!is(closing)) {
        TRY(want(","));
      }
    }
    return out;
  }

  Result<Value> map() {
    Value out = Value::object();
    while (!take("}")) {
      TRY(const auto key, choice());
      TRY(want(":"));
      TRY(out[text_of(key)], choice());
      if (!is("}")) {
        TRY(want(","));
      }
    }
    return out;
  }

  Result<Value> named(const std::string& name) {
    if (name == "true" || name == "True") return Value(true);
    if (name == "false" || name == "False") return Value(false);
    if (name == "none" || name == "None") return Value();
    if (const auto* value = x_names.find(name)) return *value;
    auto path = name;
    while (is(".") && x_tokens[x_at + 1].kind == Token::Kind::name) {
      path += "." + x_tokens[x_at + 1].text;
      x_at += 2;
    }
    if (take("(")) {
      TRY(const auto arguments, call_arguments());
      if (x_skipped > 0) return Value();
      return x_names.call(path, arguments);
    }
    if (x_skipped > 0 || is("is")) return Value();
    return Error(Fault::config, "`" + path + "` is not known");
  }

  Result<CallArguments> call_arguments() {
    CallArguments out;
    while (!take(")")) {
      const bool is_named = now().kind == Token::Kind::name && x_tokens[x_at + 1].text == "=" &&
                            x_tokens[x_at + 1].kind == Token::Kind::sign;
      const auto name = is_named ? now().text : std::string();
      if (is_named) x_at += 2;
      TRY(auto value, choice());
      if (is_named) {
        out.named[name] = std::move(value);
      } else {
        out.values.push_back(std::move(value));
      }
      if (!is(")")) {
        TRY(want(","));
      }
    }
    return out;
  }

  std::vector<Token> x_tokens;
  const Names& x_names;
  std::size_t x_at = 0;
  int x_skipped = 0;
  int x_depth = 0;
};

}  // namespace

Value CallArguments::get(std::string_view name, std::size_t index, Value otherwise) const {
  if (const auto found = named.find(name); found != named.end()) return found->second;
  return index < values.size() ? values[index] : std::move(otherwise);
}

Result<Value> evaluate(std::string_view expression, const Names& names) {
  TRY(auto tokens, tokens_of(expression));
  return Evaluator(std::move(tokens), names).all();
}

std::string text_of(const Value& value) {
  if (value.is_string()) return value.get<std::string>();
  if (value.is_null()) return "None";
  if (value.is_boolean()) return value.get<bool>() ? "True" : "False";
  if (!value.is_array()) return value.dump();
  std::string out;
  for (const auto& item : value) {
    const auto text = text_of(item);
    out += (out.empty() ? "" : ", ") + (item.is_string() ? "'" + text + "'" : text);
  }
  return "[" + out + "]";
}

bool is_true(const Value& value) {
  if (value.is_null()) return false;
  if (value.is_boolean()) return value.get<bool>();
  if (value.is_number()) return value.get<double>() != 0;
  if (value.is_string()) return !value.get<std::string>().empty();
  return !value.empty();
}

}  // namespace leat::imports::dbt
