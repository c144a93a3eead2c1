#pragma once

#include <deque>
#include <future>
#include <mutex>

#include "base/clock.hpp"
#include "connectors/postgres/key_marks.hpp"
#include "connectors/postgres/piece.hpp"
#include "connectors/postgres/snapshot.hpp"

namespace leat::connectors::postgres {

/// Cuts a table or query by the values of a key, and keeps what is read of it until the whole is
/// published: a part that lies sealed is not asked of the server again.
///
/// Promise   a key lies in one range. Ranges that this reads are those of one snapshot.
/// Errors    external  the server, the disk.
class KeyRanges final : public PieceMaker {
 public:
  /// `read`, `snapshot` and `parts`, which was opened, outlive this.
  KeyRanges(const TableRead& read, Snapshot& snapshot, PartStore& parts, SealRule rule,
            ServerColumn key);

  Result<std::optional<Piece>> take(const std::string& form) override;
  Status finish() override { return x_parts.settle(); }
  void note(std::uint64_t rows, std::uint64_t bytes, std::chrono::microseconds took) override;

 private:
  /// A range that lies sealed, or, where parts around it do, is read as one.
  struct Known {
    PartBounds bounds;
    std::optional<SealedPart> part;
  };

  Status plan_known(const std::string& form);
  Result<std::vector<SealedPart>> usable_parts(const std::string& form);
  Result<Piece> read_known(Known known);
  Result<Piece> ask_server(const PartBounds& bounds);
  /// The next one behind all others.
  Result<PartBounds> cut(const std::string& form);
  Result<std::optional<std::string>> end_of_next();
  Result<std::optional<std::string>> key_of_row(std::uint64_t row);
  /// How many marks away so many rows are; 0: they are counted.
  Result<std::size_t> marks_to(std::uint64_t rows);
  std::optional<std::string> mark(std::size_t steps);
  void look_ahead();
  std::uint64_t rows_of_next() const;
  std::string from() const;
  std::string within(const PartBounds& bounds) const;
  std::string literal(const std::string& key) const;

  const TableRead& x_read;
  Snapshot& x_snapshot;
  PartStore& x_parts;
  SealRule x_rule;
  ServerColumn x_key;
  std::mutex x_mutex;
  bool x_is_planned = false;
  std::deque<Known> x_known;
  std::uint64_t x_number = 1;           ///< Of the next one that is cut.
  std::optional<std::string> x_behind;  ///< Where it begins.
  bool x_is_done = false;               ///< The last one has no end.
  std::uint64_t x_rows_asked = 0;       ///< Of the one that was cut last.
  std::optional<KeyMarks> x_marks;      ///< Behind `x_behind`; nothing: not looked for yet.
  std::uint64_t x_rows = 0;             ///< Of those that the server has sent, all of them …
  std::uint64_t x_bytes = 0;
  std::chrono::microseconds x_took{0};
  /// Where the next one ends, looked for while the last one is read. Ends before all else does.
  std::future<Result<std::optional<std::string>>> x_ahead;
};

}  // namespace leat::connectors::postgres
