#pragma once

#include "base/uuid.hpp"

namespace leat::run {

/// The id of a publish that follows `head` in its lane.
///
/// Promise   it sorts behind `head`, even in the same millisecond or when the clock was set back:
///           who asks which of two publishes is the later one compares their ids.
Uuid publish_id_after(const Uuid& head, const Clock& clock);

}  // namespace leat::run
