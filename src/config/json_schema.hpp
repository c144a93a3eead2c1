#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "config/option_set.hpp"

namespace leat::config {

/// JSON Schema (draft 2020-12) of a map with these options, for editors. Keys that are not built
/// yet are left out; every scalar may also be a text with a variable or a template.
nlohmann::ordered_json schema_of(const OptionSet& options);

/// A whole schema document around `schema`.
std::string schema_document(const nlohmann::ordered_json& schema, const std::string& title);

}  // namespace leat::config
