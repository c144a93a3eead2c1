#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace leat::app {

/// What could not be translated, and where it stands.
struct NotImported {
  std::string file;
  int line = 0;
  std::string what;
};

struct ImportOutcome {
  std::filesystem::path pipeline;  ///< The file that was written.
  std::size_t sources = 0;
  std::size_t models = 0;
  std::size_t checks = 0;
  std::vector<NotImported> left;
};

/// Makes a Leat project of the dbt project in `from`, in the new folder `to`; where that is empty,
/// in a folder here that bears the project's name with `_leat`.
///
/// Errors  config   `from` holds no dbt project.
///         refused  `to` is there and is not empty: nothing was written.
Result<ImportOutcome> import_dbt(const std::filesystem::path& from,
                                 const std::filesystem::path& to);

}  // namespace leat::app
