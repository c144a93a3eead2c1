#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "app/project.hpp"

namespace leat::app {

/// A connection of leat.yml, and what came of asking it.
struct ConnectionState {
  std::string name;
  std::string connector;
  std::string place;   ///< "leat.yml:4:3"
  bool asked = false;  ///< Somebody tried to reach it.
  bool reached = false;
  std::string said;  ///< Who answered, or why nobody did.
  std::string hint;
};

/// The connections of the project that `where` belongs to.
Result<std::vector<ConnectionState>> list_connections(const std::filesystem::path& where,
                                                      const LoadOptions& options);

/// The same, each of them asked, or the one of this name. A connection that cannot be reached is
/// no error: what it says is in its state.
Result<std::vector<ConnectionState>> test_connections(const std::filesystem::path& where,
                                                      const std::string& name,
                                                      const LoadOptions& options);

}  // namespace leat::app
