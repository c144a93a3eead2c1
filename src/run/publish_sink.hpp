#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "run/change_limits.hpp"
#include "run/gate.hpp"
#include "run/live_run.hpp"
#include "run/report.hpp"

namespace leat::run {

/// A sink with its sealed stage.
struct StagedSink {
  const plan::SinkNode* node = nullptr;
  Sink* sink = nullptr;
  state::PublishRecord record;
  Staged staged;              ///< What it refused is in the quarantine already.
  std::uint64_t refused = 0;  ///< Rows.
  std::vector<QuarantineSegment> segments;
  std::shared_ptr<ChangeVerdict> change;  ///< Null: nothing is asked.
};

struct PublishInput {
  StagedSink* staged;
  const Head* head;  ///< What the commit expects.
  const std::map<std::string, Slice>* slices;
  const engine::PassReport* pass;  ///< Of the dataset that the sink publishes.
  const std::vector<DatasetReport>* datasets;
};

/// What the gate said of one sink, and the receipt that it would get.
struct PublishDecision {
  GateDecision gate;
  Receipt receipt;
};

struct Decisions {
  std::vector<PublishDecision> plans;  ///< One a sink, in their order.
  std::vector<std::string> warnings;
  std::vector<std::string> check_warnings;  ///< See GateDecision.
};

/// Columns of the dataset that a sink publishes and of every source that it rests on, as a receipt
/// has them.
std::vector<DatasetColumns> columns_under(const plan::Plan& plan, const plan::SinkNode& node);

/// Does it rest on a source whose rows come but once?
bool is_read_once(const plan::Plan& plan, const plan::SinkNode& node);

/// Those of the policy, or the default ones.
Weights weights_of(const plan::Policy& policy);

/// Closes the books of every sink and asks the gate. Nothing is published yet.
Result<Decisions> decide_all(LiveRun& run, const std::vector<PublishInput>& inputs);

/// Commits, holds or drops the stage as the gate said, and notes the outcome in its record.
SinkReport publish_sink(LiveRun& run, const PublishInput& input, const PublishDecision& decision);

}  // namespace leat::run
