#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "core/check.hpp"
#include "engine/bound_condition.hpp"
#include "engine/open_session.hpp"
#include "kernels/key_count.hpp"
#include "kernels/key_set.hpp"
#include "kernels/row_kernel.hpp"

namespace leat::engine {

/// A row check made ready for one dataset.
/// Threads   any; only the keys change, and they know threads.
struct CompiledCheck {
  Check check;
  std::unique_ptr<kernels::RowKernel> kernel;  ///< Null: `sql` judges, or the keys do.
  std::size_t kernel_column = 0;
  std::optional<BoundCondition> sql;
  std::optional<BoundCondition> where;
  std::vector<std::size_t> key_columns;
  std::unique_ptr<kernels::KeySet> keys;     ///< Of a key test: which rows repeat a key.
  std::unique_ptr<kernels::KeyCount> count;  ///< Or, where none of them leaves, only how many do.
  std::optional<std::size_t> verdict;        ///< Of a compare test: which verdict column is its.
  std::vector<std::size_t> reads;            ///< Columns that it looks at.
  std::vector<std::size_t> shown;            ///< Columns whose cells a message shows.

  bool is_keyed() const { return keys != nullptr || count != nullptr; }
};

/// Rows are judged one by one first, and those that stay beside each other: the compare tests.
enum class Look { first, second };

/// Those of `checks` that this look is about, the stateless before the keyed ones.
Result<std::vector<CompiledCheck>> compile_checks(OpenSession& session, const EngineTable& table,
                                                  const data::Schema& schema,
                                                  const std::vector<Check>& checks, Look look);

}  // namespace leat::engine
