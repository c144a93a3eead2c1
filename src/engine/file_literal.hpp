#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace leat::engine {

/// A path as a SQL literal for the engine's readers, which take wildcards: none is one here.
std::string file_literal(const std::filesystem::path& path);
/// "['a.parquet', 'b.parquet']"
std::string file_literal(const std::vector<std::filesystem::path>& paths);

}  // namespace leat::engine
