#include "plan/plan_sinks.hpp"

#include <algorithm>
#include <map>

#include "base/names.hpp"
#include "core/ordered_rows.hpp"
#include "plan/connections.hpp"
#include "plan/passes.hpp"
#include "plan/plan_intervals.hpp"
#include "plan/plan_strategy.hpp"
#include "plan/plan_verdicts.hpp"
#include "plan/unknown_connectors.hpp"

namespace leat::plan {
namespace {

/// What all sinks are planned from.
struct SinkContext {
  const std::vector<SourceNode>& sources;
  const std::vector<ModelNode>& models;
  const PlanServices& services;
  const Draft& draft;
  const std::optional<Interval>& interval;
};

std::vector<const SourceNode*> sources_of(const SinkNode& sink, const SinkContext& context) {
  std::vector<const SourceNode*> out;
  for (const auto& source : context.sources) {
    if (std::find(sink.upstream.begin(), sink.upstream.end(), source.name) != sink.upstream.end()) {
      out.push_back(&source);
    }
  }
  return out;
}

/// One source brings the new rows; all others are read whole each time. `append` must have one:
/// what it reads again it would publish again. The strategies that meet rows by their values take
/// new rows alone where exactly one source grows, and else everything.
void choose_growing(SinkNode& sink, const FileSink& draft, const SinkContext& context,
                    config::Findings& findings) {
  if (sink.strategy == Strategy::replace || sink.options.close_deleted) return;
  if (sink.by_interval) return;  // What it reads is all of the interval.
  const auto sources = sources_of(sink, context);
  const bool appends = sink.strategy == Strategy::append;
  if (appends && sources.size() == 1) {
    sink.growing_source = sources.front()->name;
    return;
  }
  std::vector<std::string> growing;
  for (const auto* source : sources) {
    if (source->spec->grows()) growing.push_back(source->name);
  }
  if (growing.size() == 1) {
    sink.growing_source = growing.front();
    return;
  }
  if (!appends) return;
  const auto& place = draft.strategy_node != nullptr ? *draft.strategy_node : *draft.node.key;
  if (growing.empty()) {
    findings.add(place, "`append` needs one source that grows, and none of its sources does",
                 "read new files by a wildcard, or use `strategy: replace`");
  } else {
    findings.add(place,
                 "`append` needs exactly one source that grows, but " + join_names(growing) + " do",
                 "append them in sinks of their own, or use `strategy: replace`");
  }
}

/// A guarantee is what the weakest part of the path can give.
void compute_guarantee(SinkNode& sink, const SinkEntry& entry, const SinkContext& context) {
  const std::string own = sink.spec->guarantee();
  const std::string& word = own.empty() ? entry.guarantee : own;
  sink.guarantee = word == "exactly_once" ? Guarantee::exactly_once
                   : word == "idempotent" ? Guarantee::idempotent
                                          : Guarantee::at_least_once;
  sink.guarantee_reason =
      sink.spec->replaces_partitions() ? "each partition is replaced whole, but one after the other"
      : sink.spec->keeps_rows() ? "rows, position and receipt commit together in " + sink.connector
                                : "the verdict is its receipt, which is one line";
  for (const auto* source : sources_of(sink, context)) {
    if (source->spec->replay() != Replay::none || sink.guarantee == Guarantee::at_least_once) {
      continue;
    }
    sink.guarantee = Guarantee::at_least_once;
    sink.guarantee_reason = "source " + source->name + " cannot be read twice";
  }
}

bool compares_rows(const std::vector<Check>& checks) {
  return std::any_of(checks.begin(), checks.end(), [](const Check& check) {
    return std::holds_alternative<CompareTest>(check.test);
  });
}

/// Windows of the engine, by which rows are compared, yield them in an order of their own.
void judge_kept_order(const SinkNode& sink, const FileSink& draft, const SinkContext& context,
                      config::Findings& findings) {
  const auto* spec = dynamic_cast<const KeepsOrder*>(sink.spec.get());
  if (spec == nullptr || !spec->keeps_order()) return;
  const auto refuse = [&](const std::string& dataset) {
    findings.add(*draft.node.options,
                 "a check of `" + dataset + "` compares rows, which then have no order any more",
                 "leave `ordered` out, or publish through a model that sorts: ORDER BY");
  };
  for (const auto* source : sources_of(sink, context)) {
    if (compares_rows(source->checks)) refuse(source->name);
  }
  for (const auto& model : context.models) {
    const bool is_upstream =
        std::find(sink.upstream.begin(), sink.upstream.end(), model.name) != sink.upstream.end();
    if (is_upstream && compares_rows(model.checks)) refuse(model.name);
  }
}

void judge_delivery(const SinkNode& sink, const std::optional<Guarantee>& asked,
                    const config::Node* asked_node, config::Findings& findings) {
  if (!asked || sink.guarantee <= *asked) return;
  findings.add(*asked_node, "sink `" + sink.name + "` can give " +
                                std::string(name_of(sink.guarantee)) + ", not " +
                                std::string(name_of(*asked)) + ": " + sink.guarantee_reason);
}

std::vector<std::string> key_of_model(const PipelineFile& file, const std::string& name) {
  for (const auto& model : file.models) {
    if (model.name == name) return model.unique_key;
  }
  return {};
}

/// "out" of this pipeline, or "pipeline.out".
void plan_target_lanes(const FileSink& draft, const PipelineFile& file, SinkNode& sink,
                       config::Findings& findings) {
  sink.shared = draft.shared;
  if (sink.shared && sink.strategy == Strategy::replace) {
    findings.add(*draft.shared_node, "`replace` leaves nothing of what others publish",
                 "leave `shared` out, or use append, merge or delete_insert");
  }
  const auto& written = draft.takes_over;
  if (written.text.empty()) return;
  const auto dot = written.text.find('.');
  const auto pipeline = dot == std::string::npos ? file.pipeline : written.text.substr(0, dot);
  const auto name = dot == std::string::npos ? written.text : written.text.substr(dot + 1);
  const auto add = [&](const std::string& message, const std::string& hint) {
    findings.add(written.place, message, hint, written.length);
  };
  if (!is_node_name(pipeline) || !is_node_name(name)) {
    return add("`" + written.text + "` names no sink", "write `sink` or `pipeline.sink`");
  }
  // Its own name in other letters is one that it had before.
  const auto is_other = [&](const FileSink& other) {
    return other.node.name == name ||
           (is_same_name(other.node.name, name) && other.node.name != sink.name);
  };
  if (is_same_name(pipeline, file.pipeline) &&
      std::any_of(file.sinks.begin(), file.sinks.end(), is_other)) {
    return add("`" + name + "` is a sink of this pipeline still",
               "name the sink that published to the target before");
  }
  sink.takes_over = Lane{pipeline, name};
}

/// Will rows of a run be held against those that runs before have published?
bool meets_rows(Strategy strategy, const Policy& policy) {
  return policy.max_change.any() || (strategy != Strategy::replace && strategy != Strategy::append);
}

/// `policy.max_change` asks what a publish changes.
void require_comparable(const FileSink& draft, const Policy& policy, const SinkSpec& spec,
                        config::Findings& findings) {
  if (!policy.max_change.any() || !spec.keeps_rows()) return;
  if (spec.compares() && !spec.replaces_partitions()) return;
  findings.add(*draft.node.key,
               "what `" + draft.node.connector + "` publishes is not compared with what is there" +
                   (spec.replaces_partitions() ? " where `partition_by` stands" : "") +
                   ", which `policy.max_change` asks",
               "publish to parquet, csv, ndjson or a table, or leave `max_change` out");
}

std::vector<std::string> supported_by(const SinkSpec& spec) {
  std::vector<std::string> out;
  for (const auto strategy : {Strategy::replace, Strategy::append, Strategy::merge,
                              Strategy::delete_insert, Strategy::scd2}) {
    if (spec.supports(strategy)) out.emplace_back(name_of(strategy));
  }
  return out;
}

std::optional<SinkNode> plan_one(const FileSink& draft, const PipelineFile& file,
                                 const SinkContext& context, config::Findings& findings) {
  const auto before = findings.size();
  const auto* entry = context.services.catalog->sink(draft.node.connector);
  if (entry == nullptr) {
    add_unknown_sink(draft.node, *context.services.catalog, findings);
    return std::nullopt;
  }
  SinkNode sink;
  sink.name = draft.node.name;
  sink.connector = draft.node.connector;
  sink.strategy = draft.strategy;
  auto options = with_connection(*draft.node.options, entry->name, entry->options,
                                 context.services.connections, findings);
  if (context.services.redirect) {
    options = context.services.redirect(*entry, draft.node.name, options, findings);
  }
  if (findings.size() != before) return std::nullopt;
  sink.spec = entry->parse(options, findings);
  if (draft.from_node == nullptr) return std::nullopt;
  sink.from = context.draft.declared_name(draft.from);
  if (sink.from.empty()) {
    findings.add(*draft.from_node,
                 "sink `" + sink.name + "` publishes `" + draft.from +
                     "`, which is no source, model or step",
                 name_hint(draft.from, context.draft.names));
    return std::nullopt;
  }
  const auto* schema = context.draft.schema_of(sink.from);
  if (!sink.spec || schema == nullptr || !schema->has_value()) return std::nullopt;
  if (auto accepted = sink.spec->accepts(**schema); !accepted.ok()) {
    findings.add(*draft.from_node, accepted.error());
  } else if (const auto met = sink.spec->can_meet(**schema);
             meets_rows(sink.strategy, file.policy) && !met.ok()) {
    findings.add(*draft.from_node, met.error());
  }
  if (!sink.spec->supports(sink.strategy)) {
    findings.add(draft.strategy_node != nullptr ? *draft.strategy_node : *draft.node.key,
                 "`" + sink.connector + "` cannot " + std::string(name_of(sink.strategy)) +
                     (sink.spec->replaces_partitions() ? " into partitions" : ""),
                 sink.spec->replaces_partitions()
                     ? "leave `partition_by` out, or use replace, append or delete_insert"
                     : "it can " + join_names(supported_by(*sink.spec), " and "));
  }
  sink.options = plan_strategy(draft, key_of_model(file, sink.from), *sink.spec, **schema,
                               context.services, findings);
  require_comparable(draft, file.policy, *sink.spec, findings);
  plan_target_lanes(draft, file, sink, findings);
  sink.when = draft.when;
  auto wanted = draft.when.needs;
  wanted.push_back(sink.from);
  sink.upstream = upstream_of(wanted, context.sources, context.models);
  sink.consulted = consulted_by(sink.upstream, context.sources, context.models);
  plan_interval(draft, file, context.interval, **schema, sink, findings);
  choose_growing(sink, draft, context, findings);
  compute_guarantee(sink, *entry, context);
  judge_kept_order(sink, draft, context, findings);
  if (findings.size() != before) return std::nullopt;
  return sink;
}

}  // namespace

std::vector<SinkNode> plan_sinks(const PipelineFile& file, const std::vector<SourceNode>& sources,
                                 const std::vector<ModelNode>& models, const PlanServices& services,
                                 const Draft& draft, const std::optional<Interval>& interval,
                                 config::Findings& findings) {
  const SinkContext context{sources, models, services, draft, interval};
  std::vector<SinkNode> out;
  std::map<std::string, std::string> targets;
  auto build = services.build;
  for (const auto& sink : sinks_of(file, sources, models, draft)) {
    if (sink.node.connector_key == nullptr) continue;
    auto planned = plan_one(sink, file, context, findings);
    if (!planned) continue;
    build.lane = {file.pipeline, planned->name};
    const auto [first, fresh] = targets.emplace(planned->spec->target_key(build), planned->name);
    if (!fresh) {
      findings.add(
          *sink.node.options,
          "sinks `" + first->second + "` and `" + planned->name + "` would write the same target",
          "give one of them another target, or leave it out");
    }
    judge_delivery(*planned, file.delivery, file.delivery_node, findings);
    out.push_back(std::move(*planned));
  }
  return out;
}

}  // namespace leat::plan
