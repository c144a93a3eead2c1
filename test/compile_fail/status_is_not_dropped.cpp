// error: nodiscard
#include "base/result.hpp"

leat::Status write();

leat::Status use() {
#ifdef REFUSED
  write();
#else
  TRY(write());
#endif
  return {};
}
