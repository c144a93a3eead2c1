#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "engine/engine_table.hpp"
#include "engine/row_bits.hpp"

namespace leat::engine {

/// What an SQL condition said of the rows of a chunk. Rows in neither set gave null.
struct ConditionAnswer {
  RowBits yes;
  RowBits no;
  std::map<std::uint32_t, std::string> unanswered;  ///< Rows where it broke, and why.
};

/// An SQL condition over a dataset's columns, bound once, judged by the engine's own evaluator.
/// Threads   immutable; each thread opens a Run.
class BoundCondition {
 public:
  /// Errors    config    the condition does not bind.
  static Result<BoundCondition> make(duckdb_connection connection, const std::string& sql,
                                     const leat_table& table);

  const std::vector<std::size_t>& columns() const { return x_columns; }

  class Run {
   public:
    static Result<Run> open(const BoundCondition& test);
    /// `vectors` by column of the dataset.
    Status judge(std::span<const duckdb_vector> vectors, std::uint32_t rows,
                 ConditionAnswer& answer);

   private:
    struct Close {
      void operator()(leat_test_run* run) const { leat_test_close(run); }
    };
    Status judge_each_row(std::uint32_t rows, ConditionAnswer& answer);

    std::unique_ptr<leat_test_run, Close> x_run;
    const std::vector<std::size_t>* x_columns = nullptr;
    std::vector<duckdb_vector> x_vectors;
  };

 private:
  struct Free {
    void operator()(leat_test* test) const { leat_test_free(test); }
  };
  std::unique_ptr<leat_test, Free> x_test;
  std::vector<std::size_t> x_columns;
};

}  // namespace leat::engine
