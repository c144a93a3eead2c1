// error: formattable
#include <fmt/format.h>

#include "base/secret.hpp"

std::string show(const leat::Secret& secret) {
#ifdef REFUSED
  return fmt::format("{}", secret);
#else
  return fmt::format("{}", secret.reveal());
#endif
}
