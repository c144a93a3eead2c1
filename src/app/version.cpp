#include "app/version.hpp"

namespace leat::app {

std::string version() { return LEAT_VERSION; }

}  // namespace leat::app
