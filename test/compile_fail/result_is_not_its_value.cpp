// error: cannot convert
#include "base/result.hpp"

leat::Result<int> count();

int use() {
#ifdef REFUSED
  int rows = count();
  return rows;
#else
  const auto rows = count();
  return rows.ok() ? rows.value() : 0;
#endif
}
