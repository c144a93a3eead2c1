#pragma once

#include <filesystem>
#include <memory>
#include <vector>

#include "base/result.hpp"
#include "base/uuid.hpp"
#include "io/files.hpp"
#include "plan/plan.hpp"
#include "run/run_lease.hpp"

namespace leat::run {

/// The folders of one run, held by one process.
///
/// Promise   no other run of the same pipeline goes on while this lives, or none of the same
///           interval where its sinks publish by it, as far as a RunLease tells; what an earlier
///           one left in scratch is gone. Scratch is removed at the end.
class Workspace {
 public:
  /// Errors: busy when another run of this pipeline goes on.
  static Result<std::unique_ptr<Workspace>> open(io::FileSystem& files, const plan::Plan& plan,
                                                 const Uuid& run_id,
                                                 std::unique_ptr<RunLease> lease);
  /// Folders of a look, which may go on beside a run and beside other looks; what a killed look
  /// has left is removed.
  static Result<std::unique_ptr<Workspace>> aside(io::FileSystem& files, const plan::Plan& plan,
                                                  const Uuid& run_id);
  Workspace(std::vector<std::unique_ptr<io::FileLock>> locks, std::unique_ptr<RunLease> lease,
            std::filesystem::path scratch)
      : x_locks(std::move(locks)), x_lease(std::move(lease)), x_scratch(std::move(scratch)) {}
  ~Workspace();
  Workspace(const Workspace&) = delete;
  Workspace& operator=(const Workspace&) = delete;

  const std::filesystem::path& scratch() const { return x_scratch; }
  /// Errors   refused  another run has taken this one's place.
  Status require_lease() const { return x_lease ? x_lease->require() : Status(); }

 private:
  std::vector<std::unique_ptr<io::FileLock>> x_locks;
  std::unique_ptr<RunLease> x_lease;  ///< Null: of a look.
  std::filesystem::path x_scratch;
};

/// What a run of one interval alone takes the lease of.
std::string lease_name(const std::string& pipeline, const plan::Interval& interval);

/// Does a run of the plan's pipeline go on here, of whatever interval?
bool goes_on(io::FileSystem& files, const plan::Plan& plan, const Uuid& run_id);

/// The pipeline, or the interval of it, that one run at a time has to itself; a name of a folder.
std::string workspace_name(const plan::Plan& plan);

/// "artifacts/quarantine/<pipeline>", with a folder for each dataset.
std::filesystem::path segments_folder(const plan::Plan& plan);
/// "artifacts/quarantine/<pipeline>/<dataset>/<publish_id>.parquet"
std::filesystem::path segment_path(const plan::Plan& plan, const std::string& dataset,
                                   const Uuid& publish_id);
/// "artifacts/held/<publish_id>"
std::filesystem::path held_folder(const std::filesystem::path& artifacts, const Uuid& publish_id);

}  // namespace leat::run
