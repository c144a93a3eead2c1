#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "core/sink.hpp"
#include "io/files.hpp"

namespace leat::connectors::verdict {

/// Where the verdicts of one lane are written down.
struct VerdictTarget {
  std::filesystem::path ledger;  ///< `<artifacts>/verdicts/<pipeline>/<sink>.ndjson`
  std::string shown;             ///< The same, as people say it.
};

/// A sink that keeps no row: it counts what it is given, and the receipt is all that it publishes.
///
/// The ledger is that of a folder of partitions without any partition (docs/formats/partitions.md):
/// a whole line is a publish that happened.
///
/// Promise   as Sink; commit is one line and one fsync.
std::unique_ptr<Sink> open_verdicts(io::FileSystem& files, VerdictTarget target);

}  // namespace leat::connectors::verdict
