#include "checks/rows/kernel_check.hpp"

#include <algorithm>

#include "kernels/row_kernel.hpp"

namespace leat::checks::rows {
namespace {

void add_error(const Error& error, const Place& place, int length, config::Findings& findings) {
  findings.add(place, error.message(), error.hint_text(), length);
}

class KernelCheckSpec final : public CheckSpec {
 public:
  explicit KernelCheckSpec(KernelCheck check) : x_check(std::move(check)) {}

  std::vector<Check> compile(const data::Schema& schema,
                             config::Findings& findings) const override {
    std::vector<Check> checks;
    const auto before = findings.size();
    const auto columns = find_columns(x_check.options.columns, schema, findings);
    for (const auto index : columns) {
      const auto& column = schema.columns[index];
      if (fits(column, findings)) compile_column(column, checks, findings);
    }
    if (checks.empty() && findings.size() == before) add_nothing_fits(findings);
    return checks;
  }

 private:
  /// Where the author named this column; nothing when it is one of "*".
  const Name* named(const data::Column& column) const {
    const data::Schema one{{column}};
    const auto& names = x_check.options.columns;
    const auto found = std::find_if(names.begin(), names.end(), [&](const Name& name) {
      return one.find(name.text).has_value();
    });
    return found == names.end() ? nullptr : &*found;
  }

  /// A column that was named must fit; "*" takes those that do.
  bool fits(const data::Column& column, config::Findings& findings) const {
    const auto* name = named(column);
    if (name == nullptr) return kernels::sql_form(x_check.kind, column, x_check.args).ok();
    if (!x_check.needs_type) return true;
    const auto sql = kernels::sql_form(x_check.kind, column, {});
    if (!sql.ok()) add_error(sql.error(), name->place, name->length, findings);
    return sql.ok();
  }

  void compile_column(const data::Column& column, std::vector<Check>& checks,
                      config::Findings& findings) const {
    const auto before = findings.size();
    for (const auto& part : x_check.parts) {
      const auto sql = kernels::sql_form(x_check.kind, column, part.args);
      if (!sql.ok()) add_error(sql.error(), part.place, part.length, findings);
    }
    if (findings.size() != before) return;
    const auto sql = kernels::sql_form(x_check.kind, column, x_check.args);
    if (!sql.ok()) {
      const auto& name = *named(column);
      return add_error(sql.error(), name.place, name.length, findings);
    }
    auto check = make_check(x_check.kind, column.name, x_check.options);
    check.test = RowTest{x_check.kind, column.name, x_check.args, *sql};
    check.message = column.name + x_check.complaint;
    checks.push_back(std::move(check));
  }

  void add_nothing_fits(config::Findings& findings) const {
    const auto& all = x_check.options.columns.front();
    findings.add(all.place, "`" + x_check.kind + "`, as written here, fits none of the columns", "",
                 all.length);
  }

  KernelCheck x_check;
};

}  // namespace

std::unique_ptr<CheckSpec> make_kernel_check(KernelCheck check) {
  return std::make_unique<KernelCheckSpec>(std::move(check));
}

}  // namespace leat::checks::rows
