#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/check.hpp"
#include "run/outcome.hpp"

namespace leat::run {

/// So many rows fail a check of rows although they go on.
std::uint64_t failing_that_stay(const Check& check, const DatasetOutcome& outcome);

/// May the check look at one of these columns? By what its SQL names.
bool names_any(const Check& check, const std::vector<std::string>& columns);

/// SQL that is true for the rows that fail a check; empty: only the pass could tell.
std::string failing_rows(const Check& check);

}  // namespace leat::run
