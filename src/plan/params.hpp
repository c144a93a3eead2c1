#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/findings.hpp"
#include "config/options.hpp"
#include "config/template.hpp"

namespace leat::plan {

/// One param as the file declares it.
struct ParamKeys {
  config::ValueType type = config::ValueType::text;
  std::optional<config::Located<std::string>> default_value;
  std::optional<config::Located<std::string>> min;
  std::optional<config::Located<std::string>> max;
  std::vector<config::Located<std::string>> choices;
  std::string description;
};

using ParamList = std::vector<std::pair<config::Located<std::string>, ParamKeys>>;

const config::OptionTable<ParamKeys>& param_options();

/// Values of `--var`, in the order of the command line.
using VarList = std::vector<std::pair<std::string, std::string>>;

/// What stands in the place of a value that is a secret.
inline constexpr const char* kHiddenValue = "***";
/// Of values that a name such as `api_key` tells to be secret, what stays is that there was one.
VarList without_secrets(VarList vars);
/// What a run was given, for another one: what was hidden stands in `again`.
/// Errors    config: it does not.
Result<VarList> with_secrets(VarList kept, const VarList& again);

struct Param {
  std::string name;
  config::Value value;
  std::string from;  ///< "--var", "LEAT__PARAMS__X", "a.yml:3:9"; "stand-in" without any.
};

/// Types and checks the params: `--var` before the default.
///
/// `stand_ins`: a param without a value gets a neutral one of its type, so that the rest of the
/// file can be checked; without it that is a finding.
std::vector<Param> resolve_params(const ParamList& declared, const VarList& vars, bool stand_ins,
                                  config::Findings& findings);

}  // namespace leat::plan
