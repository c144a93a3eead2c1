#include "core/sink.hpp"

namespace leat {

std::string_view name_of(Strategy strategy) {
  switch (strategy) {
    case Strategy::replace: return "replace";
    case Strategy::append: return "append";
  }
  return "append";
}

}  // namespace leat
