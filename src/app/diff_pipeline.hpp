#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/intervals.hpp"
#include "run/would_publish.hpp"

namespace leat::app {

/// What one run would change of its targets.
struct RunChange {
  std::string interval;  ///< Empty: the pipeline has none.
  std::vector<run::WouldPublish> sinks;
};

/// What `leat run` with the same choice would change; nothing is published.
Result<std::vector<RunChange>> diff_pipeline(const std::filesystem::path& where,
                                             const LoadOptions& options,
                                             const IntervalChoice& choice);

}  // namespace leat::app
