#include "config/yaml.hpp"

#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include <istream>
#include <map>
#include <streambuf>
#include <unordered_map>

#include "config/yaml_complaint.hpp"
#include "config/yaml_text.hpp"

namespace leat::config {
namespace {

/// Ends a parse whose finding is already told. Never leaves this file.
struct Stop {};

/// Lets the parser read memory without a copy of it.
class MemoryBuffer : public std::streambuf {
 public:
  explicit MemoryBuffer(std::string_view text) {
    auto* begin = const_cast<char*>(text.data());  // NOLINT: the interface has no const form
    setg(begin, begin, begin + text.size());
  }
};

std::size_t count_nodes(const Node& node) {
  std::size_t count = 1;
  for (const auto& item : node.items) count += count_nodes(item);
  for (const auto& entry : node.entries) count += 1 + count_nodes(entry.value);
  return count;
}

/// Builds our tree out of the parser's events.
class TreeBuilder : public YAML::EventHandler {
 public:
  TreeBuilder(const YamlText& yaml, const std::string& file, Findings& findings,
              const YamlLimits& limits)
      : x_yaml(yaml), x_file(file), x_findings(findings), x_limits(limits) {}

  Node take_root() { return std::move(x_root); }
  /// The map or list that is open; null when none is.
  const Node* innermost() const { return x_frames.empty() ? nullptr : &x_frames.back().node; }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (x_documents++ == 0) return;
    const auto offset = offset_of(mark);
    if (x_yaml.has_marker_before(offset)) {
      fail(offset, "a second YAML document; a file holds one", "remove the `---` or `...`");
    }
    fail(offset, "this does not belong to what stands above it", "is the indentation right?");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto offset = x_yaml.skip_properties(offset_of(mark));
    Node node = node_at(offset, Node::Kind::null);
    node.text = x_yaml.null_word(offset);
    node.length = std::max(1, int(node.text.size()));
    if (node.text.empty() && !x_frames.empty() && x_frames.back().has_key) {
      node.place = x_frames.back().key.place;
      node.length = x_frames.back().key.length;
    }
    complete(std::move(node), anchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    const auto offset = x_yaml.skip_properties(offset_of(mark));
    refuse_tag(offset_of(mark), tag);
    if (tag == "!" && x_yaml.is_never_closed(offset)) {
      fail(offset, "a quote that is never closed");
    }
    if (value.find('\0') != std::string::npos) {
      x_findings.add(x_yaml.place(offset, x_file),
                     "a NUL character, which no name or path can hold");
    }
    Node node = node_at(offset, Node::Kind::scalar);
    node.text = value;
    node.quoted = tag == "!";
    auto written = x_yaml.written(offset, value);
    node.length = written.length;
    node.places = std::move(written.places);
    complete(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    const auto found = x_anchors.find(anchor);
    if (found == x_anchors.end()) fail(offset_of(mark), "an alias inside of what it stands for");
    x_nodes += found->second.nodes;
    if (x_nodes > x_limits.nodes_max) fail_too_many(offset_of(mark));
    complete(found->second.node, 0);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::sequence);
  }
  void OnSequenceEnd() override { close(); }

  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    open(mark, tag, anchor, Node::Kind::map);
  }
  void OnMapEnd() override {
    drop_duplicates(x_frames.back().node);
    close();
  }

 private:
  struct Frame {
    Node node;
    Node key;
    bool has_key = false;
    bool bad_key = false;  ///< Already told: its entry is left out.
    YAML::anchor_t anchor = 0;
  };
  struct Anchored {
    Node node;
    std::size_t nodes = 0;
  };

  std::size_t offset_of(const YAML::Mark& mark) const {
    return x_yaml.offset(mark.line, mark.column);
  }

  [[noreturn]] void fail(std::size_t offset, std::string message, std::string hint = "") {
    x_findings.add(x_yaml.place(offset, x_file), std::move(message), std::move(hint));
    throw Stop{};
  }

  [[noreturn]] void fail_too_many(std::size_t offset) {
    fail(offset, "more than " + std::to_string(x_limits.nodes_max) + " values in one file");
  }

  Node node_at(std::size_t offset, Node::Kind kind) {
    if (++x_nodes > x_limits.nodes_max) fail_too_many(offset);
    Node node;
    node.kind = kind;
    node.place = x_yaml.place(offset, x_file);
    return node;
  }

  void refuse_tag(std::size_t offset, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    x_findings.add(x_yaml.place(offset, x_file), "YAML tags are not supported",
                   "remove it: a value is read by the type that its key declares");
  }

  void open(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
            Node::Kind kind) {
    const auto offset = offset_of(mark);
    refuse_tag(offset, tag);
    if (x_frames.size() >= x_limits.depth_max) {
      fail(offset, "nested deeper than " + std::to_string(x_limits.depth_max) + " levels");
    }
    x_frames.push_back({node_at(x_yaml.skip_properties(offset), kind), {}, false, false, anchor});
  }

  void close() {
    auto frame = std::move(x_frames.back());
    x_frames.pop_back();
    complete(std::move(frame.node), frame.anchor);
  }

  void complete(Node node, YAML::anchor_t anchor) {
    if (anchor) x_anchors[anchor] = {node, count_nodes(node)};
    if (x_frames.empty()) {
      x_root = std::move(node);
      return;
    }
    auto& frame = x_frames.back();
    if (frame.node.is_sequence()) {
      frame.node.items.push_back(std::move(node));
    } else if (!frame.has_key) {
      frame.bad_key = !accept_key(node);
      frame.key = std::move(node);
      frame.has_key = true;
    } else {
      if (!frame.bad_key) {
        frame.node.entries.push_back({std::move(frame.key), std::move(node)});
      }
      frame.has_key = false;
    }
  }

  bool accept_key(const Node& key) {
    const auto before = x_findings.size();
    if (key.is_map()) {
      x_findings.add(key, "a map cannot be a key", "is this `{{ … }}`? quote it: \"{{ … }}\"");
      throw Stop{};
    }
    if (key.is_sequence()) x_findings.add(key, "a list cannot be a key");
    if (key.is_null() && key.text.empty()) x_findings.add(key, "a key is missing before `:`");
    if (key.text == "<<" && !key.quoted) {
      x_findings.add(key, "merge keys (`<<`) are not supported",
                     "write the keys out, or use an alias for the whole value");
    }
    return x_findings.size() == before;
  }

  /// The first one stays, so that one mistake makes one complaint.
  void drop_duplicates(Node& map) {
    std::unordered_map<std::string_view, const Node*> seen;
    constexpr std::size_t kFew = 16;
    const bool few = map.entries.size() <= kFew;
    std::vector<std::size_t> doubled;
    for (std::size_t i = 0; i < map.entries.size(); ++i) {
      const auto& key = map.entries[i].key;
      const Node* first = nullptr;
      if (few) {
        for (std::size_t j = 0; j < i && !first; ++j) {
          if (map.entries[j].key.text == key.text) first = &map.entries[j].key;
        }
      } else {
        const auto [at, added] = seen.emplace(key.text, &key);
        if (!added) first = at->second;
      }
      if (!first) continue;
      doubled.push_back(i);
      x_findings.add(key, "`" + key.text + "` is there twice",
                     "the first is in line " + std::to_string(first->place.line) + ", column " +
                         std::to_string(first->place.column));
    }
    for (auto at = doubled.rbegin(); at != doubled.rend(); ++at) {
      map.entries.erase(map.entries.begin() + std::ptrdiff_t(*at));
    }
  }

  const YamlText& x_yaml;
  const std::string& x_file;
  Findings& x_findings;
  const YamlLimits& x_limits;
  std::vector<Frame> x_frames;
  std::map<YAML::anchor_t, Anchored> x_anchors;
  Node x_root;
  std::size_t x_nodes = 0;
  int x_documents = 0;
};

bool check_bytes(std::string_view text, const YamlText& yaml, const std::string& file,
                 Findings& findings, const YamlLimits& limits) {
  if (text.size() > limits.bytes_max) {
    findings.add(Place{file, 0, 0}, "a file of " + std::to_string(text.size()) +
                                        " bytes; at most " + std::to_string(limits.bytes_max) +
                                        " are read");
    return false;
  }
  if (const auto bad = find_bad_byte(text)) {
    findings.add(yaml.place(bad->offset, file), bad->what + " in a YAML file",
                 "save the file as UTF-8 text");
    return false;
  }
  return true;
}

/// False when there is no whole tree.
bool run_parser(std::string_view text, const YamlText& yaml, const std::string& file,
                TreeBuilder& builder, Findings& findings) {
  MemoryBuffer buffer(text);
  std::istream stream(&buffer);
  try {
    YAML::Parser parser(stream);
    while (parser.HandleNextDocument(builder)) {
    }
    return true;
  } catch (const Stop&) {
    return false;
  } catch (const YAML::Exception& error) {
    const auto line = std::size_t(std::max(0, error.mark.line));
    auto complaint = explain_yaml(error.msg, yaml.line(line),
                                  line > 0 ? yaml.line(line - 1) : std::string_view());
    auto place = yaml.place(yaml.offset(error.mark.line, error.mark.column), file);
    if (complaint.about_opening && builder.innermost()) place = builder.innermost()->place;
    findings.add(place, std::move(complaint.message), std::move(complaint.hint));
  } catch (const std::exception& error) {
    findings.add(Place{file, 0, 0}, std::string("not YAML: ") + error.what());
  }
  return false;
}

}  // namespace

std::optional<Node> parse_yaml(std::string_view text, const std::string& file, Findings& findings,
                               const YamlLimits& limits) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const YamlText yaml(text.size() > limits.bytes_max ? std::string_view() : text);
  if (!check_bytes(text, yaml, file, findings, limits)) return std::nullopt;
  findings.add_source(file, std::string(text));
  TreeBuilder builder(yaml, file, findings, limits);
  if (!run_parser(text, yaml, file, builder, findings)) return std::nullopt;
  auto root = builder.take_root();
  if (root.place.file.empty()) root.place = {file, 1, 1};
  return root;
}

}  // namespace leat::config
