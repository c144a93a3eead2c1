#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.hpp"
#include "data/chunk_view.hpp"
#include "data/kernel_args.hpp"
#include "data/schema.hpp"

namespace leat::kernels {

/// A row check compiled for one column of one physical type.
///
/// Threads   any number; it has no state of its own.
/// Promise   says the same of every row as the check's SQL form does.
/// Missing   a null passes, but for `not_null` and `not_empty`.
class RowKernel {
 public:
  virtual ~RowKernel() = default;
  /// Sets bit i of `fails` (64 a word, rows rounded up) where row i fails; clears the others.
  virtual void judge(const data::ColumnView& column, std::uint32_t rows,
                     std::uint64_t* fails) const = 0;
};

/// Looks `name` up in the kernel table. Null when there is no kernel for this type: the caller
/// judges the check's SQL form instead.
///
///   not_null         every type
///   range            min, max      integers, decimals, floats, date, timestamp (with zone or not)
///   accepted_values  values        integers, varchar
///   pattern          pattern       varchar
///   length           min, max      varchar; in characters
///   not_…            as accepted_values and pattern
///   not_empty                      varchar; blanks alone are empty
///   positive                       integers, decimals, floats; NaN fails
///   non_negative                   likewise
///   format           pattern       varchar; without a pattern it is json, by SQL alone
///   type             type          none: SQL alone can tell
///   castable         type          varchar to boolean, signed integers up to 64 bits, float,
///                                  double, date, timestamp; without a format
///
/// Errors    config  an argument does not fit the type: a bound that is no number, a bad pattern.
Result<std::unique_ptr<RowKernel>> make_kernel(std::string_view name, const data::Type& type,
                                               const data::KernelArgs& args);

/// Does every value between two that pass this kernel pass too, whatever its arguments are?
bool passes_between(std::string_view name);

/// The SQL form of the kernel `name` over one column: a boolean expression, true or null where a
/// row passes. It is there for every type that the check makes sense for, kernel or not.
/// Errors    config  as above, or this kind of check has no meaning for the column's type.
Result<std::string> sql_form(std::string_view name, const data::Column& column,
                             const data::KernelArgs& args);

}  // namespace leat::kernels
