#include "core/sink.hpp"

#include <algorithm>
#include <utility>

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

bool LaneTips::take(Receipt receipt, const Lane& lane) {
  if (receipt.lane == lane) {
    if (!own) own = std::move(receipt);
    return true;
  }
  if (receipt.lane.is_of_same_sink(lane)) return false;
  const auto holds_it = [&](const std::vector<Receipt>& list) {
    return std::any_of(list.begin(), list.end(),
                       [&](const Receipt& known) { return known.lane == receipt.lane; });
  };
  if (holds_it(newer) || holds_it(older)) return false;
  (own ? older : newer).push_back(std::move(receipt));
  return false;
}

Error moved_on(const std::string& place, const std::optional<Receipt>& last) {
  Error error(Fault::external, place + " has moved on since this run began");
  if (last) {
    error = std::move(error)
                .with("published", last->publish_id.text())
                .with("by_run", last->run_id.text())
                .with("at", format_instant(last->committed_at));
  }
  return std::move(error).refused().hint("nothing was published; run again");
}

Status require_head(const std::optional<Receipt>& last, const Receipt& receipt,
                    const std::string& place) {
  const Head live = last ? Head{last->publish_id, last->counter} : Head{};
  if (live == Head{receipt.previous_publish_id, receipt.counter - 1}) return {};
  return moved_on(place, last);
}

Status require_seen(const PublishPlan& plan, const LaneTips& tips, const std::string& place) {
  if (!plan.others_seen) return {};
  for (const auto& other : tips.newer) {
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
