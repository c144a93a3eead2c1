#include "connectors/files/json_lane.hpp"

#include <algorithm>
#include <string_view>

#include "base/names.hpp"

namespace leat::connectors::files {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

std::uint64_t line_ends(std::string_view text) {
  return static_cast<std::uint64_t>(std::count(text.begin(), text.end(), '\n'));
}

std::string_view view_of(const std::vector<char>& text) {
  return {text.data(), text.size() - text_values::kPadding};
}

void resize(std::vector<char>& text, std::size_t size) {
  text.resize(size + text_values::kPadding);
}

}  // namespace

Result<std::size_t> JsonLane::claim(JsonBlock& block) {
  auto records = claim_some(block);
  if (!records.ok()) {
    x_is_done.store(true, std::memory_order_release);
    return std::move(records).error().during("while reading " + x_file.name);
  }
  return records;
}

Status JsonLane::start() {
  TRY(x_open, file_list::open_listed(x_files, x_file, {}, x_how));
  x_rest.resize(kByteOrderMark.size());
  TRY(const std::size_t got, x_open->stream->read(x_rest.data(), x_rest.size()));
  x_rest.resize(got);
  if (x_rest != kByteOrderMark) return {};
  x_rest.clear();
  x_bytes = kByteOrderMark.size();
  return {};
}

Status JsonLane::fill(JsonBlock& block, std::size_t wanted) {
  resize(block.text, std::max(wanted, x_rest.size()));
  std::copy(x_rest.begin(), x_rest.end(), block.text.begin());
  std::size_t size = x_rest.size();
  x_rest.clear();
  if (size < wanted && !x_at_end) {
    TRY(const std::size_t got, x_open->stream->read(block.text.data() + size, wanted - size));
    x_at_end = got < wanted - size;
    size += got;
  }
  resize(block.text, size);
  x_bytes_read.store(x_open->stream->file_bytes(), std::memory_order_relaxed);
  return {};
}

/// Advances by `bytes` of the block's text; what is behind them comes again.
void JsonLane::take(JsonBlock& block, std::size_t bytes) {
  const std::string_view text = view_of(block.text);
  x_rest = text.substr(bytes);
  block.file = x_number;
  block.first_record = x_records + 1;
  block.first_line = x_lines + 1;
  block.byte_offset = x_bytes;
  x_records += block.records.size();
  x_lines += line_ends(text.substr(0, bytes));
  x_bytes += bytes;
}

Result<std::size_t> JsonLane::claim_some(JsonBlock& block) {
  block.records.clear();
  block.arena.clear();
  block.skipped_bytes.reset();
  if (is_done()) return std::size_t{0};
  if (!x_open) TRY(start());
  for (std::size_t wanted = std::max<std::size_t>(x_cut.block_bytes, 1);;) {
    TRY(fill(block, wanted));
    const std::string_view text = view_of(block.text);
    const std::size_t done = x_split.cut(text, x_at_end, block.records);
    const bool is_too_long =
        block.records.empty() && text.size() - done > x_cut.max_record_bytes && !x_at_end;
    if (is_too_long) {
      take(block, done);
      TRY(skip_record(block));
      return block.records.size();
    }
    take(block, done);
    if (!block.records.empty()) return block.records.size();
    if (x_at_end) {
      TRY(finish());
      return std::size_t{0};
    }
    wanted = std::max(wanted, 2 * x_rest.size());
  }
}

Status JsonLane::finish() {
  x_is_done.store(true, std::memory_order_release);
  if (!x_split.is_open()) return judge_path();
  return Error(Fault::external, "the file ends before its array does")
      .with("line", std::to_string(x_lines + 1))
      .hint("it was cut off; fetch it again");
}

/// Has the path led to an array, and was there all of what stands around it?
Status JsonLane::judge_path() const {
  const JsonPath& path = x_split.path();
  const std::string complaint = path.is_given() ? path.complaint() : "";
  if (complaint.empty()) return {};
  if (path.is_found()) {
    return Error(Fault::external, complaint).hint("it was cut off; fetch it again");
  }
  return Error(Fault::config, complaint + ", which `records` names")
      .hint(name_hint(path.sought(), path.keys_seen()));
}

/// What is left of the file starts with the record.
Status JsonLane::skip_record(JsonBlock& block) {
  ElementEnd element;
  std::string head;
  std::uint64_t bytes = 0;
  std::uint64_t lines = 0;
  for (bool found = false; !found;) {
    TRY(fill(block, std::max<std::size_t>(x_cut.block_bytes, 1)));
    const std::string_view text = view_of(block.text);
    const std::size_t end = x_split.find_end(element, text);
    const std::string_view part = text.substr(0, end);
    head += part.substr(0, kShownBytes - std::min(kShownBytes, head.size()));
    bytes += part.size();
    lines += line_ends(part);
    found = end != std::string_view::npos || x_at_end;
    if (end != std::string_view::npos) x_rest = text.substr(end);
  }
  x_split.passed_by();
  resize(block.text, head.size());
  std::copy(head.begin(), head.end(), block.text.begin());
  block.records.push_back({0, static_cast<std::uint32_t>(head.size()), 0, nullptr});
  block.skipped_bytes = bytes;
  block.first_record = ++x_records;
  block.first_line = x_lines + 1;
  block.byte_offset = x_bytes;
  x_lines += lines;
  x_bytes += bytes;
  return {};
}

}  // namespace leat::connectors::files
