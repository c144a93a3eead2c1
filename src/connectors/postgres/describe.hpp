#pragma once

namespace leat {
class Catalog;
}

namespace leat::connectors::postgres {

/// Tables and queries of PostgreSQL as sources, tables as targets.
void describe(Catalog& catalog);

}  // namespace leat::connectors::postgres
