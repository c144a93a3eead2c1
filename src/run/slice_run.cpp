#include "run/slice_run.hpp"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <utility>

#include "run/change_limits.hpp"
#include "run/dataset_reports.hpp"
#include "run/judge_sets.hpp"
#include "run/on_error.hpp"
#include "run/pass_build.hpp"
#include "run/profile_rows.hpp"
#include "run/publish_id.hpp"
#include "run/publish_sink.hpp"
#include "run/sealed_extracts.hpp"
#include "run/skips.hpp"
#include "run/step_rows.hpp"
#include "run/target_lanes.hpp"

namespace leat::run {
namespace {

/// One slice under way.
class SliceWork {
 public:
  SliceWork(LiveRun& run, SliceOrder& order) : x_run(run), x_order(order) {
    for (const auto& name : order.sinks) {
      const auto& sink = *run.plan.sink(name);
      x_needed.insert(sink.upstream.begin(), sink.upstream.end());
      x_needed.insert(sink.consulted.begin(), sink.consulted.end());
    }
  }

  /// Only to the rows of one dataset.
  Result<SliceReport> look(const std::string& dataset, const StageTarget& into,
                           QuarantineSpool* aside) {
    x_look = {dataset, into};
    x_aside = aside;
    TRY(run_passes());
    return std::move(x_report);
  }

  /// To the commit, which is refused.
  Result<std::vector<WouldPublish>> diff() {
    x_is_diff = true;
    TRY(plan_publishes());
    auto found = stage_all();
    auto would = found.ok() ? ask_targets() : Result<std::vector<WouldPublish>>(found.error());
    drop_all();
    return would;
  }

  Result<SliceReport> execute() {
    TRY(plan_publishes());
    auto done = stage_all();
    if (done.ok()) done = complete_positions();
    if (!done.ok()) {
      drop_all();
      return std::move(done).error();
    }
    TRY(publish_all());
    return std::move(x_report);
  }

 private:
  Status plan_publishes() {
    std::vector<state::PublishRecord> records;
    for (const auto& name : x_order.sinks) {
      StagedSink staged;
      staged.node = x_run.plan.sink(name);
      staged.sink = x_run.sinks.at(name).get();
      staged.record.publish_id =
          publish_id_after(x_order.heads.at(name).publish_id, *x_run.services.clock);
      staged.record.run_id = x_run.run_id;
      staged.record.lane = x_run.lane_of(name);
      staged.record.planned_at = x_run.services.clock->now();
      staged.record.pipeline_file = x_run.plan.file.string();
      records.push_back(staged.record);
      x_sinks.push_back(std::move(staged));
    }
    return x_run.services.store->plan_publishes(records);
  }

  Status run_passes() {
    x_spool = std::make_unique<QuarantineSpool>(*x_run.services.files, x_run.workspace->scratch());
    if (x_aside == nullptr) x_aside = x_spool.get();
    for (const auto& node : x_run.plan.passes) {
      if (!x_needed.contains(node.dataset)) continue;
      TRY(const bool part, is_part(node));
      if (!part) continue;
      if (auto done = run_one(node); !done.ok()) {
        return std::move(done).error().during("while running node " + node.dataset);
      }
    }
    return {};
  }

  Status stage_all() {
    TRY(run_passes());
    TRY(leave_out_sinks());
    TRY(judge_sets(x_run, x_kept, x_report.datasets));
    TRY(profile_datasets(x_run, x_kept, x_report.datasets));
    TRY(seal_sinks());
    const auto weights = weights_of(x_run.plan.policy);
    for (auto& dataset : x_report.datasets) {
      dataset.score = score_of(dataset.outcome.checks, weights);
    }
    return seal_quarantine();
  }

  /// By what the sources have learned while their rows were read.
  Status complete_positions() {
    for (auto& [name, slice] : x_order.slices) {
      const auto* node = x_run.plan.source(name);
      if (node == nullptr) continue;
      auto after = x_run.sources.at(stand_in(x_run, *node).name)->position_after(slice);
      if (!after.ok()) {
        note_failed(x_run, name, after.error());
        return std::move(after).error().during("while reading source " + name);
      }
      slice.after = std::move(after).value();
    }
    return {};
  }

  Status seal_sinks() {
    for (auto& sink : x_sinks) {
      auto staged = sink.sink->seal();
      if (!staged.ok()) return std::move(staged).error().during("while sealing " + sink.node->name);
      sink.staged = std::move(staged).value();
      TRY(set_refused_aside(sink));
    }
    return {};
  }

  /// What a target would not take goes the way of a row that failed a check.
  Status set_refused_aside(StagedSink& sink) {
    const auto refused = std::exchange(sink.staged.refused, {});
    sink.refused = refused.size();
    if (refused.empty()) return {};
    const auto& from = sink.node->from;
    CheckOutcome outcome;
    outcome.dataset = from;
    outcome.id = "refused(" + sink.node->name + ")";
    outcome.dimension = name_of(Dimension::validity);
    outcome.on_fail = name_of(OnFail::quarantine);
    outcome.severity = name_of(Severity::medium);
    outcome.rows_judged = sink.staged.rows + refused.size();
    outcome.rows_failed = refused.size();
    std::vector<BadRow> rows;
    for (const auto& row : refused) {
      BadRow bad;
      bad.dataset = from;
      bad.failed_checks = {outcome.id};
      bad.message = row.message;
      bad.raw = row.raw;
      rows.push_back(std::move(bad));
    }
    TRY(x_spool->add(std::move(rows)));
    for (auto& dataset : x_report.datasets) {
      if (dataset.name != from) continue;
      dataset.outcome.counts.quarantined += refused.size();
      dataset.outcome.checks.push_back(std::move(outcome));
      break;
    }
    return {};
  }

  /// Conditions are asked when everything before has run; what is left out takes with it those
  /// that cannot go without.
  Result<bool> is_part(const plan::PassNode& node) {
    if (skipped(x_run, node.dataset)) return false;
    const auto* model = x_run.plan.model(node.dataset);
    if (model != nullptr) {
      TRY(const bool part, holds(*x_run.session, model->when, model->name));
      if (!part) {
        skip(x_run, model->name, model->name + " is left out: when " + model->when.written);
        return false;
      }
    }
    auto read = model != nullptr && model->step ? model->inputs : node.inputs;
    read.insert(read.end(), node.consults.begin(), node.consults.end());
    for (const auto& name : read) {
      const auto why = skipped(x_run, name);
      if (!why || leaves_empty(name)) continue;
      skip(x_run, node.dataset, *why);
      return false;
    }
    return true;
  }

  bool leaves_empty(const std::string& dataset) const {
    const auto* source = x_run.plan.source(dataset);
    return source ? source->when.leaves_empty : x_run.plan.model(dataset)->when.leaves_empty;
  }

  /// Sinks that something was left out for, or whose own condition does not hold, stay unchanged.
  Status leave_out_sinks() {
    std::vector<StagedSink> staying;
    std::vector<state::PublishRecord> records;
    for (auto& sink : x_sinks) {
      auto why = skipped_below(x_run, *sink.node);
      if (!why) {
        TRY(const bool part, holds(*x_run.session, sink.node->when, sink.node->name));
        if (!part) why = sink.node->name + " is left out: when " + sink.node->when.written;
      }
      if (!why) {
        staying.push_back(std::move(sink));
        continue;
      }
      TRY(sink.sink->discard(sink.record.publish_id));
      sink.record.status = state::PublishStatus::discarded;
      records.push_back(sink.record);
      SinkReport report;
      report.name = sink.node->name;
      report.from = sink.node->from;
      report.place = sink.sink->place();
      report.how_to_look = sink.sink->how_to_look();
      report.strategy = name_of(sink.node->strategy);
      report.guarantee = plan::name_of(sink.node->guarantee);
      report.reasons.push_back(std::move(*why));
      x_report.sinks.push_back(std::move(report));
    }
    x_sinks = std::move(staying);
    return records.empty() ? Status() : x_run.services.store->settle(records);
  }

  Status run_one(const plan::PassNode& node) {
    x_run.step(node.dataset);
    const auto began = x_run.services.clock->steady();  // A step's program runs before its pass.
    TRY(auto pass, build_pass(x_run, node, x_order, x_spools, x_kept));
    for (auto& sink : x_sinks) {
      if (sink.node->from != node.dataset) continue;
      PublishPlan plan{sink.record.publish_id, sink.record.lane,
                       sink.node->strategy,    node.schema,
                       sink.node->options,     expected_others(x_run, *sink.node)};
      if (x_is_diff) {
        plan.measures_columns = true;
        plan.judge = only_looks(x_found[sink.node->name]);
      } else {
        sink.change = change_verdict(x_run.plan.policy, *sink.node);
        if (sink.change) {
          sink.change->falls_back = falls_back(*sink.node);
          plan.judge = judge_of(sink.change);
        }
      }
      TRY(auto target, sink.sink->stage(plan));
      pass.stages.push_back(std::move(target));
    }
    if (x_look && x_look->first == node.dataset) pass.stages.push_back(x_look->second);
    const bool keep = node.kept || (x_run.plan.policy.profile && !node.sinks.empty());
    auto kept = keep ? readable_stage(pass.stages) : std::nullopt;
    StageTarget spool;
    if (node.spooled || (keep && !kept)) {
      TRY(spool, make_spool(x_run, node.dataset, node.schema));
      pass.stages.push_back(spool);
      if (keep && !kept) kept = spool;
    }
    if (kept) x_kept.emplace(node.dataset, std::move(*kept));
    std::vector<StepInput> steps;
    for (const auto& step : node.steps) {
      TRY(auto input, step_input(x_run, *x_run.plan.model(step), node.schema));
      steps.push_back(std::move(input));
      pass.stages.push_back(steps.back().stage);
    }
    TRY(auto report, engine::run_pass(pass, pass_context()));
    note(node, std::move(report), x_run.services.clock->steady() - began);
    if (asks_for_counts()) {
      for (const auto& dataset : x_report.datasets) {
        TRY(tell_counts(*x_run.session, dataset.outcome.counts));
      }
    }
    if (node.spooled) x_spools.emplace(node.dataset, std::move(spool));
    return {};
  }

  bool asks_for_counts() const {
    const auto& plan = x_run.plan;
    return std::any_of(plan.models.begin(), plan.models.end(),
                       [](const auto& model) { return !model.needs.empty(); }) ||
           std::any_of(plan.sinks.begin(), plan.sinks.end(),
                       [](const auto& sink) { return !sink.when.needs.empty(); });
  }

  engine::PassContext pass_context() const {
    engine::PassContext context;
    context.session = x_run.session.get();
    context.bad_rows = x_aside;
    context.cancel = x_run.services.cancel;
    context.batch_rows = x_run.options.batch_rows;
    context.on_progress = x_run.services.events.on_progress;
    return context;
  }

  void note(const plan::PassNode& node, engine::PassReport report, Micros elapsed) {
    for (auto& dataset : dataset_reports(x_run, node, report, x_spools)) {
      dataset.elapsed = elapsed;
      if (x_run.log) x_run.log->dataset(dataset);
      for (const auto& said : dataset.outcome.counts.said) {
        x_report.warnings.push_back(dataset.name + ": " + said);
      }
      x_report.datasets.push_back(std::move(dataset));
    }
    x_report.queries.push_back(x_run.plan.hidden.out_of(node.select));
    x_passes.emplace(node.dataset, std::move(report));
  }

  Status seal_quarantine() {
    for (const auto& dataset : x_report.datasets) {
      TRY(seal_segment(*x_spool, dataset.name, dataset.name));
    }
    const auto& sinks = x_run.plan.sinks;
    for (const auto& [source, spool] : x_run.no_items) {
      for (const auto& dataset : spool->datasets()) {
        const bool is_read_again = std::any_of(sinks.begin(), sinks.end(), [&](const auto& sink) {
          return plan::Plan::needs(sink, dataset);
        });
        if (!is_read_again) TRY(seal_segment(*spool, dataset, source));
      }
    }
    return {};
  }

  /// A segment bears the publish id of the first sink that rests on its dataset; of rows that are
  /// no items, on the source that would read them.
  Status seal_segment(QuarantineSpool& spool, const std::string& dataset,
                      const std::string& below) {
    const auto rows = spool.rows(dataset);
    if (rows == 0) return {};
    const auto owner = std::find_if(x_sinks.begin(), x_sinks.end(), [&](const auto& sink) {
      return plan::Plan::needs(*sink.node, below);
    });
    if (owner == x_sinks.end()) return {};  // Left out, all that rests on it.
    const auto& publish_id = owner->record.publish_id;
    const auto path = segment_path(x_run.plan, dataset, publish_id);
    TRY(spool.seal(*x_run.session, dataset, path, {x_run.plan.pipeline, x_run.run_id, publish_id}));
    x_report.segments.push_back(path.string());
    for (auto& sink : x_sinks) {
      if (!plan::Plan::needs(*sink.node, below)) continue;
      sink.segments.push_back({dataset, publish_id.text() + ".parquet", rows});
    }
    return {};
  }

  /// What a publish lists need not be listed again.
  void forget_no_items() {
    std::erase_if(x_run.no_items, [&](const auto& entry) {
      return is_published(
          [&](const auto& sink) { return plan::Plan::needs(*sink.node, entry.first); });
    });
  }

  Status publish_all() {
    if (x_sinks.empty()) {
      end_extracts(x_run, x_order, x_report);
      return {};
    }
    const auto inputs = publish_inputs();
    auto decided = decide_all(x_run, inputs);
    if (!decided.ok()) {
      drop_all();
      return std::move(decided).error();
    }
    x_report.breaches = breaches_of(*decided);
    x_report.warnings.insert(x_report.warnings.end(), decided->warnings.begin(),
                             decided->warnings.end());
    x_report.check_warnings = decided->check_warnings;
    for (std::size_t i = 0; i < inputs.size(); ++i) publish_one(inputs[i], decided->plans[i]);
    x_report.is_dropped = x_report.breaches.size() == x_sinks.size();
    if (!x_report.breaches.empty()) postpone_breached();
    if (x_report.is_dropped) {
      x_report.warnings.clear();
      x_report.check_warnings.clear();
      drop_all();
      end_extracts(x_run, x_order, x_report);
      return {};
    }
    forget_no_items();
    end_extracts(x_run, x_order, x_report);
    std::vector<state::PublishRecord> records;
    for (const auto& sink : x_sinks) records.push_back(sink.record);
    return x_run.services.store->settle(records);
  }

  static JudgeChange only_looks(std::optional<Difference>& found) {
    return [&found](const Difference& difference) -> Status {
      found = difference;
      return Error(Fault::data, "only looked at").refused();
    };
  }

  std::vector<PublishInput> publish_inputs() {
    std::vector<PublishInput> inputs;
    for (auto& sink : x_sinks) {
      inputs.push_back({&sink, &x_order.heads.at(sink.node->name), &x_order.slices,
                        &x_passes.at(sink.node->from), &x_report.datasets});
    }
    return inputs;
  }

  Result<std::vector<WouldPublish>> ask_targets() {
    TRY(auto decided, decide_all(x_run, publish_inputs()));
    std::vector<WouldPublish> all;
    for (std::size_t i = 0; i < x_sinks.size(); ++i) {
      TRY(auto would, ask_target(x_sinks[i], decided.plans[i]));
      all.push_back(std::move(would));
    }
    return all;
  }

  Result<WouldPublish> ask_target(StagedSink& staged, PublishDecision& decision) {
    const auto& node = *staged.node;
    WouldPublish would{node.name, staged.sink->place(), decision.receipt.rows_published,
                       {},        std::nullopt,         ""};
    const auto verdict = decision.gate.verdict;
    if (verdict == Verdict::hold || verdict == Verdict::fail) would.reasons = decision.gate.reasons;
    if (!is_comparable(node)) {
      would.why_not = "what `" + node.connector + "` publishes cannot be compared";
      return would;
    }
    decision.receipt.committed_at = x_run.services.clock->now();
    const auto done = staged.sink->commit(decision.receipt);
    would.difference = x_found[node.name];
    if (!would.difference && !done.ok()) return done.error();
    if (!would.difference) {
      return Error(Fault::internal, "a publish was made where it was only to be looked at");
    }
    const auto& limits = x_run.plan.policy.max_change;
    for (auto& why : run::breaches_of(*would.difference, limits, node.name)) {
      would.reasons.push_back(std::move(why));
    }
    return would;
  }

  void publish_one(const PublishInput& input, const PublishDecision& decision) {
    auto& sink = *input.staged;
    if (is_breached(sink)) return drop(sink);
    auto report = publish_sink(x_run, input, decision);
    if (sink.change && sink.change->is_refused && sink.change->falls_back) {
      auto& why = x_report.breaches[sink.node->name];
      for (const auto& reason : report.reasons) why += (why.empty() ? "" : "; ") + reason;
      return drop(sink);
    }
    for (const auto& warning : report.warnings) x_report.warnings.push_back(warning);
    x_report.sinks.push_back(std::move(report));
    if (x_run.log) x_run.log->sink(x_report.sinks.back());
  }

  bool falls_back(const plan::SinkNode& sink) const {
    return !breached_sources(x_run, sink).empty();
  }

  /// By sink: why its gate closed, where a source can still be replaced for it.
  std::map<std::string, std::string> breaches_of(const Decisions& decided) const {
    std::map<std::string, std::string> breaches;
    for (std::size_t i = 0; i < x_sinks.size(); ++i) {
      const auto& gate = decided.plans[i].gate;
      if (gate.verdict != Verdict::hold && gate.verdict != Verdict::fail) continue;
      if (!falls_back(*x_sinks[i].node)) continue;
      auto& why = breaches[x_sinks[i].node->name];
      for (const auto& reason : gate.reasons) why += (why.empty() ? "" : "; ") + reason;
    }
    return breaches;
  }

  bool is_breached(const StagedSink& sink) const {
    return x_report.breaches.contains(sink.node->name);
  }

  bool is_published(const std::function<bool(const StagedSink&)>& rests_on) const {
    return std::any_of(x_sinks.begin(), x_sinks.end(), [&](const StagedSink& sink) {
      return !is_breached(sink) && rests_on(sink);
    });
  }

  /// They come later, and with them those that the bad rows left out. What is told of this slice is
  /// what the others rest on.
  void postpone_breached() {
    std::set<std::string> sources;
    for (const auto& [name, why] : x_report.breaches) {
      x_report.postponed.push_back(name);
      for (const auto* source : breached_sources(x_run, *x_run.plan.sink(name))) {
        sources.insert(source->name);
      }
    }
    std::erase_if(x_report.sinks, [&](const SinkReport& left_out) {
      if (left_out.verdict != SinkVerdict::unchanged) return false;
      const auto& node = *x_run.plan.sink(left_out.name);
      const bool waits = std::any_of(sources.begin(), sources.end(), [&](const auto& source) {
        return plan::Plan::needs(node, source);
      });
      if (waits) x_report.postponed.push_back(left_out.name);
      return waits;
    });
    x_report.skipped_before = x_skipped_before;
    std::erase_if(x_report.datasets, [&](const DatasetReport& dataset) {
      return !is_published(
          [&](const auto& sink) { return plan::Plan::needs(*sink.node, dataset.name); });
    });
    std::erase_if(x_report.segments, [&](const std::string& path) {
      const auto file = std::filesystem::path(path).filename().string();
      const auto lists = [&](const QuarantineSegment& segment) { return segment.segment == file; };
      if (is_published([&](const auto& sink) {
            return std::any_of(sink.segments.begin(), sink.segments.end(), lists);
          })) {
        return false;
      }
      [[maybe_unused]] const auto removed = x_run.services.files->remove(path);
      return true;
    });
  }

  static void drop(StagedSink& sink) {
    [[maybe_unused]] const auto dropped = sink.sink->discard(sink.record.publish_id);
    sink.record.status = state::PublishStatus::discarded;
  }

  /// As if it had not been: what its rows left out may be part of the next try.
  void drop_all() {
    x_run.skipped = x_skipped_before;
    std::vector<state::PublishRecord> records;
    for (auto& sink : x_sinks) {
      drop(sink);
      records.push_back(sink.record);
    }
    for (const auto& segment : x_report.segments) {
      [[maybe_unused]] const auto removed = x_run.services.files->remove(segment);
    }
    [[maybe_unused]] const auto settled = x_run.services.store->settle(records);
  }

  LiveRun& x_run;
  SliceOrder& x_order;
  std::set<std::string> x_needed;
  std::vector<StagedSink> x_sinks;
  std::optional<std::pair<std::string, StageTarget>> x_look;
  bool x_is_diff = false;
  std::map<std::string, std::optional<Difference>> x_found;  ///< By sink, of a diff.
  std::unique_ptr<QuarantineSpool> x_spool;
  QuarantineSpool* x_aside = nullptr;  ///< Takes what is set aside.
  Spools x_spools;
  Spools x_kept;  ///< For set checks that query rows.
  std::map<std::string, engine::PassReport> x_passes;
  SliceReport x_report;
  const std::map<std::string, std::string> x_skipped_before = x_run.skipped;
};

/// Rows that are compared have no order, and are read twice.
bool may_compare_keys(const LiveRun& run) {
  const auto& sources = run.plan.sources;
  return !keeps_order(run.plan) && std::none_of(sources.begin(), sources.end(), [](auto& source) {
    return source.spec->replay() == Replay::none;
  });
}

/// Does `work`, and once more with keys told apart by comparing rows where they outgrew the memory.
template <typename Work>
auto with_room_for_keys(LiveRun& run, Work&& work) -> decltype(work()) {
  auto done = work();
  if (done.ok() || run.compares_keys || !run.session->keys_outgrew()) return done;
  if (!may_compare_keys(run)) return done;
  run.compares_keys = true;
  TRY(reopen_sources(run));
  return work();
}

}  // namespace

Result<SliceReport> run_slice(LiveRun& run, SliceOrder& order) {
  const bool compared_before = run.compares_keys;
  TRY(auto report, with_room_for_keys(run, [&] { return SliceWork(run, order).execute(); }));
  if (run.compares_keys && !compared_before) {
    report.warnings.push_back(
        "the keys of the checks took more than half of the memory: read again, and told apart on "
        "disk, which takes longer");
  }
  return report;
}

Result<std::vector<WouldPublish>> diff_slice(LiveRun& run, SliceOrder order) {
  return with_room_for_keys(run, [&] { return SliceWork(run, order).diff(); });
}

Result<SliceReport> look_slice(LiveRun& run, SliceOrder order, const std::string& dataset,
                               const StageTarget& into, QuarantineSpool* aside) {
  return with_room_for_keys(run, [&] {
    if (aside != nullptr) aside->clear();
    return SliceWork(run, order).look(dataset, into, aside);
  });
}

}  // namespace leat::run
