#include "app/trial.hpp"

#include "clients/hdf5/trial.hpp"

namespace leat::app {

std::optional<int> carry_out_trial(std::span<const char* const> arguments) {
  return hdf5::carry_out_trial(arguments);
}

}  // namespace leat::app
