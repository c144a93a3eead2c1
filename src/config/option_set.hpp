#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/findings.hpp"
#include "config/node.hpp"

namespace leat::config {

class OptionSet;

enum class ValueKind {
  boolean,
  integer,
  number,
  text,
  bytes,
  duration,
  share,
  secret,
  sql,
  any,
  list,
  map,
  table,
};
/// "a whole number", "a list of texts": for messages and docs.
std::string_view name_of(ValueKind kind);

/// What a value may be.
struct ValueShape {
  ValueKind kind = ValueKind::text;
  std::optional<long double> min;  ///< Of numbers, those in a list included.
  std::optional<long double> max;
  std::vector<std::string> choices;        ///< Of texts; empty: any.
  std::vector<std::string> later_choices;  ///< Known, and refused as not built yet.
  std::size_t length_min = 0;  ///< Of texts, in characters; of lists without texts, items.
  std::size_t length_max = 0;  ///< 0: any.
  std::shared_ptr<const ValueShape> element;  ///< Of lists and maps.
  const OptionSet* table = nullptr;           ///< Of nested tables.
};

/// One key of a table, as people and editors see it.
struct OptionEntry {
  std::string key;
  std::string summary;
  ValueShape shape;
  bool required = false;
  bool later = false;        ///< Known, and refused as not built yet.
  std::string default_text;  ///< As YAML; empty: none to tell.
  std::string example;       ///< As YAML.
};

/// An option table without its types: for the JSON Schema, docs and completion.
///
/// Promise   immutable; lives as long as the program; any thread.
class OptionSet {
 public:
  explicit OptionSet(std::vector<OptionEntry> entries);
  virtual ~OptionSet() = default;
  OptionSet(const OptionSet&) = delete;
  OptionSet& operator=(const OptionSet&) = delete;

  const std::vector<OptionEntry>& entries() const { return x_entries; }
  /// Index into `entries`; letter case counts.
  std::optional<std::size_t> find(std::string_view key) const;
  /// Those that can be used, in order.
  const std::vector<std::string>& keys() const { return x_keys; }

  void add_unknown(const Node& key, Findings& findings) const;
  /// The node stands where a map of these options is expected; a lone value is meant for the first
  /// key that is required.
  void add_no_map(const Node& node, Findings& findings) const;
  static void add_later(const Node& key, Findings& findings);
  /// One finding for each required key that the map has not.
  void add_missing(const Node& map, Findings& findings) const;

 private:
  std::vector<OptionEntry> x_entries;
  std::vector<std::string> x_keys;
};

}  // namespace leat::config
