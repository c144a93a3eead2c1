#include "engine/second_look.hpp"

#include <algorithm>
#include <utility>

#include "base/names.hpp"
#include "engine/compared_keys.hpp"

namespace leat::engine {
namespace {

void replace_all(std::string& text, std::string_view what, const std::string& by) {
  for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

/// What breaks a tie: the order of the source, or the rows' own values.
std::string own_order(const SecondLook::Task& task, bool down) {
  const std::string way = down ? " DESC NULLS LAST" : " ASC NULLS LAST";
  std::string list;
  const auto add = [&](const std::string& name) {
    list += (list.empty() ? "" : ", ") + quote_identifier(name) + way;
  };
  for (const auto& column : task.order) add(column);
  if (!task.order.empty()) return list;
  for (const auto& column : task.schema.columns) add(column.name);
  return list;
}

Result<std::string> verdict_sql(const CompareTest& test, const SecondLook::Task& task) {
  auto sql = test.sql;
  if (test.needs_order && task.order.empty()) {
    return Error(Fault::config, "the rows of " + task.dataset + " have no order of their own")
        .hint("say by which column they are ordered: add `by` to the check");
  }
  if (test.other) {
    const auto other = task.consulted.find(test.other->dataset);
    if (other == task.consulted.end()) {
      return Error(Fault::internal, "a check consults a dataset that is not there")
          .with("dataset", test.other->dataset);
    }
    replace_all(sql, kOtherRows, other->second);
  }
  replace_all(sql, kOwnOrder, own_order(task, false));
  replace_all(sql, kOwnOrderDown, own_order(task, true));
  return sql;
}

}  // namespace

std::string column_list(const data::Schema& schema) {
  std::string list;
  for (const auto& column : schema.columns) {
    list += (list.empty() ? "" : ", ") + quote_identifier(column.name);
  }
  return list;
}

data::Schema with_place(data::Schema schema, std::span<const char* const> place_columns,
                        bool is_named) {
  for (const auto* name : place_columns) {
    const bool text = is_named && name == place_columns.front();
    schema.columns.push_back(
        {name, {text ? data::TypeId::varchar : data::TypeId::int64, 0, 0, {}}});
  }
  return schema;
}

Result<std::vector<std::unique_ptr<SecondLook>>> look_again(OpenSession& session,
                                                            SecondLook::Task task,
                                                            FirstError& first_error,
                                                            std::string& select) {
  std::vector<std::unique_ptr<SecondLook>> looks;
  const auto lists = looks_of(task.checks);
  for (std::size_t i = 0; i < lists.size(); ++i) {
    task.checks = lists[i];
    task.keeps_place = i + 1 < lists.size();
    TRY(auto look, SecondLook::make(session, task, first_error));
    select = look->select("(" + select + ")");
    looks.push_back(std::move(look));
  }
  return looks;
}

Error books_do_not_close(const std::string& dataset, std::string_view left_name, std::uint64_t left,
                         std::string_view right_name, std::uint64_t right) {
  return Error(Fault::internal, "the books of " + dataset + " do not close")
      .with(std::string(left_name), std::to_string(left))
      .with(std::string(right_name), std::to_string(right));
}

bool SecondLook::is_needed(const std::vector<Check>& checks) {
  return std::any_of(checks.begin(), checks.end(), [](const Check& check) {
    return std::holds_alternative<CompareTest>(check.test);
  });
}

Result<std::unique_ptr<SecondLook>> SecondLook::make(OpenSession& session, const Task& task,
                                                     FirstError& first_error) {
  auto look = std::make_unique<SecondLook>(task);
  for (const auto* column : task.place_columns) {
    look->x_hidden.push_back(quote_identifier(column));
  }
  std::size_t verdicts = 0;
  for (const auto& check : task.checks) {
    const auto* test = std::get_if<CompareTest>(&check.test);
    if (test == nullptr) continue;
    TRY(const auto sql, verdict_sql(*test, task));
    look->x_hidden.push_back("CAST((" + sql + ") AS BOOLEAN) AS " +
                             quote_identifier("leat verdict " + std::to_string(++verdicts)));
  }
  TRY(look->x_judge,
      Judge::make(session, task.dataset, task.schema, task.checks, task.bad_rows, Look::second));
  look->x_judge->hide(task.hidden);
  JudgeHost::Duties duties;
  duties.place_columns = task.place_columns.size();
  duties.files = task.files;
  duties.verdicts = verdicts;
  look->x_host.emplace(*look->x_judge, duties, first_error);
  look->x_barrier = {look->x_judge->table().view(), look->x_hidden.size(), look->x_host->as_c()};
  if (task.keeps_place) {
    TRY(auto wide,
        EngineTable::make(session.connection(), task.dataset,
                          with_place(task.schema, task.place_columns, task.files == nullptr)));
    look->x_wide.emplace(std::move(wide));
    look->x_barrier.table = look->x_wide->view();
    look->x_barrier.hidden = verdicts;
  }
  look->x_registration.emplace(session.registry(), &std::as_const(look->x_barrier));
  return look;
}

std::string SecondLook::select(const std::string& inner) const {
  auto list = column_list(x_schema);
  for (const auto& hidden : x_hidden) list += ", " + hidden;
  return "SELECT * FROM leat_barrier((SELECT " + list + " FROM " + inner + "), " +
         std::to_string(x_registration->handle()) + "::UBIGINT)";
}

Status SecondLook::merge(DatasetCounts& counts) {
  TRY(auto found, x_judge->finish());
  const auto met = x_host->rows_met();
  const auto placed = x_host->handed_on() + found.quarantined + found.deduplicated;
  if (met != counts.passed_on) {
    return books_do_not_close(x_dataset, "left_to_compare", counts.passed_on, "compared", met);
  }
  if (met != placed) return books_do_not_close(x_dataset, "compared", met, "placed", placed);
  counts.quarantined += found.quarantined;
  counts.deduplicated += found.deduplicated;
  counts.passed_on -= found.quarantined + found.deduplicated;
  for (auto& tally : found.checks) counts.checks.push_back(std::move(tally));
  return {};
}

}  // namespace leat::engine
