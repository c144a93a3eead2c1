#pragma once

#include <memory>
#include <vector>

#include "clients/file_target/partitions.hpp"
#include "config/findings.hpp"
#include "config/node.hpp"
#include "connectors/files/engine_format.hpp"

namespace leat::connectors::files {

/// `[symbol, {year: day}]`: a column, or a unit of time of a column. Null node: none.
std::vector<file_target::PartitionKey> read_partition_keys(const config::Node* node,
                                                           config::Findings& findings);

/// Are the columns there, and can their values be names of folders? Errors: config.
Status require_partition_columns(const std::vector<file_target::PartitionKey>& keys,
                                 const data::Schema& schema);

/// Partitions of files in a format that the engine writes.
std::unique_ptr<file_target::PartitionFormat> make_partition_format(
    std::unique_ptr<EngineFormat> format, std::vector<file_target::PartitionKey> keys,
    io::FileSystem& files, engine::Session& session);

}  // namespace leat::connectors::files
