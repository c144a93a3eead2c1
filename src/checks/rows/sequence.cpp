#include "base/names.hpp"
#include "checks/rows/entries.hpp"
#include "checks/rows/row_check.hpp"
#include "core/compare_check.hpp"

namespace leat::checks::rows {
namespace {

struct Options : ColumnOptions {
  Options() { dimension = Dimension::consistency; }
  std::vector<Name> by;
  std::vector<Name> partition_by;
  bool strict = false;
};

const config::OptionTable<Options>& options() {
  using config::option;
  static const auto table = config::option_table<Options>(column_options<Options>({
      option("by", &Options::by,
             "Columns that order the rows. Default, of a source only: the order in which it has "
             "them. Rows that are equal here keep the source's order."),
      option("partition_by", &Options::partition_by,
             "Columns whose values part the rows into sequences of their own.")
          .example("[symbol]"),
      option("strict", &Options::strict, "Equal values fail too."),
  }));
  return table;
}

/// One kind of sequence: which way it goes, and whether its columns are one tuple.
struct Way {
  const char* kind;
  bool up = true;
  bool one_tuple = false;
};

/// A value that fails is compared with all that came before, so what stays is in order.
class SequenceSpec final : public CheckSpec {
 public:
  SequenceSpec(Way way, Options read) : x_way(way), x_read(std::move(read)) {}

  std::vector<Check> compile(const data::Schema& schema,
                             config::Findings& findings) const override {
    const auto before = findings.size();
    const auto by = ordering_columns(x_read.by, schema, findings);
    const auto parts = ordering_columns(x_read.partition_by, schema, findings);
    std::vector<data::Column> columns;
    for (const auto index : find_columns(x_read.columns, schema, findings)) {
      columns.push_back(schema.columns[index]);
      const Name name{columns.back().name, x_read.columns.front().place,
                      x_read.columns.front().length};
      [[maybe_unused]] const auto fits = ordering_column(name, schema, findings);
    }
    if (findings.size() != before) return {};
    if (x_way.one_tuple) return {judge(columns, by, parts)};
    std::vector<Check> checks;
    for (const auto& column : columns) checks.push_back(judge({column}, by, parts));
    return checks;
  }

 private:
  Check judge(const std::vector<data::Column>& columns, const std::vector<std::string>& by,
              const std::vector<std::string>& parts) const {
    std::vector<std::string> names;
    std::string numbers;
    for (const auto& column : columns) {
      names.push_back(column.name);
      if (!column.type.is_floating()) continue;
      numbers +=
          (numbers.empty() ? "" : " AND ") + ("NOT isnan(" + quote_identifier(column.name)) + ")";
    }
    auto needed = quoted_names(names);
    const auto value = key_sql(needed);
    needed.insert(needed.end(), by.begin(), by.end());
    const auto compared = compare(x_read.where.text, needed, parts);
    const auto edge = std::string(x_way.up ? "max(" : "min(") + value + ")" +
                      (numbers.empty() ? "" : " FILTER (WHERE " + numbers + ")") + " OVER (" +
                      compared.partition + " ORDER BY " + order(by) +
                      " ROWS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING)";
    const std::string sign = std::string(x_way.up ? " >" : " <") + (x_read.strict ? " " : "= ");
    auto verdict = "coalesce(" + value + sign + edge + ", true)";
    if (!numbers.empty()) verdict = "(" + numbers + " AND " + verdict + ")";
    auto check =
        make_compare_check(x_way.kind, names, x_read, compared, verdict, CheckClass::ordered);
    std::get<CompareTest>(check.test).needs_order = by.empty();
    check.message = join_names(names, ", ") + " is {value}, " + complaint();
    return check;
  }

  static std::string order(const std::vector<std::string>& by) {
    std::string list;
    for (const auto& column : by) list += column + ", ";
    return list + std::string(kOwnOrder);
  }

  std::string complaint() const {
    if (!x_read.strict) return x_way.up ? "below one before it" : "above one before it";
    return x_way.up ? "not above all before it" : "not below all before it";
  }

  Way x_way;
  Options x_read;
};

std::unique_ptr<CheckSpec> parse(Way way, const config::Node& value, config::Findings& findings) {
  auto read = read_columns_form(options(), way.kind, value, findings);
  if (!read) return nullptr;
  return std::make_unique<SequenceSpec>(way, std::move(*read));
}

CheckEntry entry(const char* name, const char* summary, const char* example) {
  CheckEntry made;
  made.name = name;
  made.summary = summary;
  made.example = example;
  made.null_rule =
      "a row with a null in its columns or in `by` is not judged; NaN fails and is compared with "
      "nothing; every value is compared with all before it that are judged, failing ones too, so "
      "what stays is in order";
  made.check_class = CheckClass::ordered;
  made.dimension = Dimension::consistency;
  made.options = &options();
  return made;
}

}  // namespace

CheckEntry ordered() {
  auto made = entry("ordered", "The rows come in the order of these columns, taken as one key.",
                    "ordered: {columns: [a, b], by: name}");
  made.parse = [](const config::Node& value, config::Findings& findings) {
    return parse({"ordered", true, true}, value, findings);
  };
  return made;
}

CheckEntry increasing() {
  auto made =
      entry("increasing", "No value is below one before it.", "increasing: {column: a, by: b}");
  made.parse = [](const config::Node& value, config::Findings& findings) {
    return parse({"increasing", true, false}, value, findings);
  };
  return made;
}

CheckEntry decreasing() {
  auto made =
      entry("decreasing", "No value is above one before it.", "decreasing: {column: a, by: b}");
  made.parse = [](const config::Node& value, config::Findings& findings) {
    return parse({"decreasing", false, false}, value, findings);
  };
  return made;
}

}  // namespace leat::checks::rows
