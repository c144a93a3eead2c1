#include "app/catalog.hpp"

namespace leat::app {

const Catalog& catalog() {
  static const Catalog all = [] {
    Catalog filled;
    describe_all(filled);
    return filled;
  }();
  return all;
}

}  // namespace leat::app
