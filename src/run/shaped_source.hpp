#pragma once

#include "core/source.hpp"
#include "engine/session.hpp"
#include "plan/drift.hpp"

namespace leat::run {

/// A slice whose rows have the columns of a contract, whatever columns were found: those that are
/// gone are null, new ones are left out, values of another type are cast.
///
/// Promise   a row with a value that cannot be cast without loss, or with a value in a new column
///           where the shape refuses those, arrives with a fault.
Result<SliceRead> shape_read(engine::Session& session, SliceRead read,
                             const plan::SourceShape& shape, const data::Schema& wanted);

}  // namespace leat::run
