#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "config/findings.hpp"
#include "config/options.hpp"

namespace leat::app {

using NodesByName = std::vector<std::pair<config::Located<std::string>, const config::Node*>>;

/// One test of a pipeline: with these rows in, those rows come out.
struct TestCase {
  NodesByName given;   ///< By source: a list of rows.
  NodesByName expect;  ///< By source, model or sink: a list of rows.
  std::vector<std::pair<config::Located<std::string>, std::uint64_t>> quarantined;
  std::vector<std::pair<config::Located<std::string>, config::Located<std::string>>> params;
};

/// A file below `tests/`.
struct TestFile {
  std::filesystem::path path;
  config::Located<std::string> pipeline;
  std::vector<std::pair<config::Located<std::string>, TestCase>> tests;
  std::shared_ptr<const config::Node> tree;  ///< What the rows point into.
};

/// Reads one; what is wrong is in `findings`.
TestFile read_test_file(const std::filesystem::path& path, config::Findings& findings);

/// The keys of such a file, for its JSON Schema.
const config::OptionSet& test_options();

}  // namespace leat::app
