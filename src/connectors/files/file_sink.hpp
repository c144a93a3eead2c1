#pragma once

#include <memory>
#include <string>

#include "clients/file_target/file_target.hpp"
#include "config/findings.hpp"
#include "config/node.hpp"
#include "core/catalog.hpp"

namespace leat::connectors::files {

/// What every format of a single target file has.
struct FileSinkOptions {
  std::string path;
  bool overwrite = false;
};

/// A sink of one file, whatever its format.
class FileSinkSpec : public SinkSpec {
 public:
  explicit FileSinkSpec(FileSinkOptions options) : x_options(std::move(options)) {}

  bool supports(Strategy) const override { return true; }
  std::string target_key(const BuildContext& context) const override;
  std::optional<std::filesystem::path> target_file(const BuildContext& context) const override;
  Result<std::unique_ptr<Sink>> build(const BuildContext& context) const override;

 protected:
  virtual std::unique_ptr<file_target::Format> make_format(const BuildContext& context) const = 0;

 private:
  FileSinkOptions x_options;
};

/// What the table cannot say: a path that names a folder is a finding at its node.
void check_path(const FileSinkOptions& options, const config::Node& node,
                config::Findings& findings);

/// Every column's type can be written as text and read again. Errors: config, naming the column.
Status require_text_form(const data::Schema& schema);

inline constexpr const char* kPathSummary = "The file, relative to the project's root.";
inline constexpr const char* kOverwriteSummary =
    "Replace a file that is there already and was not published by Leat.";

SinkEntry parquet_sink();
SinkEntry csv_sink();
SinkEntry ndjson_sink();

}  // namespace leat::connectors::files
