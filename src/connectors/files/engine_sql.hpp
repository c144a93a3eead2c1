#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/sink.hpp"

namespace leat::connectors::files {

/// The path as a SQL literal for the engine's readers, which take wildcards: none is one here.
std::string literal_of_path(const std::filesystem::path& path);
/// "['a.parquet', 'b.parquet']"
std::string literal_of_paths(const std::vector<std::filesystem::path>& paths);

/// COPY (select) TO the stage's path with its format and options.
std::string copy_statement(const std::string& select, const StageTarget& stage);

}  // namespace leat::connectors::files
