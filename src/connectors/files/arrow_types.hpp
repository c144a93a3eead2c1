#pragma once

#include <vector>

#include "clients/arrow_ipc/fields.hpp"
#include "data/schema.hpp"

namespace leat::connectors::files {

/// The columns of an Arrow schema, with the engine's names of nested types.
Result<data::Schema> columns_of(const std::vector<arrow_ipc::Field>& fields);

}  // namespace leat::connectors::files
