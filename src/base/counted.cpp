#include "base/counted.hpp"

#include "base/quantity.hpp"

namespace leat {

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  const auto name = count == 1 || many.empty() ? one : many;
  return format_count(count) + " " + std::string(name) + (count != 1 && many.empty() ? "s" : "");
}

}  // namespace leat
