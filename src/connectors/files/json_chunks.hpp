#pragma once

#include <atomic>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/cancel.hpp"
#include "clients/file_list/file_list.hpp"
#include "connectors/files/json_lane.hpp"
#include "connectors/files/json_scope.hpp"
#include "core/source.hpp"

namespace leat::connectors::files {

/// Where the values of a column lie.
struct JsonPlace {
  enum class Role {
    own,       ///< In the record, or in the element of the array that is unnested.
    parent,    ///< In the record around that element.
    position,  ///< The number of the element in its array, from 1.
    element,   ///< It is the element itself.
  };
  Role role = Role::own;
  std::vector<std::string> keys;  ///< That lead to the value, for own and parent.
  bool is_named = false;          ///< The author wrote these keys.
};

/// What is wrong with a record before anybody looks into it; empty: nothing.
std::string complaint_of(const JsonRecord& record, const JsonBlock& block, const JsonCut& cut);
/// A record, or a part of one, as it stood there; of one that was too long its beginning.
std::string raw_of(std::string_view text, const JsonBlock& block, const JsonCut& cut);

/// What all files of a slice have in common. Never changes.
struct JsonPlan {
  io::FileSystem* files = nullptr;
  JsonCut cut;
  data::Schema schema;
  /// The author named the columns: other keys are passed by. Else such a record is set aside.
  bool is_declared = true;
  std::vector<JsonPlace> places;    ///< By column.
  std::vector<std::string> unnest;  ///< Keys that lead to the array whose elements are the rows.
};

/// The JSON files of one slice, read by any number of threads.
class JsonChunks final : public ChunkSource {
 public:
  JsonChunks(JsonPlan plan, std::vector<file_list::ListedFile> listed, const ReadContext& context);

  std::size_t threads_max() const override;
  Result<std::unique_ptr<ChunkReader>> make_reader(const std::vector<bool>& wanted) override;
  std::uint64_t records_claimed() const override { return x_records; }
  std::uint64_t bytes_claimed() const override;
  std::uint64_t bytes_total() const override { return x_bytes_total; }
  std::string file_name(std::uint32_t file) const override { return x_listed.at(file).name; }
  std::string raw_form(std::uint32_t file) const override;
  Status verify_unchanged() const override;
  std::vector<std::string> said() const override;

  const JsonPlan& plan() const { return x_plan; }
  /// What a reader has seen of the paths that the author wrote. Any thread.
  void note(const JsonScope& scope);
  /// The same of the columns that lie under their own names.
  void note_columns(const JsonScope& scope);
  /// Rows that a record was found to hold, where it is unnested.
  void add_rows(std::uint64_t rows) { x_records += rows; }
  /// Fills `block` with records that nobody else gets; their number, 0 when there are no more.
  Result<std::size_t> claim(JsonBlock& block);

 private:
  /// Was each written path in some record?
  Status judge_paths() const;
  /// The keys of columns that lie under their own names.
  std::vector<std::string> sought() const;
  /// What holds the values of such a column.
  std::string unit() const { return x_plan.unnest.empty() ? "record" : "element"; }
  std::string where() const;

  JsonPlan x_plan;
  std::vector<file_list::ListedFile> x_listed;
  std::vector<std::unique_ptr<JsonLane>> x_lanes;
  const CancelToken* x_cancel;
  std::size_t x_threads;
  std::uint64_t x_bytes_total = 0;
  mutable std::mutex x_named_mutex;
  std::map<std::size_t, JsonScope::Named> x_named;  ///< By slot.
  SeenColumns x_seen;
  std::atomic<std::uint64_t> x_records{0};
};

}  // namespace leat::connectors::files
