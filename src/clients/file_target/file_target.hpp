#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "core/meet_columns.hpp"
#include "core/sink.hpp"
#include "io/files.hpp"

namespace leat::file_target {

/// What meets what, in files of one format.
struct Meeting {
  const PublishPlan& plan;
  const MetColumns& columns;
  std::optional<std::filesystem::path> live;  ///< Nothing: there are no rows yet.
  std::vector<data::Column> live_columns;
  std::filesystem::path stage;
  std::filesystem::path whole;  ///< To be written.
  Instant now{};                ///< Of the commit.
  std::optional<std::filesystem::path> replaced =
      {};  ///< What a judged `replace` is compared with.
};

/// What a publish to one file must know about its format.
class Format {
 public:
  virtual ~Format() = default;
  /// "parquet"
  virtual std::string extension() const = 0;
  /// How `schema` is written to `path`: by the engine, or by a writer that the format keeps until
  /// the next call.
  virtual Stage stage_at(const std::filesystem::path& path, const data::Schema& schema) = 0;
  /// A command that shows the rows of the file that the author wrote so.
  virtual std::string how_to_look(const std::string& shown) const;
  /// Called when a file is written, before it is synced: the last chance to make it one that every
  /// reader of the format can read.
  virtual Status settle(const std::filesystem::path&) const { return {}; }
  /// Read from the file itself.
  virtual Result<std::uint64_t> count_rows(const std::filesystem::path& path) const = 0;
  /// Writes a new file `whole`: the rows of `live`, then those of `stage`. Both were written by
  /// this format with the same columns.
  virtual Status join(const std::filesystem::path& live, const std::filesystem::path& stage,
                      const std::filesystem::path& whole) const = 0;
  /// May rows of these columns meet: does reading a file give back what was written?
  virtual Status can_meet(const data::Schema&) const { return {}; }
  /// Writes `whole`: the rows of `live` after those of `stage` met them as the strategy says.
  virtual Result<RowChanges> meet(const Meeting& meeting) const = 0;
};

struct Target {
  std::filesystem::path path;  ///< Absolute, links resolved.
  std::string shown;           ///< As the author wrote it.
  bool overwrite = false;      ///< Replace a file that Leat did not publish.
};

/// A sink that publishes one file whole: a stage beside it, an intent in the side-car ledger
/// `<file>.leat.ndjson`, a rename. architecture, section 3.
///
/// Promise   as Sink. From reading the head to the rename the side-car is locked; where the file
///           system cannot lock, nothing is published.
/// Errors    config    a live file that Leat did not publish, unless `overwrite` (refused);
///                     other columns than `on_schema_change` allows.
///           external  the disk; busy while somebody else is publishing.
std::unique_ptr<Sink> open_file_target(io::FileSystem& files, Target target,
                                       std::unique_ptr<Format> format);

}  // namespace leat::file_target
