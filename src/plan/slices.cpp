#include "plan/slices.hpp"

#include <algorithm>
#include <set>

namespace leat::plan {
namespace {

/// The slices of one sink, and the checks whose rows they would part.
class Cut {
 public:
  Cut(const Plan& plan, const SinkNode& sink) : x_plan(plan), x_sink(sink) {
    x_growing.insert(sink.growing_source);
    for (const auto& name : sink.upstream) note(name);
    for (const auto& name : sink.consulted) note(name);
  }

  void judge(const config::Node& key, config::Findings& findings) const {
    for (const auto& name : x_growing) {
      const auto* source = x_plan.source(name);
      for (const auto& check : source ? source->checks : x_plan.model(name)->checks) {
        if (!parts(check)) continue;
        const bool keyed = check.check_class() == CheckClass::keyed && check.consults.empty();
        findings.add(key,
                     "`slice` parts rows that `" + check.id + "` of `" + name +
                         "` compares: what stands in another slice of the run would not be seen",
                     keyed
                         ? "leave `slice` out, or let sink `" + x_sink.name + "` merge by that key"
                         : "leave `slice` out");
      }
    }
  }

 private:
  /// What rests on the growing source is cut with it. Comes in order of work.
  void note(const std::string& name) {
    const auto* model = x_plan.model(name);
    if (model == nullptr) return;
    const bool grows = std::any_of(model->inputs.begin(), model->inputs.end(),
                                   [&](const auto& input) { return x_growing.contains(input); });
    if (grows) x_growing.insert(name);
  }

  /// Where a sink knows a key, a row of a later slice takes the place of an earlier one.
  bool parts(const Check& check) const {
    if (std::holds_alternative<KeyTest>(check.test)) return x_sink.strategy == Strategy::append;
    const auto* compare = std::get_if<CompareTest>(&check.test);
    if (compare == nullptr) return false;
    if (compare->other) return x_growing.contains(compare->other->dataset);
    if (compare->check_class == CheckClass::keyed) return x_sink.strategy == Strategy::append;
    return compare->check_class == CheckClass::ordered;
  }

  const Plan& x_plan;
  const SinkNode& x_sink;
  std::set<std::string> x_growing;
};

}  // namespace

void judge_slice(const LoadedPipeline& loaded, const Plan& plan, config::Findings& findings) {
  if (!loaded.file.slice.rows && !loaded.file.slice.bytes) return;
  const auto* slice = loaded.tree->find_entry("slice");
  if (slice == nullptr) return;
  for (const auto& sink : plan.sinks) {
    if (!sink.growing_source.empty()) {
      Cut(plan, sink).judge(slice->key, findings);
      continue;
    }
    findings.add(slice->key,
                 "`slice` needs a source whose new rows are taken, and sink `" + sink.name +
                     "` reads everything each time",
                 "use `strategy: append`, or merge from a source that grows");
  }
}

}  // namespace leat::plan
