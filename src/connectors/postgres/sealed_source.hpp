#pragma once

#include <memory>

#include "base/clock.hpp"
#include "connectors/postgres/table_source.hpp"
#include "core/seal.hpp"

namespace leat::connectors::postgres {

/// The source of `open_table_source`, read by ranges of a key that are kept in `parts`: what lies
/// there of an extract that did not come to its end is not read again.
///
/// Promise   the rows of one process are those of one snapshot; those of a part that lay sealed are
///           of the snapshot that it was read in.
/// Errors    config  there is no such key.
///           data    rows without a key, which would be in no part.
std::unique_ptr<Source> open_sealed_source(TableRead read, SealRule rule, PartStore& parts,
                                           const Clock& clock);

}  // namespace leat::connectors::postgres
