#include "base/assert.hpp"

#include <cstdio>
#include <cstdlib>

namespace leat {

void assertion_failed(const char* condition, const char* file, int line) {
  std::fprintf(stderr,
               "leat: internal error: %s is false at %s:%d\n"
               "Nothing was published. Please report this with the command you typed.\n",
               condition, file, line);
  std::fflush(stderr);
  std::_Exit(70);
}

}  // namespace leat
