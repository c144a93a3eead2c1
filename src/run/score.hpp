#pragma once

#include <map>
#include <span>
#include <string>

#include "core/check.hpp"
#include "core/receipt.hpp"

namespace leat::run {

/// Weight of each dimension, in percent; those without checks are left out and the rest rescaled.
using Weights = std::map<Dimension, double>;
Weights default_weights();

struct Score {
  double total = 100;  ///< 0 to 100; 100 without any check.
  std::map<std::string, double> by_dimension;
};

/// A dimension's score is the mean over its checks of the share of rows that passed; a check of
/// the whole dataset counts 1 or 0.
Score score_of(std::span<const CheckOutcome> outcomes, const Weights& weights);

}  // namespace leat::run
