#pragma once

#include <string>

#include "plan/draft.hpp"
#include "plan/load.hpp"
#include "plan/plan.hpp"

namespace leat::plan {

/// Which nodes of a pipeline ask for `{{ interval.… }}`.
class IntervalUse {
 public:
  explicit IntervalUse(const PipelineFile& file) : x_file(file) {}

  bool of_dataset(const std::string& name) const;
  bool of_target(const FileSink& sink) const;

 private:
  const PipelineFile& x_file;
};

/// Whether a sink publishes by interval, and how its strategy replaces the rows of one.
///
/// Calls     when its upstream is known and its strategy is planned.
void plan_interval(const FileSink& draft, const PipelineFile& file,
                   const std::optional<Interval>& interval, const data::Schema& schema,
                   SinkNode& sink, config::Findings& findings);

/// An `interval` that no sink is by would be none.
void judge_interval(const LoadedPipeline& loaded, const Plan& plan, config::Findings& findings);

}  // namespace leat::plan
