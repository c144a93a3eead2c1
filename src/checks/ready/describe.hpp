#pragma once

namespace leat {
class Catalog;
}

namespace leat::checks::ready {

/// Adds the ready-made sets: names that stand for several row checks at once.
void describe(Catalog& catalog);

}  // namespace leat::checks::ready
