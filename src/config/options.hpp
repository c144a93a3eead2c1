#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "base/assert.hpp"
#include "base/names.hpp"
#include "config/read_value.hpp"

/// Typed option tables: every key is declared once, and the parser, the JSON Schema, the docs and
/// completion come from it.
///
///   const OptionTable<Options>& options() {
///     static const auto table = option_table<Options>({
///         option("start", &Options::start, "First value."),
///         option("count", &Options::count, "How many rows.").required().between(0, 1000),
///         later("rate", "Rows a second."),
///     });
///     return table;
///   }
///
/// A member may be bool, std::int64_t, std::uint64_t, double, std::string, an enum with names,
/// Bytes, Duration, Share, SecretRef, SqlText, Located<std::string>, Node or const Node* (any
/// subtree), a struct with a table of its own, std::optional of these, std::vector of these (one
/// value is read as a list of one), or std::vector<std::pair<std::string or Located<std::string>,
/// T>> (a map with free keys, in the order of the file). Defaults are those of a fresh struct.
namespace leat::config {

template <typename O>
class OptionTable;

/// How values of T nest: what stands at the leaf, and the shape around it.
template <typename T>
struct ValueReader {
  using Leaf = T;
  static ValueShape around(ValueShape leaf) { return leaf; }
  static bool read(const Node& node, const ValueShape& shape, T& out, Findings& findings) {
    if constexpr (std::is_enum_v<T>) {
      static_assert(!std::is_enum_v<T>, "an enum is read by its names: option(…, names)");
    } else if constexpr (KindOf<T>::kind == ValueKind::table) {
      return static_cast<const OptionTable<T>*>(shape.table)->read(node, out, findings);
    } else {
      return read_value(node, shape, out, findings);
    }
  }
  static std::string default_of(const T& value) {
    if constexpr (!std::is_pointer_v<T> && requires { default_text(value); }) {
      return default_text(value);
    } else {
      return "";
    }
  }
};

template <typename T>
struct ValueReader<std::optional<T>> {
  using Leaf = typename ValueReader<T>::Leaf;
  static ValueShape around(ValueShape leaf) { return ValueReader<T>::around(std::move(leaf)); }
  static bool read(const Node& node, const ValueShape& shape, std::optional<T>& out,
                   Findings& findings) {
    if (node.is_null()) return out.reset(), true;
    T value{};
    if (!ValueReader<T>::read(node, shape, value, findings)) return false;
    out = std::move(value);
    return true;
  }
  static std::string default_of(const std::optional<T>& value) {
    return value ? ValueReader<T>::default_of(*value) : "";
  }
};

template <typename T>
struct ValueReader<std::vector<T>> {
  using Leaf = typename ValueReader<T>::Leaf;
  static ValueShape around(ValueShape leaf) {
    ValueShape shape;
    shape.kind = ValueKind::list;
    shape.element = std::make_shared<const ValueShape>(ValueReader<T>::around(std::move(leaf)));
    return shape;
  }
  static bool read(const Node& node, const ValueShape& shape, std::vector<T>& out,
                   Findings& findings) {
    const bool many = node.is_sequence();
    if (!check_items(node, shape, many ? node.items.size() : 1, findings)) return false;
    std::vector<T> values;
    bool good = true;
    if (!many) good = read_item(node, *shape.element, values, findings);
    for (const auto& item : node.items) {
      if (!read_item(item, *shape.element, values, findings)) good = false;
    }
    out = std::move(values);  // What is good of it: one mistake makes one complaint.
    return good;
  }
  static std::string default_of(const std::vector<T>& values) {
    if (values.empty()) return "";
    std::string out;
    for (const auto& value : values) {
      auto text = ValueReader<T>::default_of(value);
      out += (out.empty() ? "" : ", ") + (text.empty() ? std::string("\"\"") : std::move(text));
    }
    return "[" + out + "]";
  }

 private:
  static bool read_item(const Node& item, const ValueShape& shape, std::vector<T>& out,
                        Findings& findings) {
    T value{};
    bool good = false;
    if (item.is_null() && !item.text.empty() && shape.kind == ValueKind::text) {
      Node word = item;  // In a list of texts NULL is the text "NULL".
      word.kind = Node::Kind::scalar;
      good = ValueReader<T>::read(word, shape, value, findings);
    } else {
      good = ValueReader<T>::read(item, shape, value, findings);
    }
    if (good) out.push_back(std::move(value));
    return good;
  }
};

/// A map with free keys.
template <typename K, typename T>
struct MapReader {
  using Leaf = typename ValueReader<T>::Leaf;
  using Pairs = std::vector<std::pair<K, T>>;
  static ValueShape around(ValueShape leaf) {
    ValueShape shape;
    shape.kind = ValueKind::map;
    shape.element = std::make_shared<const ValueShape>(ValueReader<T>::around(std::move(leaf)));
    return shape;
  }
  static bool read(const Node& node, const ValueShape& shape, Pairs& out, Findings& findings) {
    if (!node.is_map()) return add_mismatch(node, name_of(ValueKind::map), findings), false;
    if (!check_items(node, shape, node.entries.size(), findings)) return false;
    Pairs pairs;
    bool good = true;
    for (const auto& entry : node.entries) {
      std::pair<K, T> pair;
      if constexpr (std::is_same_v<K, std::string>) {
        pair.first = entry.key.text;
      } else {
        pair.first = {entry.key.text, entry.key.place, entry.key.length};
      }
      if (ValueReader<T>::read(entry.value, *shape.element, pair.second, findings)) {
        pairs.push_back(std::move(pair));
      } else {
        good = false;
      }
    }
    out = std::move(pairs);  // What is good of it: one mistake makes one complaint.
    return good;
  }
  static std::string default_of(const Pairs&) { return ""; }
};

template <typename T>
struct ValueReader<std::vector<std::pair<std::string, T>>> : MapReader<std::string, T> {};
template <typename T>
struct ValueReader<std::vector<std::pair<Located<std::string>, T>>>
    : MapReader<Located<std::string>, T> {};

/// The values of an enum by their names in a file.
template <typename E>
using EnumNames = std::vector<std::pair<std::string, E>>;

/// One line of a table, while it is being written down.
template <typename O, typename T>
struct Option {
  using Leaf = typename ValueReader<T>::Leaf;

  OptionEntry entry;
  ValueShape leaf;
  std::size_t items_min = 0;
  std::size_t items_max = 0;
  T O::* member = nullptr;
  std::function<bool(const Node&, const ValueShape&, T&, Findings&)> read;
  std::function<std::string(const T&)> default_of;

  Option&& required() && { return entry.required = true, std::move(*this); }
  Option&& example(std::string yaml) && {
    return entry.example = std::move(yaml), std::move(*this);
  }
  /// Of numbers, those in a list included.
  Option&& between(long double min, long double max) && {
    return leaf.min = min, leaf.max = max, std::move(*this);
  }
  Option&& at_least(long double min) && { return leaf.min = min, std::move(*this); }
  /// Of texts, in characters; `max` 0 is any.
  Option&& length(std::size_t min, std::size_t max) && {
    return leaf.length_min = min, leaf.length_max = max, std::move(*this);
  }
  Option&& length(std::size_t exactly) && { return std::move(*this).length(exactly, exactly); }
  /// Of lists and maps; `max` 0 is any.
  Option&& items(std::size_t min, std::size_t max = 0) && {
    return items_min = min, items_max = max, std::move(*this);
  }
  Option&& choices(std::vector<std::string> names) && {
    return leaf.choices = std::move(names), std::move(*this);
  }
  /// Known values that are refused by name.
  Option&& later_choices(std::vector<std::string> names) && {
    return leaf.later_choices = std::move(names), std::move(*this);
  }
};

/// A key of a table that is known, and refused as not built yet.
struct Later {
  OptionEntry entry;
};

inline Later later(std::string key, std::string summary) {
  Later known;
  known.entry.key = std::move(key);
  known.entry.summary = std::move(summary);
  known.entry.later = true;
  return known;
}

template <typename O, typename T>
Option<O, T> option(std::string key, T O::* member, std::string summary) {
  Option<O, T> made;
  made.entry.key = std::move(key);
  made.entry.summary = std::move(summary);
  made.leaf.kind = KindOf<typename ValueReader<T>::Leaf>::kind;
  made.member = member;
  made.read = ValueReader<T>::read;
  made.default_of = ValueReader<T>::default_of;
  return made;
}

/// A nested table, or a list or map of them.
template <typename O, typename T, typename N>
Option<O, T> option(std::string key, T O::* member, std::string summary,
                    const OptionTable<N>& table) {
  static_assert(std::is_same_v<N, typename ValueReader<T>::Leaf>);
  auto made = option(std::move(key), member, std::move(summary));
  made.leaf.table = &table;
  return made;
}

/// An enum, by its names.
template <typename O, typename E>
  requires std::is_enum_v<E>
Option<O, E> option(std::string key, E O::* member, std::string summary, EnumNames<E> names) {
  Option<O, E> made;
  made.entry.key = std::move(key);
  made.entry.summary = std::move(summary);
  made.leaf.kind = ValueKind::text;
  for (const auto& [name, value] : names) made.leaf.choices.push_back(name);
  made.member = member;
  made.read = [names](const Node& node, const ValueShape& shape, E& out, Findings& findings) {
    std::string text;
    if (!read_value(node, shape, text, findings)) return false;
    for (const auto& [name, value] : names) {
      if (name == text) out = value;
    }
    return true;
  };
  made.default_of = [names](const E& wanted) {
    for (const auto& [name, value] : names) {
      if (value == wanted) return name;
    }
    return std::string();
  };
  return made;
}

/// One finished line of a table of O; also takes lines about members of a base of O.
template <typename O>
struct TableLine {
  OptionEntry entry;
  std::function<bool(const Node&, const ValueShape&, O&, Findings&)> read;

  TableLine(Later known) : entry(std::move(known.entry)) {}  // NOLINT: conversion is the point

  template <typename B, typename T>
    requires std::is_base_of_v<B, O>
  TableLine(Option<B, T> made) : entry(std::move(made.entry)) {  // NOLINT
    if constexpr (std::is_enum_v<T>) {
      entry.shape = std::move(made.leaf);
    } else {
      entry.shape = ValueReader<T>::around(std::move(made.leaf));
    }
    if (made.items_min || made.items_max) {
      entry.shape.length_min = made.items_min;
      entry.shape.length_max = made.items_max;
    }
    if (!entry.required) {
      const O fresh{};
      entry.default_text = made.default_of(fresh.*made.member);
    }
    read = [member = made.member, reader = std::move(made.read)](
               const Node& node, const ValueShape& shape, O& out, Findings& findings) {
      return reader(node, shape, out.*member, findings);
    };
  }
};

/// The keys of O's file form.
template <typename O>
class OptionTable : public OptionSet {
 public:
  explicit OptionTable(std::vector<TableLine<O>> lines)
      : OptionSet(entries_of(lines)), x_lines(std::move(lines)) {}

  /// Reads what is known and checks that what is required is there; a null is an empty map.
  /// Entries with other keys go to `unknown`, or are findings when that is null.
  bool read(const Node& node, O& out, Findings& findings,
            std::vector<const Node::Entry*>* unknown = nullptr) const {
    if (!node.is_map() && !node.is_null()) return add_no_map(node, findings), false;
    const auto before = findings.size();
    for (const auto& entry : node.entries) {
      const auto index = find(entry.key.text);
      if (!index) {
        if (unknown) {
          unknown->push_back(&entry);
        } else {
          add_unknown(entry.key, findings);
        }
      } else if (entries()[*index].later) {
        add_later(entry.key, findings);
      } else {
        x_lines[*index].read(entry.value, entries()[*index].shape, out, findings);
      }
    }
    add_missing(node, findings);
    return findings.size() == before;
  }

 private:
  static std::vector<OptionEntry> entries_of(const std::vector<TableLine<O>>& lines) {
    std::vector<OptionEntry> entries;
    for (const auto& line : lines) entries.push_back(line.entry);
    return entries;
  }

  std::vector<TableLine<O>> x_lines;
};

template <typename O>
OptionTable<O> option_table(std::vector<TableLine<O>> lines) {
  return OptionTable<O>(std::move(lines));
}

/// The options in a map; nothing when findings were added.
template <typename O>
std::optional<O> read_options(const OptionTable<O>& table, const Node& node, Findings& findings) {
  O out{};
  if (!table.read(node, out, findings)) return std::nullopt;
  return out;
}

}  // namespace leat::config
