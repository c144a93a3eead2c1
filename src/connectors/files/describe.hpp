#pragma once

namespace leat {
class Catalog;
}

namespace leat::connectors::files {

/// Parquet, CSV and JSON files as targets; Parquet and JSON files as sources.
void describe(Catalog& catalog);

}  // namespace leat::connectors::files
