#pragma once

#include <vector>

#include "base/result.hpp"
#include "clients/file_list/file_list.hpp"
#include "connectors/files/json_lane.hpp"
#include "data/schema.hpp"

namespace leat::connectors::files {

/// The columns of JSON files whose author declared none: the keys of the first records of each
/// file, in the order in which they come.
///
/// Shape     whole numbers are bigint (hugeint where they need it), others double, true and false
///           boolean, nested values json, all else and what mixes varchar. Texts stay texts.
/// Errors    config  no object is there; two keys differ only in letter case.
Result<data::Schema> sniff_json(io::FileSystem& files,
                                const std::vector<file_list::ListedFile>& listed,
                                const JsonCut& cut);

}  // namespace leat::connectors::files
