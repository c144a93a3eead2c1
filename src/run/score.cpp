#include "run/score.hpp"

namespace leat::run {
namespace {

double share_passed(const CheckOutcome& outcome) {
  if (outcome.rows_judged == 0) return outcome.rows_failed == 0 ? 1 : 0;
  return 1 - double(outcome.rows_failed) / double(outcome.rows_judged);
}

}  // namespace

Weights default_weights() {
  return {{Dimension::completeness, 30},
          {Dimension::accuracy, 30},
          {Dimension::consistency, 20},
          {Dimension::timeliness, 10},
          {Dimension::validity, 10}};
}

Score score_of(std::span<const CheckOutcome> outcomes, const Weights& weights) {
  Score score;
  double weighted = 0;
  double weight_sum = 0;
  for (const auto& [dimension, weight] : weights) {
    double shares = 0;
    std::size_t checks = 0;
    for (const auto& outcome : outcomes) {
      if (outcome.dimension != name_of(dimension)) continue;
      shares += share_passed(outcome);
      ++checks;
    }
    if (checks == 0) continue;
    const double value = 100 * shares / double(checks);
    score.by_dimension[std::string(name_of(dimension))] = value;
    weighted += weight * value;
    weight_sum += weight;
  }
  if (weight_sum > 0) score.total = weighted / weight_sum;
  return score;
}

}  // namespace leat::run
