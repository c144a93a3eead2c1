#include "plan/params.hpp"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/names.hpp"

namespace leat::plan {
namespace {

using config::Located;
using config::option;
using config::Value;
using config::ValueType;

/// Numbers by size, all others by their canonical text, which sorts as they do.
bool less(const Value& a, const Value& b) {
  const bool numeric = a.type == ValueType::integer || a.type == ValueType::number;
  if (!numeric) return a.text < b.text;
  const auto number = [](const std::string& text) {
    long double out = 0;
    std::from_chars(text.data(), text.data() + text.size(), out);
    return out;
  };
  return number(a.text) < number(b.text);
}

bool has_order(ValueType type) { return type != ValueType::text && type != ValueType::boolean; }

/// Judges the values of one param.
class ParamReader {
 public:
  ParamReader(const Located<std::string>& name, const ParamKeys& keys, config::Findings& findings)
      : x_name(name), x_keys(keys), x_findings(findings) {
    x_min = bound(keys.min);
    x_max = bound(keys.max);
    for (const auto& choice : keys.choices) {
      if (auto value = typed(choice)) x_choices.push_back(*value);
    }
  }

  /// Nothing when the text is no value of this param, which was told.
  std::optional<Value> read(const Located<std::string>& text) {
    auto value = typed(text);
    if (!value) return std::nullopt;
    const auto quoted = "`" + text.text + "`";
    if (x_min && less(*value, *x_min)) {
      return add(text, quoted + " is less than the smallest `" + x_name.text + "`, " + x_min->text);
    }
    if (x_max && less(*x_max, *value)) {
      return add(text, quoted + " is more than the largest `" + x_name.text + "`, " + x_max->text);
    }
    if (!x_choices.empty() &&
        std::find(x_choices.begin(), x_choices.end(), *value) == x_choices.end()) {
      std::vector<std::string> names;
      for (const auto& choice : x_choices) names.push_back(choice.text);
      return add(text, quoted + " is not one of " + join_names(names, " or "));
    }
    return value;
  }

  Value stand_in() const {
    if (!x_choices.empty()) return x_choices.front();
    if (x_min) return *x_min;
    if (x_max) return *x_max;
    switch (x_keys.type) {
      case ValueType::text: return {x_keys.type, ""};
      case ValueType::integer:
      case ValueType::number: return {x_keys.type, "0"};
      case ValueType::boolean: return {x_keys.type, "false"};
      case ValueType::date: return {x_keys.type, "2000-01-01"};
      case ValueType::timestamp: return {x_keys.type, "2000-01-01T00:00:00.000000Z"};
    }
    return {x_keys.type, ""};
  }

 private:
  std::optional<Value> bound(const std::optional<Located<std::string>>& text) {
    if (!text) return std::nullopt;
    if (!has_order(x_keys.type)) {
      return add(*text, "only numbers, dates and timestamps have a `min` or a `max`");
    }
    return typed(*text);
  }

  std::optional<Value> typed(const Located<std::string>& text) {
    auto value = config::parse_value(x_keys.type, text.text);
    if (value) return value;
    return add(text, "param `" + x_name.text + "` is " +
                         std::string(config::describe(x_keys.type)) + ", found `" + text.text +
                         "`");
  }

  std::optional<Value> add(const Located<std::string>& at, std::string message) {
    x_findings.add(at.place, std::move(message), "", at.length);
    return std::nullopt;
  }

  const Located<std::string>& x_name;
  const ParamKeys& x_keys;
  config::Findings& x_findings;
  std::optional<Value> x_min;
  std::optional<Value> x_max;
  std::vector<Value> x_choices;
};

void add_unknown_vars(const ParamList& declared, const VarList& vars, config::Findings& findings) {
  std::vector<std::string> known;
  for (const auto& [name, keys] : declared) known.push_back(name.text);
  std::set<std::string_view> seen;
  for (const auto& [name, value] : vars) {
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      findings.add(Place{"--var", 0, 0}, "the pipeline has no param `" + name + "`",
                   known.empty() ? "it declares no params" : name_hint(name, known));
    } else if (!seen.insert(name).second) {
      findings.add(Place{"--var", 0, 0}, "param `" + name + "` is given twice");
    }
  }
}

}  // namespace

VarList without_secrets(VarList vars) {
  for (auto& [name, value] : vars) {
    if (config::names_a_secret(name)) value = kHiddenValue;
  }
  return vars;
}

Result<VarList> with_secrets(VarList kept, const VarList& again) {
  for (const auto& [name, value] : again) {
    const auto known = std::find_if(kept.begin(), kept.end(), [&wanted = name](const auto& one) {
      return one.first == wanted;
    });
    if (known == kept.end() || (known->second != kHiddenValue && known->second != value)) {
      return Error(Fault::config, "the run had another value of `" + name + "`, or none")
          .hint("`leat run` takes new values; only what was hidden is given again");
    }
    known->second = value;
  }
  for (const auto& [name, value] : kept) {
    if (!config::names_a_secret(name) || value != kHiddenValue) continue;
    return Error(Fault::config,
                 "the value of `" + name + "` was kept nowhere, since it is a secret")
        .hint("give it again: --var " + name + "=…");
  }
  return kept;
}

const config::OptionTable<ParamKeys>& param_options() {
  static const auto table = config::option_table<ParamKeys>({
      option("type", &ParamKeys::type, "Type of its values.",
             config::EnumNames<ValueType>{{"string", ValueType::text},
                                          {"int", ValueType::integer},
                                          {"float", ValueType::number},
                                          {"bool", ValueType::boolean},
                                          {"date", ValueType::date},
                                          {"timestamp", ValueType::timestamp}}),
      option("default", &ParamKeys::default_value, "Value when none is given."),
      option("min", &ParamKeys::min, "Smallest value."),
      option("max", &ParamKeys::max, "Largest value."),
      option("choices", &ParamKeys::choices, "The values it may have."),
      option("description", &ParamKeys::description, "What it is for."),
  });
  return table;
}

std::vector<Param> resolve_params(const ParamList& declared, const VarList& vars, bool stand_ins,
                                  config::Findings& findings) {
  add_unknown_vars(declared, vars, findings);
  std::vector<Param> params;
  for (const auto& [name, keys] : declared) {
    ParamReader reader(name, keys, findings);
    std::optional<Value> fallback;
    if (keys.default_value) fallback = reader.read(*keys.default_value);
    const auto given = std::find_if(vars.begin(), vars.end(),
                                    [&id = name.text](const auto& var) { return var.first == id; });
    Param param{name.text, reader.stand_in(), "stand-in"};
    if (given != vars.end()) {
      const Located<std::string> text{given->second, Place{"--var " + name.text, 0, 0}, 1};
      param.value = reader.read(text).value_or(param.value);
      param.from = "--var";
    } else if (keys.default_value) {
      param.value = fallback.value_or(param.value);
      param.from = text_of(keys.default_value->place);
    } else if (!stand_ins) {
      findings.add(name.place, "param `" + name.text + "` has no value",
                   "give one: --var " + name.text + "=…", name.length);
    }
    params.push_back(std::move(param));
  }
  return params;
}

}  // namespace leat::plan
