#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "base/result.hpp"
#include "core/seal.hpp"
#include "io/files.hpp"

namespace leat::run {

/// What the parts of an extract must have in common, as digests.
struct ExtractIdentity {
  std::string pipeline;  ///< The pipeline's version.
  std::string columns;   ///< Those of the source that checks and models meet.
  std::string
      heads;  ///< Where the sinks stood that it is read for: once they are published it is over.
  std::string source;  ///< What the source says of itself.
};

/// What stands behind the rows of a sealed part. docs/formats/slices.md.
struct PartFooter {
  SealedPart part;
  ExtractIdentity identity;
};

/// As it is written.
std::string footer_of(const SealedPart& part, const ExtractIdentity& identity);

/// Nothing where it is no whole part.
Result<std::optional<PartFooter>> read_footer(io::FileSystem& files,
                                              const std::filesystem::path& path);

/// Why parts of the one are none of the other; empty: they are the same.
std::string difference(const ExtractIdentity& theirs, const ExtractIdentity& own);

}  // namespace leat::run
