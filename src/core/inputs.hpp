#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.hpp"
#include "core/position.hpp"

namespace leat {

/// One thing whose rows a position stands for. docs/formats/position.md.
struct Input {
  enum class Kind {
    file,
    table,     ///< Of a database, or one SELECT over it.
    sequence,  ///< The integers from `first` on, `next` not included.
    state,     ///< What is known by its text alone: written rows, positions of older versions.
  };
  Kind kind = Kind::state;
  std::string place;  ///< file, table: the real path of the file. state: the text itself.
  std::string name;   ///< file: as the source calls it: relative to `root` where it lies beneath.
  std::string root;   ///< file: the project that it was read in.
  std::string part;   ///< Which rows of the place: a sheet, a table; empty: all, or not known.
  std::uint64_t size = 0;
  std::int64_t mtime_ns = 0;
  std::string digest;  ///< file: SHA-256 of its bytes in hex; empty when nobody looked.
  std::string state;   ///< table: the state of the database, as JSON.
  std::int64_t first = 0;
  std::int64_t next = 0;
};

/// What a position of whatever source stands for, those within fan-outs too. `root` is the project
/// that a position of an older version, which names none, is taken to be of.
std::vector<Input> inputs_of(const Position& position, const std::filesystem::path& root);

/// The position that stands for them.
Position position_of(const std::vector<Input>& inputs);

/// Errors: config, where some are of another kind; `whose` is the source: "a sequence".
Status require_kind(const std::vector<Input>& inputs, Input::Kind kind, const std::string& whose);

/// One position for all that these stand for; the first tells where a source goes on.
Position together(const std::vector<Position>& positions);
/// The positions of which `together` made one; else the position alone.
std::vector<Position> parts_of(const Position& position);

/// May the two be rows of the same part of a place? What is not known may be any.
bool may_share_part(const std::string& a, const std::string& b);
/// As far as is known: the same size, and the same digest or time.
bool has_same_bytes(const Input& a, const Input& b);

/// Answers which of some inputs another one is, in whatever state: a table that has changed since
/// still is the same one.
///
/// Promise   a file is known by its real path; or, in another project, by its name there and its
///           bytes: the project may have been moved or copied.
class InputIndex {
 public:
  explicit InputIndex(std::vector<Input> inputs);

  bool empty() const { return x_inputs.empty(); }
  const std::vector<Input>& inputs() const { return x_inputs; }
  /// Null: none of them.
  const Input* find(const Input& input) const;
  /// Files of that name in other projects, whose bytes may be the same: who can should look.
  std::vector<Input*> named_alike(const Input& input);

 private:
  using Places = std::unordered_multimap<std::string, std::size_t>;

  const Input* find_state(const Input& input) const;

  std::vector<Input> x_inputs;
  Places x_by_place;
  Places x_by_name;
};

/// The inputs of `to` that are not among those of `from` in the same state.
std::vector<Input> inputs_between(const std::vector<Input>& from, std::vector<Input> to);

}  // namespace leat
