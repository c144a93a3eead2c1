#include <cstddef>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/assert.hpp"
#include "connectors/files/json_split.hpp"
#include "connectors/files/json_walk.hpp"

namespace {

using leat::connectors::files::JsonMember;
using leat::connectors::files::JsonObjectWalk;
using leat::connectors::files::JsonRecord;
using leat::connectors::files::JsonShape;
using leat::connectors::files::JsonSplit;

/// An object that we accept is one for another strict parser, and our texts are its texts.
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
  const bool is_deep = text.size() > 1000;  // May be nested deeper than we follow.
  if (is_object && !is_deep) LEAT_ASSERT(object.complaint().empty());
}

/// However a text is cut, the records lie in it one after the other.
void split(std::string_view text, JsonShape shape) {
  JsonSplit splitter(shape);
  std::vector<JsonRecord> records;
  LEAT_ASSERT(splitter.cut(text, true, records) == text.size());
  std::size_t end = 0;
  for (const JsonRecord& record : records) {
    LEAT_ASSERT(record.start >= end && record.size > 0);
    end = std::size_t{record.start} + record.size;
  }
  LEAT_ASSERT(end <= text.size());
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
