#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "clients/sql_target/strategies.hpp"
#include "connectors/postgres/copy_writer.hpp"
#include "connectors/postgres/fit.hpp"

namespace leat::connectors::postgres {

/// One publish under way in its transaction.
///
/// Rows go straight into the table where nothing else is to become of them: `append`, and `replace`
/// of a table that stays or is made anew. Else they wait in a temporary table. Where columns are to
/// be cast their rows come into a table of texts first, and go on from there before `seal`: a value
/// that cannot be cast is refused like any other.
///
/// Calls     `begin`, the writer's rows, `seal`, `commit`; the destructor rolls back. `load` of a
///           held stage in the place of the writer's rows.
class Publication {
 public:
  struct Task {
    const PublishPlan& plan;
    const TableName& table;
    std::string place;
    std::string
        time_column;  ///< A table that is made becomes a hypertable by it; empty: it does not.
    bool overwrite = false;
    std::filesystem::path rows;  ///< Where what was sent is kept.
  };

  Publication(leat::postgres::Connection server, io::FileSystem& files, Task task);

  Status begin();
  /// As what the rows of each column come.
  const std::vector<std::pair<std::size_t, data::Type>>& travels_as() const {
    return x_fit.travels_as;
  }
  Result<CopyWriter*> writer();
  Result<Staged> seal();
  /// `seal` failed since the server refuses rows, and they were not kept to find which.
  bool wants_rows() const { return x_wants_rows; }
  Result<Staged> load();
  Result<RowChanges> commit(const Receipt& receipt);

 private:
  static constexpr const char* kStaging = "_leat_rows";
  /// Others may read, and nobody may write.
  static constexpr const char* kBusy = "SHARE ROW EXCLUSIVE";

  Status open_transaction();
  Status prepare();
  Status require_ours();
  Status make_staging();
  Status shape_staging();
  Status make_texts();
  Status make_target(const std::string& name);
  Status make_hypertable(const std::string& name);
  Status empty_target();
  Status require_empty();
  /// The table that rows lie in before `commit`.
  std::string rows_table() const;
  std::string copy_sql() const;
  /// Brings rows of the table of texts on, and counts them.
  std::string settle_sql() const;
  Result<std::uint64_t> settle();
  std::string names_of_columns() const;
  Result<Staged> take_again();
  Error other_rows(std::uint64_t sent, std::uint64_t taken);
  Status put_in_place();
  Status write_ledger(Receipt& receipt);
  Status create_ledger();
  const Strategy& strategy() const { return x_fit.plan.strategy; }

  // publication_meeting.cpp
  Status prepare_meeting();
  std::vector<std::string> compared_as_text() const;
  sql_target::Loose loose() const;
  sql_target::Meeting meeting_of(const Receipt& receipt) const;
  Result<RowChanges> meet_rows(const Receipt& receipt);
  std::string now_literal(const Receipt& receipt) const;

  leat::postgres::Connection x_server;
  io::FileSystem& x_files;
  PublishPlan x_plan;
  TableName x_table;
  std::string x_place;
  std::string x_time_column;
  bool x_overwrite;
  std::filesystem::path x_rows;
  FoundTable x_there;
  Fit x_fit;
  bool x_is_straight = false;
  bool x_is_remade = false;  ///< The table's columns change: it is made anew beside the old one.
  std::string x_new_name;    ///< What it is called until then.
  bool x_wants_rows = false;
  std::uint64_t x_texts_deleted = 0;  ///< Rows that the table of texts still has on disk.
  std::unique_ptr<CopyWriter> x_writer;
  std::optional<Staged> x_staged;
};

}  // namespace leat::connectors::postgres
