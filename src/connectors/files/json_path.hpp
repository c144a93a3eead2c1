#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leat::connectors::files {

/// Follows a document, piece by piece, to the array that a path of keys leads to, and, behind the
/// array, to the document's end.
///
/// Calls     `find_array` until it finds; then, from behind the array, `read_on` with what is left.
/// Promise   only objects on the path are looked into; what lies beside it is passed by its
///           brackets and quotes alone. Keys are compared as they are written, escapes included.
class JsonPath {
 public:
  /// Of no keys: the document itself is the array.
  explicit JsonPath(std::vector<std::string> keys) : x_keys(std::move(keys)) {}

  bool is_given() const { return !x_keys.empty(); }
  /// Where in `text` the array begins; npos: not in this piece.
  std::size_t find_array(std::string_view text);
  void read_on(std::string_view text);
  bool is_found() const { return x_is_found; }
  /// What is wrong at the end of the file: "there is no key `items`"; empty: nothing.
  std::string complaint() const;
  /// The key that was looked for last.
  const std::string& sought() const { return x_keys[std::min(x_matched, x_keys.size() - 1)]; }
  /// Names of the keys that stood where the missing one was looked for.
  const std::vector<std::string>& keys_seen() const { return x_seen; }

 private:
  enum class Await { value, key, colon, sought };

  /// False when the path cannot be followed any more.
  bool take_sought(char c);
  void take_beside(char c);
  bool take_text(char c);
  void end_key();

  std::vector<std::string> x_keys;
  std::vector<std::string> x_seen;
  std::string x_key;
  std::size_t x_matched = 0;  ///< Keys of the path whose objects are open.
  std::size_t x_depth = 0;    ///< Brackets that are open.
  Await x_await = Await::value;
  bool x_in_text = false;
  bool x_escaped = false;
  bool x_is_found = false;
  std::string x_complaint;
};

/// "data.items", "$.data.items", "data.\"first.name\"" as keys; nothing when it is no such path.
std::vector<std::string> keys_of_path(std::string_view path);

}  // namespace leat::connectors::files
