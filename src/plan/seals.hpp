#pragma once

#include "plan/draft.hpp"
#include "plan/load.hpp"
#include "plan/pipeline_keys.hpp"

namespace leat::plan {

/// What `seal` of the source `node` says; nothing where its key is missing, which was told.
std::optional<FileSeal> seal_of(const SealKeys& keys, const config::Node& node);

/// The source seals its extract from here on.
void add_seal(const FileSource& file, DraftSource& source, config::Findings& findings);

/// The column is there, and its values have an order.
void judge_seal_key(const FileSource& file, const DraftSource& source, config::Findings& findings);

}  // namespace leat::plan
