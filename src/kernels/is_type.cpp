#include "base/assert.hpp"
#include "base/names.hpp"
#include "kernels/kernel_table.hpp"

namespace leat::kernels {
namespace {

using data::Type;
using data::TypeId;

std::string cast(const std::string& sql, const Type& type) {
  return "TRY_CAST(" + sql + " AS " + data::sql_of(type) + ")";
}

/// A text holds a whole number or a decimal when it is written with no more digits behind the
/// point than the type has; zeros do not count.
std::string written_digits(const std::string& name, const Type& type) {
  const auto scale = type.id == TypeId::decimal ? type.scale : 0;
  return "regexp_matches(" + name + ", '^\\s*[+-]?(?:[0-9]+\\.?|[0-9]*\\.[0-9]{0," +
         std::to_string(scale) + "}0*)\\s*$')";
}

/// Nothing is lost: the value of the type, cast back, is what stood there.
std::string lossless(const std::string& name, const Type& from, const Type& to) {
  const auto value = cast(name, to);
  if (!from.is_text()) return cast(value, from) + " IS NOT DISTINCT FROM " + name;
  if (to.is_whole() || to.id == TypeId::decimal) {
    return value + " IS NOT NULL AND " + written_digits(name, to);
  }
  if (to.id == TypeId::date) {
    return value + " IS NOT NULL AND coalesce(TRY_CAST(" + name + " AS TIMESTAMP) = " + value +
           ", true)";
  }
  return value + " IS NOT NULL";
}

}  // namespace

/// Only the engine can tell.
KernelResult make_type(const Type&, const data::KernelArgs&) {
  return std::unique_ptr<RowKernel>();
}

Result<std::string> type_sql(const data::Column& column, const data::KernelArgs& args) {
  if (!args.format.empty()) return castable_sql(column, args);
  LEAT_ASSERT(args.type.has_value());
  const auto name = quote_identifier(column.name);
  if (column.type == *args.type) return std::string("true");
  return name + " IS NULL OR (" + lossless(name, column.type, *args.type) + ")";
}

}  // namespace leat::kernels
