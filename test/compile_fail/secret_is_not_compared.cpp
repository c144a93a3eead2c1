// error: no match for 'operator=='
#include "base/secret.hpp"

bool same(const leat::Secret& one, const leat::Secret& other) {
#ifdef REFUSED
  return one == other;
#else
  return one.reveal() == other.reveal();
#endif
}
