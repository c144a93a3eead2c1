// error: nodiscard
#include "base/error.hpp"

leat::Error make();

void use() {
#ifdef REFUSED
  make();
#else
  const auto error = make();
  static_cast<void>(error);
#endif
}
