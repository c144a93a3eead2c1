#include "base/names.hpp"
#include "checks/ready/entries.hpp"
#include "core/check_options.hpp"
#include "kernels/row_kernel.hpp"

namespace leat::checks::ready {
namespace {

struct Options : CheckOptions {
  Options() { dimension = Dimension::consistency; }
  ColumnName open{"open", {}, 1};
  ColumnName high{"high", {}, 1};
  ColumnName low{"low", {}, 1};
  ColumnName close{"close", {}, 1};
  std::optional<ColumnName> volume;
};

const config::OptionTable<Options>& options() {
  using config::option;
  static const auto table = config::option_table<Options>(with_check_options<Options>(
      {
          option("open", &Options::open, "The first price of a period."),
          option("high", &Options::high, "The greatest."),
          option("low", &Options::low, "The least."),
          option("close", &Options::close, "The last."),
          option("volume", &Options::volume,
                 "How much was traded; not judged where it is left out."),
          where_option<Options>(),
          mostly_option<Options>(),
      },
      {{"warn", OnFail::warn},
       {"quarantine", OnFail::quarantine},
       {"hold", OnFail::hold},
       {"fail", OnFail::fail}}));
  return table;
}

class OhlcSpec final : public CheckSpec {
 public:
  OhlcSpec(Options read, const Place& place) : x_read(std::move(read)), x_place(place) {}

  std::vector<Check> compile(const data::Schema& schema,
                             config::Findings& findings) const override {
    const auto before = findings.size();
    const auto* open = column(x_read.open, schema, findings);
    const auto* high = column(x_read.high, schema, findings);
    const auto* low = column(x_read.low, schema, findings);
    const auto* close = column(x_read.close, schema, findings);
    const auto* volume = x_read.volume ? column(*x_read.volume, schema, findings) : nullptr;
    if (findings.size() != before) return {};
    std::vector<Check> checks{not_above(*low, *high), not_above(*open, *high),
                              not_above(*close, *high), not_above(*low, *open),
                              not_above(*low, *close)};
    for (const auto* price : {open, high, low, close}) checks.push_back(from_zero(*price, true));
    if (volume != nullptr) checks.push_back(from_zero(*volume, false));
    return checks;
  }

 private:
  const data::Column* column(const ColumnName& name, const data::Schema& schema,
                             config::Findings& findings) const {
    const auto& place = name.place.line > 0 ? name.place : x_place;
    const auto index = schema.find(name.text);
    if (!index) {
      findings.add(place, "unknown column `" + name.text + "`",
                   name_hint(name.text, schema.names()), name.length);
      return nullptr;
    }
    const auto& found = schema.columns[*index];
    if (found.type.is_numeric()) return &found;
    findings.add(place, "`" + found.name + "` is " + data::sql_of(found.type) + ", not a number",
                 "", name.length);
    return nullptr;
  }

  /// NaN is above every number, as in `range`.
  Check not_above(const data::Column& lower, const data::Column& upper) const {
    const auto about = lower.name + " <= " + upper.name;
    auto check = make_check("ohlc", about, x_read);
    check.test =
        RowTest{.kernel = "",
                .column = "",
                .args = {},
                .sql = quote_identifier(lower.name) + " <= " + quote_identifier(upper.name)};
    check.message = "not true: " + about + " with {value}";
    return check;
  }

  Check from_zero(const data::Column& column, bool exclusive) const {
    const auto about = column.name + (exclusive ? " > 0" : " >= 0");
    auto check = make_check("ohlc", about, x_read);
    data::KernelArgs args;
    args.min = data::Bound{"0", exclusive};
    const auto sql = kernels::sql_form("range", column, args);
    check.test = RowTest{"range", column.name, args, sql.ok() ? *sql : ""};
    check.message = column.name + " is {value}, not " + (exclusive ? "above 0" : "0 or more");
    return check;
  }

  Options x_read;
  Place x_place;
};

std::unique_ptr<CheckSpec> parse(const config::Node& value, config::Findings& findings) {
  Options read;
  if (!options().read(value, read, findings)) return nullptr;
  return std::make_unique<OhlcSpec>(std::move(read), value.place);
}

}  // namespace

CheckEntry ohlc() {
  return {.name = "ohlc",
          .summary =
              "Prices of a period are in order and above 0: low is the least of open, high, "
              "low and close, high the greatest; the volume is 0 or more.",
          .example = "ohlc: {open: a, high: b, low: c, close: d, volume: e}",
          .null_rule = "what a null is compared with passes; NaN is above every number",
          .check_class = CheckClass::stateless,
          .dimension = Dimension::consistency,
          .options = &options(),
          .parse = parse};
}

}  // namespace leat::checks::ready
