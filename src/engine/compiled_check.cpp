#include "engine/compiled_check.hpp"

#include <algorithm>
#include <utility>

namespace leat::engine {
namespace {

/// Compiles the checks of one dataset, one after the other.
class Compiler {
 public:
  Compiler(OpenSession& session, const EngineTable& table, const data::Schema& schema)
      : x_session(session), x_table(table), x_schema(schema) {}

  Result<CompiledCheck> compile(const Check& check) const {
    CompiledCheck compiled;
    compiled.check = check;
    if (const auto* test = std::get_if<RowTest>(&check.test)) {
      TRY(compile_row_test(*test, compiled));
    } else if (const auto* key_test = std::get_if<KeyTest>(&check.test)) {
      TRY(compile_key_test(*key_test, compiled));
    } else if (const auto* compare = std::get_if<CompareTest>(&check.test)) {
      TRY(compile_columns(compare->columns, compiled));
    }
    compiled.shown = compiled.reads;
    if (!check.where_sql.empty()) {
      TRY(compiled.where, bind(check.where_sql));
      add_reads(compiled, compiled.where->columns());
    }
    return compiled;
  }

 private:
  Result<std::size_t> column(const std::string& name) const {
    if (const auto found = x_schema.find(name)) return *found;
    return Error(Fault::config, "there is no column `" + name + "`");
  }

  Result<std::optional<BoundCondition>> bind(const std::string& sql) const {
    TRY(auto test, BoundCondition::make(x_session.connection(), sql, x_table.view()));
    return std::optional<BoundCondition>(std::move(test));
  }

  static void add_reads(CompiledCheck& compiled, const std::vector<std::size_t>& columns) {
    for (const auto column : columns) {
      if (std::find(compiled.reads.begin(), compiled.reads.end(), column) == compiled.reads.end()) {
        compiled.reads.push_back(column);
      }
    }
  }

  Status compile_row_test(const RowTest& test, CompiledCheck& compiled) const {
    if (!test.kernel.empty()) {
      TRY(compiled.kernel_column, column(test.column));
      const auto& type = x_schema.columns[compiled.kernel_column].type;
      TRY(compiled.kernel, kernels::make_kernel(test.kernel, type, test.args));
    }
    if (compiled.kernel != nullptr) {
      add_reads(compiled, {compiled.kernel_column});
      return {};
    }
    TRY(compiled.sql, bind(test.sql));
    add_reads(compiled, compiled.sql->columns());
    return {};
  }

  Status compile_key_test(const KeyTest& test, CompiledCheck& compiled) const {
    TRY(compile_columns(test.columns, compiled));
    compiled.key_columns = compiled.reads;
    std::vector<data::Type> types;
    for (const auto column : compiled.key_columns) types.push_back(x_schema.columns[column].type);
    if (!takes_out(compiled.check.on_fail) && kernels::KeyCount::fits(types)) {
      compiled.count = std::make_unique<kernels::KeyCount>(x_session.key_memory());
    } else {
      compiled.keys = std::make_unique<kernels::KeySet>(x_session.key_memory());
    }
    return {};
  }

  Status compile_columns(const std::vector<std::string>& names, CompiledCheck& compiled) const {
    for (const auto& name : names) {
      TRY(const auto found, column(name));
      add_reads(compiled, {found});
    }
    return {};
  }

  OpenSession& x_session;
  const EngineTable& x_table;
  const data::Schema& x_schema;
};

}  // namespace

Result<std::vector<CompiledCheck>> compile_checks(OpenSession& session, const EngineTable& table,
                                                  const data::Schema& schema,
                                                  const std::vector<Check>& checks, Look look) {
  const Compiler compiler(session, table, schema);
  std::vector<CompiledCheck> all;
  for (const auto& check : checks) {
    const bool compares = std::holds_alternative<CompareTest>(check.test);
    if (std::holds_alternative<SetTest>(check.test) || compares != (look == Look::second)) continue;
    auto compiled = compiler.compile(check);
    if (!compiled.ok()) return std::move(compiled).error().during("while compiling " + check.id);
    all.push_back(std::move(compiled).value());
    if (compares) all.back().verdict = all.size() - 1;
  }
  std::stable_partition(all.begin(), all.end(),
                        [](const auto& compiled) { return !compiled.is_keyed(); });
  return all;
}

}  // namespace leat::engine
