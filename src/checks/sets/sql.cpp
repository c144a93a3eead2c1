#include "checks/sets/entries.hpp"
#include "checks/sets/set_check.hpp"

namespace leat::checks::sets {
namespace {

struct Options : SetOptions {
  Options() { dimension = Dimension::consistency; }
  config::SqlText sql;
};

const config::OptionTable<Options>& options() {
  using config::option;
  static const auto table = config::option_table<Options>(set_options<Options>({
      option("sql", &Options::sql,
             "A SELECT over nodes by their names; its rows are what is wrong. The dataset that is "
             "judged is called `leat_rows` as well.")
          .required(),
      config::later("on", "Where it runs."),
  }));
  return table;
}

class SqlSpec final : public CheckSpec {
 public:
  explicit SqlSpec(Options read) : x_read(std::move(read)) {}

  std::vector<Check> compile(const data::Schema&, config::Findings&) const override {
    auto check = make_check("sql", "", x_read);
    SetTest test;
    test.author_sql = x_read.sql.text;
    test.examples_sql = x_read.sql.text;
    test.sql = "SELECT count(*) AS value FROM (" + x_read.sql.text + "\n)";
    test.max = "0";
    check.test = std::move(test);
    check.message = "the query returned {value} rows";
    return {std::move(check)};
  }

 private:
  Options x_read;
};

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  Options read;
  if (value.is_scalar()) {
    auto sql = config::sql_in(value, findings);
    if (!sql) return nullptr;
    read.sql = std::move(*sql);
  } else if (!options().read(value, read, findings)) {
    return nullptr;
  }
  return std::make_unique<SqlSpec>(std::move(read));
}

}  // namespace

CheckEntry sql() {
  return {.name = "sql",
          .summary = "A query over the dataset, and over other nodes, returns no rows.",
          .example = "sql: SELECT * FROM \"in\" WHERE a < b",
          .null_rule = "as SQL has it: a row for which WHERE is null is not returned",
          .check_class = CheckClass::set,
          .dimension = Dimension::consistency,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::sets
