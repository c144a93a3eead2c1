#include "base/names.hpp"
#include "checks/rows/entries.hpp"
#include "checks/rows/row_check.hpp"
#include "core/compare_check.hpp"

namespace leat::checks::rows {
namespace {

enum class Keep { any, first, latest };

struct Options : ColumnOptions {
  Options() { dimension = Dimension::consistency; }
  Keep keep = Keep::any;
  std::optional<Name> by;
};

config::EnumNames<OnFail> unique_on_fail_names() {
  auto names = on_fail_names();
  names.emplace_back("deduplicate", OnFail::deduplicate);
  return names;
}

const config::OptionTable<Options>& options() {
  using config::later;
  using config::option;
  static const auto table = config::option_table<Options>(column_options<Options>(
      {
          option("keep", &Options::keep,
                 "Which of the rows with one key passes: any (in one pass), the first or the "
                 "latest.",
                 config::EnumNames<Keep>{
                     {"any", Keep::any}, {"first", Keep::first}, {"latest", Keep::latest}}),
          option("by", &Options::by,
                 "The column that says which row is first or latest; nulls come last. Default, of "
                 "a source only: the order in which it has its rows, which also breaks ties."),
          later("scope", "Where the key is unique: in the run or in the target."),
      },
      unique_on_fail_names()));
  return table;
}

class UniqueSpec final : public CheckSpec {
 public:
  UniqueSpec(std::string kind, Options read) : x_kind(std::move(kind)), x_read(std::move(read)) {}

  std::vector<Check> compile(const data::Schema& schema,
                             config::Findings& findings) const override {
    const auto before = findings.size();
    std::vector<std::string> names;
    for (const auto index : find_columns(x_read.columns, schema, findings)) {
      const auto& column = schema.columns[index];
      names.push_back(column.name);
      if (column.type.id == data::TypeId::other) add_no_key(column, findings);
    }
    std::optional<std::string> by;
    if (x_read.by) by = ordering_column(*x_read.by, schema, findings);
    if (findings.size() != before) return {};
    if (x_kind == "unique_combination" && names.size() < 2) {
      const auto& first = x_read.columns.front();
      findings.add(first.place, "a combination has at least two columns", "use `unique` for one",
                   first.length);
      return {};
    }
    return {x_read.keep == Keep::any ? any_of(names) : chosen_of(names, by)};
  }

 private:
  Check any_of(const std::vector<std::string>& names) const {
    const auto about = join_names(names, ", ");
    auto check = make_check(x_kind, about, x_read);
    check.test = KeyTest{names};
    check.message = about + " {value} was there before";
    return check;
  }

  Check chosen_of(const std::vector<std::string>& names,
                  const std::optional<std::string>& by) const {
    const bool first = x_read.keep == Keep::first;
    const auto key = quoted_names(names);
    const auto compared = compare(x_read.where.text, key, key);
    auto order = std::string(first ? kOwnOrder : kOwnOrderDown);
    if (by) order = *by + (first ? " ASC" : " DESC") + " NULLS LAST, " + order;
    auto check = make_compare_check(
        x_kind, names, x_read, compared,
        "row_number() OVER (" + compared.partition + " ORDER BY " + order + ") = 1",
        CheckClass::keyed);
    std::get<CompareTest>(check.test).needs_order = !by;
    check.message = join_names(names, ", ") + " {value} is there in " +
                    (first ? "an earlier row" : "a later row");
    if (by) check.message += " by " + x_read.by->text;
    return check;
  }

  void add_no_key(const data::Column& column, config::Findings& findings) const {
    const auto& first = x_read.columns.front();
    findings.add(
        first.place,
        "`" + column.name + "` is " + data::sql_of(column.type) + ", which cannot be part of a key",
        "", first.length);
  }

  std::string x_kind;
  Options x_read;
};

std::unique_ptr<CheckSpec> parse(const char* kind, const config::Node& value,
                                 config::Findings& findings) {
  auto read = read_columns_form(options(), kind, value, findings);
  if (!read) return nullptr;
  if (read->by && read->keep == Keep::any) {
    findings.add(read->by->place, "`by` says which row is first or latest, and any is kept",
                 "add keep: latest", read->by->length);
    return nullptr;
  }
  return std::make_unique<UniqueSpec>(kind, std::move(*read));
}

constexpr const char* kNullRule =
    "a row with a null in its key is not judged; texts are compared byte by byte, NaN equals NaN; "
    "a row that another check sets aside holds no key";

}  // namespace

CheckEntry unique() {
  return {.name = "unique",
          .summary = "No two rows of a run have the same key; several columns are one key.",
          .example = "unique: [a, b]",
          .null_rule = kNullRule,
          .check_class = CheckClass::keyed,
          .dimension = Dimension::consistency,
          .options = &options(),
          .parse = [](const config::Node& value, config::Findings& findings) {
            return parse("unique", value, findings);
          }};
}

CheckEntry unique_combination() {
  return {.name = "unique_combination",
          .summary = "No two rows of a run have the same values in all of these columns.",
          .example = "unique_combination: [a, b]",
          .null_rule = kNullRule,
          .check_class = CheckClass::keyed,
          .dimension = Dimension::consistency,
          .options = &options(),
          .parse = [](const config::Node& value, config::Findings& findings) {
            return parse("unique_combination", value, findings);
          }};
}

}  // namespace leat::checks::rows
