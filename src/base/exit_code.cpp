#include "base/exit_code.hpp"

#include "base/cancel.hpp"

namespace leat {

int exit_code_of(const Error& error) {
  if (error.is_cancelled()) return 128 + CancelToken::kInterrupt;
  if (error.is_busy()) return 6;
  if (error.is_refused()) return 7;
  switch (error.fault()) {
    case Fault::config: return 2;
    case Fault::data:
    case Fault::external: return 1;
    case Fault::internal: return 70;
  }
  return 70;
}

}  // namespace leat
