#pragma once

#include <memory>

#include <duckdb.h>

namespace leat::data {

struct DestroyType {
  void operator()(duckdb_logical_type type) const { duckdb_destroy_logical_type(&type); }
};

/// A type of the engine's that is ours.
using OwnedType = std::unique_ptr<_duckdb_logical_type, DestroyType>;

}  // namespace leat::data
