#include "connectors/csv/preamble.hpp"

#include "base/quantity.hpp"
#include "connectors/csv/cells.hpp"
#include "connectors/csv/field_index.hpp"
#include "connectors/csv/memory.hpp"
#include "connectors/csv/record_scan.hpp"

namespace leat::connectors::csv {
namespace {

constexpr std::size_t kFirstRead = 4096;  ///< Small files are many.

/// Walks over lines and records; `is_cut` once the text does not reach far enough.
struct Walk {
  std::string_view text;
  bool is_whole = false;
  std::size_t at = 0;
  std::uint64_t lines = 0;
  bool is_cut = false;

  bool at_end() const { return at >= text.size(); }

  /// Steps over the line end at `end`.
  void leave_line(std::size_t end) {
    if (end == text.size()) {
      is_cut = !is_whole;
      at = end;
      return;
    }
    if (text[end] == '\r' && end + 1 == text.size() && !is_whole) is_cut = true;
    at = end + line_end_size(text.data(), end, text.size());
    ++lines;
  }
  void skip_line() { leave_line(std::min(text.find_first_of("\r\n", at), text.size())); }
  /// Empty lines and comments.
  void skip_nothing(const Dialect& dialect) {
    const auto is_nothing = [&](const char* start) {
      return *start == '\n' || *start == '\r' || dialect.is_comment(start, 1);
    };
    while (!at_end() && !is_cut && is_nothing(text.data() + at)) skip_line();
  }
  std::string_view take_record(const Dialect& dialect) {
    StructureScanner scanner(dialect);
    const std::size_t start = at;
    const auto size = find_record_end(scanner, text.data() + at, text.size() - at, lines);
    const std::size_t end = size ? start + *size : text.size();
    leave_line(end);
    return text.substr(start, end - start);
  }
};

Error no_end(std::size_t bytes) {
  return Error(Fault::config, "the header does not end within " + format_bytes(bytes))
      .hint("a quote in it may have no partner; see `quote`, `skip` and `header`");
}

Error too_many(std::size_t columns, const FileFormat& format) {
  return Error(Fault::config, "the header names " + format_count(columns) + " columns; at most " +
                                  format_count(format.max_columns) + " are read (`max_columns`)")
      .hint("its delimiter may be another one; else raise `max_columns`");
}

Status refuse_utf16(std::string_view text) {
  if (!text.starts_with("\xFF\xFE") && !text.starts_with("\xFE\xFF")) return {};
  return Error(Fault::config, "the file starts like UTF-16, and is to be read as UTF-8")
      .hint("leave out `encoding: utf-8`, or say `encoding: utf-16`");
}

}  // namespace

std::vector<std::string> first_record(std::string_view text, const Dialect& dialect) {
  FieldIndex index(dialect);
  Arena arena;
  std::vector<std::string> out;
  if (!index.advance({text.data(), static_cast<std::uint32_t>(text.size()), false}, 1)) return out;
  const CellReader reader(dialect, text.data(), index, arena);
  for (std::uint32_t field = 0; field < index.records()[0].fields; ++field) {
    Cell cell;
    reader.read(field, {}, {&cell, 1});
    out.emplace_back(cell.view());
  }
  return out;
}

std::optional<Preamble> find_preamble(std::string_view text, bool is_whole,
                                      const FileFormat& format) {
  constexpr std::string_view kMark = "\xEF\xBB\xBF";
  Walk walk{text, is_whole};
  Preamble out;
  const auto leave_out = [&](std::string_view left, std::uint64_t line) {
    const auto size = left.find_last_not_of("\r\n") + 1;  // 0: nothing but the line end.
    const bool is_comment = format.dialect.is_comment(left.data(), size);
    if (format.on_preamble == OnPreamble::drop || size == 0 || is_comment) return;
    out.left_out.push_back(
        {std::string(left.substr(0, size)), line + 1, std::uint64_t(left.data() - text.data())});
  };
  if (text.starts_with(kMark)) walk.at = kMark.size();
  for (std::uint32_t i = 0; i < format.skip && !walk.at_end(); ++i) {
    const auto start = walk.at;
    const auto line = walk.lines;
    walk.skip_line();
    leave_out(text.substr(start, walk.at - start), line);
  }
  Dialect header_dialect = format.dialect;
  header_dialect.trim = true;
  for (std::uint32_t i = 0; i < format.header && !walk.is_cut; ++i) {
    walk.skip_nothing(format.dialect);
    if (walk.at_end()) break;
    const auto line = walk.lines;
    const auto record = walk.take_record(header_dialect);
    if (i > 0) leave_out(record, line);
    if (i > 0 || walk.is_cut) continue;
    out.has_header = true;
    if (!format.widths.empty()) continue;
    for (const auto& name : first_record(record, header_dialect)) {
      out.names.emplace_back(trim_blanks(name, header_dialect));
    }
  }
  if (walk.is_cut || (walk.at_end() && !is_whole)) return std::nullopt;
  out.bytes = walk.at;
  out.lines = walk.lines;
  return out;
}

bool is_above_records(std::uint64_t line, const FileFormat& format) {
  return format.header > 1 || line <= std::uint64_t(format.skip) + format.header;
}

std::string why_left_out(const FileFormat& format) {
  const auto skip = "`skip: " + std::to_string(format.skip) + "`";
  const auto header = "`header: " + std::to_string(format.header) + "`";
  const std::string stands = "it stands above the records, as ";
  if (format.header < 2) return stands + (format.skip == 0 ? header : skip) + " says";
  return stands + (format.skip == 0 ? header + " says" : skip + " and " + header + " say");
}

Result<Preamble> read_preamble(Input& input, const FileFormat& format) {
  std::string text;
  std::size_t size = 0;
  for (std::size_t piece = kFirstRead;; piece = size) {
    text.resize(size + piece + kPadding);
    TRY(const std::size_t got, input.read(text.data() + size, piece));
    size += got;
    TRY(refuse_utf16({text.data(), size}));
    const auto found = find_preamble({text.data(), size}, got < piece, format);
    if (found) {
      if (found->names.size() > format.max_columns) return too_many(found->names.size(), format);
      input.unread(std::string_view(text).substr(found->bytes, size - found->bytes));
      return *found;
    }
    if (size > format.max_record_bytes + kFirstRead) return no_end(size);
  }
}

}  // namespace leat::connectors::csv
