#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/endpoint.hpp"
#include "app/project.hpp"
#include "base/cancel.hpp"
#include "run/report.hpp"

namespace leat::app {

/// What is known of one column.
struct ColumnProfile {
  std::string name;
  std::string type;
  std::uint64_t nulls = 0;
  std::uint64_t distinct = 0;  ///< Estimate; exact where `top_is_exact`.
  std::optional<std::string> min;
  std::optional<std::string> max;
  std::optional<double> mean;
  std::optional<double> stddev;
  /// Of numbers, at 0, 5, 10 … 100 %; dates and instants in seconds since 1970.
  std::vector<double> quantiles;
  std::vector<double> histogram;  ///< Shares of ten equal stretches from min to max; an estimate.
  std::optional<std::uint64_t> outliers;  ///< Beyond 3 × the middle half, on either side.
  std::vector<std::pair<std::string, std::uint64_t>> top;  ///< Values and how often, most first.
  bool top_is_exact = false;  ///< `top` was counted, and holds all values when they are few.
};

struct Profile {
  std::string what;       ///< "data/x.csv", "county_health"
  std::string connector;  ///< Of a file.
  std::optional<connectors::csv::DialectGuess> dialect;
  std::uint64_t rows = 0;  ///< Read; those that could not be decoded included.
  std::uint64_t undecodable = 0;
  std::uint64_t with_outlier = 0;
  bool outliers_exact = false;  ///< False: the quartiles are estimates.
  std::vector<ColumnProfile> columns;
  std::vector<std::string> suggestions;  ///< Checks, as lines of YAML.
  Micros elapsed{0};

  std::uint64_t valid() const { return rows - undecodable - with_outlier; }
};

/// Looks at a file, a table or a node of a pipeline; nothing has to be declared.
///
/// Promise   rows, nulls, min, max, mean and counted values are exact; the rest says when it is an
///           estimate. Nothing is written but scratch.
Result<Profile> profile(const std::filesystem::path& where, const LoadOptions& options,
                        const std::string& what, const CancelToken& cancel,
                        const run::RunEvents& events);

}  // namespace leat::app
