#pragma once

#include <string>
#include <vector>

namespace leat::plan {

/// A model and what its SQL reads, by node name.
struct ModelEdges {
  std::string name;
  std::vector<std::string> inputs;
};

struct ModelOrder {
  std::vector<std::size_t> order;  ///< Indices, none before what it reads; cyclic ones left out.
  std::vector<std::vector<std::string>> cycles;  ///< "a", "b", "a": each named once.
};

/// Puts models in order of work.
ModelOrder order_models(const std::vector<ModelEdges>& models);

}  // namespace leat::plan
