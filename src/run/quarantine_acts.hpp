#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/row_ranges.hpp"
#include "io/files.hpp"

namespace leat::run {

/// What somebody decided about rows of a segment. docs/formats/quarantine.md.
struct QuarantineAct {
  std::string act;  ///< "patch" or "drop"
  Instant at{};
  std::string by;   ///< "ana@etl1"
  std::string how;  ///< The reason of a drop; of a patch what was typed.
  RowRanges rows;
  /// Of a patch: by row the values of all columns, a JSON object of texts and nulls.
  std::map<std::uint64_t, std::string> values = {};
};

/// All of them, and what they come to.
struct QuarantineActs {
  std::vector<QuarantineAct> log;  ///< Oldest first.
  RowRanges dropped;
  std::map<std::uint64_t, std::string> patched;  ///< The last values of each row.
};

/// "<publish_id>.acts.ndjson" beside the segment.
std::filesystem::path acts_path(const std::filesystem::path& segment);
/// None where nobody has decided anything.
Result<QuarantineActs> read_acts(io::FileSystem& files, const std::filesystem::path& segment);
/// Durable when it returns; what stood there stays.
Status add_act(io::FileSystem& files, const std::filesystem::path& segment,
               const QuarantineAct& act);

/// Who is at the keyboard: "ana@etl1".
std::string who_acts();

}  // namespace leat::run
