#include <algorithm>

#include "base/names.hpp"
#include "checks/sets/entries.hpp"
#include "checks/sets/set_check.hpp"

namespace leat::checks::sets {
namespace {

struct Options : SetOptions {
  std::vector<std::string> equal;
  std::vector<std::string> contains;
  bool ordered = false;
};

const config::OptionTable<Options>& options() {
  using config::option;
  static const auto table = config::option_table<Options>(set_options<Options>({
      option("equal", &Options::equal, "These columns and no others.").items(1),
      option("contains", &Options::contains, "At least these columns.").items(1),
      option("ordered", &Options::ordered, "In this order; others may stand between them."),
  }));
  return table;
}

void add_names(std::string& text, const char* what, const std::vector<std::string>& names) {
  if (names.empty()) return;
  text += (text.empty() ? "" : "; ") + std::string(what) + " " + join_names(names);
}

std::vector<std::string> lower(std::vector<std::string> names) {
  for (auto& name : names) name = to_lower(name);
  return names;
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class ColumnsSpec final : public CheckSpec {
 public:
  explicit ColumnsSpec(Options read) : x_read(std::move(read)) {}

  std::vector<Check> compile(const data::Schema& schema, config::Findings&) const override {
    const bool exact = x_read.contains.empty();
    auto check = make_check("columns", exact ? "equal" : "contains", x_read);
    const auto wrong = what_is_wrong(schema);
    SetTest test;
    test.known = quote_literal(wrong.empty() ? "as they should be" : wrong);
    if (!wrong.empty()) test.max = "NULL";  // Nothing passes.
    check.test = std::move(test);
    check.message = "columns: {value}";
    return {std::move(check)};
  }

 private:
  /// "missing a and b; not expected c"
  std::string what_is_wrong(const data::Schema& schema) const {
    const auto& asked = x_read.contains.empty() ? x_read.equal : x_read.contains;
    const auto wanted = lower(asked);
    const auto found = lower(schema.names());
    std::vector<std::string> missing;
    std::vector<std::string> extra;
    std::vector<std::string> order;
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (!has(found, wanted[i])) missing.push_back(asked[i]);
    }
    for (std::size_t i = 0; i < found.size(); ++i) {
      if (has(wanted, found[i])) {
        order.push_back(found[i]);
      } else if (x_read.contains.empty()) {
        extra.push_back(schema.columns[i].name);
      }
    }
    std::string text;
    add_names(text, "missing", missing);
    add_names(text, "not expected", extra);
    if (text.empty() && x_read.ordered && order != wanted) {
      text = "in the order " + join_names(order);
    }
    return text;
  }

  Options x_read;
};

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  Options read;
  if (!options().read(value, read, findings)) return nullptr;
  if (read.equal.empty() == read.contains.empty()) {
    return findings.add(value, "`columns` needs one of `equal` and `contains`"), nullptr;
  }
  auto names = lower(read.equal.empty() ? read.contains : read.equal);
  std::sort(names.begin(), names.end());
  if (const auto twice = std::adjacent_find(names.begin(), names.end()); twice != names.end()) {
    return findings.add(value, "`" + *twice + "` stands there twice"), nullptr;
  }
  return std::make_unique<ColumnsSpec>(std::move(read));
}

}  // namespace

CheckEntry columns() {
  return {.name = "columns",
          .summary = "The dataset has the columns that it should have.",
          .example = "columns: {contains: [a, b]}",
          .null_rule = "nulls do not matter: the columns are known before any row",
          .check_class = CheckClass::set,
          .dimension = Dimension::validity,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::sets
