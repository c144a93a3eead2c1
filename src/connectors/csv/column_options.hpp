#pragma once

#include "config/findings.hpp"
#include "connectors/csv/csv_source.hpp"
#include "connectors/csv/option_table.hpp"

namespace leat::connectors::csv {

/// What is said of single columns: names, types, nulls, formats, folders. Of `out` the rest is
/// read.
void read_columns(const Options& options, config::Findings& findings, Settings& out);

}  // namespace leat::connectors::csv
