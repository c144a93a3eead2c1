#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/project.hpp"
#include "app/row_diff.hpp"
#include "base/cancel.hpp"

namespace leat::app {

/// What became of one expectation of a test.
struct ExpectationResult {
  std::string node;
  RowDiff diff;
  std::string complaint;  ///< Another reason to fail: rows that were set aside, an error.
  /// Of one that failed: given rows that were set aside on the way, and why.
  std::vector<std::string> aside;
  bool ok() const { return diff.empty() && complaint.empty(); }
};

struct TestResult {
  std::filesystem::path file;
  std::string pipeline;
  std::string name;
  std::vector<ExpectationResult> expectations;
  bool ok() const;
};

/// Runs tests: those in the files that are named, or below `tests/` of a folder. Each puts its
/// rows in the place of the pipeline's sources, with the columns that these have, and runs the
/// pipeline up to the nodes that it expects something of. Nothing is published.
///
/// Errors    config: everything that is wrong in the test files, all at once; or no test at all.
Result<std::vector<TestResult>> run_tests(const std::vector<std::filesystem::path>& where,
                                          const LoadOptions& options, const CancelToken& cancel);

}  // namespace leat::app
