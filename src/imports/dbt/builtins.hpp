#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>

#include "imports/dbt/project.hpp"

namespace leat::imports::dbt {

/// What dbt gives to a template of one model: ref, source, var, env_var, config and some of its
/// own macros that DuckDB's SQL can say.
class ModelContext {
 public:
  /// `datasets`: names of models and seeds. `sources`: "source.table" to the name of its node.
  ModelContext(const Project& project, const std::set<std::string>& datasets,
               const std::map<std::string, std::string>& sources)
      : x_project(project), x_datasets(datasets), x_sources(sources) {}

  Result<Value> call(const std::string& name, const CallArguments& arguments);

  const std::string& materialized() const { return x_materialized; }
  /// What `config` says of it; nothing: it says nothing.
  std::optional<bool> enabled() const { return x_enabled; }
  /// Keys of `config` that have no translation.
  const std::set<std::string>& left() const { return x_left; }
  /// The nodes that it reads, as `ref` and `source` named them.
  const std::set<std::string>& inputs() const { return x_inputs; }

 private:
  Result<Value> ref(const CallArguments& arguments);
  Result<Value> source(const CallArguments& arguments);
  Result<Value> var(const CallArguments& arguments) const;
  Result<Value> dispatch(const CallArguments& arguments) const;

  const Project& x_project;
  const std::set<std::string>& x_datasets;
  const std::map<std::string, std::string>& x_sources;
  void configure(const CallArguments& arguments);

  std::string x_materialized;
  std::optional<bool> x_enabled;
  std::set<std::string> x_left;
  std::set<std::string> x_inputs;
};

}  // namespace leat::imports::dbt
