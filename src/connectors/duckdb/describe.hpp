#pragma once

namespace leat {
class Catalog;
}

namespace leat::connectors::duckdb {

/// Tables of a DuckDB file as targets.
void describe(Catalog& catalog);

}  // namespace leat::connectors::duckdb
