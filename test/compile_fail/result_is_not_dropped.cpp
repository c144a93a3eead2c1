// error: nodiscard
#include "base/result.hpp"

leat::Result<int> count();

void use() {
#ifdef REFUSED
  count();
#else
  const auto counted = count();
  if (!counted.ok()) return;
#endif
}
