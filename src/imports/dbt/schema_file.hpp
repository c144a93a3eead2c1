#pragma once

#include <string>

#include "imports/dbt/project.hpp"

namespace leat::imports::dbt {

/// Adds the sources, and the tests of models and columns, of a file such as schema.yml.
void read_schema_file(const std::string& text, const std::string& file, Project& project);

/// A YAML value as Jinja sees it.
Value value_of(const config::Node& node);

}  // namespace leat::imports::dbt
