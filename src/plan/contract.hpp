#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "config/findings.hpp"
#include "config/node.hpp"
#include "config/option_set.hpp"
#include "data/schema.hpp"

namespace leat::plan {

/// What becomes of rows whose shape is not that of the contract.
enum class OnDrift { fail, hold, add, drop_column, quarantine_row };
std::string_view name_of(OnDrift on_drift);

/// What SQL and sinks see of a column about a person.
enum class Pii { none, hash, mask, drop };
std::string_view name_of(Pii pii);

struct ContractColumn {
  std::string name;
  data::Type type;
  std::string units;
  std::string description;
  bool nullable = true;
  Pii pii = Pii::none;
  const config::Node* checks = nullptr;  ///< A list; null: none.
  Place place;                           ///< Where the name stands.
  int length = 1;
};

/// What is said of a column for people.
struct ColumnNote {
  std::string name;
  std::string units;
  std::string description;
};

/// The columns that a dataset is agreed to have.
struct Contract {
  std::vector<ContractColumn> columns;
  /// Options of the source's connector that its files told, and that count where the source itself
  /// says nothing.
  std::vector<config::Node::Entry> read_with;
  OnDrift on_drift = OnDrift::fail;
  std::string description;
  std::filesystem::path file;                ///< Absolute; empty: it stands in the pipeline file.
  std::string shown_as;                      ///< Of `file`, or the pipeline file, in messages.
  bool exists = true;                        ///< False: `file` is named and not written yet.
  std::shared_ptr<const config::Node> tree;  ///< Of `file`; what `checks` points into.

  data::Schema schema() const;
  bool has_pii() const;
  /// Of the columns of which something is said. What is hidden of a person has no unit.
  std::vector<ColumnNote> notes() const;
};

/// Reads the map of a contract. Nothing when it has a finding.
std::optional<Contract> read_contract(const config::Node& map, config::Findings& findings);

/// The keys of a contract, for its schema and docs.
const config::OptionSet& contract_options();

/// An option as it is written in a map: `delimiter: ";"`.
std::string option_text(const config::Node::Entry& option);

/// A contract as the text of a file. `before`: what stood there; its leading comment is kept.
std::string contract_text(const Contract& contract, std::string_view before);

/// The contract that fits what was found: columns that stay keep all that was said of them.
Contract refreshed(const Contract& old, const data::Schema& found);

/// "contracts/<pipeline>.<node>.yml"
std::filesystem::path default_contract_file(const std::string& pipeline, const std::string& node);

}  // namespace leat::plan
