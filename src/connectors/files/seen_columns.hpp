#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace leat::connectors::files {

/// Which declared columns have had a value under their name in any record, and what other names
/// stood beside them: a column that not one record has is either mistyped or not there today.
///
/// Threads   one at a time; what each reader has seen is merged.
class SeenColumns {
 public:
  void add_found(std::size_t column) {
    if (column >= x_found.size()) x_found.resize(column + 1);
    x_found[column] = true;
  }
  /// A name that is no column's. Only so many are kept.
  void add_other(std::string_view name);
  bool wants_others() const { return x_others.size() < kOthersMax; }
  void merge(const SeenColumns& seen);

  /// Something else that people should know of what was read.
  void say(std::string text) { x_said.insert(std::move(text)); }

  /// What was said, and one sentence for each column that was nowhere. `sought[i]`: the name under
  /// which column i lies; empty: nobody asks for it. `unit` is what a record is called.
  std::vector<std::string> warnings(const std::vector<std::string>& sought, const std::string& unit,
                                    const std::string& where) const;

 private:
  static constexpr std::size_t kOthersMax = 200;

  /// Nothing is known of them where no record had any of the columns.
  std::vector<std::string> missing(const std::vector<std::string>& sought) const;

  std::vector<bool> x_found;  ///< By column, up to the last that was found.
  std::set<std::string, std::less<>> x_others;
  std::set<std::string> x_said;
};

}  // namespace leat::connectors::files
