#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/project.hpp"
#include "base/cancel.hpp"
#include "core/catalog.hpp"
#include "run/report.hpp"

namespace leat::app {

/// A sink of a rehearsal, and where it would publish otherwise.
struct RehearsedSink {
  std::string name;
  const SinkEntry* entry = nullptr;
  config::Node options;     ///< As the author wrote them, the connection's included.
  config::Node redirected;  ///< What the plan has.
};

/// A pipeline that publishes into a scratch: its targets, its state and its artifacts lie there.
struct Rehearsed {
  plan::Plan plan;
  std::vector<RehearsedSink> sinks;  ///< In the order of the plan's.
};

/// Hooks are left out: what they do to the world could not be taken back.
/// Errors    config: as of every plan; a sink that has no place but its own.
Result<Rehearsed> plan_rehearsal(const std::filesystem::path& file, const LoadOptions& options,
                                 const std::filesystem::path& scratch);

/// Runs it. What the child processes of a crash test do.
Result<run::RunReport> rehearse(const std::filesystem::path& file, const LoadOptions& options,
                                const std::filesystem::path& scratch, const CancelToken& cancel);

}  // namespace leat::app
