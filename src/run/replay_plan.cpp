#include "run/replay_plan.hpp"

#include <algorithm>

#include "plan/passes.hpp"

namespace leat::run {
namespace {

bool is_named_in(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

bool lies_on(const plan::Plan& plan, const std::string& dataset, const std::string& base) {
  if (dataset == base) return true;
  const auto* model = plan.model(dataset);
  return model != nullptr &&
         std::any_of(model->inputs.begin(), model->inputs.end(),
                     [&](const auto& name) { return lies_on(plan, name, base); });
}

const std::vector<Check>& checks_at(const plan::Plan& plan, const std::string& dataset) {
  const auto* source = plan.source(dataset);
  return source != nullptr ? source->checks : plan.model(dataset)->checks;
}

/// A check that compares rows of the dataset with each other; null: none.
const Check* comparing_check(const std::vector<Check>& checks) {
  const auto found = std::find_if(checks.begin(), checks.end(), [](const Check& check) {
    if (std::holds_alternative<KeyTest>(check.test)) return true;
    const auto* compare = std::get_if<CompareTest>(&check.test);
    return compare != nullptr && !compare->other;
  });
  return found == checks.end() ? nullptr : &*found;
}

std::string cut_of_model(const plan::ModelNode& model) {
  if (model.step) return "`" + model.name + "` is a step, which gets all rows at once";
  if (!model.row_wise) return "`" + model.name + "` joins, counts or compares rows";
  if (!model.when.sql.empty() || !model.needs.empty()) {
    return "`" + model.name + "` looks at the counts of a whole run";
  }
  return "";
}

/// Why a row that comes in at `dataset` cannot go to this sink by itself; empty: it can.
std::string cut_on_way(const plan::Plan& plan, const plan::SinkNode& sink,
                       const std::string& dataset, bool alone) {
  if (sink.by_interval) {
    return sink.strategy == Strategy::append
               ? "an interval is appended once, so its rows are read no second time; by"
                 " `delete_insert` or `merge` they would be"
               : "its intervals are read again by `leat run --from … --to …`";
  }
  if (!is_named_in(sink.upstream, dataset) || !lies_on(plan, sink.from, dataset)) {
    return "its rows only say which others pass";
  }
  if (!sink.spec->keeps_rows()) return "the sink keeps no rows";
  if (!sink.when.needs.empty()) return "the sink looks at the counts of a whole run";
  if (const auto* source = plan.source(dataset); source && !source->visible.hidden.empty()) {
    return "values about persons are not kept in quarantine";
  }
  for (const auto& name : sink.upstream) {
    if (!lies_on(plan, name, dataset)) continue;
    if (name != dataset) {
      if (auto cut = cut_of_model(*plan.model(name)); !cut.empty()) return cut;
    }
    const auto* compares = alone ? nullptr : comparing_check(checks_at(plan, name));
    if (compares != nullptr) return compares->id + " of `" + name + "` compares rows";
  }
  if (!as_replayed(sink)) return "the sink cannot add rows to those that are there";
  return "";
}

plan::SourceNode entry_of(const plan::Plan& plan, const std::string& dataset,
                          std::shared_ptr<const SourceSpec> spec) {
  plan::SourceNode entry;
  entry.name = dataset;
  entry.connector = "quarantine";
  entry.spec = std::move(spec);
  entry.schema = plan.schema(dataset);
  entry.judged = entry.schema;
  entry.checks = checks_at(plan, dataset);
  entry.is_declared = true;
  if (const auto* source = plan.source(dataset)) {
    entry.judged = source->judged;
    entry.visible = source->visible;
  }
  return entry;
}

}  // namespace

std::vector<ReplayWay> ways_of(const plan::Plan& plan, const std::string& dataset, bool alone) {
  std::vector<ReplayWay> ways;
  for (const auto& sink : plan.sinks) {
    if (!plan::Plan::needs(sink, dataset)) continue;
    const bool grows = !sink.growing_source.empty() &&
                       plan.source(sink.growing_source)->spec->grows() &&
                       lies_on(plan, dataset, sink.growing_source);
    const bool adds = sink.strategy == Strategy::append;
    ways.push_back(
        {sink.name, cut_on_way(plan, sink, dataset, alone), !grows && !adds, sink.by_interval});
  }
  return ways;
}

std::optional<plan::SinkNode> as_replayed(const plan::SinkNode& sink) {
  auto replayed = sink;
  replayed.growing_source.clear();
  replayed.takes_over.reset();
  switch (sink.strategy) {
    case Strategy::append:
    case Strategy::merge: break;
    case Strategy::scd2: replayed.options.close_deleted = false; break;
    // What is there was published with the rows that now come after: they join it.
    case Strategy::replace:
    case Strategy::delete_insert: replayed.strategy = Strategy::append; break;
  }
  if (!sink.spec->supports(replayed.strategy)) return std::nullopt;
  return replayed;
}

bool minds_newer(const plan::SinkNode& sink) {
  return sink.strategy != Strategy::append && sink.options.version.empty();
}

plan::Plan plan_from(const plan::Plan& plan, const std::string& dataset,
                     std::shared_ptr<const SourceSpec> spec,
                     const std::vector<std::string>& sinks) {
  auto out = plan;
  auto entry = entry_of(plan, dataset, std::move(spec));
  const auto is_entry = [&](const auto& node) { return node.name == dataset; };
  std::erase_if(out.sources, is_entry);
  std::erase_if(out.models, is_entry);
  out.sources.insert(out.sources.begin(), std::move(entry));
  out.sinks.clear();
  for (const auto& sink : plan.sinks) {
    auto replayed = is_named_in(sinks, sink.name) ? as_replayed(sink) : std::nullopt;
    if (!replayed) {
      out.left_out.push_back(sink.name);
      continue;
    }
    replayed->upstream = plan::upstream_of(replayed->from, out.sources, out.models);
    replayed->consulted = plan::consulted_by(replayed->upstream, out.sources, out.models);
    out.sinks.push_back(std::move(*replayed));
  }
  if (out.policy.on_breach == plan::Policy::Breach::fallback) {
    out.policy.on_breach = plan::Policy::Breach::hold;
    out.policy.fallback.clear();
  }
  out.passes = plan::plan_passes(out.sources, out.models, out.sinks, out.policy.profile);
  return out;
}

}  // namespace leat::run
