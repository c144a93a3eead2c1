#pragma once

namespace leat {
class Catalog;
}

namespace leat::connectors::sqlite {

/// Tables of a SQLite file as sources and as targets.
void describe(Catalog& catalog);

}  // namespace leat::connectors::sqlite
