#pragma once

#include <optional>
#include <string>
#include <vector>

#include "data/type.hpp"

namespace leat::data {

/// One end of a range, as the author wrote it.
struct Bound {
  std::string text;
  bool exclusive = false;
};

/// What a row kernel needs to know. Each kernel reads the fields that its documentation names.
struct KernelArgs {
  std::optional<Bound> min;
  std::optional<Bound> max;
  std::vector<std::string> values;  ///< accepted_values
  std::string pattern;              ///< A regular expression of RE2, searched unless anchored.
  std::optional<Type> type;         ///< castable
  std::string format;               ///< castable: strftime format; empty: the engine's own.
};

}  // namespace leat::data
