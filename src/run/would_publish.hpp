#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "core/sink.hpp"

namespace leat::run {

/// What a publish would do to its target.
struct WouldPublish {
  std::string sink;
  std::string place;
  std::uint64_t rows = 0;            ///< That it would publish.
  std::vector<std::string> reasons;  ///< Why it would be held, or fail; empty: it would not.
  std::optional<Difference> difference;
  std::string why_not;  ///< Without a difference: why.
};

}  // namespace leat::run
