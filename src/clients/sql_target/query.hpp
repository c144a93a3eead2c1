#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace leat::sql_target {

using Row = std::vector<std::optional<std::string>>;

/// Carries out one statement. Of a SELECT its rows as text; of one that changes rows, one row with
/// their number.
using Query = std::function<Result<std::vector<Row>>(const std::string& sql)>;

/// The number in a cell of the first row; 0 when there is none.
std::uint64_t number_in(const std::vector<Row>& rows, std::size_t cell = 0);

}  // namespace leat::sql_target
