#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "base/error.hpp"

namespace leat::sql_target {

/// Who of the target keeps rows or moves them, and what to do then, as a hint; nothing: nobody.
using OwnWays = std::function<std::optional<std::string>()>;

/// The table has not stored each row that was sent to it.
Error other_rows(std::uint64_t sent, std::uint64_t taken, std::string hint);

/// Rows that are to be replaced would stand beside the new ones.
Error kept_rows(std::uint64_t kept, std::string hint);

}  // namespace leat::sql_target
