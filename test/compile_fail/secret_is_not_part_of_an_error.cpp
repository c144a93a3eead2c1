// error: could not convert|no matching function|cannot convert|no known conversion
#include "base/error.hpp"
#include "base/secret.hpp"

leat::Error refused(const leat::Secret& secret) {
#ifdef REFUSED
  return leat::Error(leat::Fault::external, "refused").with("password", secret);
#else
  return leat::Error(leat::Fault::external, "refused").with("empty", secret.empty() ? "yes" : "no");
#endif
}
