#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "clients/text_values/arena.hpp"
#include "connectors/files/json_walk.hpp"
#include "connectors/files/seen_columns.hpp"

namespace leat::connectors::files {

/// Finds in one object after another the values that paths of keys lead to.
///
/// Calls     `add` for each path; then `read` of any number of objects.
/// Missing   nothing is found where a key of the path is not there or null.
class JsonScope {
 public:
  /// A path that an author wrote, as far as it has led anywhere.
  struct Named {
    std::vector<std::string> path;
    std::size_t slot = 0;
    bool is_found = false;          ///< In some object, if only null.
    std::string sought;             ///< Else the key that was not there; empty: nobody can tell;
    std::vector<std::string> seen;  ///< and those that were, of the first objects.
  };

  /// Where the path leads is found as `slot`. `is_named`: somebody wants to know whether it led
  /// anywhere.
  void add(const std::vector<std::string>& path, std::size_t slot, bool is_named = false);
  const std::vector<Named>& named() const { return x_named; }
  /// Slots that some whole object had, and keys that begin no path.
  const SeenColumns& seen() const { return x_seen; }
  /// Is there more to tell of these than when it was asked last?
  bool take_news() { return std::exchange(x_has_news, false); }
  bool is_empty() const { return x_by_key.empty(); }
  /// A key that begins no path is a complaint.
  void refuse_others() { x_refuses_others = true; }

  /// Goes through all of the object and calls `take(slot, value)` for what it finds. What is wrong
  /// with the object; empty: nothing.
  template <typename Take>
  std::string read(std::string_view object, text_values::Arena& arena, Take take);
  /// Keys of the last object: all of them, and those that begin a path.
  std::size_t keys() const { return x_keys; }
  std::size_t known_keys() const { return x_known_keys; }

 private:
  struct Target {
    std::size_t slot = 0;
    std::vector<std::string> below;  ///< The keys behind the first.
  };
  static constexpr std::size_t kObjectsToFind = 100;  ///< Of these the keys are told.
  struct Key {
    std::vector<Target> targets;
    std::uint64_t last_object = 0;  ///< One more than the object that had it last.
    bool is_seen = false;           ///< In some whole object.
  };

  template <typename Take>
  std::string take_member(const JsonMember& member, text_values::Arena& arena, Take& take);
  std::string unknown() const;
  std::string twice() const;
  void note_other();
  /// Of an object that is whole, or is not.
  void settle_seen(bool is_whole);
  std::string descend(const std::vector<std::string>& below, text_values::Arena& arena,
                      JsonValue& value) const;
  /// Where the named paths lead in an object that is whole.
  void look_for_named(std::string_view object, text_values::Arena& arena);

  std::unordered_map<std::string, Key> x_by_key;
  std::vector<Named> x_named;
  std::size_t x_unfound = 0;  ///< Of those.
  SeenColumns x_seen;
  std::vector<Key*> x_new_keys;           ///< Of the object that is read, first seen there;
  std::vector<std::string> x_new_others;  ///< and those that begin no path.
  bool x_has_news = false;
  bool x_refuses_others = false;
  std::uint64_t x_objects = 0;
  std::size_t x_keys = 0;
  std::size_t x_known_keys = 0;
  std::string x_key;  ///< A key whose escapes were undone.
};

template <typename Take>
std::string JsonScope::read(std::string_view object, text_values::Arena& arena, Take take) {
  JsonObjectWalk walk(object);
  JsonMember member;
  ++x_objects;
  x_keys = 0;
  x_known_keys = 0;
  for (; walk.next(member); ++x_keys) {
    auto complaint = take_member(member, arena, take);
    if (complaint.empty()) continue;
    settle_seen(false);
    return complaint;
  }
  settle_seen(walk.complaint().empty());
  if (x_unfound > 0 && walk.complaint().empty()) look_for_named(object, arena);
  return walk.complaint();
}

template <typename Take>
std::string JsonScope::take_member(const JsonMember& member, text_values::Arena& arena,
                                   Take& take) {
  x_key.assign(member.has_escapes ? undo_escapes(member.key, arena).view() : member.key);
  const auto at = x_by_key.find(x_key);
  if (at == x_by_key.end()) {
    if (x_refuses_others) return unknown();
    if (x_objects <= kObjectsToFind) note_other();
    return "";
  }
  ++x_known_keys;
  auto& key = at->second;
  if (key.last_object == x_objects) return twice();
  key.last_object = x_objects;
  if (!key.is_seen) x_new_keys.push_back(&key);
  for (const auto& target : key.targets) {
    if (target.below.empty()) {
      if (member.value.kind != JsonValue::Kind::null) take(target.slot, member.value);
      continue;
    }
    JsonValue value = member.value;
    auto complaint = descend(target.below, arena, value);
    if (!complaint.empty()) return complaint;
    if (value.kind != JsonValue::Kind::null) take(target.slot, value);
  }
  return "";
}

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
