#pragma once

#include <set>
#include <string>
#include <vector>

#include "io/files.hpp"
#include "plan/plan.hpp"

namespace leat::run {

/// Writes down what the sources of a plan were found to have, where there is no contract yet and
/// the pipeline does not declare it, but for those in `empty`; new columns join a contract that
/// says `on_drift: add`.
///
/// Calls     after a publish of a run that looked at its sources.
/// Promise   a file is replaced in one step. A contract that stands in the pipeline file is its
///           author's: what should be added to it is a warning.
/// Returns one sentence for each thing done, or not done: warnings of the run.
std::vector<std::string> keep_contracts(io::FileSystem& files, const plan::Plan& plan,
                                        const std::set<std::string>& empty = {});

/// Writes the contract of one source as it was found, over what stood there.
Status write_contract(io::FileSystem& files, const plan::Contract& contract);

/// The contract of a source that has none yet.
plan::Contract first_contract(const plan::Plan& plan, const plan::SourceNode& source);

}  // namespace leat::run
