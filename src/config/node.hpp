#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.hpp"

namespace leat::config {

/// Where each piece of a text stands in its file, for a text that is not written in one piece.
struct TextPlaces {
  struct Piece {
    std::size_t offset = 0;  ///< Bytes into the text.
    int line = 0;
    int column = 0;
  };
  std::vector<Piece> pieces;  ///< In order of `offset`; the first is 0.

  /// For a text that is a file of its own: one piece a line.
  static TextPlaces of_file(std::string_view text);
  /// Units     columns count characters, not bytes.
  Place at(std::string_view text, std::size_t offset, const std::string& file) const;
};

class Values;

/// What a scalar was before variables and templates were put in.
struct Origin {
  std::string written;            ///< As it stands in the file.
  bool from_environment = false;  ///< Holds a variable's value, which no message may show.
  std::string secret;             ///< Name in `${secret:name}`; the scalar's text is then empty.
  std::shared_ptr<const Values> values;  ///< Of its `{{ … }}`; null when it has none.
};

/// One node of a YAML file, with its place. Scalars are text until an option table reads them.
struct Node {
  enum class Kind { null, scalar, sequence, map };
  struct Entry;

  Kind kind = Kind::null;
  std::string text;     ///< Of a scalar, without quotes; of a null as written ("NULL", "~", "").
  bool quoted = false;  ///< Quoted, or a block scalar.
  Place place;
  int length = 1;              ///< Characters on its first line, quotes included.
  std::vector<Entry> entries;  ///< Of a map, in the order of the file; keys are unique scalars.
  std::vector<Node> items;     ///< Of a sequence.
  std::shared_ptr<const TextPlaces> places;  ///< Null when `text` is written in one piece.
  std::shared_ptr<const Origin> origin;      ///< Null when `text` is as written.

  bool is_null() const { return kind == Kind::null; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_sequence() const { return kind == Kind::sequence; }
  bool is_map() const { return kind == Kind::map; }

  /// The value of a map's key; null when it is not there, or this is no map.
  const Node* find(std::string_view key) const;
  const Entry* find_entry(std::string_view key) const;
  /// Where byte `offset` of a scalar's written text stands in the file.
  Place place_at(std::size_t offset) const;
};

struct Node::Entry {
  Node key;
  Node value;
};

/// A quoted scalar that stands where another node does.
Node text_scalar(const std::string& text, const Node& at);

/// What may be shown of a node in a message: "`abc`", "a list", "a map", "nothing". Never the
/// value of a variable, never more than a few words.
std::string shown(const Node& node);

/// Number of characters (code points) in UTF-8 text.
std::size_t count_characters(std::string_view text);

}  // namespace leat::config
