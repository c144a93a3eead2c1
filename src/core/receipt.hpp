#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "base/uuid.hpp"
#include "core/position.hpp"

namespace leat {

enum class Verdict { pass, warn, fail, hold };
std::string_view name_of(Verdict verdict);

/// What one check said, in a receipt.
struct CheckOutcome {
  std::string dataset;
  std::string id;         ///< "not_null(population)"
  std::string dimension;  ///< completeness, accuracy, consistency, timeliness, validity
  std::string on_fail;    ///< warn, quarantine, deduplicate, hold, fail
  std::string severity;   ///< low, medium, high, critical; empty in older receipts
  Verdict verdict = Verdict::pass;
  std::uint64_t rows_judged = 0;
  std::uint64_t rows_failed = 0;
  std::string value;        ///< What a set check measured: "217".
  std::string asked;        ///< Of a set check, its bounds: "at least 1000"; empty: not told.
  std::string reason;       ///< Why nothing could be measured; empty: it was.
  std::string name;         ///< What the author calls it; empty: nothing else than its id.
  std::string description;  ///< The author's; not part of a receipt.
  bool operator==(const CheckOutcome&) const = default;
};

/// "prices_ok (range(v))": the author's name and the id, or the id.
std::string label_of(const CheckOutcome& outcome);
/// "measured 217, at least 1000 asked", with the reason where nothing could be measured.
std::string measured_text(const CheckOutcome& outcome);

/// Rows set aside, by the segment that holds them.
struct QuarantineSegment {
  std::string dataset;
  std::string segment;  ///< File name without folder: "<publish_id>.parquet".
  std::uint64_t rows = 0;
  bool operator==(const QuarantineSegment&) const = default;
};

/// What a receipt knows of the columns of one dataset: name and type, as the engine spells it.
struct DatasetColumns {
  std::string dataset;
  std::vector<std::pair<std::string, std::string>> columns;
  std::map<std::string, std::string> units = {};  ///< By column, where its contract says any.
  bool operator==(const DatasetColumns&) const = default;
};

/// One column that is not what it was at the publish before.
struct SchemaChange {
  std::string dataset;
  std::string column;
  std::string from;  ///< Its type then; empty: it is new.
  std::string to;    ///< Its type now; empty: it is gone.
  /// What its numbers counted then and count now; both empty: nothing of that has changed.
  std::string units_from = {};
  std::string units_to = {};
  bool operator==(const SchemaChange&) const = default;
};

/// What became of the columns since; both by dataset. Units that are told for the first time are no
/// change.
std::vector<SchemaChange> changes_between(const std::vector<DatasetColumns>& before,
                                          const std::vector<DatasetColumns>& now);

/// Which line of publishes an entry belongs to: `main`, one interval, a replay.
struct Lane {
  std::string pipeline;
  std::string sink;
  std::string lane = "main";
  bool operator==(const Lane&) const = default;
  bool is_of_same_sink(const Lane& other) const {
    return pipeline == other.pipeline && sink == other.sink;
  }
};

/// The tip of a lane in a target: what the last publish was. Zero UUID and counter at the start.
struct Head {
  Uuid publish_id;
  std::uint64_t counter = 0;
  bool operator==(const Head&) const = default;
};

/// What a publish did to the rows of its target. docs/formats/receipt.md.
struct RowChanges {
  std::uint64_t inserted = 0;
  std::uint64_t updated = 0;
  std::uint64_t deleted = 0;
  std::uint64_t unchanged = 0;
  std::uint64_t superseded = 0;  ///< Staged rows that a newer one kept out.
  bool operator==(const RowChanges&) const = default;
  RowChanges& operator+=(const RowChanges& more);
};

/// Rows of one segment, by their numbers in it from 0: half-open ranges, ascending.
struct ReplayedRows {
  std::string segment;  ///< File name without folder: "<publish_id>.parquet".
  std::vector<std::pair<std::uint64_t, std::uint64_t>> rows;
  bool operator==(const ReplayedRows&) const = default;
};

/// What a publish on the lane of replays has taken out of the quarantine.
struct Replayed {
  std::string dataset;  ///< Where the rows had failed, and came in again.
  Uuid after;           ///< The last publish of the sink's main lane at that time.
  std::vector<ReplayedRows> segments;
  bool operator==(const Replayed&) const = default;
};

/// The lane of replays.
inline constexpr const char* kReplayLane = "replay";

/// The proof of a publish: one ledger row inside the target. docs/formats/receipt.md.
struct Receipt {
  Uuid publish_id;
  Uuid previous_publish_id;
  std::uint64_t counter = 0;  ///< previous counter + 1
  Lane lane;
  Uuid run_id;
  std::string strategy;
  PositionMap position;
  /// Datasets that were read whole, not from a position on: what this publish set aside of them
  /// takes the place of all that earlier ones of its lane did.
  std::vector<std::string> read_whole;
  /// Sources in `position` whose rows were appended, not only looked at. Empty in older receipts.
  std::vector<std::string> appended;
  /// Of a sink that has taken the place of another one: that one's last publish.
  std::optional<Uuid> took_over;
  std::optional<Replayed> replay;  ///< Of a replay alone.
  std::uint64_t rows_read = 0;
  std::uint64_t rows_published = 0;
  std::uint64_t rows_quarantined = 0;
  std::uint64_t rows_filtered = 0;
  std::uint64_t rows_deduplicated = 0;
  RowChanges changes;    ///< Known once it is committed.
  bool row_wise = true;  ///< False: a cut (join, aggregate …) lies between; see the docs.
  std::string checksum;  ///< 16 hex digits, order-free sum of row hashes.
  std::vector<CheckOutcome> checks;
  std::vector<QuarantineSegment> quarantine;
  std::vector<DatasetColumns> columns;       ///< Of the dataset and of every source it rests on.
  std::vector<SchemaChange> schema_changes;  ///< Since the publish before, of the same lane.
  double score = 100;
  std::string statistics;        ///< JSON, as kernels::Statistics writes it.
  std::string pipeline_version;  ///< Digest of the resolved file and its SQL.
  Instant started_at{};
  Instant committed_at{};
  std::string leat_version;
};

/// One JSON object on one line.
std::string to_json(const Receipt& receipt);
Result<Receipt> receipt_from_json(std::string_view text);

}  // namespace leat
