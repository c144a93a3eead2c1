#include "core/sink.hpp"

namespace leat {

std::string_view name_of(Strategy strategy) {
  switch (strategy) {
    case Strategy::replace: return "replace";
    case Strategy::append: return "append";
    case Strategy::merge: return "merge";
    case Strategy::delete_insert: return "delete_insert";
    case Strategy::scd2: return "scd2";
  }
  return "append";
}

}  // namespace leat
