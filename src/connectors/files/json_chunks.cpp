#include "connectors/files/json_chunks.hpp"

#include <algorithm>
#include <utility>

#include "base/names.hpp"
#include "base/quantity.hpp"
#include "base/utf8.hpp"
#include "connectors/files/json_child_reader.hpp"
#include "connectors/files/json_reader.hpp"

namespace leat::connectors::files {

std::string complaint_of(const JsonRecord& record, const JsonBlock& block, const JsonCut& cut) {
  const std::uint64_t bytes = block.skipped_bytes.value_or(record.size);
  if (bytes > cut.max_record_bytes) {
    return "the record has " + format_count(bytes) + " bytes; at most " +
           format_count(cut.max_record_bytes) + " are read (`max_record_bytes`)";
  }
  if (record.complaint != nullptr) return record.complaint;
  const std::string_view text(block.text.data() + record.start, record.size);
  return is_valid_utf8(text) ? "" : "the record is not valid UTF-8";
}

std::string raw_of(std::string_view text, const JsonBlock& block, const JsonCut& cut) {
  const std::uint64_t bytes = block.skipped_bytes.value_or(text.size());
  if (bytes <= cut.max_record_bytes) return std::string(text);
  return std::string(text.substr(0, kShownBytes)) + "… (" + format_count(bytes) + " bytes in all)";
}

JsonChunks::JsonChunks(JsonPlan plan, std::vector<file_list::ListedFile> listed,
                       const ReadContext& context)
    : x_plan(std::move(plan)),
      x_listed(std::move(listed)),
      x_cancel(context.cancel),
      x_threads(std::max<std::size_t>(1, context.threads)) {
  for (std::uint32_t i = 0; i < x_listed.size(); ++i) {
    x_lanes.push_back(std::make_unique<JsonLane>(*x_plan.files, x_plan.cut, x_listed[i], i,
                                                 file_list::Opened::for_good));
    x_bytes_total += x_listed[i].size;
  }
}

std::size_t JsonChunks::threads_max() const {
  if (!x_listed.empty() && x_listed.front().stream) return x_threads;
  const std::uint64_t blocks = x_bytes_total / x_plan.cut.block_bytes + x_listed.size();
  return std::clamp<std::uint64_t>(blocks, 1, x_threads);
}

Result<std::unique_ptr<ChunkReader>> JsonChunks::make_reader(const std::vector<bool>& wanted) {
  if (!x_plan.unnest.empty()) {
    return std::unique_ptr<ChunkReader>(std::make_unique<JsonChildReader>(*this, wanted));
  }
  return std::unique_ptr<ChunkReader>(std::make_unique<JsonReader>(*this, wanted));
}

/// A record whose keys are the columns explains itself.
std::string JsonChunks::raw_form(std::uint32_t) const {
  if (!x_plan.unnest.empty()) return kRawRecord;
  for (std::size_t i = 0; i < x_plan.places.size(); ++i) {
    const auto& keys = x_plan.places[i].keys;
    if (keys.size() != 1 || keys[0] != x_plan.schema.columns[i].name) return kRawRecord;
  }
  return kRawColumns;
}

std::uint64_t JsonChunks::bytes_claimed() const {
  std::uint64_t bytes = 0;
  for (const auto& lane : x_lanes) bytes += lane->bytes_read();
  return bytes;
}

Status JsonChunks::verify_unchanged() const {
  TRY(file_list::verify_unchanged(*x_plan.files, x_listed));
  return judge_paths();
}

std::vector<std::string> JsonChunks::said() const {
  const std::lock_guard held(x_named_mutex);
  return x_seen.warnings(sought(), unit(), where());
}

std::vector<std::string> JsonChunks::sought() const {
  std::vector<std::string> keys(x_plan.schema.size());
  for (std::size_t i = 0; i < keys.size() && x_plan.is_declared; ++i) {
    const auto& place = x_plan.places[i];
    if (place.role == JsonPlace::Role::own && !place.is_named) keys[i] = place.keys.front();
  }
  return keys;
}

std::string JsonChunks::where() const {
  return x_listed.size() == 1 ? x_listed[0].name : format_count(x_listed.size()) + " files";
}

void JsonChunks::note(const JsonScope& scope) {
  const std::lock_guard held(x_named_mutex);
  for (const auto& named : scope.named()) {
    auto& known = x_named[named.slot];
    const bool can_tell = named.is_found || !named.sought.empty();
    if (!known.is_found && can_tell) known = named;
  }
}

void JsonChunks::note_columns(const JsonScope& scope) {
  const std::lock_guard held(x_named_mutex);
  x_seen.merge(scope.seen());
}

/// Where no record has what a path names, it is mistyped.
Status JsonChunks::judge_paths() const {
  const std::lock_guard held(x_named_mutex);
  for (const auto& [slot, named] : x_named) {
    if (named.is_found || named.sought.empty()) continue;
    const bool is_array = slot == x_plan.schema.size();
    const bool is_in_element =
        !is_array && !x_plan.unnest.empty() && x_plan.places[slot].role == JsonPlace::Role::own;
    return Error(Fault::data,
                 std::string(is_in_element ? "no element" : "no record") + " of " + where() +
                     " has the key `" + printable(named.sought) + "`, which " +
                     (is_array
                          ? "`unnest` names"
                          : "the path of column `" + x_plan.schema.columns[slot].name + "` names"))
        .hint(name_hint(named.sought, named.seen));
  }
  return {};
}

Result<std::size_t> JsonChunks::claim(JsonBlock& block) {
  for (const auto& lane : x_lanes) {
    if (x_cancel != nullptr && x_cancel->requested()) {
      return Error(Fault::external, "reading was stopped").cancelled();
    }
    if (lane->is_done()) continue;
    const std::lock_guard held(lane->mutex());
    TRY(const std::size_t records, lane->claim(block));
    if (x_plan.unnest.empty()) x_records += records;
    if (records > 0) return records;
  }
  return std::size_t{0};
}

}  // namespace leat::connectors::files
