#pragma once

#include <optional>

#include "config/findings.hpp"
#include "config/node.hpp"
#include "config/option_set.hpp"
#include "connectors/csv/csv_source.hpp"

namespace leat::connectors::csv {

/// The keys of a `csv` source.
const config::OptionSet& options();

/// A node's options, checked; nothing when findings were added.
std::optional<Settings> read_settings(const config::Node& node, config::Findings& findings);

}  // namespace leat::connectors::csv
