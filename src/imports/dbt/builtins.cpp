#include "imports/dbt/builtins.hpp"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

#include "imports/dbt/sql_words.hpp"

namespace leat::imports::dbt {
namespace {

/// Macros of dbt and dbt_utils that DuckDB's SQL can say.
const std::map<std::string, std::string, std::less<>>& plain_words() {
  static const std::map<std::string, std::string, std::less<>> words{
      {"dbt.type_string", "varchar"},      {"type_string", "varchar"},
      {"dbt.type_int", "integer"},         {"dbt.type_bigint", "bigint"},
      {"dbt.type_float", "double"},        {"dbt.type_numeric", "decimal(28, 6)"},
      {"dbt.type_timestamp", "timestamp"}, {"dbt.type_boolean", "boolean"},
      {"dbt.current_timestamp", "now()"},  {"dbt_utils.current_timestamp", "now()"},
      {"current_timestamp", "now()"},
  };
  return words;
}

std::string surrogate_key(const Value& columns) {
  std::string out;
  for (const auto& column : columns) {
    out += (out.empty() ? "" : " || '-' || ") + ("coalesce(cast(" + text_of(column)) +
           " as varchar), '_dbt_utils_surrogate_key_null_')";
  }
  return "md5(" + out + ")";
}

std::string group_by(std::int64_t count) {
  std::string out = "group by ";
  for (std::int64_t i = 1; i <= count; ++i) out += (i > 1 ? ", " : "") + std::to_string(i);
  return out;
}

Result<Value> dbt_macro(const std::string& name, const CallArguments& arguments) {
  const auto text = [&](const char* key, std::size_t index) {
    return text_of(arguments.get(key, index, ""));
  };
  if (const auto word = plain_words().find(name); word != plain_words().end()) {
    return Value(word->second);
  }
  if (name == "dbt.date_trunc" || name == "dbt_utils.date_trunc") {
    return Value("date_trunc('" + text("datepart", 0) + "', " + text("date", 1) + ")");
  }
  if (name == "dbt.datediff" || name == "dbt_utils.datediff") {
    return Value("date_diff('" + text("datepart", 2) + "', " + text("first_date", 0) + ", " +
                 text("second_date", 1) + ")");
  }
  if (name == "dbt.safe_cast") {
    return Value("try_cast(" + text("field", 0) + " as " + text("type", 1) + ")");
  }
  if (name == "dbt_utils.generate_surrogate_key" || name == "dbt_utils.surrogate_key") {
    return Value(surrogate_key(arguments.get("field_list", 0, Value::array())));
  }
  if (name == "dbt_utils.group_by") {
    const auto count = arguments.get("n", 0, 0);
    if (count.is_number_integer() && count > 0 && count < 1000) {
      return Value(group_by(count.get<std::int64_t>()));
    }
  }
  return Error(Fault::config, "the macro `" + name + "` is not known");
}

Result<Value> environment(const CallArguments& arguments) {
  const auto name = text_of(arguments.get("var", 0, ""));
  if (name.starts_with("DBT_ENV_SECRET")) {
    return Error(Fault::config, "`" + name + "` is a secret, which no SQL may hold");
  }
  if (const char* value = std::getenv(name.c_str())) return Value(std::string(value));
  const auto otherwise = arguments.get("default", 1);
  if (!otherwise.is_null()) return otherwise;
  return Error(Fault::config, "the environment variable `" + name + "` is not set");
}

}  // namespace

Result<Value> ModelContext::ref(const CallArguments& arguments) {
  if (arguments.values.empty()) return Error(Fault::config, "`ref` without a name");
  const auto name = text_of(arguments.values.back());
  if (x_datasets.contains(name)) return x_inputs.insert(name), Value(table_name(name));
  return Error(Fault::config, "`" + name + "` is no model or seed of this project");
}

Result<Value> ModelContext::source(const CallArguments& arguments) {
  const auto name = text_of(arguments.get("source_name", 0, "")) + "." +
                    text_of(arguments.get("table_name", 1, ""));
  const auto found = x_sources.find(name);
  if (found != x_sources.end()) {
    return x_inputs.insert(found->second), Value(table_name(found->second));
  }
  return Error(Fault::config, "the source `" + name + "` is declared nowhere");
}

Result<Value> ModelContext::var(const CallArguments& arguments) const {
  const auto name = text_of(arguments.get("name", 0, ""));
  const auto found = x_project.variables.find(name);
  if (found != x_project.variables.end()) return found->second;
  if (arguments.values.size() > 1 || arguments.named.contains("default")) {
    return arguments.get("default", 1);
  }
  return Error(Fault::config, "the variable `" + name + "` has no value");
}

/// A macro written for this engine, else the one for all of them.
Result<Value> ModelContext::dispatch(const CallArguments& arguments) const {
  const auto name = text_of(arguments.get("macro_name", 0, ""));
  for (const auto* engine : {"duckdb__", "default__"}) {
    if (x_project.macros.contains(engine + name)) {
      return Value({{std::string(kMacroKey), engine + name}});
    }
  }
  return Error(Fault::config, "the macro `" + name + "` has no form for DuckDB");
}

void ModelContext::configure(const CallArguments& arguments) {
  constexpr std::array<std::string_view, 3> kOfNoRow{"tags", "meta", "docs"};
  for (const auto& [key, value] : arguments.named) {
    if (key == "materialized") {
      x_materialized = text_of(value);
    } else if (key == "enabled") {
      x_enabled = is_true(value) && value != "false";
    } else if (std::find(kOfNoRow.begin(), kOfNoRow.end(), key) == kOfNoRow.end()) {
      x_left.insert(key);
    }
  }
}

Result<Value> ModelContext::call(const std::string& name, const CallArguments& arguments) {
  if (name == "ref") return ref(arguments);
  if (name == "source") return source(arguments);
  if (name == "var") return var(arguments);
  if (name == "env_var") return environment(arguments);
  if (name == "is_incremental") return Value(false);
  if (name == "return") return arguments.get("value", 0);
  if (name == "adapter.dispatch") return dispatch(arguments);
  if (name == "log" || name == "print") return Value("");
  if (name == "config") return configure(arguments), Value("");
  return dbt_macro(name, arguments);
}

}  // namespace leat::imports::dbt
