#include "checks/rows/entries.hpp"
#include "checks/rows/row_check.hpp"

namespace leat::checks::rows {
namespace {

constexpr std::size_t kShownCharacters = 60;

struct Options : CheckOptions {
  Options() { dimension = Dimension::consistency; }
  config::SqlText sql;
};

const config::OptionTable<Options>& options() {
  static const auto table = config::option_table<Options>(with_check_options<Options>(
      {
          config::option("sql", &Options::sql, "A boolean over the columns of one row.").required(),
          where_option<Options>(),
          mostly_option<Options>(),
      },
      on_fail_names()));
  return table;
}

/// On one line, cut where it is long.
std::string shown_sql(const std::string& sql) {
  std::string line;
  for (const char c : sql) {
    const bool blank = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!blank) line += c;
    if (blank && !line.empty() && line.back() != ' ') line += ' ';
  }
  if (line.ends_with(' ')) line.pop_back();
  std::size_t end = 0;
  for (std::size_t shown = 0; end < line.size() && shown < kShownCharacters; ++shown) {
    ++end;
    while (end < line.size() && (line[end] & 0xC0) == 0x80) ++end;
  }
  return end < line.size() ? line.substr(0, end) + "…" : line;
}

class ExpressionSpec final : public CheckSpec {
 public:
  explicit ExpressionSpec(Options read) : x_read(std::move(read)) {}

  /// The SQL is bound to the columns by whoever has the engine.
  std::vector<Check> compile(const data::Schema&, config::Findings&) const override {
    const auto shown = shown_sql(x_read.sql.written);
    auto check = make_check("expression", shown, x_read);
    check.test = RowTest{.kernel = "", .column = "", .args = {}, .sql = x_read.sql.text};
    check.message = "not true: " + shown + " with {value}";
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
  return std::make_unique<ExpressionSpec>(std::move(read));
}

}  // namespace

CheckEntry expression() {
  return {.name = "expression",
          .summary = "An SQL boolean over the columns of one row is true.",
          .example = "expression: a >= b",
          .null_rule = "an expression that is null passes",
          .check_class = CheckClass::stateless,
          .dimension = Dimension::consistency,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::rows
