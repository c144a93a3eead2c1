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

struct HeldDifference {
  Difference difference;
  std::string place;
  bool is_known = false;
};

/// What `publish_held` would change of the target as it is now; nothing is changed.
/// Errors    as publish_held. config  rows of this target cannot be compared.
Result<HeldDifference> diff_held(const plan::Plan& plan, const Held& held,
                                 const RunServices& services);

/// Name and type of each column of a dataset, as a held publish keeps them.
std::vector<std::pair<std::string, std::string>> held_columns(const plan::Plan& plan,
                                                              const std::string& dataset);

/// Removes what was held; yields what is to be told of it. `plan`: null where the pipeline file
/// cannot be planned any more, so that its target cannot be asked.
/// Errors    refused when its publish had happened already, but for the word of it: it is settled
///           as published.
Result<std::vector<std::string>> discard_held(const plan::Plan* plan, const Held& held,
                                              const RunServices& services);

}  // namespace leat::run
