#include "app/row_diff.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace leat::app {
namespace {

constexpr double kTolerance = 1e-9;

bool alike(const std::optional<std::string>& a, const std::optional<std::string>& b, bool is_real) {
  if (a == b) return true;
  if (!a || !b || !is_real) return false;
  const double x = std::strtod(a->c_str(), nullptr);
  const double y = std::strtod(b->c_str(), nullptr);
  return std::abs(x - y) <= kTolerance * std::max(std::abs(x), std::abs(y));
}

bool alike(const engine::TextRow& a, const engine::TextRow& b, const std::vector<bool>& is_real) {
  for (std::size_t i = 0; i < a.size(); ++i) {
    if (!alike(a[i], b[i], is_real[i])) return false;
  }
  return true;
}

/// Takes rows that are equal to the byte out of both, which leaves few to compare one by one.
void drop_equal(std::vector<engine::TextRow>& a, std::vector<engine::TextRow>& b) {
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  std::vector<engine::TextRow> only_a;
  std::vector<engine::TextRow> only_b;
  std::set_difference(a.begin(), a.end(), b.begin(), b.end(), std::back_inserter(only_a));
  std::set_difference(b.begin(), b.end(), a.begin(), a.end(), std::back_inserter(only_b));
  a = std::move(only_a);
  b = std::move(only_b);
}

}  // namespace

RowDiff diff_rows(std::vector<engine::TextRow> expected, std::vector<engine::TextRow> actual,
                  const std::vector<bool>& is_real) {
  drop_equal(expected, actual);
  RowDiff diff;
  for (auto& row : expected) {
    const auto found = std::find_if(actual.begin(), actual.end(),
                                    [&](const auto& other) { return alike(row, other, is_real); });
    if (found == actual.end()) {
      diff.missing.push_back(std::move(row));
    } else {
      actual.erase(found);
    }
  }
  diff.unexpected = std::move(actual);
  return diff;
}

}  // namespace leat::app
