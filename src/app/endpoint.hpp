#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "app/project.hpp"
#include "connectors/csv/guess_dialect.hpp"

namespace leat::app {

/// What a command line names instead of a node: a file, or a table in a file.
///
/// Shape    `data/x.csv`, `'data/*.csv.gz'`, `x.duckdb:orders`; or `connector:path` where the
///          ending does not tell the connector. `-` and other streams are JSON or CSV by their
///          first character.
struct Endpoint {
  std::string connector;
  std::vector<std::pair<std::string, std::string>> options;  ///< Values as YAML.
  std::string stem;                                          ///< "orders": a name for what it is.
  std::optional<connectors::csv::DialectGuess> dialect;      ///< Of a CSV source.

  /// "csv: {path: 'data/x.csv', delimiter: ';'}"
  std::string yaml() const;
};

/// A source looks into a CSV file for its dialect. `root`: where the paths of its pipeline start,
/// when that is not here.
/// Errors    config: nothing tells the connector, or this build has none of that name.
Result<Endpoint> read_source(const std::string& text, const std::filesystem::path& root = {});
Result<Endpoint> read_sink(const std::string& text, const std::filesystem::path& root = {});

/// Does a word after a command mean one? A node's name is one word without a dot.
bool names_a_file(const std::string& what);

/// The name of the source that `plan_source` makes.
inline constexpr const char* kEndpointRows = "rows_in";
/// Plans a pipeline of this source alone.
Result<plan::Plan> plan_source(const std::string& name, const Endpoint& endpoint,
                               const LoadOptions& options);

/// Plans a pipeline that stands in no file: `text`, as if in `<here>/<name>.yml`. An error names no
/// place in it.
Result<plan::Plan> plan_text(const std::string& name, const std::string& text,
                             const LoadOptions& options);

/// A text as a YAML scalar.
std::string yaml_quoted(const std::string& text);

}  // namespace leat::app
