#pragma once

#include <memory>
#include <vector>

#include "plan/draft.hpp"
#include "plan/engine_access.hpp"
#include "plan/pipeline_file.hpp"

namespace leat::plan {

/// With `provenance: row`, what says where its rows stood.
std::shared_ptr<const SourceSpec> placed(const FileSource& file,
                                         std::shared_ptr<const SourceSpec> spec,
                                         config::Findings& findings);

/// One source, or one for each item; `others` are options from elsewhere.
std::shared_ptr<const SourceSpec> parse_source(const FileSource& file, const SourceEntry& entry,
                                               const std::vector<config::Node::Entry>& others,
                                               const PlanServices& services,
                                               config::Findings& findings);

/// What is there tells how it is to be read where neither the source nor its contract says so; what
/// cannot be looked at is told by those who need it.
void find_options(const FileSource& file, const SourceEntry& entry, const PlanServices& services,
                  DraftSource& source);

/// What is to be said of options that the contract alone says.
void remark_on_contract(const FileSource& file, DraftSource& source);

}  // namespace leat::plan
