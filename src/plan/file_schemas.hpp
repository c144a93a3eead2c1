#pragma once

#include <string>

#include "core/catalog.hpp"

namespace leat::plan {

/// JSON Schemas (draft 2020-12) of the files that a user writes, as editors take them.
std::string pipeline_schema(const Catalog& catalog);
std::string project_schema();
std::string contract_schema();

}  // namespace leat::plan
