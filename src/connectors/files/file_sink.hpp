#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "clients/file_target/file_target.hpp"
#include "clients/file_target/partitions.hpp"
#include "config/findings.hpp"
#include "config/node.hpp"
#include "connectors/files/engine_format.hpp"
#include "core/catalog.hpp"
#include "core/ordered_rows.hpp"

namespace leat::connectors::files {

/// What every format of a single target file has.
struct FileSinkOptions {
  std::string path;
  bool overwrite = false;
  bool ordered = false;
  const config::Node* partition_by = nullptr;
  std::vector<file_target::PartitionKey> partitions;  ///< What `partition_by` says.
};

/// A sink of one file, or of a folder of partitions, whatever its format.
class FileSinkSpec : public SinkSpec, public KeepsOrder {
 public:
  explicit FileSinkSpec(FileSinkOptions options) : x_options(std::move(options)) {}

  bool keeps_order() const override { return x_options.ordered; }
  bool supports(Strategy strategy) const override;
  bool replaces_partitions() const override { return !x_options.partitions.empty(); }
  std::string guarantee() const override;
  Status accepts(const data::Schema& schema) const override;
  Status can_meet(const data::Schema& schema) const override;
  std::string target_key(const BuildContext& context) const override;
  std::optional<std::filesystem::path> target_file(const BuildContext& context) const override;
  Result<std::unique_ptr<Sink>> build(const BuildContext& context) const override;

 protected:
  /// "parquet": what the names of its files end in.
  virtual std::string file_extension() const = 0;
  virtual std::unique_ptr<EngineFormat> make_format(const BuildContext& context) const = 0;
  /// Can the format hold columns of these types?
  virtual Status accepts_types(const data::Schema& schema) const = 0;
  /// As SinkSpec::can_meet, of the rows of one file.
  virtual Status types_can_meet(const data::Schema&) const { return {}; }

 private:
  FileSinkOptions x_options;
};

/// What the table cannot say: reads `partition_by`; a path that names a folder where there are no
/// partitions is a finding at its node.
void finish_options(FileSinkOptions& options, const config::Node& node, config::Findings& findings);

/// A rehearsal of such a sink; `read` is what reads a file or a list of files in the engine, each
/// column exactly or as text: "read_parquet($)".
Rehearsal rehearsal_of(std::string file_extension,
                       std::function<std::string(const config::Node&)> read);

/// Every column's type can be written as text and read again. Errors: config, naming the column.
Status require_text_form(const data::Schema& schema);

inline constexpr const char* kPathSummary =
    "The file, relative to the project's root; with `partition_by` the folder.";
inline constexpr const char* kOrderedSummary =
    "Rows stand in the file as they came: those of a source in its order, of files in that of "
    "`path`. One thread writes then, in the whole run.";
inline constexpr const char* kPartitionSummary =
    "Levels of folders: columns, or units of time of a column (year, month, day, hour, date).";
inline constexpr const char* kPartitionExample = "[symbol, {year: day}, {month: day}]";
inline constexpr const char* kOverwriteSummary =
    "Replace a file that is there already and was not published by Leat.";

SinkEntry parquet_sink();
SinkEntry csv_sink();
SinkEntry ndjson_sink();
SinkEntry arrow_sink();
SinkEntry avro_sink();
SinkEntry hdf5_sink();
SinkEntry xlsx_sink();
SinkEntry xml_sink();

}  // namespace leat::connectors::files
