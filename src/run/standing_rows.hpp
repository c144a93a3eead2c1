#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "run/live_run.hpp"
#include "run/quarantine_acts.hpp"

namespace leat::run {

/// A segment, as it stands for one sink.
struct StandingSegment {
  std::filesystem::path path;
  std::string publish_id;
  RowRanges replayed;  ///< Rows that a replay has taken out for this sink.
  Uuid base;           ///< The publish of the main lane whose rows stood there when it was written.
};

/// What stands in quarantine for a sink.
struct SinkStanding {
  Uuid main_head;                         ///< The last publish of its main lane.
  Head head;                              ///< Of its lane of replays: what the next replay follows.
  std::vector<StandingSegment> segments;  ///< Oldest first.
};

/// The segments of a dataset on disk, oldest first.
Result<std::vector<std::filesystem::path>> segments_of(io::FileSystem& files,
                                                       const std::filesystem::path& artifacts,
                                                       const std::string& pipeline,
                                                       const std::string& dataset);

/// Those that stand for a sink, by the ledger of its target alone.
Result<SinkStanding> standing_for(LiveRun& run, const std::string& sink, const std::string& dataset,
                                  const std::vector<std::filesystem::path>& segments);

}  // namespace leat::run
