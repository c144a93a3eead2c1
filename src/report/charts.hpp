#pragma once

#include <string>
#include <string_view>

#include "report/fields.hpp"

namespace leat::report {

/// A bar filled to `share`, nothing for nothing; the figure must stand beside it as text. `tone` is
/// empty, warn or bad.
std::string bar(double share, std::string_view tone);
/// The histogram of one column of the statistics, an SVG picture; empty where there is none.
std::string histogram(const json& column);
/// One of the column's quantiles (0 to 6) as its type is written; empty where there is none.
std::string quantile(const json& column, std::size_t index);
/// "mean 5 ± 1.2", the standard deviation behind it; empty where there is none.
std::string moments(const json& column);

}  // namespace leat::report
