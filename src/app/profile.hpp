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

/// What nearly all values of a column of text are.
struct NearType {
  std::string type;
  std::uint64_t fits = 0;    ///< Values of that type,
  std::uint64_t values = 0;  ///< of so many.
  std::string other;         ///< One that is not.
};

/// What is known of one column.
struct ColumnProfile {
  std::string name;
  std::string type;
  std::string units;  ///< What its contract says of it.
  std::string description;
  std::uint64_t missing = 0;   ///< Nulls.
  std::uint64_t distinct = 0;  ///< Estimate, standard error 1.63 %; exact where
                               ///< `top_is_exact`.
  std::optional<std::string> min;
  std::optional<std::string> max;
  std::optional<double> mean;
  std::optional<double> stddev;
  /// Of numbers, at 0, 5, 10 … 100 %; dates and instants in seconds since 1970.
  std::vector<double> quantiles;
  std::vector<double> histogram;  ///< Shares of ten equal stretches from min to max; an estimate.
  /// Beyond the quartiles by 3 x their distance, NaN and infinities; nothing: no numbers.
  std::optional<std::uint64_t> outliers;
  std::vector<std::pair<std::string, std::uint64_t>> top;  ///< Values and how often, most first.
  bool top_is_exact = false;  ///< `top` was counted, and holds all values when they are few.
  std::optional<NearType> near;
};

struct Profile {
  std::string what;       ///< "data/x.csv", "county_health"
  std::string connector;  ///< Of a file.
  std::optional<connectors::csv::DialectGuess> dialect;
  std::string sample;              ///< From which values its types are: "parts of 3 files".
  std::uint64_t total = 0;         ///< Rows read.
  std::uint64_t set_aside = 0;     ///< Of them: undecodable, or taken out by a check.
  std::uint64_t with_outlier = 0;  ///< Of the others,
  std::uint64_t failing = 0;       ///< and those that fail a check which lets them pass.
  std::uint64_t unsound = 0;       ///< Either or both.
  bool outliers_exact = false;     ///< False: the quartiles are estimates.
  bool failing_exact = true;       ///< False: some checks only know how many rows fail, not which.
  std::vector<ColumnProfile> columns;
  std::vector<std::string> suggestions;  ///< Checks, as lines of YAML.
  Micros elapsed{0};

  std::uint64_t measured() const { return total - set_aside; }
  std::uint64_t invalid() const { return set_aside + unsound; }
  std::uint64_t valid() const { return total - invalid(); }
  bool is_exact() const { return outliers_exact && failing_exact; }
  std::uint64_t missing() const;
  /// Share of the measured values that are there, in percent; 100 without any.
  double completeness() const;
};

/// Looks at a file, a table or a node of a pipeline; nothing has to be declared.
///
/// Promise   rows, missing values, min, max, mean and counted values are exact; the rest says when
///           it is an estimate. Nothing is written but scratch.
Result<Profile> profile(const std::filesystem::path& where, const LoadOptions& options,
                        const std::string& what, const CancelToken& cancel,
                        const run::RunEvents& events);

}  // namespace leat::app
