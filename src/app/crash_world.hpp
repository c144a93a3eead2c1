#pragma once

#include <chrono>
#include <filesystem>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "app/rehearsal.hpp"

namespace leat::app {

/// How a run of a rehearsal ended.
struct RehearsalEnd {
  bool is_killed = false;  ///< By SIGKILL: at the point, or at the moment.
  bool is_late = false;    ///< It did not end in time.
  int exit_code = 0;
  std::string said;  ///< Its last lines.
  std::chrono::milliseconds took{0};
};

/// Where and when a run is killed.
struct Kill {
  std::string point;                               ///< "file.rename.before:1"; empty: none.
  std::optional<std::chrono::microseconds> after;  ///< So long after its start.
  std::filesystem::path list;                      ///< Takes the name of each point that it passes.
};

/// What a sink has published, to be compared.
struct SinkLook {
  bool has_rows = false;                ///< `rows` is there.
  std::filesystem::path rows;           ///< Parquet, each column as text.
  bool has_quarantine = false;          ///< `quarantine` is there.
  std::filesystem::path quarantine;     ///< The same, of what its publishes have set aside.
  std::multiset<std::string> receipts;  ///< What each says, but for ids and times.
};

struct WorldLook {
  std::map<std::string, SinkLook> sinks;
  std::set<std::string> files;  ///< What lies about the targets, ids left out.
  std::string problem;          ///< What is wrong whatever another world looks like.
};

/// One scratch that a pipeline is run in, again and again.
///
/// Promise   all that is in it is gone with the destructor.
class CrashWorld {
 public:
  static Result<std::unique_ptr<CrashWorld>> make(const std::filesystem::path& file,
                                                  const LoadOptions& options,
                                                  const std::filesystem::path& folder);
  /// Of a folder that is there already, and still has no plan: `make` is meant.
  CrashWorld(std::filesystem::path file, LoadOptions options, std::filesystem::path folder)
      : x_file(std::move(file)), x_options(std::move(options)), x_folder(std::move(folder)) {}
  ~CrashWorld();
  CrashWorld(const CrashWorld&) = delete;
  CrashWorld& operator=(const CrashWorld&) = delete;

  /// A run of its own process; without a kill to its end.
  Result<RehearsalEnd> run(const Kill& kill, std::chrono::milliseconds longest,
                           const CancelToken& cancel);
  /// Errors   config, external  what was published cannot be read.
  Result<WorldLook> look(const CancelToken& cancel);
  const Rehearsed& rehearsed() const { return x_rehearsed; }

 private:
  BuildContext context(engine::Session* session) const;
  Status prepare();

  std::filesystem::path x_file;
  LoadOptions x_options;
  std::filesystem::path x_folder;
  Rehearsed x_rehearsed;
  int x_looks = 0;
};

}  // namespace leat::app
