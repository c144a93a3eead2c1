#pragma once

#include <optional>
#include <string>
#include <vector>

#include "run/runner.hpp"

namespace leat::run {

/// What a run would do to one sink, as its target and its sources stand now.
struct Ahead {
  std::string sink;
  bool is_pending = true;                      ///< False: nothing is new for it.
  std::string new_rows;                        ///< "2 files, 4.8 MB", or that all is read.
  std::optional<std::uint64_t> rows_expected;  ///< As its last publishes had them.
  std::string replaces;                        ///< What of its target goes; empty: nothing.
  std::vector<std::string> changes;            ///< Columns that differ from its last publish.
  std::string trouble;                         ///< Why it would not run; empty: it would.
};

/// Asks the ledgers and the sources, changes nothing and waits for nobody. Sinks that publish by
/// interval are left out: their intervals tell.
///
/// Errors    what keeps the engine from being opened. What is wrong with one sink stands in it.
Result<std::vector<Ahead>> look_ahead(const plan::Plan& plan, const RunOptions& options,
                                      const RunServices& services);

}  // namespace leat::run
