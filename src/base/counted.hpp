#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace leat {

/// The one function that says how many there are: "1 row", "12,000 rows". `many` where it is not
/// `one` with an s.
std::string counted(std::uint64_t count, std::string_view one, std::string_view many = {});

}  // namespace leat
