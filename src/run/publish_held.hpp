#pragma once

#include "run/held.hpp"
#include "run/runner.hpp"

namespace leat::run {

struct PublishedHeld {
  Receipt receipt;
  std::string place;
  std::string how_to_look;
};

/// Publishes what was held, against the head that it expected.
/// Errors    refused when the head has moved since: the held rows stay where they are.
Result<PublishedHeld> publish_held(const plan::Plan& plan, const Held& held,
                                   const RunServices& services);

/// Removes what was held.
Status discard_held(const Held& held, const RunServices& services);

}  // namespace leat::run
