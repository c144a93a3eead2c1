#include "connectors/csv/file_lane.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

namespace leat::connectors::csv {
namespace {

/// A CR at the end of what is there may be half of a CRLF.
std::size_t without_open_line_end(const char* text, std::size_t size, bool at_end) {
  return !at_end && size > 0 && text[size - 1] == '\r' ? size - 1 : size;
}

}  // namespace

Result<std::vector<FolderText>> folder_texts_of(const file_list::ListedFile& file,
                                                const std::vector<data::Column>& folders) {
  std::vector<FolderText> texts;
  for (const auto& folder : folders) {
    TRY(auto value, file_list::folder_value(file, folder.name));
    FolderText text;
    text.is_null = !value;
    text.padded = value.value_or("");
    text.size = static_cast<std::uint32_t>(text.padded.size());
    text.padded.append(kPadding, '\0');
    texts.push_back(std::move(text));
  }
  return texts;
}

Result<std::uint64_t> FileLane::claim(Block& block) {
  auto records = claim_some(block);
  if (!records.ok()) {
    x_is_done.store(true, std::memory_order_release);
    return std::move(records).error().during("reading `" + x_file.name + "`");
  }
  return records;
}

Result<std::uint64_t> FileLane::claim_some(Block& block) {
  if (is_done()) return std::uint64_t{0};
  if (!x_input) TRY(start());
  if (!x_left_out.empty()) return claim_left_out(block);
  while (true) {
    TRY(Filled filled, fill(block));
    if (filled.size == 0) return finish(), std::uint64_t{0};
    place(block);
    const bool is_too_long = filled.whole.end == 0 && !filled.at_end;
    const bool is_comment = x_plan.format.dialect.is_comment(block.text.data(), filled.size);
    if (is_too_long) TRY(skip_record(block, filled));
    const std::uint64_t records =
        is_too_long ? std::uint64_t{!is_comment} : take_whole(block, filled);
    x_records += records;
    x_file_bytes.store(x_input->file_bytes(), std::memory_order_relaxed);
    if (filled.at_end && !is_too_long) finish();
    if (records > 0 || is_done()) return records;
  }
}

Status FileLane::start() {
  TRY(x_input, Input::open(*x_plan.files, x_file, x_plan.format, file_list::Opened::for_good));
  x_inode.store(x_input->inode(), std::memory_order_relaxed);
  TRY(Preamble preamble, read_preamble(*x_input, x_plan.format));
  TRY(x_header, x_headers.understand(preamble));
  x_lines = preamble.lines;
  x_bytes = preamble.bytes;
  x_left_out = std::move(preamble.left_out);
  std::reverse(x_left_out.begin(), x_left_out.end());
  return {};
}

std::uint64_t FileLane::claim_left_out(Block& block) {
  const auto left = std::move(x_left_out.back());
  x_left_out.pop_back();
  place(block);
  block.first_record = 0;
  block.first_line = left.line;
  block.byte_offset = left.byte_offset;
  block.text.reserve(left.text.size(), 0);
  std::memcpy(block.text.data(), left.text.data(), left.text.size());
  block.size = static_cast<std::uint32_t>(left.text.size());
  block.skipped = SkippedRecord{.bytes = left.text.size()};
  block.skipped->why_none = why_left_out(x_plan.format);
  return 1;
}

void FileLane::finish() {
  x_input.reset();
  x_is_done.store(true, std::memory_order_release);
  if (!x_file.stream) x_file_bytes.store(x_file.size, std::memory_order_relaxed);
}

void FileLane::place(Block& block) const {
  block.file = x_number;
  block.first_record = x_records + 1;
  block.first_line = x_lines + 1;
  block.byte_offset = x_bytes;
  block.layout = &x_header->layout;
  block.skipped.reset();
  block.arena.clear();
}

bool FileLane::blank_is_record() const {
  return x_plan.format.widths.empty() ? x_header->layout.field_count == 1
                                      : x_plan.format.widths.size() == 1;
}

Result<FileLane::Filled> FileLane::fill(Block& block) {
  Filled out{.whole = WholeRecords{.scanner = StructureScanner(x_plan.format.dialect)}};
  const std::size_t limit = x_plan.format.max_record_bytes + 2;
  for (std::size_t wanted = std::max<std::size_t>(x_plan.block_bytes, 1);; wanted *= 2) {
    block.text.reserve(wanted, out.size);
    TRY(const std::size_t got, x_input->read(block.text.data() + out.size, wanted - out.size));
    out.at_end = got < wanted - out.size;
    out.size += got;
    const std::size_t usable = without_open_line_end(block.text.data(), out.size, out.at_end);
    out.whole = scan_records(block.text.data(), usable, x_plan.format.dialect, blank_is_record());
    if (out.whole.end > 0 || out.at_end || out.size > limit) return out;
  }
}

std::uint64_t FileLane::take_whole(Block& block, Filled& filled) {
  std::size_t end = filled.whole.end;
  std::uint64_t records = filled.whole.records;
  std::uint64_t lines = filled.whole.lines;
  if (filled.at_end) {
    const char* const last = block.text.data() + end;  // Without a line end.
    const std::size_t bytes = filled.size - end;
    if (bytes > 0 && !x_plan.format.dialect.is_comment(last, bytes)) ++records;
    end = filled.size;
    lines = filled.whole.all_lines;
  }
  x_input->unread({block.text.data() + end, filled.size - end});
  block.size = static_cast<std::uint32_t>(end);
  x_bytes += end;
  x_lines += lines;
  return records;
}

Status FileLane::skip_record(Block& block, Filled& filled) {
  StructureScanner scanner = filled.whole.scanner;
  SkippedRecord skipped;
  skipped.lines_within = filled.whole.all_lines;
  block.text.reserve(Block::kSkippedShown, filled.size);
  char* const text = block.text.data();
  const std::size_t piece = filled.size;
  std::size_t size = filled.size;
  std::size_t usable = without_open_line_end(text, size, false);
  std::string head(text, std::min(Block::kSkippedShown, usable));
  skipped.bytes = usable;
  std::optional<std::size_t> end;
  for (bool at_end = false; !end && !at_end;) {
    const std::size_t held = size - usable;  // A CR, whose LF may follow.
    if (held > 0) text[0] = '\r';
    TRY(const std::size_t got, x_input->read(text + held, piece - held));
    at_end = got < piece - held;
    size = got + held;
    usable = without_open_line_end(text, size, at_end);
    end = find_record_end(scanner, text, usable, skipped.lines_within);
    skipped.bytes += end.value_or(usable);
    head.append(text, std::min(Block::kSkippedShown - head.size(), end.value_or(usable)));
  }
  skipped.unterminated = !end && scanner.in_quotes();
  leave_skipped(skipped, {text, size}, end);
  std::copy(head.begin(), head.end(), text);
  block.size = static_cast<std::uint32_t>(head.size());
  block.skipped = skipped;
  return {};
}

void FileLane::leave_skipped(const SkippedRecord& skipped, std::string_view text,
                             std::optional<std::size_t> end) {
  x_bytes += skipped.bytes;
  x_lines += skipped.lines_within;
  if (!end) return;
  const std::size_t line_end = line_end_size(text.data(), *end, text.size());
  x_input->unread(text.substr(*end + line_end));
  x_bytes += line_end;
  ++x_lines;
}

}  // namespace leat::connectors::csv
