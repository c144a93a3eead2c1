#pragma once

#include <vector>

#include "core/sink.hpp"

namespace leat::run {

/// The receipts of a lane down to those that can list a segment of the publish `oldest`, newest
/// first.
Result<std::vector<Receipt>> receipts_since(Sink& sink, const Lane& lane, const Uuid& oldest);

}  // namespace leat::run
