#pragma once

#include <filesystem>

#include "child.hpp"

namespace leat::bench {

/// B6: what small commands cost. Medians.
struct SmallResult {
  double version_cpu_ms = 0;
  double check_wall_ms = 0;  ///< 1,000 pipelines.
  double check_cpu_ms = 0;
  double report_wall_ms = 0;  ///< The report of a run over 200 columns.
  double report_cpu_ms = 0;
  double report_mb = 0;    ///< Size of the page, in units of 10^6 bytes.
  double run_wall_ms = 0;  ///< A pipeline of ten rows, on the disk.
  double run_cpu_ms = 0;
  double run_memory_wall_ms = 0;  ///< The same on a file system in memory; 0: there is none.
  int run_fsyncs = 0;             ///< Those of Leat's own; the state store's come on top.
  double fsync_ms = 0;            ///< One fsync of a small file on that disk.
};

SmallResult measure_small(const std::filesystem::path& leat, const std::filesystem::path& folder);

}  // namespace leat::bench
