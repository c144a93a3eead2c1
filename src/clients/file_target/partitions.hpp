#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "clients/file_target/file_target.hpp"

namespace leat::file_target {

/// One level of folders: `symbol=AAPL`, or with a unit `year=2024`.
struct PartitionKey {
  std::string column;  ///< Of the dataset.
  std::string unit;    ///< year, month, day, hour, date; empty: the values of the column itself.
  /// What the folders are called.
  const std::string& name() const { return unit.empty() ? column : unit; }
};

/// One file of a partition, cut out of a stage.
struct PartFile {
  std::string folder;  ///< "year=2024/month=01/symbol=A%2FB"
  std::filesystem::path path;
};

/// What a partitioned target must know about its format.
class PartitionFormat {
 public:
  virtual ~PartitionFormat() = default;
  /// Of the files in the partitions: what single files are joined and counted with.
  virtual const Format& format() const = 0;
  /// How the engine writes the whole stage, before it is cut.
  virtual Result<StageTarget> stage_at(const std::filesystem::path& path,
                                       const data::Schema& schema) const = 0;
  virtual Result<std::uint64_t> count_stage(const std::filesystem::path& path) const = 0;
  /// Cuts the stage into files below `folder`, sorted by their partition; several of one partition
  /// may come. A value becomes a folder's name with all but letters, digits and `-_.~` escaped as
  /// in an URL; null becomes `__HIVE_DEFAULT_PARTITION__`.
  virtual Result<std::vector<PartFile>> cut(const std::filesystem::path& stage,
                                            const data::Schema& schema,
                                            const std::filesystem::path& folder) const = 0;
};

/// A sink that publishes a folder of partitions, each one file `data.<extension>`.
///
/// Promise   as Sink, but for this: a partition is replaced whole by one rename, and the partitions
///           of one publish one after the other. What is published is written to the ledger
///           `_leat/commits.ndjson` before the first rename; after a kill whoever looks at the
///           target next carries out the rest. docs/formats/partitions.md.
/// Errors    config    a folder that Leat did not publish, unless `overwrite` (refused).
///           external  the disk; busy while somebody else is publishing.
std::unique_ptr<Sink> open_partitioned_target(io::FileSystem& files, Target target,
                                              std::vector<PartitionKey> keys,
                                              std::unique_ptr<PartitionFormat> format);

}  // namespace leat::file_target
