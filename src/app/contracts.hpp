#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/project.hpp"

namespace leat::app {

/// What became of the contract of one source.
struct Discovered {
  std::string source;
  std::string file;                  ///< Where the contract stands.
  std::vector<std::string> columns;  ///< "id BIGINT"
  std::vector<std::string> changes;  ///< "+ city VARCHAR"; against the contract that was there.
  bool was_there = false;
  bool written = false;
  std::string note;  ///< Why it was not written; empty when it was, or nothing had changed.
};

/// Looks at the sources of a pipeline, or at one of them, and writes down what is there as their
/// contracts. What else a contract says of a column that stays is kept.
Result<std::vector<Discovered>> discover(const std::filesystem::path& where,
                                         const std::string& node, const LoadOptions& options);

}  // namespace leat::app
