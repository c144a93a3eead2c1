#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "plan/plan.hpp"

namespace leat::run {

/// How rows that failed at a dataset come to one of the sinks that need it.
struct ReplayWay {
  std::string sink;
  /// Why no row can go this way by itself, so that all has to be read again; empty: it can.
  std::string cut;
  bool reads_again = false;  ///< A run reads all of the dataset again.
  bool by_interval = false;  ///< An interval that is run again takes its rows back by itself.
};

/// One a sink that needs the dataset. `alone`: rows may be judged without the others that checks
/// compare them with.
std::vector<ReplayWay> ways_of(const plan::Plan& plan, const std::string& dataset, bool alone);

/// The sink as it publishes rows that come after: beside those that are there. Nothing where it
/// cannot.
std::optional<plan::SinkNode> as_replayed(const plan::SinkNode& sink);

/// Does it matter what was published since the rows were set aside?
bool minds_newer(const plan::SinkNode& sink);

/// The plan from a dataset on: `spec` in its place, and these sinks alone.
plan::Plan plan_from(const plan::Plan& plan, const std::string& dataset,
                     std::shared_ptr<const SourceSpec> spec, const std::vector<std::string>& sinks);

}  // namespace leat::run
