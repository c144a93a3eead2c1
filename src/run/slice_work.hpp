#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "run/pass_build.hpp"
#include "run/publish_sink.hpp"
#include "run/quarantine_spool.hpp"
#include "run/slice_run.hpp"

namespace leat::run {

/// One slice under way.
///
/// Calls     one of `look`, `diff` and `execute`, once.
class SliceWork {
 public:
  SliceWork(LiveRun& run, SliceOrder& order);

  /// Only to the rows of one dataset.
  Result<SliceReport> look(const std::string& dataset, const StageTarget& into,
                           QuarantineSpool* aside);
  /// To the commit, which is refused.
  Result<std::vector<WouldPublish>> diff();
  Result<SliceReport> execute();

 private:
  Status plan_publishes();
  Status stage_all();
  bool is_position_needed(const std::string& source) const;
  Status complete_positions();
  Status seal_sinks();
  void drop(StagedSink& sink);
  void drop_all();

  // slice_passes.cpp
  Status run_passes();
  Result<bool> is_part(const plan::PassNode& node);
  bool leaves_empty(const std::string& dataset) const;
  Result<std::optional<std::string>> why_left_out(const StagedSink& sink) const;
  void leave_out(StagedSink& sink, std::string why);
  Status leave_out_sinks();
  Status run_one(const plan::PassNode& node);
  bool keeps_rows(const StagedSink& sink) const;
  bool asks_for_counts() const;
  engine::PassContext pass_context() const;
  void note(const plan::PassNode& node, engine::PassReport report, Micros elapsed);

  // slice_aside.cpp
  Status set_refused_aside(StagedSink& sink);
  Status seal_quarantine();
  Status seal_segment(QuarantineSpool& spool, const std::string& dataset, const std::string& below);
  void forget_no_items();

  // slice_publish.cpp
  Status publish_all();
  bool holds_what_is_not_kept(const Decisions& decided) const;
  std::vector<PublishInput> publish_inputs();
  void publish_one(const PublishInput& input, const PublishDecision& decision);
  bool falls_back(const plan::SinkNode& sink) const;
  std::map<std::string, std::string> breaches_of(const Decisions& decided) const;
  bool is_breached(const StagedSink& sink) const;
  bool is_published(const std::function<bool(const StagedSink&)>& rests_on) const;
  void postpone_breached();

  // slice_diff.cpp
  static JudgeChange only_looks(std::optional<Difference>& found);
  Result<std::vector<WouldPublish>> ask_targets();
  Result<WouldPublish> ask_target(StagedSink& staged, PublishDecision& decision);

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

}  // namespace leat::run
