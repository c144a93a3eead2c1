#include "base/names.hpp"
#include "checks/sets/entries.hpp"
#include "checks/sets/set_check.hpp"

namespace leat::checks::sets {
namespace {

constexpr long double kCountMax = 9'007'199'254'740'992;  ///< Exact as a double.

struct Options : SetOptions {
  Options() { dimension = Dimension::completeness; }
  std::optional<std::uint64_t> min;
  std::optional<std::uint64_t> max;
  std::optional<std::uint64_t> equal;
  std::optional<Name> equal_to;
};

config::OptionTable<Options> count_table(const char* what, bool may_equal_to) {
  using config::option;
  const std::string number = std::string("number of ") + what + ".";
  std::vector<config::TableLine<Options>> lines{
      option("min", &Options::min, "The least " + number).between(0, kCountMax),
      option("max", &Options::max, "The greatest " + number).between(0, kCountMax),
      option("equal", &Options::equal, "The " + number).between(0, kCountMax)};
  if (may_equal_to) {
    lines.push_back(option("equal_to", &Options::equal_to, "A node that has as many rows."));
  }
  return config::option_table<Options>(set_options(std::move(lines)));
}

const config::OptionTable<Options>& row_options() {
  static const auto table = count_table("rows", true);
  return table;
}

const config::OptionTable<Options>& column_options() {
  static const auto table = count_table("columns", false);
  return table;
}

/// "row count is {value}, not within 1 to 10"
std::string complaint(const std::string& what, const Options& read) {
  const std::string count = what + " is {value}, ";
  if (read.equal_to) return count + "not that of " + read.equal_to->text;
  if (read.equal) return count + "not " + std::to_string(*read.equal);
  if (!read.max) return count + "below " + std::to_string(*read.min);
  if (!read.min) return count + "above " + std::to_string(*read.max);
  return count + "not within " + std::to_string(*read.min) + " to " + std::to_string(*read.max);
}

void put_bounds(const Options& read, SetTest& test) {
  if (read.min) test.min = std::to_string(*read.min);
  if (read.max) test.max = std::to_string(*read.max);
  if (read.equal) test.min = test.max = std::to_string(*read.equal);
}

class RowCountSpec final : public CheckSpec {
 public:
  explicit RowCountSpec(Options read) : x_read(std::move(read)) {}

  std::vector<Check> compile(const data::Schema&, config::Findings&) const override {
    auto check = make_check("row_count", "", x_read);
    SetTest test;
    if (x_read.equal_to) {
      const auto& node = x_read.equal_to->text;
      check.consults = {node};
      test.sql = "SELECT count(*) AS value FROM " + std::string(kJudgedRows);
      test.min = test.max = "(SELECT count(*) FROM " + quote_identifier(node) + ")";
    } else {
      test.measure = "row_count";
      put_bounds(x_read, test);
    }
    check.test = std::move(test);
    check.message = complaint("row count", x_read);
    return {std::move(check)};
  }

 private:
  Options x_read;
};

/// Known as soon as the columns are.
class ColumnCountSpec final : public CheckSpec {
 public:
  explicit ColumnCountSpec(Options read) : x_read(std::move(read)) {}

  std::vector<Check> compile(const data::Schema& schema, config::Findings&) const override {
    auto check = make_check("column_count", "", x_read);
    SetTest test;
    test.known = std::to_string(schema.size());
    put_bounds(x_read, test);
    check.test = std::move(test);
    check.message = complaint("column count", x_read);
    return {std::move(check)};
  }

 private:
  Options x_read;
};

bool check_bounds(const std::string& kind, const Options& read, const config::Node& value,
                  config::Findings& findings) {
  const bool rows = kind == "row_count";
  if (!read.min && !read.max && !read.equal && !read.equal_to) {
    findings.add(value, "`" + kind + "` needs `min`, `max`" +
                            (rows ? ", `equal` or `equal_to`" : " or `equal`"));
    return false;
  }
  if (read.equal_to && (read.equal || read.min || read.max)) {
    return findings.add(value, "`equal_to` leaves nothing to say for the other bounds"), false;
  }
  if (read.equal && (read.min || read.max)) {
    return findings.add(value, "`equal` leaves nothing to say for `min` and `max`"), false;
  }
  if (read.min && read.max && *read.max < *read.min) {
    return findings.add(*value.find("max"), "`max` is below `min`: no count passes"), false;
  }
  return true;
}

std::unique_ptr<CheckSpec> parse_rows(const config::Node& value, config::Findings& findings) {
  Options read;
  if (!row_options().read(value, read, findings)) return nullptr;
  if (!check_bounds("row_count", read, value, findings)) return nullptr;
  return std::make_unique<RowCountSpec>(std::move(read));
}

std::unique_ptr<CheckSpec> parse_columns(const config::Node& value, config::Findings& findings) {
  Options read;
  if (!column_options().read(value, read, findings)) return nullptr;
  if (!check_bounds("column_count", read, value, findings)) return nullptr;
  return std::make_unique<ColumnCountSpec>(std::move(read));
}

}  // namespace

CheckEntry row_count() {
  return {.name = "row_count",
          .summary = "The dataset has as many rows as it should.",
          .example = "row_count: {min: 1}",
          .null_rule = "nulls do not matter",
          .check_class = CheckClass::set,
          .dimension = Dimension::completeness,
          .options = &row_options(),
          .parse = parse_rows};
}

CheckEntry column_count() {
  return {.name = "column_count",
          .summary = "The dataset has as many columns as it should.",
          .example = "column_count: {max: 100}",
          .null_rule = "nulls do not matter: the columns are known before any row",
          .check_class = CheckClass::set,
          .dimension = Dimension::completeness,
          .options = &column_options(),
          .parse = parse_columns};
}

}  // namespace leat::checks::sets
