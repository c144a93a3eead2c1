#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/result.hpp"
#include "core/receipt.hpp"
#include "data/schema.hpp"

namespace leat {

enum class Strategy { replace, append };
std::string_view name_of(Strategy strategy);

/// What the engine writes for a sink: one file in a format that it writes well itself.
struct StageTarget {
  std::filesystem::path path;  ///< Unlisted; on the same file system as what it becomes.
  std::string format;          ///< "parquet", "csv", "json": an engine copy function.
  /// Options of that copy function; values are SQL literals already: {"COMPRESSION", "'zstd'"}.
  std::vector<std::pair<std::string, std::string>> options;
  /// Where the stage cannot carry a column's type, the type it travels as; by column index.
  std::vector<std::pair<std::size_t, data::Type>> travels_as;
};

/// What lies staged and sealed.
struct Staged {
  std::uint64_t rows = 0;   ///< Read back from the stage itself, not from our own counters.
  std::uint64_t bytes = 0;
};

/// What a publish is about.
struct PublishPlan {
  Uuid publish_id;
  Lane lane;
  Strategy strategy = Strategy::replace;
  data::Schema schema;
};

/// One target, opened for publishing.
///
/// Calls     `head`; then `stage`, (the engine writes), `seal`, and `commit` or `discard`.
///           `find` and `discard` of an earlier publish id at any time before `stage`. `adopt`
///           instead of `stage` when a held stage is published later.
/// Threads   one at a time.
/// Promise   until `commit` returns success no reader of the target sees anything of the stage;
///           afterwards all of it, with its receipt. `commit` is a compare-and-set on the head: a
///           second runner loses with an error that is_refused(), and publishes nothing. After a
///           kill at any moment `find` says whether a publish happened, and `discard` removes what
///           it left if it did not.
/// Errors    config    the target has another schema, or is no target of this kind.
///           external  full disk, somebody else holds it (busy).
class Sink {
 public:
  virtual ~Sink() = default;
  virtual Result<Head> head(const Lane& lane) = 0;
  /// The receipt of the last publish of a lane; nothing before the first.
  virtual Result<std::optional<Receipt>> last_receipt(const Lane& lane) = 0;
  virtual Result<std::optional<Receipt>> find(const Uuid& publish_id) = 0;
  virtual Result<StageTarget> stage(const PublishPlan& plan) = 0;
  /// Makes the stage durable and counts it.
  virtual Result<Staged> seal() = 0;
  /// `receipt.previous_publish_id` and `counter` name the head that it expects.
  virtual Status commit(const Receipt& receipt) = 0;
  /// Removes what a publish left staged, never what it made visible; no error when there is
  /// nothing. A publish of the very bytes that were there counts as committed before its rename.
  virtual Status discard(const Uuid& publish_id) = 0;
  /// Moves the sealed stage into `folder`, where it waits for a person.
  virtual Result<std::filesystem::path> hold(const std::filesystem::path& folder) = 0;
  /// Makes a held stage the sealed stage of `plan` again; `held` stays until `commit` succeeded.
  virtual Result<Staged> adopt(const PublishPlan& plan, const std::filesystem::path& held) = 0;
  /// A command that shows the data: "leat query \"FROM 'out/x.parquet'\"".
  virtual std::string how_to_look() const = 0;
  /// "out/x.parquet", "warehouse.duckdb, table county_health".
  virtual std::string place() const = 0;
};

}  // namespace leat
