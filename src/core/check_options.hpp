#pragma once

#include <string>
#include <utility>
#include <vector>

#include "config/options.hpp"
#include "core/check.hpp"

namespace leat {

/// What the long form of every check may say.
struct CheckOptions {
  std::string name;
  std::string description;
  config::SqlText where;
  OnFail on_fail = OnFail::quarantine;
  Dimension dimension = Dimension::validity;
};

config::EnumNames<Dimension> dimension_names();

/// The keys of CheckOptions behind those of O, which derives from it. Their defaults are those of
/// a fresh O; `on_fail` names what may become of what fails.
template <typename O>
std::vector<config::TableLine<O>> with_check_options(std::vector<config::TableLine<O>> lines,
                                                     config::EnumNames<OnFail> on_fail) {
  using config::option;
  lines.push_back(option("name", &CheckOptions::name, "What reports call it. Default: its id."));
  lines.push_back(option("description", &CheckOptions::description, "Why it is there."));
  lines.push_back(option("on_fail", &CheckOptions::on_fail, "What becomes of what fails.",
                         std::move(on_fail)));
  lines.push_back(option("dimension", &CheckOptions::dimension,
                         "The part of the score that it counts for.", dimension_names()));
  lines.push_back(config::later("mostly", "The share that has to pass."));
  lines.push_back(config::later("severity", "How loud an alert is."));
  return lines;
}

/// `where`, for the checks that judge rows.
template <typename O>
config::TableLine<O> where_option() {
  return config::option("where", &CheckOptions::where,
                        "Judges only rows for which this SQL is true.");
}

/// A check of this kind with what its options say; `about` completes the id: "range(population)".
Check make_check(std::string kind, const std::string& about, const CheckOptions& options);

}  // namespace leat
