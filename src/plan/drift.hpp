#pragma once

#include <optional>
#include <string>
#include <vector>

#include "core/receipt.hpp"
#include "plan/contract.hpp"

namespace leat::plan {

/// How rows as they are found become rows as the contract says.
struct SourceShape {
  data::Schema found;
  /// By column of the contract: which one of `found` it is; nothing: it is gone, and null.
  std::vector<std::optional<std::size_t>> from;
  /// A value in a column that the contract does not have sets its row aside.
  bool refuses_new = false;
};

/// What a contract and what was found have to say of each other.
struct Drift {
  data::Schema schema;  ///< What checks meet: the contract's columns, and with `add` new ones.
  SourceShape shape;
  bool is_plain = true;               ///< Rows can stay as they are.
  std::vector<SchemaChange> changes;  ///< From the contract to what was found.
  std::vector<std::string> refusals;  ///< Why nothing may run; empty: it may.
};

/// `reads_as`: the reader was asked for the contract's types, so a type that differs all the same
/// cannot be read.
Drift compare(const std::string& dataset, const Contract& contract, const data::Schema& found,
              bool reads_as);

/// "+ city VARCHAR", "- age BIGINT", "~ id BIGINT → VARCHAR"
std::string describe(const SchemaChange& change);

/// What SQL sees of a dataset with columns about persons.
struct Visible {
  data::Schema schema;
  std::string select_list;          ///< Empty: all columns as they are.
  std::vector<std::string> hidden;  ///< Columns that no message may show.
};
Visible visible_of(const Contract& contract, const data::Schema& schema);

}  // namespace leat::plan
