#pragma once

#include <optional>
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
  Severity severity = Severity::medium;
  std::optional<config::Share> mostly;  ///< Of row checks only.
};

config::EnumNames<Dimension> dimension_names();
config::EnumNames<Severity> severity_names();

/// The keys of CheckOptions behind those of O, which derives from it. Their defaults are those of
/// a fresh O; `on_fail` names what may become of what fails.
template <typename O>
std::vector<config::TableLine<O>> with_check_options(std::vector<config::TableLine<O>> lines,
                                                     config::EnumNames<OnFail> on_fail) {
  using config::option;
  lines.push_back(option("name", &CheckOptions::name, "What reports call it. Default: its id."));
  lines.push_back(option("description", &CheckOptions::description, "Why it is there."));
  lines.push_back(
      option("on_fail", &CheckOptions::on_fail, "What becomes of what fails.", std::move(on_fail)));
  lines.push_back(option("dimension", &CheckOptions::dimension,
                         "The part of the score that it counts for.", dimension_names()));
  lines.push_back(option("severity", &CheckOptions::severity, "How loud it is when it fails.",
                         severity_names()));
  return lines;
}

/// `where`, for the checks that judge rows.
template <typename O>
config::TableLine<O> where_option() {
  return config::option("where", &CheckOptions::where,
                        "Judges only rows for which this SQL is true.");
}

/// `mostly`, likewise.
template <typename O>
config::TableLine<O> mostly_option() {
  return config::option(
             "mostly", &CheckOptions::mostly,
             "The share of judged rows that has to pass. What fails is treated as "
             "`on_fail` says; where failing rows leave, a smaller share holds the publish.")
      .example("99%");
}

/// A column as a check names it.
using ColumnName = config::Located<std::string>;

bool is_all(const ColumnName& name);
/// Their places in the schema, each once; "*" is all. Findings: unknown names.
std::vector<std::size_t> find_columns(const std::vector<ColumnName>& names,
                                      const data::Schema& schema, config::Findings& findings);

/// A check of this kind with what its options say; `about` completes the id: "range(population)".
Check make_check(std::string kind, const std::string& about, const CheckOptions& options);

}  // namespace leat
