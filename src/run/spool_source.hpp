#pragma once

#include <filesystem>
#include <memory>

#include "core/source.hpp"
#include "io/files.hpp"
#include "run/quarantine_spool.hpp"

namespace leat::run {

/// Columns that `open_spool` yields: those of a segment, the failed checks still one text with
/// a unit separator (0x1F) between them.
data::Schema spool_schema();

/// Reads a quarantine spool back, for one thread.
Result<std::unique_ptr<ChunkSource>> open_spool(io::FileSystem& files,
                                                const std::filesystem::path& path,
                                                const std::string& dataset,
                                                const SegmentStamp& stamp);

}  // namespace leat::run
