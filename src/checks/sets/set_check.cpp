#include "checks/sets/set_check.hpp"

#include <charconv>

#include "base/clock.hpp"
#include "base/names.hpp"
#include "kernels/literal.hpp"

namespace leat::checks::sets {
namespace {

constexpr std::size_t kDoubleDigits = 15;  ///< Any number of so many is a DOUBLE of its own.

}  // namespace

config::EnumNames<OnFail> on_fail_names() {
  return {{"warn", OnFail::warn}, {"hold", OnFail::hold}, {"fail", OnFail::fail}};
}

bool check_column_keys(const config::Node& value, std::string_view kind, bool required,
                       config::Findings& findings) {
  const auto* column = value.find("column");
  const auto* columns = value.find("columns");
  if (column != nullptr && columns != nullptr) {
    findings.add(*column, "`column` and `columns` say the same", "keep one of them");
    return false;
  }
  if (required && column == nullptr && columns == nullptr) {
    findings.add(value, "`" + std::string(kind) + "` needs `column` or `columns`");
    return false;
  }
  return true;
}

std::string judged_rows(const CheckOptions& options) {
  const std::string rows(kJudgedRows);
  if (options.where.empty()) return rows;
  return "(SELECT * FROM " + rows + " WHERE (" + options.where.text + "\n))";
}

std::string double_literal(double value) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, value).ptr;
  return "CAST(" + std::string(text, end) + " AS DOUBLE)";
}

std::optional<std::string> number_literal(const Name& number, config::Findings& findings) {
  const auto value = kernels::parse_floating<double>(number.text);
  const auto digits = value ? kernels::parse_decimal(number.text)->digits.size() : 0;
  // Of more digits the engine's decimals become a DOUBLE beside the nearest one.
  if (value && digits > kDoubleDigits) return "CAST(" + quote_literal(number.text) + " AS DOUBLE)";
  if (value) return "(" + number.text + ")";
  findings.add(number.place, "expected a number, found `" + number.text + "`", "", number.length);
  return std::nullopt;
}

bool refuse_crossed(const std::optional<Name>& min, const std::optional<Name>& max,
                    config::Findings& findings) {
  if (!min || !max) return false;
  const auto low = kernels::parse_floating<double>(min->text);
  const auto high = kernels::parse_floating<double>(max->text);
  const auto first = parse_date(min->text);
  const auto last = parse_date(max->text);
  const bool crossed = (low && high && *low > *high) || (first.ok() && last.ok() && *first > *last);
  if (crossed) {
    findings.add(max->place, "`max` is below `min`: no value passes",
                 "put the smaller one into `min`", max->length);
  }
  return crossed;
}

const data::Column* find_column(const Name& name, const data::Schema& schema,
                                config::Findings& findings) {
  if (const auto index = schema.find(name.text)) return &schema.columns[*index];
  findings.add(name.place, "unknown column `" + name.text + "`",
               name_hint(name.text, schema.names()), name.length);
  return nullptr;
}

}  // namespace leat::checks::sets
