#include "config/yaml_order.hpp"

#include <algorithm>

#include "config/yaml.hpp"

namespace leat::config {
namespace {

using Lines = std::vector<std::string>;

Lines lines_of(const std::string& text) {
  Lines lines(1);
  for (const char c : text) {
    if (c == '\n') {
      if (lines.back().ends_with('\r')) lines.back().pop_back();
      lines.emplace_back();
    } else {
      lines.back() += c;
    }
  }
  if (lines.back().empty()) lines.pop_back();
  return lines;
}

std::size_t indent_of(const std::string& line) {
  const auto found = line.find_first_not_of(' ');
  return found == std::string::npos ? line.size() : found;
}

bool is_blank(const std::string& line) {
  return line.find_first_not_of(" \t") == std::string::npos;
}

bool is_comment(const std::string& line) {
  const auto found = line.find_first_not_of(' ');
  return found != std::string::npos && line[found] == '#';
}

/// One key with all its lines.
struct Block {
  const Node::Entry* entry = nullptr;
  std::size_t begin = 0;  ///< With the comments above it.
  std::size_t key = 0;
  std::size_t end = 0;
  Lines lines;
};

/// Puts maps in order, the inner ones first.
class Sorter {
 public:
  Sorter(const Lines& lines, const KeyOrders& orders) : x_lines(lines), x_orders(orders) {}

  /// Lines `begin` to `end` of the file, which hold the map and nothing else.
  Lines sort(const Node& map, std::size_t begin, std::size_t end,
             const std::vector<std::string>& path) const {
    if (!is_block(map)) return slice(begin, end);
    auto blocks = blocks_of(map, begin, end);
    Lines out = slice(begin, blocks.front().begin);
    const auto tail_begin = blocks.back().end;
    for (auto& block : blocks) block.lines = lines_of_block(block, path);
    if (const auto order = x_orders(path)) {
      std::stable_sort(blocks.begin(), blocks.end(), [&](const Block& a, const Block& b) {
        return rank(*order, a) < rank(*order, b);
      });
    }
    append_all(blocks, path.empty(), out);
    const auto tail = slice(tail_begin, end);
    out.insert(out.end(), tail.begin(), tail.end());
    return out;
  }

 private:
  Lines slice(std::size_t begin, std::size_t end) const {
    return {x_lines.begin() + std::ptrdiff_t(begin), x_lines.begin() + std::ptrdiff_t(end)};
  }

  /// Each key on a line of its own, with nothing but blanks before it.
  bool is_block(const Node& map) const {
    if (!map.is_map() || map.entries.empty()) return false;
    std::size_t last = 0;
    for (const auto& entry : map.entries) {
      const auto line = std::size_t(entry.key.place.line);
      if (line == 0 || line == last || line > x_lines.size()) return false;
      if (indent_of(x_lines[line - 1]) + 1 != std::size_t(entry.key.place.column)) return false;
      if (entry.key.place.column != map.entries.front().key.place.column) return false;
      last = line;
    }
    return !is_flow(map);
  }

  bool is_flow(const Node& map) const {
    for (auto line = std::size_t(map.entries.front().key.place.line) - 1; line-- > 0;) {
      if (is_blank(x_lines[line]) || is_comment(x_lines[line])) continue;
      const char last = x_lines[line][x_lines[line].find_last_not_of(" \t")];
      return last == '{' || last == ',' || last == '[';
    }
    return false;
  }

  std::vector<Block> blocks_of(const Node& map, std::size_t begin, std::size_t end) const {
    std::vector<Block> blocks;
    const auto indent = std::size_t(map.entries.front().key.place.column) - 1;
    for (const auto& entry : map.entries) {
      Block block;
      block.entry = &entry;
      block.key = std::size_t(entry.key.place.line) - 1;
      const auto floor = blocks.empty() ? begin : blocks.back().key + 1;
      block.begin = start_of(block.key, floor, indent);
      if (!blocks.empty()) blocks.back().end = block.begin;
      blocks.push_back(std::move(block));
    }
    blocks.front().begin = first_start(blocks.front(), begin);
    blocks.back().end = start_of(end, blocks.back().key + 1, indent);
    return blocks;
  }

  /// The first of the comments and empty lines right above a line.
  std::size_t start_of(std::size_t line, std::size_t floor, std::size_t indent) const {
    while (line > floor) {
      const auto& above = x_lines[line - 1];
      const bool goes_with = is_blank(above) || (is_comment(above) && indent_of(above) <= indent);
      if (!goes_with) break;
      --line;
    }
    return line;
  }

  /// A comment at the start of the map that an empty line ends stays there.
  std::size_t first_start(const Block& first, std::size_t begin) const {
    for (auto line = first.key; line > begin; --line) {
      if (is_blank(x_lines[line - 1])) return line;
    }
    return begin;
  }

  Lines lines_of_block(const Block& block, std::vector<std::string> path) const {
    const auto& value = block.entry->value;
    if (!value.is_map() || value.entries.empty()) return slice(block.begin, block.end);
    const auto inner = std::size_t(value.entries.front().key.place.line) - 1;
    if (inner <= block.key || inner >= block.end) return slice(block.begin, block.end);
    Lines out = slice(block.begin, block.key + 1);
    path.push_back(block.entry->key.text);
    const auto below = sort(value, block.key + 1, block.end, path);
    out.insert(out.end(), below.begin(), below.end());
    return out;
  }

  static std::size_t rank(const KeyOrder& order, const Block& block) {
    const auto& key = block.entry->key.text;
    const auto found = std::find(order.keys.begin(), order.keys.end(), key);
    if (found != order.keys.end()) return std::size_t(found - order.keys.begin()) + 1;
    return order.others_first ? 0 : order.keys.size() + 1;
  }

  static void trim(Lines& lines) {
    while (!lines.empty() && is_blank(lines.back())) lines.pop_back();
    while (!lines.empty() && is_blank(lines.front())) lines.erase(lines.begin());
  }

  /// At the top one empty line around whatever has more than one line.
  static void append_all(std::vector<Block>& blocks, bool is_top, Lines& out) {
    bool was_long = false;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      const bool had_gap = !blocks[i].lines.empty() && is_blank(blocks[i].lines.front());
      trim(blocks[i].lines);
      const auto comments = std::count_if(blocks[i].lines.begin(), blocks[i].lines.end(),
                                          [](const auto& line) { return is_comment(line); });
      const bool is_long = std::ptrdiff_t(blocks[i].lines.size()) - comments > 1;
      const bool gap = had_gap || (is_top && (is_long || was_long));
      if (i > 0 && gap) out.emplace_back();
      out.insert(out.end(), blocks[i].lines.begin(), blocks[i].lines.end());
      was_long = is_long;
    }
  }

  const Lines& x_lines;
  const KeyOrders& x_orders;
};

/// One empty line at most, none at the start and the end.
std::string joined(const Lines& lines) {
  std::string out;
  bool gap = false;
  for (const auto& line : lines) {
    if (is_blank(line)) {
      gap = !out.empty();
      continue;
    }
    if (gap) out += '\n';
    gap = false;
    out += line + '\n';
  }
  return out;
}

std::string joined_as_they_are(const Lines& lines) {
  std::string out;
  for (const auto& line : lines) out += line + '\n';
  return out;
}

bool means_the_same(const std::string& text, const Node& root) {
  Findings findings;
  const auto again = parse_yaml(text, "formatted", findings);
  return again && same_tree(*again, root);
}

}  // namespace

bool same_tree(const Node& a, const Node& b) {
  if (a.kind != b.kind || a.text != b.text || a.quoted != b.quoted) return false;
  if (a.items.size() != b.items.size() || a.entries.size() != b.entries.size()) return false;
  for (std::size_t i = 0; i < a.items.size(); ++i) {
    if (!same_tree(a.items[i], b.items[i])) return false;
  }
  return std::all_of(a.entries.begin(), a.entries.end(), [&](const Node::Entry& entry) {
    const auto* other = b.find(entry.key.text);
    return other != nullptr && same_tree(entry.value, *other);
  });
}

std::optional<std::string> in_order(const std::string& text, const Node& root,
                                    const KeyOrders& orders) {
  const auto lines = lines_of(text);
  const auto sorted = Sorter(lines, orders).sort(root, 0, lines.size(), {});
  // An empty line may be part of a text; then all of them stay.
  for (const auto& candidate : {joined(sorted), joined_as_they_are(sorted)}) {
    if (means_the_same(candidate, root)) return candidate;
  }
  return std::nullopt;
}

}  // namespace leat::config
