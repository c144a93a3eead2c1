#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/chunk_scan.hpp"
#include "engine/judge_host.hpp"
#include "engine/open_session.hpp"
#include "engine/second_look.hpp"

namespace leat::engine {

/// A dataset that a pass reads, made ready: what stands for it in the SQL, and its books.
///
/// Calls     `open`; the statement; `finish`.
class OpenInput {
 public:
  /// Calls     through `open`, which also prepares it.
  explicit OpenInput(PassInput& input) : x_input(input) {}
  static Result<std::unique_ptr<OpenInput>> open(OpenSession& session, PassInput& input,
                                                 const Pass& pass, const PassContext& context,
                                                 FirstError& first_error);

  const std::string& dataset() const { return x_input.dataset; }
  /// A SELECT that yields its rows.
  const std::string& select() const { return x_select; }
  /// Are its rows compared with each other? Then each of them must come to that.
  bool is_compared() const { return !x_looks.empty(); }
  /// Has all rows judged at once and keeps those that stay, however few the statement will take.
  Status gather(OpenSession& session);
  PassProgress progress() const;
  /// Reads to the end of the slice and closes the books.
  Result<DatasetCounts> finish();

 private:
  /// The checks that no row has to be looked at for: the others are judged.
  Result<std::vector<Check>> leave_out_proved(OpenSession& session);
  /// Columns of the schema that a barrier has to see; nothing: all.
  std::optional<std::vector<std::size_t>> needed_columns(const EngineScan& scan) const;
  bool sets_aside(const EngineScan& scan) const;
  void open_scan(OpenSession& session, ChunkSource& source, const PassContext& context,
                 FirstError& first_error);
  Status open_barrier(OpenSession& session, const EngineScan& scan, FirstError& first_error);
  /// The barrier sees these columns before those that are hidden.
  Status see_as(OpenSession& session, const data::Schema& columns);
  Status look_again(OpenSession& session, const Consulted& consulted, const PassContext& context,
                    FirstError& first_error);
  Status close(const DatasetCounts& counts) const;

  PassInput& x_input;
  std::string x_select;
  std::unique_ptr<Judge> x_judge;
  std::optional<ChunkScan> x_scan;
  std::optional<JudgeHost> x_host;
  std::vector<std::string> x_proved;  ///< Ids of checks.
  std::vector<Check> x_judged;        ///< The others.
  /// Columns and place, where a second look needs both; or fewer columns than the dataset has.
  std::optional<EngineTable> x_table;
  leat_barrier x_barrier{};
  std::optional<Registration> x_registration;
  std::vector<std::unique_ptr<SecondLook>> x_looks;
};

}  // namespace leat::engine
