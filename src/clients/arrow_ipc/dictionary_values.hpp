#pragma once

#include "base/result.hpp"
#include "clients/arrow_ipc/fields.hpp"
#include "clients/arrow_ipc/plain_batch.hpp"

namespace leat::arrow_ipc {

/// Puts the values in the place of the numbers that a column has. `batch` keeps them.
Status look_up(const Field& field, const Dictionaries& dictionaries, PlainColumn& column,
               PlainBatch& batch);

}  // namespace leat::arrow_ipc
