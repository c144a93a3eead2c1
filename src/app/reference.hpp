#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace leat::app {

/// One page of the reference, in Markdown.
struct ReferencePage {
  std::string name;  ///< "checks.md"
  std::string text;
};

/// What the option tables and the catalog say: files, sources, sinks and checks.
std::vector<ReferencePage> reference_pages();

/// Writes `pages` into a folder, which is made where it is not there. Other files stay.
Status write_reference(const std::filesystem::path& folder,
                       const std::vector<ReferencePage>& pages);

}  // namespace leat::app
