#include "connectors/files/json_sniff.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "connectors/files/json_chunks.hpp"
#include "connectors/files/json_walk.hpp"

namespace leat::connectors::files {
namespace {

using data::TypeId;

constexpr std::size_t kJsonFilesMax = 64;
constexpr std::size_t kBigintDigits = 18;  // So many always fit.
constexpr std::size_t kHugeintDigits = 38;

/// What was seen in one column.
struct Seen {
  bool boolean = false;
  bool whole = false;
  bool wide = false;      ///< A whole number that may not fit into a bigint.
  bool too_wide = false;  ///< One that fits into no integer.
  bool fraction = false;
  bool text = false;
  bool nested = false;

  void add(const JsonValue& value) {
    switch (value.kind) {
      case JsonValue::Kind::null: return;
      case JsonValue::Kind::boolean: boolean = true; return;
      case JsonValue::Kind::text: text = true; return;
      case JsonValue::Kind::nested: nested = true; return;
      case JsonValue::Kind::number: break;
    }
    if (value.raw.find_first_of(".eE") != std::string_view::npos) {
      fraction = true;
      return;
    }
    const std::size_t digits = value.raw.size() - (value.raw[0] == '-' ? 1 : 0);
    whole = true;
    wide = wide || digits > kBigintDigits;
    too_wide = too_wide || digits > kHugeintDigits;
  }

  TypeId type() const {
    if (nested) return TypeId::json;
    const bool number = whole || fraction;
    if (text || too_wide || boolean == number) return TypeId::varchar;
    if (boolean) return TypeId::boolean;
    if (fraction) return TypeId::float64;
    return wide ? TypeId::int128 : TypeId::int64;
  }
};

class Columns {
 public:
  /// What is wrong with the record; empty: nothing.
  std::string add(std::string_view record) {
    JsonObjectWalk walk(record);
    JsonMember member;
    while (walk.next(member)) {
      const std::string key = member.has_escapes
                                  ? std::string(undo_escapes(member.key, x_arena).view())
                                  : std::string(member.key);
      const auto [found, is_new] = x_by_key.emplace(key, x_names.size());
      if (is_new) {
        x_names.push_back(key);
        x_seen.emplace_back();
      }
      x_seen[found->second].add(member.value);
    }
    x_arena.clear();
    return walk.complaint();
  }

  /// `refused` says what was wrong with the first record that is no JSON.
  Result<data::Schema> schema(const std::string& refused) const {
    data::Schema schema;
    for (std::size_t i = 0; i < x_names.size(); ++i) {
      if (const auto other = schema.find(x_names[i])) {
        return Error(Fault::config, "the keys `" + schema.columns[*other].name + "` and `" +
                                        x_names[i] + "` differ only in letter case")
            .hint("declare the columns that are wanted: columns: {name: type}");
      }
      schema.columns.push_back({x_names[i], {x_seen[i].type(), 0, 0, {}}, true});
    }
    if (!schema.columns.empty()) return schema;
    return Error(Fault::config, "no JSON object was found in the files" +
                                    (refused.empty() ? std::string() : ": " + refused))
        .hint("declare the columns: columns: {name: type}");
  }

 private:
  std::map<std::string, std::size_t, std::less<>> x_by_key;
  std::vector<std::string> x_names;
  std::vector<Seen> x_seen;
  text_values::Arena x_arena;
};

}  // namespace

Result<data::Schema> sniff_json(io::FileSystem& files,
                                const std::vector<file_list::ListedFile>& listed,
                                const JsonCut& cut) {
  Columns columns;
  std::string refused;
  for (std::size_t i = 0; i < std::min(listed.size(), kJsonFilesMax); ++i) {
    JsonLane lane(files, cut, listed[i], 0, file_list::Opened::to_look);
    JsonBlock block;
    TRY(lane.claim(block));
    for (const JsonRecord& record : block.records) {
      auto complaint = columns.add({block.text.data() + record.start, record.size});
      if (auto around = complaint_of(record, block, cut); !around.empty()) complaint = around;
      if (complaint.empty() || !refused.empty()) continue;
      refused =
          listed[i].name + ":" + std::to_string(block.first_line + record.line) + ": " + complaint;
    }
  }
  return columns.schema(refused);
}

}  // namespace leat::connectors::files
