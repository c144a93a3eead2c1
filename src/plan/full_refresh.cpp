#include "plan/full_refresh.hpp"

namespace leat::plan {
namespace {

Error refuse(const SinkNode& sink, const std::string& why, const std::string& hint) {
  return Error(Fault::config, "sink `" + sink.name + "` cannot be read anew whole: " + why)
      .hint("nothing was changed; " + hint);
}

Status require_replaceable(const SinkNode& sink) {
  if (sink.by_interval) {
    return refuse(sink, "it publishes by interval",
                  "`leat run --from … --to …` runs the intervals between two times again");
  }
  if (sink.strategy == Strategy::scd2) {
    return refuse(sink, "it keeps the history of its rows, which is nowhere else",
                  "leave it out: `--exclude " + sink.name + "`");
  }
  if (sink.shared) {
    return refuse(sink, "other sinks publish to its target as well",
                  "leave it out: `--exclude " + sink.name + "`");
  }
  if (!sink.spec->supports(Strategy::replace)) {
    return refuse(sink, "its target cannot be replaced",
                  "leave it out: `--exclude " + sink.name + "`");
  }
  return {};
}

}  // namespace

Result<Plan> read_anew(Plan plan) {
  for (auto& sink : plan.sinks) {
    TRY(require_replaceable(sink));
    sink.strategy = Strategy::replace;
    sink.growing_source.clear();
  }
  plan.is_full_refresh = true;
  return plan;
}

}  // namespace leat::plan
