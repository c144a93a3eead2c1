#include "base/names.hpp"
#include "checks/rows/entries.hpp"
#include "checks/rows/row_check.hpp"

namespace leat::checks::rows {
namespace {

struct Options : ColumnOptions {
  Options() { dimension = Dimension::consistency; }
  std::string keep = "any";
};

const config::OptionTable<Options>& options() {
  using config::later;
  static const auto table = config::option_table<Options>(column_options<Options>({
      config::option("keep", &Options::keep, "Which of the rows with one key passes.")
          .choices({"any"})
          .later_choices({"first", "latest"}),
      later("by", "The column that orders the rows with one key."),
      later("scope", "Where the key is unique: in the run or in the target."),
  }));
  return table;
}

class UniqueSpec final : public CheckSpec {
 public:
  explicit UniqueSpec(Options read) : x_read(std::move(read)) {}

  std::vector<Check> compile(const data::Schema& schema,
                             config::Findings& findings) const override {
    const auto before = findings.size();
    std::vector<std::string> names;
    for (const auto index : find_columns(x_read.columns, schema, findings)) {
      const auto& column = schema.columns[index];
      names.push_back(column.name);
      if (column.type.id == data::TypeId::other) add_no_key(column, findings);
    }
    if (findings.size() != before) return {};
    const auto about = join_names(names, ", ");
    auto check = make_check("unique", about, x_read);
    check.test = KeyTest{names};
    check.message = about + " {value} was there before";
    return {std::move(check)};
  }

 private:
  void add_no_key(const data::Column& column, config::Findings& findings) const {
    const auto& first = x_read.columns.front();
    findings.add(
        first.place,
        "`" + column.name + "` is " + data::sql_of(column.type) + ", which cannot be part of a key",
        "", first.length);
  }

  Options x_read;
};

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  auto read = read_columns_form(options(), "unique", value, findings);
  if (!read) return nullptr;
  return std::make_unique<UniqueSpec>(std::move(*read));
}

}  // namespace

CheckEntry unique() {
  return {.name = "unique",
          .summary = "No two rows have the same key; several columns are one key.",
          .example = "unique: [a, b]",
          .null_rule = "a row with a null in its key is not judged",
          .check_class = CheckClass::keyed,
          .dimension = Dimension::consistency,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::rows
