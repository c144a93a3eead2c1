#include "core/inputs.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <nlohmann/json.hpp>

namespace leat {
namespace {

namespace fs = std::filesystem;
using InputsJson = nlohmann::json;
using Kind = Input::Kind;

constexpr int kDepthMax = 8;  ///< Of positions within positions; ours have three.
constexpr const char* kAll = "all";

/// Where the file of that name lies in a project, as far as the two tell.
std::string real_place_in(const std::string& root, const std::string& name) {
  const bool is_joined = root.starts_with('/') && !root.ends_with('/') && !name.starts_with('/');
  if (is_joined) {
    std::string place = root + '/' + name;
    // As nearly all are: to take a path apart costs ten times as much.
    const bool is_normal =
        place.find("/.") == std::string::npos && place.find("//") == std::string::npos;
    if (is_normal) return place;
  }
  return (fs::path(root) / name).lexically_normal().string();
}

std::string dumped(const InputsJson& json) {
  return json.dump(-1, ' ', false, InputsJson::error_handler_t::replace);
}

/// Takes a position apart.
class InputsReader {
 public:
  explicit InputsReader(const fs::path& root) : x_root(root.string()) {}

  void read(const std::string& text, int depth = 0) {
    if (text.empty()) return;
    const auto json = InputsJson::parse(text, nullptr, false);
    if (depth < kDepthMax && read_json(json, depth)) return;
    Input input;
    input.place = text;
    x_inputs.push_back(std::move(input));
  }

  std::vector<Input> take() { return std::move(x_inputs); }

 private:
  bool read_json(const InputsJson& json, int depth) {
    if (json.is_number_integer()) return read_range(std::numeric_limits<std::int64_t>::min(), json);
    if (!json.is_object()) return false;
    const auto before = x_inputs.size();
    if (read_object(json, depth)) return true;
    x_inputs.resize(before);
    return false;
  }

  bool read_object(const InputsJson& json, int depth) {
    if (is_list(json, "files")) return read_files(json);
    if (is_list(json, "state")) return read_table(json);
    if (is_list(json, "sequence")) return read_sequence(json["sequence"]);
    const auto& parts = is_list(json, kAll) ? json[kAll] : json;
    for (const auto& part : parts) {
      if (!part.is_string()) return false;
    }
    for (const auto& part : parts) read(part.get_ref<const std::string&>(), depth + 1);
    return true;
  }

  static bool is_list(const InputsJson& json, const char* key) {
    return json.contains(key) && json[key].is_array();
  }

  static bool read_text(const InputsJson& json, const char* key, std::string& out) {
    const auto found = json.find(key);
    if (found == json.end()) return true;
    if (!found->is_string()) return false;
    out = found->get<std::string>();
    return true;
  }

  bool read_files(const InputsJson& json) {
    Input shared;
    shared.kind = Kind::file;
    shared.root = x_root;
    if (!read_text(json, "root", shared.root) || !read_text(json, "part", shared.part)) {
      return false;
    }
    for (const auto& entry : json["files"]) {
      if (!entry.is_object()) return false;
      auto file = shared;
      if (!read_file(entry, file)) return false;
      x_inputs.push_back(std::move(file));
    }
    return true;
  }

  static bool read_file(const InputsJson& entry, Input& file) {
    const auto size = entry.find("size");
    const auto time = entry.find("mtime_ns");
    if (size == entry.end() || !size->is_number_unsigned()) return false;
    if (time == entry.end() || !time->is_number_integer()) return false;
    file.size = size->get<std::uint64_t>();
    file.mtime_ns = time->get<std::int64_t>();
    for (const auto& [key, member] : {std::pair{"path", &file.name},
                                      {"root", &file.root},
                                      {"part", &file.part},
                                      {"digest", &file.digest},
                                      {"place", &file.place}}) {
      if (!read_text(entry, key, *member)) return false;
    }
    if (file.name.empty()) return false;
    if (file.place.empty()) file.place = real_place_in(file.root, file.name);
    return true;
  }

  bool read_table(const InputsJson& json) {
    Input table;
    table.kind = Kind::table;
    if (!read_text(json, "database", table.place) || !read_text(json, "rows", table.part)) {
      return false;
    }
    if (table.place.empty()) return false;
    table.state = dumped(json["state"]);
    x_inputs.push_back(std::move(table));
    return true;
  }

  bool read_sequence(const InputsJson& ranges) {
    return std::all_of(ranges.begin(), ranges.end(), [&](const InputsJson& range) {
      return range.is_array() && range.size() == 2 && range[0].is_number_integer() &&
             range[1].is_number_integer() && read_range(range[0].get<std::int64_t>(), range[1]);
    });
  }

  bool read_range(std::int64_t first, const InputsJson& next) {
    Input range;
    range.kind = Kind::sequence;
    range.first = first;
    range.next = next.get<std::int64_t>();
    x_inputs.push_back(std::move(range));
    return true;
  }

  std::string x_root;
  std::vector<Input> x_inputs;
};

InputsJson json_of(const Input& file, const std::string& root, const std::string& part) {
  InputsJson entry{{"path", file.name}, {"size", file.size}, {"mtime_ns", file.mtime_ns}};
  if (!file.digest.empty()) entry["digest"] = file.digest;
  if (file.root != root) entry["root"] = file.root;
  if (file.part != part) entry["part"] = file.part;
  if (file.place != real_place_in(file.root, file.name)) entry["place"] = file.place;
  return entry;
}

/// The files of one position: what most of them share is written once.
InputsJson files_json(const std::vector<const Input*>& files) {
  const auto& root = files.front()->root;
  const auto& part = files.front()->part;
  InputsJson list = InputsJson::array();
  for (const auto* file : files) list.push_back(json_of(*file, root, part));
  InputsJson json{{"root", root}, {"files", std::move(list)}};
  if (!part.empty()) json["part"] = part;
  return json;
}

bool do_overlap(const Input& a, const Input& b) {
  return std::max(a.first, b.first) < std::min(a.next, b.next);
}

/// The same one in the same state: nothing of it is new.
bool is_unchanged(const Input& before, const Input& now) {
  if (now.kind == Kind::file) return has_same_bytes(before, now);
  if (now.kind == Kind::table && before.kind == Kind::table) return before.state == now.state;
  return true;
}

}  // namespace

std::vector<Input> inputs_of(const Position& position, const fs::path& root) {
  InputsReader reader(root);
  reader.read(position.text);
  return reader.take();
}

Position position_of(const std::vector<Input>& inputs) {
  std::vector<const Input*> files;
  InputsJson ranges = InputsJson::array();
  std::vector<Position> positions;
  for (const auto& input : inputs) {
    switch (input.kind) {
      case Kind::file: files.push_back(&input); break;
      case Kind::sequence: ranges.push_back({input.first, input.next}); break;
      case Kind::state: positions.push_back({input.place}); break;
      case Kind::table:
        positions.push_back(
            {dumped(InputsJson{{"database", input.place},
                               {"rows", input.part},
                               {"state", InputsJson::parse(input.state, nullptr, false)}})});
        break;
    }
  }
  if (files.size() == inputs.size() && !files.empty()) return {dumped(files_json(files))};
  if (!ranges.empty())
    positions.insert(positions.begin(), Position{dumped(InputsJson{{"sequence", ranges}})});
  if (!files.empty()) positions.insert(positions.begin(), Position{dumped(files_json(files))});
  return together(positions);
}

Status require_kind(const std::vector<Input>& inputs, Kind kind, const std::string& whose) {
  const auto other = std::find_if(inputs.begin(), inputs.end(),
                                  [&](const Input& input) { return input.kind != kind; });
  if (other == inputs.end()) return {};
  return Error(Fault::config, "this position is not one of " + whose)
      .hint("the kind of the source was changed; give the sink another name to start afresh");
}

Position together(const std::vector<Position>& positions) {
  InputsJson texts = InputsJson::array();
  for (const auto& position : positions) {
    for (const auto& part : parts_of(position)) {
      if (part.is_start() || std::find(texts.begin(), texts.end(), part.text) != texts.end()) {
        continue;
      }
      texts.push_back(part.text);
    }
  }
  if (texts.empty()) return {};
  if (texts.size() == 1) return {texts.front().get<std::string>()};
  return {dumped(InputsJson{{kAll, std::move(texts)}})};
}

std::vector<Position> parts_of(const Position& position) {
  const auto json = InputsJson::parse(position.text, nullptr, false);
  if (!json.is_object() || !json.contains(kAll) || !json[kAll].is_array()) return {position};
  std::vector<Position> parts;
  for (const auto& part : json[kAll]) {
    if (!part.is_string()) return {position};
    parts.push_back({part.get<std::string>()});
  }
  return parts;
}

bool may_share_part(const std::string& a, const std::string& b) {
  const auto holds = [](const std::string& whole, const std::string& part) {
    return whole.empty() || part.starts_with(whole + "!");
  };
  return a == b || holds(a, b) || holds(b, a);
}

bool has_same_bytes(const Input& a, const Input& b) {
  if (a.size != b.size) return false;
  if (!a.digest.empty() && !b.digest.empty()) return a.digest == b.digest;
  return a.mtime_ns == b.mtime_ns;
}

InputIndex::InputIndex(std::vector<Input> inputs) : x_inputs(std::move(inputs)) {
  for (std::size_t i = 0; i < x_inputs.size(); ++i) {
    const auto& input = x_inputs[i];
    if (input.kind == Kind::file || input.kind == Kind::table) x_by_place.emplace(input.place, i);
    if (input.kind == Kind::file) x_by_name.emplace(input.name, i);
  }
}

const Input* InputIndex::find(const Input& input) const {
  const Input* found = nullptr;
  const auto [begin, end] = x_by_place.equal_range(input.place);
  for (auto at = begin; at != end; ++at) {
    const auto& known = x_inputs[at->second];
    if (known.kind != input.kind || !may_share_part(known.part, input.part)) continue;
    if (found == nullptr || known.part == input.part) found = &known;
  }
  if (found != nullptr) return found;
  if (input.kind != Kind::file) return find_state(input);
  const auto [first, last] = x_by_name.equal_range(input.name);
  for (auto at = first; at != last; ++at) {
    const auto& known = x_inputs[at->second];
    if (may_share_part(known.part, input.part) && has_same_bytes(known, input)) return &known;
  }
  return nullptr;
}

/// Sequences by their range; the rest by the text of their state, which is all that positions of
/// older versions tell.
const Input* InputIndex::find_state(const Input& input) const {
  const auto state = [](const Input& one) {
    return one.kind == Kind::table ? std::string_view(one.state) : std::string_view(one.place);
  };
  const auto found = std::find_if(x_inputs.begin(), x_inputs.end(), [&](const Input& known) {
    if (input.kind == Kind::sequence)
      return known.kind == Kind::sequence && do_overlap(known, input);
    if (known.kind == Kind::file || known.kind == Kind::sequence) return false;
    const bool are_tables = input.kind == Kind::table && known.kind == Kind::table;
    return state(known) == state(input) && (!are_tables || known.part == input.part);
  });
  return found == x_inputs.end() ? nullptr : &*found;
}

std::vector<Input*> InputIndex::named_alike(const Input& input) {
  std::vector<Input*> alike;
  if (input.kind != Kind::file) return alike;
  const auto [first, last] = x_by_name.equal_range(input.name);
  for (auto at = first; at != last; ++at) {
    auto& known = x_inputs[at->second];
    if (known.size == input.size && known.root != input.root) alike.push_back(&known);
  }
  return alike;
}

std::vector<Input> inputs_between(const std::vector<Input>& from, std::vector<Input> to) {
  const InputIndex known(from);
  std::int64_t next = std::numeric_limits<std::int64_t>::min();
  for (const auto& input : from) {
    if (input.kind == Kind::sequence) next = std::max(next, input.next);
  }
  for (auto& input : to) {
    if (input.kind == Kind::sequence) input.first = std::max(input.first, next);
  }
  std::erase_if(to, [&](const Input& input) {
    if (input.kind == Kind::sequence) return input.first >= input.next;
    const auto* before = known.find(input);
    return before != nullptr && is_unchanged(*before, input);
  });
  return to;
}

}  // namespace leat
