#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace leat::app {

/// Words for the completion of a command line: nodes (with tag: and pipeline:), datasets, runs,
/// held, pipelines, sources, sinks, types.
///
/// Promise   no word rather than an error: what is broken or not there completes to nothing.
std::vector<std::string> complete(const std::filesystem::path& where, const std::string& what);

}  // namespace leat::app
