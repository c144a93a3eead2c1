#pragma once

namespace leat {
class Catalog;
}

namespace leat::checks::rows {

/// Adds the checks that judge rows.
void describe(Catalog& catalog);

}  // namespace leat::checks::rows
