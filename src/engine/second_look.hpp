#pragma once

#include <array>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "engine/judge_host.hpp"
#include "engine/open_session.hpp"

namespace leat::engine {

/// Columns that tell where a row of a source of ours stood, in their order; a model has none of
/// them. "leat file" is the number of the file, in the order of reading.
inline constexpr std::array<const char*, 4> kPlaceColumns{"leat file", "leat record", "leat line",
                                                          "leat byte"};
/// Those of a scan of the engine, whose "leat file" is the name; the order of files is beside it.
inline constexpr std::array<const char*, 3> kScanPlaceColumns{"leat file", "leat record",
                                                              "leat file order"};

/// The checks that look at a row beside others, judged among the rows that the first look left.
///
/// Calls     `make`; `select` into the statement; `merge` when it is done.
/// Promise   what it needs to hold of the rows lies with the engine: in memory or in spill.
class SecondLook {
 public:
  struct Task {
    std::string dataset;
    const data::Schema& schema;
    std::vector<Check> checks;  ///< Of which those that compare rows are looked at.
    BadRowSink* bad_rows = nullptr;
    const Consulted& consulted;
    std::span<const char* const> place_columns = {};  ///< That follow the schema's.
    const ChunkSource* files = nullptr;  ///< Who names files; null: "leat file" is the name itself.
    std::vector<std::string> order = {};   ///< Columns of the place that order the rows, if any.
    std::vector<std::string> hidden = {};  ///< Columns whose values nothing shows.
    bool keeps_place = false;              ///< Its rows go on with their place: to another look.
  };

  static bool is_needed(const std::vector<Check>& checks);
  /// One look, for checks that are judged side by side.
  static Result<std::unique_ptr<SecondLook>> make(OpenSession& session, const Task& task,
                                                  FirstError& first_error);
  /// Calls     through `make`, which also prepares it.
  explicit SecondLook(const Task& task) : x_dataset(task.dataset), x_schema(task.schema) {}
  SecondLook(const SecondLook&) = delete;
  SecondLook& operator=(const SecondLook&) = delete;

  /// A SELECT of the rows that stay. `inner` is a table expression with the columns of the dataset
  /// and then those of the place.
  std::string select(const std::string& inner) const;
  /// Adds what was found to the counts of the first look.
  /// Errors    internal  the books of this look do not close: it met other rows than were left.
  Status merge(DatasetCounts& counts);

 private:
  std::string x_dataset;
  const data::Schema& x_schema;
  std::vector<std::string> x_hidden;  ///< Columns between the dataset's and the barrier, as SQL.
  std::optional<EngineTable> x_wide;  ///< The dataset with its place, where that goes on.
  std::unique_ptr<Judge> x_judge;
  std::optional<JudgeHost> x_host;
  leat_barrier x_barrier{};
  std::optional<Registration> x_registration;
};

/// The columns, and behind them those of the place, whose first names the file or numbers it.
data::Schema with_place(data::Schema schema, std::span<const char* const> place_columns,
                        bool is_named);

/// The looks that `task.checks` need, one behind the other, and `select` as the last leaves it.
Result<std::vector<std::unique_ptr<SecondLook>>> look_again(OpenSession& session,
                                                            SecondLook::Task task,
                                                            FirstError& first_error,
                                                            std::string& select);

/// "a", "b": for a SELECT list.
std::string column_list(const data::Schema& schema);

/// "the books of county do not close": what went in is not what came out.
Error books_do_not_close(const std::string& dataset, std::string_view left_name, std::uint64_t left,
                         std::string_view right_name, std::uint64_t right);

}  // namespace leat::engine
