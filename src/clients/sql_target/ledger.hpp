#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "clients/sql_target/query.hpp"
#include "core/sink.hpp"

namespace leat::sql_target {

inline constexpr const char* kCommits = "_leat_commits";
inline constexpr const char* kHeads = "_leat_heads";
inline constexpr const char* kExecutions = "pipeline_executions";

/// Where a ledger lies, and how its database spells what it is made of.
struct LedgerPlace {
  std::string commits;       ///< `_leat_commits`, as SQL names it there.
  std::string heads;         ///< `_leat_heads`
  std::string is_there_sql;  ///< A SELECT that yields a row where there is a ledger.
  std::string text = "VARCHAR";
  std::string uuid = "UUID";
  std::string count = "UBIGINT";
  std::string instant = "TIMESTAMP WITH TIME ZONE";
  bool has_keys = false;          ///< Its tables have primary keys.
  std::string order = "rowid";    ///< Of `_leat_commits`: the column that tells which came later.
  std::string order_column = {};  ///< How it is declared, behind the others; empty: it is there.
  bool is_narrow = false;         ///< It may lack characters: a receipt is written in ASCII.
  bool keeps_case = false;      ///< Two tables may have names that are the same but for their case.
  std::string executions;       ///< The view over it, as CREATE VIEW names it; empty: none.
  std::string executions_from;  ///< `_leat_commits`, as the view names it.
  std::string executions_taken_sql;  ///< A SELECT that yields a row where its name is taken.
  std::string score;                 ///< SQL: the number `score` of the JSON in `receipt`.
  std::string table;                 ///< The table that is published.
  std::string shown;                 ///< The same, for people.
  std::string place;                 ///< The same with its database.
};

/// The ledger beside a table: `_leat_commits` and `_leat_heads`. docs/formats/ledger-tables.md.
///
/// Calls     those that write, within a transaction.
class Ledger {
 public:
  Ledger(LedgerPlace place, Query query) : x_place(std::move(place)), x_query(std::move(query)) {}

  /// Not before the first publish to the database.
  Result<bool> is_there() const;
  /// Nothing before the first publish of the lane to this table, or when there is no ledger.
  Result<std::optional<Receipt>> last_receipt(const Lane& lane) const;
  /// As Sink::tips.
  Result<LaneTips> tips(const Lane& lane) const;
  /// As Sink::lanes.
  Result<std::vector<std::string>> lanes(const Lane& lane) const;
  Result<std::optional<Receipt>> find(const Uuid& publish_id) const;
  /// Did a publish create the table or replace it whole?
  Result<bool> made_table() const;

  /// With the view `pipeline_executions`, where nothing else has its name.
  Status create() const;
  /// The compare-and-set on the head of the lane, and on what the plan knows of the others. Where
  /// there is no table yet every lane to it begins again.
  /// Errors   refused  somebody else has published, whom it names.
  Status advance(const PublishPlan& plan, const Receipt& receipt, bool is_new_table) const;
  Status add(const Receipt& receipt, bool made_table) const;

 private:
  Result<std::vector<Receipt>> receipts(const std::string& which) const;
  Result<std::optional<Receipt>> newest(const std::string& condition) const;
  std::string head_of(const std::string& which) const;
  Result<bool> yields(const std::string& sql) const;
  Status execute(const std::string& sql) const;
  std::string of_lane(const Lane& lane) const;
  std::string table_name() const;
  std::string literal(const Uuid& id) const;
  std::string literal(Instant instant) const;
  Status forget_heads() const;
  Status create_view() const;
  Status move_head(const Receipt& receipt) const;

  LedgerPlace x_place;
  Query x_query;
};

}  // namespace leat::sql_target
