#pragma once

#include <optional>
#include <string>
#include <vector>

#include "config/options.hpp"
#include "plan/pipeline_file.hpp"

namespace leat::plan {

/// The keys of a pipeline file as they are read, before they are judged.

struct MaxChangeKeys {
  std::optional<config::Located<std::string>> added;
  std::optional<config::Located<std::string>> removed;
  std::optional<config::Located<std::string>> changed;
};

struct PolicyKeys {
  config::Located<std::string> max_quarantine{"none"};
  double min_score = 0;
  config::Located<std::string> on_breach{"hold"};
  std::optional<config::Located<std::string>> on_held;
  std::vector<std::pair<config::Located<std::string>, double>> weights;
  bool profile = false;
  std::optional<MaxChangeKeys> max_change;
};

struct ResourceKeys {
  std::optional<config::Located<std::string>> memory;
  config::Located<std::string> threads{"all"};
};

struct HookKeys : ProgramKeys {};

struct HooksKeys {
  std::vector<HookKeys> before;
  std::vector<HookKeys> after;
  std::vector<HookKeys> finally;
  std::vector<HookKeys> on_failure;
};

struct RetryKeys {
  std::uint64_t attempts = 3;
  std::string backoff = "exponential";
  config::Duration delay{std::chrono::milliseconds(2000)};
  config::Duration max_delay{std::chrono::hours(1)};
  bool jitter = true;
  std::optional<config::Duration> within;
};

struct SliceKeys {
  std::optional<std::uint64_t> rows;
  std::optional<config::Bytes> bytes;
};

struct ForEachKeys {
  const config::Node* values = nullptr;
  const config::Node* from = nullptr;
  std::string key;
};

struct CursorKeys {
  config::Located<std::string> column;
  std::optional<config::Located<std::string>> lookback;
  std::string boundary = "dedupe";
};

struct SealKeys {
  config::Located<std::string> key;
  std::optional<std::uint64_t> rows;
  std::optional<config::Bytes> bytes;
  std::optional<config::Duration> every;
};

struct SourceKeys : ConditionKeys {
  std::optional<CursorKeys> cursor;
  std::optional<SealKeys> seal;
  std::optional<ForEachKeys> for_each;
  config::Located<std::string> on_error{"fail"};
  const config::Node* contract = nullptr;
  std::string provenance = "none";
};

struct ModelKeys : ConditionKeys {
  const config::Node* sql = nullptr;
  const config::Node* query = nullptr;
  std::vector<std::string> key;
  std::string materialize = "stream";
  const config::Node* contract = nullptr;
};

struct SinkKeys : ConditionKeys {
  const config::Node* from = nullptr;
  Strategy strategy = Strategy::replace;
  ColumnList key;
  ColumnList by;
  config::Located<std::string> version;
  ColumnList update;
  config::SqlText delete_when;
  config::Located<std::string> valid_from{"valid_from"};
  config::Located<std::string> valid_to{"valid_to"};
  config::Located<std::string> current{"is_current"};
  ColumnList compare;
  std::string deletes = "ignore";
  std::optional<config::Located<std::string>> on_schema_change;
  bool create = true;
  config::Located<std::string> takes_over;
  bool shared = false;
};

struct IntervalKeys {
  IntervalUnit unit = IntervalUnit::day;
  config::Located<std::string> start;
  config::Located<std::string> end;
  config::Duration lookback{};
  config::Located<std::string> timezone{"UTC"};
};

struct PipelineKeys {
  std::optional<IntervalKeys> interval;
  config::Located<std::string> pipeline;
  std::int64_t version = 1;
  std::string description;
  std::string owner;
  std::vector<std::string> tags;
  ParamList params;
  config::Located<std::string> delivery;
  const config::Node* sources = nullptr;
  const config::Node* models = nullptr;
  const config::Node* steps = nullptr;
  const config::Node* checks = nullptr;
  const config::Node* sinks = nullptr;
  PolicyKeys policy;
  ResourceKeys resources;
  SliceKeys slice;
  HooksKeys hooks;
  std::optional<RetryKeys> retry;
};

const config::OptionTable<PipelineKeys>& pipeline_table();
const config::OptionTable<SourceKeys>& source_table();
const config::OptionTable<ModelKeys>& model_table();
const config::OptionTable<StepKeys>& step_table();
const config::OptionTable<SinkKeys>& sink_table();

}  // namespace leat::plan
