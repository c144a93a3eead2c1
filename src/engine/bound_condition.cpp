#include "engine/bound_condition.hpp"

#include "engine/engine_fault.hpp"

namespace leat::engine {

Result<BoundCondition> BoundCondition::make(duckdb_connection connection, const std::string& sql,
                                            const leat_table& table) {
  EngineFault fault;
  leat_test* made = nullptr;
  if (!leat_test_bind(connection, sql.c_str(), &table, &made, fault.get())) {
    return fault.to_error().with("condition", sql);
  }
  BoundCondition test;
  test.x_test.reset(made);
  const std::size_t* columns = nullptr;
  const auto size = leat_test_columns(made, &columns);
  test.x_columns.assign(columns, columns + size);
  return test;
}

Result<BoundCondition::Run> BoundCondition::Run::open(const BoundCondition& test) {
  EngineFault fault;
  leat_test_run* opened = nullptr;
  if (!leat_test_open(test.x_test.get(), &opened, fault.get())) return fault.to_error();
  Run run;
  run.x_run.reset(opened);
  run.x_columns = &test.x_columns;
  run.x_vectors.resize(test.x_columns.size());
  return run;
}

Status BoundCondition::Run::judge(std::span<const duckdb_vector> vectors, std::uint32_t rows,
                                  ConditionAnswer& answer) {
  answer.unanswered.clear();
  answer.yes = {};
  answer.no = {};
  for (std::size_t i = 0; i < x_vectors.size(); ++i) x_vectors[i] = vectors[(*x_columns)[i]];
  EngineFault fault;
  if (leat_test_judge(x_run.get(), x_vectors.data(), rows, answer.yes.words.data(),
                      answer.no.words.data(), fault.get())) {
    return {};
  }
  auto error = fault.to_error();
  if (error.fault() != Fault::data) return error;
  return judge_each_row(rows, answer);
}

/// One row breaks the condition (a cast, an overflow): find out which, and judge the others.
Status BoundCondition::Run::judge_each_row(std::uint32_t rows, ConditionAnswer& answer) {
  answer.yes = {};
  answer.no = {};
  for (std::uint32_t row = 0; row < rows; ++row) {
    EngineFault fault;
    bool yes = false;
    bool no = false;
    if (!leat_test_judge_row(x_run.get(), x_vectors.data(), row, &yes, &no, fault.get())) {
      auto error = fault.to_error();
      if (error.fault() != Fault::data) return error;
      answer.unanswered.emplace(row, error.message());
    }
    if (yes) answer.yes.set(row);
    if (no) answer.no.set(row);
  }
  return {};
}

}  // namespace leat::engine
