#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "clients/text_values/arena.hpp"
#include "connectors/files/json_walk.hpp"

namespace leat::connectors::files {

/// Finds in one object after another the values that paths of keys lead to.
///
/// Calls     `add` for each path; then `read` of any number of objects.
/// Missing   nothing is found where a key of the path is not there or null.
class JsonScope {
 public:
  struct Found {
    std::size_t slot = 0;
    JsonValue value;
  };

  /// Where the path leads is found as `slot`.
  void add(const std::vector<std::string>& path, std::size_t slot);
  bool is_empty() const { return x_by_key.empty(); }
  /// A key that begins no path is a complaint.
  void refuse_others() { x_refuses_others = true; }

  /// Goes through all of the object. What is wrong with it; empty: nothing.
  std::string read(std::string_view object, text_values::Arena& arena);
  /// What the last object holds.
  const std::vector<Found>& found() const { return x_found; }
  /// Keys of the last object: all of them, and those that begin a path.
  std::size_t keys() const { return x_keys; }
  std::size_t known_keys() const { return x_known_keys; }

 private:
  struct Target {
    std::size_t slot = 0;
    std::vector<std::string> below;  ///< The keys behind the first.
  };
  struct Key {
    std::vector<Target> targets;
    std::uint64_t last_object = 0;  ///< One more than the object that had it last.
  };

  std::string take_member(const JsonMember& member, text_values::Arena& arena);

  std::unordered_map<std::string, Key> x_by_key;
  std::vector<Found> x_found;
  bool x_refuses_others = false;
  std::uint64_t x_objects = 0;
  std::size_t x_keys = 0;
  std::size_t x_known_keys = 0;
  std::string x_key;  ///< A key whose escapes were undone.
};

/// One value of a JSON text that is known to be well-formed.
JsonValue json_value_of(std::string_view text);

/// The elements of a JSON array that is known to be well-formed, one after the other.
class JsonElements {
 public:
  JsonElements() = default;
  explicit JsonElements(std::string_view array) : x_text(array), x_at(1) {}

  /// The text of the next; false at the end.
  bool next(std::string_view& element);

 private:
  std::string_view x_text;
  std::size_t x_at = 0;
};

}  // namespace leat::connectors::files
