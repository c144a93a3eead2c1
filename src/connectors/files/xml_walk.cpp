#include "connectors/files/xml_walk.hpp"

#include <algorithm>
#include <utility>

#include "base/names.hpp"
#include "base/quantity.hpp"
#include "base/utf8.hpp"

namespace leat::connectors::files {
namespace {

constexpr std::size_t kXmlPieceBytes = 64 * 1024;
/// So much is shown of a record that is too long.
constexpr std::uint64_t kXmlShownBytes = 1000;
/// Names that are kept of what stands where the path leads on no further.
constexpr std::size_t kXmlBesideMax = 64;

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlanks = " \t\r\n";
  const auto first = text.find_first_not_of(kBlanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlanks) - first + 1);
}

}  // namespace

XmlWalk::XmlWalk(const XmlShape& shape, XmlRecords& records)
    : x_shape(shape), x_records(records), x_parser(*this) {}

Status XmlWalk::open(io::FileSystem& files, const file_list::ListedFile& listed) {
  file_list::TextForm form;
  form.encoding = io::Encoding::utf8;  // The document says itself what it is.
  TRY(x_open, file_list::open_listed(files, listed, form));
  x_buffer.resize(kXmlPieceBytes);
  return {};
}

Result<bool> XmlWalk::read_on() {
  if (x_parser.is_paused()) {
    TRY(x_parser.resume());
  } else if (x_at_end) {
    TRY(judge_path());
    return false;
  } else {
    if (!x_levels.empty() && is_too_long()) drop_window();
    TRY(const std::size_t got, x_open->stream->read(x_buffer.data(), x_buffer.size()));
    x_at_end = got < x_buffer.size();
    const std::string_view piece(x_buffer.data(), got);
    x_window += piece;
    TRY(x_parser.feed(piece, x_at_end));
  }
  if (x_other_root.empty()) return true;
  return Error(Fault::config, "the root element is `" + x_other_root + "`, not `" +
                                  x_shape.records[0] + "`, with which `records` begins")
      .hint("records: " + x_other_root + "/…");
}

std::string XmlWalk::raw(const XmlRecord& record) const {
  std::string text = record.head;
  if (text.empty() && record.byte_offset >= x_window_start) {
    const bool is_whole = record.bytes <= x_shape.max_record_bytes;
    text = x_window.substr(record.byte_offset - x_window_start,
                           is_whole ? record.bytes : std::min(record.bytes, kXmlShownBytes));
  }
  if (!is_valid_utf8(text)) text = printable(text, text.size());
  if (record.bytes <= x_shape.max_record_bytes) return text;
  return text + "… (" + format_count(record.bytes) + " bytes in all)";
}

void XmlWalk::forget() {
  const std::uint64_t from = x_levels.empty() ? x_parser.end_byte() : x_record.byte_offset;
  if (from <= x_window_start) return;
  const auto gone = std::min<std::uint64_t>(from - x_window_start, x_window.size());
  x_window.erase(0, gone);
  x_window_start += gone;
}

/// Of the open record its head is enough.
void XmlWalk::drop_window() {
  if (x_window.size() < kXmlWindowBytes) return;
  if (x_record.head.empty()) {
    x_record.head = x_window.substr(x_record.byte_offset - x_window_start, kXmlShownBytes);
  }
  x_window_start += x_window.size();
  x_window.clear();
}

bool XmlWalk::is_too_long() const {
  return x_parser.first_byte() - x_record.byte_offset > x_shape.max_record_bytes;
}

bool XmlWalk::matches(std::string_view name) const {
  const auto& wanted = x_shape.records[x_depth];
  return wanted == "*" || wanted == name;
}

void XmlWalk::start(std::string_view name, std::span<const xml::Attribute> attributes) {
  if (!x_levels.empty()) {
    x_levels.back().has_elements = true;
    open_level(name, attributes);
  } else if (x_matched == x_depth && x_depth < x_shape.records.size() && matches(name)) {
    if (++x_matched > x_deepest) {
      x_deepest = x_matched;
      x_beside.clear();
    }
    if (x_matched == x_shape.records.size()) {
      x_has_records = true;
      x_record = {x_parser.line(), x_parser.first_byte(), 0, {}};
      open_level("", attributes);
    }
  } else if (x_depth == 0) {
    x_other_root = name;
  } else if (x_matched == x_depth && x_depth == x_deepest) {
    if (x_beside.size() < kXmlBesideMax) x_beside.emplace(name);
  }
  ++x_depth;
}

std::string XmlWalk::sought_path() const {
  std::string path;
  for (std::size_t i = 0; i <= x_deepest; ++i) path += "/" + x_shape.records[i];
  return path;
}

std::vector<std::string> XmlWalk::names_beside() const {
  std::vector<std::string> names;
  for (const auto& name : x_beside) names.push_back(printable(name));
  return names;
}

/// A list without records may have a title or a count, so its last name is wrong only where another
/// is like it.
Status XmlWalk::judge_path() const {
  if (x_has_records || x_beside.empty()) return {};
  const auto& sought = x_shape.records[x_deepest];
  const auto names = names_beside();
  const bool is_last = x_deepest + 1 == x_shape.records.size();
  if (is_last && !nearest_name(sought, names)) return {};
  return Error(Fault::config, "there is no element `" + sought_path() + "`, where `records` leads")
      .hint(name_hint(sought, names));
}

std::string XmlWalk::note() const {
  if (!x_at_end || x_has_records || x_beside.empty()) return "";
  return "there is no element `" + sought_path() + "`, where `records` leads, beside " +
         join_names(names_beside());
}

void XmlWalk::open_level(std::string_view name, std::span<const xml::Attribute> attributes) {
  Level level;
  level.path_size = x_path.size();
  if (!name.empty()) {
    if (!x_path.empty()) x_path += '/';
    x_path += name;
  }
  for (const auto& attribute : attributes) {
    if (attribute.name == "xsi:nil") {
      level.is_nil = attribute.value == "true" || attribute.value == "1";
      continue;
    }
    if (attribute.name.starts_with("xmlns") || attribute.name.starts_with("xsi:")) continue;
    const auto path = (x_path.empty() ? "@" : x_path + "/@") + std::string(attribute.name);
    tell(path, attribute.value);
  }
  x_levels.push_back(std::move(level));
}

/// Of a record that is too long nobody wants to know more.
void XmlWalk::tell(std::string_view path, std::string_view text) const {
  if (!is_too_long()) x_records.value(path, text);
}

void XmlWalk::close_level() {
  const auto& level = x_levels.back();
  const auto text = trimmed(level.text);
  const bool is_record = x_levels.size() == 1;
  if (!level.is_nil && (!text.empty() || (!is_record && !level.has_elements))) {
    tell(is_record ? "text()" : std::string_view(x_path), text);
  }
  if (level.is_nil && !is_record) x_records.nil(x_path);
  x_path.resize(level.path_size);
  x_levels.pop_back();
}

void XmlWalk::end(std::string_view) {
  --x_depth;
  if (x_levels.empty()) {
    x_matched = std::min(x_matched, x_depth);
    return;
  }
  close_level();
  if (!x_levels.empty()) return;
  x_matched = x_depth;
  x_record.bytes = x_parser.end_byte() - x_record.byte_offset;
  x_records.end_record(x_record);
}

void XmlWalk::text(std::string_view text) {
  if (!x_levels.empty() && !is_too_long()) x_levels.back().text += text;
}

std::vector<std::string> names_of_xml_path(std::string_view path) {
  if (path.empty()) return {"*", "*"};
  if (path.front() == '/') path.remove_prefix(1);
  std::vector<std::string> names;
  for (;;) {
    const auto slash = path.find('/');
    const auto name = path.substr(0, slash);
    if (name.empty() || name.find_first_of("[]@ \t()=\"'") != std::string_view::npos) return {};
    names.emplace_back(name);
    if (slash == std::string_view::npos) return names;
    path.remove_prefix(slash + 1);
  }
}

}  // namespace leat::connectors::files
