#pragma once

#include <memory>
#include <string>

#include "clients/postgres/connection.hpp"
#include "state/store.hpp"

namespace leat::state {

/// Where a store lies in a server.
struct PostgresPlace {
  postgres::Server server;
  std::string shown;   ///< "dw on db.internal", for people.
  std::string schema;  ///< Of its tables alone.
};

/// The schema of a project's store: "leat_county_health". Names that need other letters, or more of
/// them, bear a digest, so that two projects never share one.
std::string schema_of_project(const std::string& project);

/// The store of a fleet. With `makes` it is made or migrated; without, null where there is none.
///
/// Promise   whoever makes or migrates it does so alone. A connection that is lost between two
///           calls is opened anew, for as long as a server needs to start.
/// Errors    as the server's; config: made by a newer program.
Result<std::unique_ptr<Store>> open_postgres_store(const PostgresPlace& place, bool makes);

}  // namespace leat::state
