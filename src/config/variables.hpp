#pragma once

#include <memory>
#include <vector>

#include "config/environment.hpp"
#include "config/findings.hpp"
#include "config/node.hpp"
#include "config/template.hpp"
#include "config/values.hpp"

namespace leat::config {

/// Puts variables and template values into the scalars of a tree.
///
/// `${NAME}` and `${NAME:-default}` come from the environment, the default also for an empty value;
/// `$${` is `${`. `${secret:name}` stands alone in its scalar and is kept for a SecretRef.
/// `{{ … }}` is put in as text; SqlText puts it in as a literal instead.
///
/// Promise   works on parsed scalars only, so that a value never becomes YAML, nor a template.
/// Errors    config: unknown names, missing variables, a secret in the middle of a text.
///
/// Returns the secrets that are named. A scalar that was resolved before stays as it is.
std::vector<SecretRef> resolve_scalars(Node& root, const Environment& environment,
                                       const std::shared_ptr<const Values>& values,
                                       Findings& findings);

}  // namespace leat::config
