#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "core/catalog.hpp"
#include "engine/session.hpp"
#include "plan/file_node.hpp"

namespace leat::plan {

/// How a plan reaches the engine and local files, when it needs to at all: opening an engine costs
/// more than checking a hundred files without SQL.
struct PlanServices {
  const Catalog* catalog = nullptr;
  BuildContext build;                                  ///< Without session.
  const std::vector<FileNode>* connections = nullptr;  ///< Of the project.
  std::function<Result<engine::Session*>()> session;
  /// Look at files for columns that are not declared even where that fails the check; without it a
  /// source whose file is not there yet is only a warning when its columns are declared.
  bool discover = false;
  bool asks_servers = false;       ///< Without `discover`, too, for columns that nobody knows.
  bool ignores_contracts = false;  ///< Tell what is there, not what was agreed.
  /// Sinks publish elsewhere: a rehearsal. Null: where their options say.
  std::function<config::Node(const SinkEntry&, const std::string& name, const config::Node& options,
                             config::Findings&)>
      redirect = nullptr;
  /// Hears of each source that is complained of because it is out of reach, or because the machine
  /// denies it (`Error::grave`). May be null.
  std::function<void(const Error&, const Place&)> out_of_reach = nullptr;
  std::uint64_t machine_memory = 0;  ///< In bytes: what shares of memory are shares of.
};

}  // namespace leat::plan
