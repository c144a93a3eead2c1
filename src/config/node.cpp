#include "config/node.hpp"

#include <algorithm>

namespace leat::config {
namespace {

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }

std::string shortened(std::string_view text) {
  constexpr std::size_t kShownMax = 60;
  text = text.substr(0, text.find('\n'));
  if (text.size() <= kShownMax) return std::string(text);
  auto end = kShownMax;
  while (end > 0 && !starts_character(text[end])) --end;
  return std::string(text.substr(0, end)) + "…";
}

}  // namespace

Node text_scalar(const std::string& text, const Node& at) {
  Node node;
  node.kind = Node::Kind::scalar;
  node.text = text;
  node.quoted = true;
  node.place = at.place;
  node.length = at.length;
  return node;
}

std::size_t count_characters(std::string_view text) {
  return std::size_t(std::count_if(text.begin(), text.end(), starts_character));
}

TextPlaces TextPlaces::of_file(std::string_view text) {
  TextPlaces places;
  places.pieces.push_back({0, 1, 1});
  int line = 1;
  for (auto at = text.find('\n'); at != text.npos; at = text.find('\n', at + 1)) {
    places.pieces.push_back({at + 1, ++line, 1});
  }
  return places;
}

Place TextPlaces::at(std::string_view text, std::size_t offset, const std::string& file) const {
  const auto after = std::upper_bound(
      pieces.begin(), pieces.end(), offset,
      [](std::size_t wanted, const Piece& piece) { return wanted < piece.offset; });
  if (after == pieces.begin()) return {file, 0, 0};
  const auto& piece = *(after - 1);
  const auto start = std::min(piece.offset, text.size());
  const auto within = text.substr(start, std::min(offset, text.size()) - start);
  return {file, piece.line, piece.column + int(count_characters(within))};
}

const Node::Entry* Node::find_entry(std::string_view key) const {
  for (const auto& entry : entries) {
    if (entry.key.text == key) return &entry;
  }
  return nullptr;
}

const Node* Node::find(std::string_view key) const {
  const auto* entry = find_entry(key);
  return entry ? &entry->value : nullptr;
}

Place Node::place_at(std::size_t offset) const {
  const std::string& written = origin ? origin->written : text;
  if (places) return places->at(written, offset, place.file);
  const auto before = std::string_view(written).substr(0, offset);
  return {place.file, place.line, place.column + int(quoted) + int(count_characters(before))};
}

std::string shown(const Node& node) {
  switch (node.kind) {
    case Node::Kind::sequence: return "a list";
    case Node::Kind::map: return "a map";
    case Node::Kind::null: return node.text.empty() ? "nothing" : "`" + node.text + "`";
    case Node::Kind::scalar: break;
  }
  return "`" + shortened(node.origin ? node.origin->written : node.text) + "`";
}

}  // namespace leat::config
