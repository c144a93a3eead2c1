#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "clients/file_list/listed_file.hpp"

namespace leat::file_list {

/// What the spec of a slice says.
struct SliceFiles {
  std::vector<ListedFile> files;  ///< In the order of reading.
  bool wants_digests = false;
};

/// As the spec of a slice.
std::string to_text(const SliceFiles& slice);

/// What a spec says of files that are seen from `root`; nothing where it is none of these.
SliceFiles from_text(const std::string& text, const std::filesystem::path& root);

}  // namespace leat::file_list
