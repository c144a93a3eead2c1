#pragma once

#include <string>
#include <vector>

#include "config/sql_text.hpp"
#include "core/catalog.hpp"
#include "plan/contract.hpp"
#include "plan/drift.hpp"
#include "plan/file_node.hpp"
#include "plan/pipeline_file.hpp"
#include "plan/plan.hpp"

namespace leat::plan {

/// A source with what is known of it so far.
struct DraftSource {
  OnError on_error;
  const config::Node* on_error_node = nullptr;
  std::string failure;  ///< See SourceNode.
  Drift from_fallback;
  FileNode node;
  std::shared_ptr<const SourceSpec> spec;
  std::optional<data::Schema> schema;  ///< Nothing: not known, and already complained about.
  std::optional<data::Schema> judged;  ///< What its checks meet: before `pii` hides anything.
  std::optional<Contract> contract;
  const config::Node* contract_node = nullptr;
  std::vector<config::Node::Entry> found_options;  ///< See SourceNode.
  std::vector<std::string> left_open;              ///< Likewise.
  std::string remark;                              ///< On what its contract says; mostly empty.
  Condition when;
  const config::Node* when_node = nullptr;
  Drift drift;
  Visible visible;
  std::optional<LateItems> items;
};

struct DraftModel {
  std::string name;
  const config::Node* key = nullptr;
  config::SqlText sql;
  std::vector<std::string> inputs;  ///< One entry a use.
  bool row_wise = false;
  std::optional<data::Schema> schema;
  const Contract* contract = nullptr;
  Condition when;
  const config::Node* when_node = nullptr;
  std::vector<std::string> needs;
  const FileStep* step = nullptr;  ///< It is a step, not a model.
  std::shared_ptr<const StepProgram> program;
  std::string select_list;  ///< What of its columns is seen; empty: all as they are.

  std::string select() const;
};

/// The graph while it is being checked. What is broken stays out, so that one mistake makes one
/// complaint.
struct Draft {
  std::vector<DraftSource> sources;
  std::vector<DraftModel> models;
  std::vector<std::string> names;  ///< Of all sources and models, broken ones included.

  /// Letter case aside. Null: there is none of this name, or it is broken.
  const std::optional<data::Schema>* schema_of(std::string_view name) const;
  /// The columns that checks of a dataset meet.
  const std::optional<data::Schema>* judged_schema_of(std::string_view name) const;
  /// The name as it was declared; empty when there is none.
  std::string declared_name(std::string_view name) const;
};

}  // namespace leat::plan
