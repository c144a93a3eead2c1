#pragma once

#include <filesystem>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "core/receipt.hpp"
#include "core/row_ranges.hpp"
#include "state/store.hpp"

namespace leat::app {

/// What the history says of the publishes that segments of rows set aside belong to.
class QuarantineStanding {
 public:
  /// Knows nothing where there is no history, or a damaged one.
  static Result<QuarantineStanding> read(const std::filesystem::path& where);

  /// Of a segment: the status of its publish; `superseded` when every publish that lists it has
  /// made room for a later one of its lane: what it says of its rows has been said again since.
  std::string status(const std::string& dataset, const std::string& publish_id) const;
  /// Rows of a segment that replays have taken out for every sink it stands for.
  RowRanges replayed(const std::string& dataset, const std::string& publish_id) const;
  /// The sink whose publish it is, or the one that took its place since, and its target: the same
  /// sink of another environment goes another way. Empty: unknown.
  std::string lane(const std::string& publish_id) const;

 private:
  struct Known {
    state::PublishRecord record;
    Receipt receipt;  ///< As far as it could be read.
    bool has_receipt = false;
  };
  /// The last publishes of a line that others make room for.
  struct Latest {
    Uuid ended;                              ///< Done, held or failed.
    Uuid read_all;                           ///< Committed, with every dataset read whole.
    std::map<std::string, Uuid> read_whole;  ///< Committed, by the dataset that was read whole.
  };
  void join_lanes();
  void find_latest();
  void name_places();
  std::string sink_of(const Lane& lane) const;
  std::string line_of(const state::PublishRecord& record) const;
  void note_replay(const Known& known);
  bool has_made_room(const Known& known, const std::string& dataset) const;

  std::map<std::string, Known> x_known;                         ///< By publish id.
  std::set<Uuid> x_unsettled_runs;                              ///< That planned publishes are of.
  std::map<std::string, Latest> x_latest;                       ///< By line.
  std::map<std::string, std::string> x_heirs;                   ///< Of sinks, who took their place.
  std::map<std::string, std::vector<std::string>> x_listed_by;  ///< Publish ids, by segment.
  /// By sink and segment: rows that replays have taken out, wherever they were published to.
  std::map<std::string, std::map<std::string, RowRanges>> x_replayed;
};

}  // namespace leat::app
