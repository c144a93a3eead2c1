#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/findings.hpp"
#include "config/options.hpp"
#include "config/sql_text.hpp"
#include "core/cursor.hpp"
#include "core/seal.hpp"
#include "core/sink.hpp"
#include "plan/condition.hpp"
#include "plan/contract.hpp"
#include "plan/fan_out_items.hpp"
#include "plan/file_node.hpp"
#include "plan/interval.hpp"
#include "plan/params.hpp"
#include "plan/plan.hpp"
#include "plan/program.hpp"

namespace leat::plan {

/// `cursor` of a source.
struct FileCursor {
  Cursor cursor;
  config::Located<std::string> column;
  const config::Node* node = nullptr;
  const config::Node* lookback_node = nullptr;  ///< Null: it does not look back.
};

/// `seal` of a source.
struct FileSeal {
  SealRule rule;
  config::Located<std::string> key;
  const config::Node* node = nullptr;
};

struct FileSource {
  FileNode node;
  /// Of `for_each`: the key of each item and its connector's options; empty: there is one source.
  std::vector<std::pair<std::string, const config::Node*>> items;
  std::optional<WrittenItems> late_items;  ///< They are the rows of another node.
  std::optional<FileCursor> cursor;
  std::optional<FileSeal> seal;
  OnError on_error;
  const config::Node* on_error_node = nullptr;
  const config::Node* contract_node = nullptr;  ///< `contract`; null: not given.
  std::optional<Contract> contract;             ///< Read when the pipeline is.
  const config::Node* keeps_places = nullptr;   ///< `provenance: row`; null: not wanted.
  Condition when;
  const config::Node* when_node = nullptr;
};

struct FileModel {
  std::string name;
  const config::Node* key = nullptr;  ///< Where the name stands.
  /// The SELECT, templates put in; nothing when it could not be read, which was told.
  std::optional<config::SqlText> sql;
  /// Path of the SQL as in the file, or `models/<name>.sql`; empty when it stands in the pipeline.
  std::string sql_path;
  const config::Node* sql_node = nullptr;  ///< Where that path stands; null: it is the default.
  std::vector<std::string> unique_key;     ///< `key`
  const config::Node* contract_node = nullptr;  ///< `contract`; null: not given.
  std::optional<Contract> contract;             ///< Read when the pipeline is.
  Condition when;
  const config::Node* when_node = nullptr;
};

struct StepKeys : ProgramKeys, ConditionKeys {
  const config::Node* from = nullptr;
  const config::Node* columns = nullptr;
  StepFormat format = StepFormat::csv;
  bool may_stop_early = false;
};

struct FileStep {
  std::string name;
  const config::Node* node = nullptr;  ///< The map that its keys stand in.
  const config::Node* key = nullptr;   ///< Where the name stands.
  std::string from;
  const config::Node* columns = nullptr;
  StepKeys keys;
  Condition when;
  const config::Node* when_node = nullptr;
};

/// Names of columns with their places.
using ColumnList = std::vector<config::Located<std::string>>;

struct FileSink {
  FileNode node;
  std::string from;
  const config::Node* from_node = nullptr;  ///< Null: the key is missing, already told.
  const config::Node* keys = nullptr;       ///< The map that all of its keys stand in.
  Strategy strategy = Strategy::replace;
  const config::Node* strategy_node = nullptr;  ///< Null: the default.
  ColumnList key;
  ColumnList by;
  config::Located<std::string> version;  ///< Empty: none.
  ColumnList update;
  config::SqlText delete_when;  ///< Empty: never.
  config::Located<std::string> valid_from;
  config::Located<std::string> valid_to;
  config::Located<std::string> current;
  ColumnList compare;
  bool close_deleted = false;
  std::optional<OnSchemaChange> on_schema_change;
  bool create = true;
  config::Located<std::string> takes_over;  ///< Empty: nobody's place.
  bool shared = false;
  const config::Node* shared_node = nullptr;
  Condition when;
  const config::Node* when_node = nullptr;
};

/// One check of a list: `- range: {…}`.
struct FileCheck {
  std::string dataset;
  const config::Node* dataset_key = nullptr;
  std::string kind;
  const config::Node* kind_key = nullptr;
  const config::Node* value = nullptr;
};

/// "25%" of what the machine has, or so many bytes.
struct Amount {
  std::optional<double> share;
  std::optional<std::uint64_t> bytes;
};

struct FileResources {
  std::optional<Amount> memory;
  std::optional<std::uint64_t> threads;  ///< Nothing: all.
};

/// A pipeline file: keys known, values typed, names unique; connectors and SQL not looked at yet.
struct PipelineFile {
  std::string pipeline;
  std::string description;
  std::string owner;
  std::vector<std::string> tags;
  ParamList params;
  std::vector<FileSource> sources;
  std::vector<FileModel> models;
  std::vector<FileStep> steps;
  std::vector<FileCheck> checks;
  const config::Node* no_checks = nullptr;  ///< `checks: none`; null: it does not say so.
  std::vector<FileSink> sinks;
  Policy policy;
  FileResources resources;
  SliceLimits slice;
  Hooks hooks;
  std::optional<Retry> retry;
  std::optional<IntervalRule> interval;
  const config::Node* interval_node = nullptr;
  std::optional<Guarantee> delivery;
  const config::Node* delivery_node = nullptr;
};

/// Reads a tree whose variables and templates are put in. What is broken is left out and told.
///
/// `stem` is the name of the file without its ending, which the pipeline's name must match. Points
/// into `root`. Models in files have no `sql` yet.
PipelineFile read_pipeline(const config::Node& root, const std::string& stem,
                           config::Findings& findings);

/// The params alone, from a tree whose templates are not put in yet.
ParamList read_params(const config::Node& root, config::Findings& findings);

/// The intervals alone; nothing where there are none, or none that can be read.
std::optional<IntervalRule> read_interval(const config::Node& root);

/// The keys of a pipeline file and of its parts, for schemas and docs.
const config::OptionSet& pipeline_options();
const config::OptionSet& source_options();
const config::OptionSet& model_options();
const config::OptionSet& step_options();
const config::OptionSet& sink_options();

}  // namespace leat::plan
