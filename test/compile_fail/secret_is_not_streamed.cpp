// error: no match for 'operator<<'
#include <iostream>

#include "base/secret.hpp"

void show(const leat::Secret& secret) {
#ifdef REFUSED
  std::cout << secret;
#else
  std::cout << secret.empty();
#endif
}
