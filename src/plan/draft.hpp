#pragma once

#include <string>
#include <vector>

#include "config/findings.hpp"
#include "config/node.hpp"
#include "config/values.hpp"
#include "core/catalog.hpp"
#include "plan/plan.hpp"

namespace leat::plan {

/// A node of the pipeline file whose connector has been named but not looked up.
struct DraftNode {
  std::string name;
  const config::Node* key = nullptr;        ///< Where its name stands.
  std::string connector;
  const config::Node* connector_key = nullptr;
  const config::Node* options = nullptr;
};

/// A source with what is known of it so far.
struct DraftSource {
  DraftNode node;
  std::shared_ptr<const SourceSpec> spec;
  std::optional<data::Schema> schema;  ///< Nothing: not known, and already complained about.
};

struct DraftModel {
  std::string name;
  const config::Node* key = nullptr;
  config::SqlText sql;
  std::vector<std::string> inputs;     ///< One entry a use.
  bool row_wise = false;
  std::optional<data::Schema> schema;
};

/// The graph while it is being checked. What is broken stays out, so that one mistake makes one
/// complaint.
struct Draft {
  std::vector<DraftSource> sources;
  std::vector<DraftModel> models;
  std::vector<std::string> names;      ///< Of all sources and models, broken ones included.

  /// Letter case aside. Null: there is none of this name, or it is broken.
  const std::optional<data::Schema>* schema_of(std::string_view name) const;
  /// The name as it was declared; empty when there is none.
  std::string declared_name(std::string_view name) const;
};

}  // namespace leat::plan
