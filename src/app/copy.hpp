#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/project.hpp"
#include "base/cancel.hpp"
#include "run/report.hpp"

namespace leat::app {

struct CopyRequest {
  std::string source;  ///< See Endpoint.
  std::string target;
  std::vector<std::string> key;  ///< Not empty: rows are merged by it.
  std::filesystem::path save;    ///< Where the pipeline is written; empty: nowhere.
};

/// The pipeline that a copy is, as YAML with comments.
Result<std::string> copy_pipeline(const CopyRequest& request, const std::string& name);

/// Copies a file or table to a file or table: the very run of the pipeline above. With `save` the
/// pipeline is written first, to a file that is not there yet.
Result<run::RunReport> copy(const CopyRequest& request, const LoadOptions& options,
                            const CancelToken& cancel, const run::RunEvents& events);

}  // namespace leat::app
