#include "imports/dbt/checks.hpp"

#include "base/names.hpp"
#include "imports/dbt/schema_file.hpp"

namespace leat::imports::dbt {
namespace {

using config::Node;

/// The keys of a check, put together: "column: "a", min: 0".
class Keys {
 public:
  Keys& add(const std::string& key, const std::string& yaml) {
    if (!yaml.empty()) x_text += (x_text.empty() ? "" : ", ") + key + ": " + yaml;
    return *this;
  }
  const std::string& text() const { return x_text; }

 private:
  std::string x_text;
};

std::string argument(const TestUse& use, std::string_view key) {
  const auto* node = use.arguments.find(key);
  return node != nullptr && node->is_scalar() ? node->text : std::string();
}

/// From the test itself, or from its `config`.
std::string setting(const TestUse& use, std::string_view key) {
  const auto own = argument(use, key);
  const auto* config = use.arguments.find("config");
  if (!own.empty() || config == nullptr) return own;
  const auto* node = config->find(key);
  return node != nullptr ? node->text : std::string();
}

std::string quoted_or_none(const std::string& text) { return text.empty() ? "" : in_quotes(text); }

std::string list_of(const TestUse& use, std::string_view key) {
  const auto* node = use.arguments.find(key);
  std::string out;
  if (node == nullptr) return "";
  for (const auto& item : node->items) {
    if (item.is_null()) continue;  // Nulls pass, whatever is listed.
    out += (out.empty() ? "" : ", ") + in_quotes(item.text);
  }
  return "[" + out + "]";
}

/// "ref('customers')" names the node customers.
std::string referred(const std::string& text) {
  const auto open = text.find_first_of("'\"");
  const auto close = text.find_last_of("'\"");
  if (!text.starts_with("ref(") || open == text.npos || close <= open) return "";
  const auto inside = text.substr(open + 1, close - open - 1);
  const auto last = inside.find_last_of("'\"");
  return last == inside.npos ? inside : inside.substr(last + 1);
}

std::string expression_of(const TestUse& use) {
  const auto sql = argument(use, "expression");
  return use.column.empty() ? sql : use.column + " " + sql;
}

struct Translated {
  std::string check;
  Keys keys;
};

Result<Translated> translated(const TestUse& use) {
  Translated out;
  const auto column = quoted_or_none(use.column);
  if (use.name == "not_null" || use.name == "unique") {
    out.check = use.name;
    out.keys.add("column", column);
  } else if (use.name == "accepted_values") {
    out.check = "accepted_values";
    out.keys.add("column", column).add("values", list_of(use, "values"));
  } else if (use.name == "relationships") {
    const auto to = referred(argument(use, "to"));
    if (to.empty()) return Error(Fault::config, "a relationship to something else than a ref");
    out.check = "relationship";
    out.keys.add("column", column).add("to", in_quotes(to + "." + argument(use, "field")));
  } else if (use.name == "dbt_utils.expression_is_true") {
    out.check = "expression";
    out.keys.add("sql", quoted_or_none(expression_of(use)));
  } else if (use.name == "dbt_utils.unique_combination_of_columns") {
    out.check = "unique";
    out.keys.add("columns", list_of(use, "combination_of_columns"));
  } else if (use.name == "dbt_utils.accepted_range") {
    out.check = "range";
    out.keys.add("column", column).add("min", argument(use, "min_value"));
    out.keys.add("max", argument(use, "max_value"));
    if (argument(use, "inclusive") == "false") out.keys.add("exclusive", "true");
  } else if (use.name == "dbt_utils.not_empty_string") {
    out.check = "not_empty";
    out.keys.add("column", column);
  } else {
    return Error(Fault::config, "the test `" + use.name + "` has no check of its kind");
  }
  return out;
}

std::string finished(const TestUse& use, Translated& out) {
  out.keys.add("name", quoted_or_none(argument(use, "name")));
  out.keys.add("on_fail", setting(use, "severity") == "warn" ? "warn" : "fail");
  return out.check + ": {" + out.keys.text() + "}";
}

}  // namespace

std::string consulted_by(const TestUse& use) {
  return use.name == "relationships" ? referred(argument(use, "to")) : std::string();
}

bool is_disabled(const TestUse& use) {
  const auto* config = use.arguments.find("config");
  return is_off(use.arguments.find("enabled")) ||
         (config != nullptr && is_off(config->find("enabled")));
}

std::string in_quotes(const std::string& text) {
  return Value(text).dump(-1, ' ', false, Value::error_handler_t::replace);
}

Result<std::string> check_of(const TestUse& use, const std::set<std::string>& known_checks) {
  TRY(auto out, translated(use));
  if (!known_checks.contains(out.check)) {
    return Error(Fault::config,
                 "the test `" + use.name + "`: the check `" + out.check + "` is not built yet");
  }
  if (out.keys.text().empty())
    return Error(Fault::config, "the test `" + use.name + "` says too little");
  for (const auto* key : {"error_if", "warn_if", "limit"}) {
    if (!setting(use, key).empty()) {
      return Error(Fault::config, "the test `" + use.name + "` with `" + key + "`");
    }
  }
  out.keys.add("where", quoted_or_none(setting(use, "where")));
  return finished(use, out);
}

std::string looked_back(const TestUse& use, const std::string& node) {
  const auto column = quote_identifier(use.column);
  const auto field = quote_identifier(argument(use, "field"));
  const auto where = setting(use, "where");
  Translated out{"sql", {}};
  out.keys.add(
      "sql", in_quotes("SELECT " + column + " FROM " + quote_identifier(node) + " WHERE " + column +
                       " IS NOT NULL" + (where.empty() ? "" : " AND (" + where + ")") + " AND " +
                       column + " NOT IN (SELECT " + field + " FROM " +
                       quote_identifier(consulted_by(use)) + " WHERE " + field + " IS NOT NULL)"));
  if (argument(use, "name").empty()) {
    out.keys.add("name", in_quotes("relationship of " + node + "." + use.column));
  }
  return finished(use, out);
}

}  // namespace leat::imports::dbt
