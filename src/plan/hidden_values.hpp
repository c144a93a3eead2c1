#pragma once

#include <string>
#include <vector>

namespace leat::plan {

/// Values of params that nothing shows: their names, or those of the variables that they come from,
/// tell that they are secrets.
class HiddenValues {
 public:
  void add(const std::string& value);
  /// With `***` in the place of each.
  std::string out_of(std::string text) const;

 private:
  struct Hidden {
    std::string text;
    std::string shown;
  };
  std::vector<Hidden> x_all;  ///< Longest first.
};

}  // namespace leat::plan
