#include "core/sink.hpp"

#include <algorithm>

namespace leat {

std::string_view name_of(Strategy strategy) {
  switch (strategy) {
    case Strategy::replace: return "replace";
    case Strategy::append: return "append";
    case Strategy::merge: return "merge";
    case Strategy::delete_insert: return "delete_insert";
    case Strategy::scd2: return "scd2";
  }
  return "append";
}

bool collect_other(const Receipt& receipt, const Lane& lane, std::vector<Receipt>& others) {
  if (receipt.lane == lane) return true;
  const bool is_known = std::any_of(others.begin(), others.end(), [&](const Receipt& other) {
    return other.lane == receipt.lane;
  });
  if (!is_known) others.push_back(receipt);
  return false;
}

Status require_seen(const PublishPlan& plan, const std::vector<Receipt>& others,
                    const std::string& place) {
  if (!plan.others_seen) return {};
  for (const auto& other : others) {
    const auto& seen = *plan.others_seen;
    if (std::find(seen.begin(), seen.end(), other.publish_id) != seen.end()) continue;
    return Error(Fault::external, place + " has moved on since this run began")
        .with("published", other.publish_id.text())
        .with("by_pipeline", other.lane.pipeline)
        .with("by_sink", other.lane.sink)
        .with("at", format_instant(other.committed_at))
        .refused()
        .hint("nothing was published; run again");
  }
  return {};
}

}  // namespace leat
