#pragma once

namespace leat {
class Catalog;
}

namespace leat::checks::sets {

/// Adds the checks that judge a whole dataset.
void describe(Catalog& catalog);

}  // namespace leat::checks::sets
