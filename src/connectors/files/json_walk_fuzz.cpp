#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/utf8.hpp"
#include "connectors/files/json_split.hpp"
#include "connectors/files/json_walk.hpp"

namespace {

using leat::is_valid_utf8;
using leat::connectors::files::JsonMember;
using leat::connectors::files::JsonObjectWalk;
using leat::connectors::files::JsonRecord;
using leat::connectors::files::JsonShape;
using leat::connectors::files::JsonSplit;

/// Stops so that the fuzzer keeps the input.
void require(bool condition) {
  if (!condition) std::abort();
}

/// What we accept as an object is one for another strict parser, and the other way round.
void walk(std::string_view text) {
  JsonObjectWalk object(text);
  leat::text_values::Arena arena;
  JsonMember member;
  while (object.next(member)) {
    if (member.has_escapes) leat::connectors::files::undo_escapes(member.key, arena);
    if (member.value.has_escapes) leat::connectors::files::undo_escapes(member.value.raw, arena);
  }
  const auto parsed = nlohmann::json::parse(text, nullptr, false);
  const bool is_object = !parsed.is_discarded() && parsed.is_object();
  // It also refuses what is no UTF-8, which the reader has refused before.
  // A number beyond all doubles is none for the other parser.
  const bool has_exponent = text.find_first_of("eE") != std::string_view::npos;
  const bool is_same = !has_exponent && text.size() < 300 && is_valid_utf8(text);
  if (object.complaint().empty() && is_same) require(is_object);
  // We follow to a limited depth and take a byte-order mark off the file, not off a record; the
  // other parser ends at a NUL.
  const bool is_beyond = text.size() > 1000 || text.starts_with("\xEF\xBB\xBF") ||
                         text.find('\0') != std::string_view::npos;
  if (is_object && !is_beyond) require(object.complaint().empty());
}

/// However a text is cut, the records lie in it one after the other.
void split(std::string_view text, JsonShape shape) {
  JsonSplit splitter(shape);
  std::vector<JsonRecord> records;
  require(splitter.cut(text, true, records) == text.size());
  std::size_t end = 0;
  for (const JsonRecord& record : records) {
    require(record.start >= end && record.size > 0);
    end = std::size_t{record.start} + record.size;
  }
  require(end <= text.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  // A copy of its own length, so that a read beyond its end is seen.
  const std::vector<char> copy(bytes, bytes + size);
  const std::string_view text(copy.data(), copy.size());
  walk(text);
  split(text, JsonShape::ndjson);
  split(text, JsonShape::array);
  return 0;
}
