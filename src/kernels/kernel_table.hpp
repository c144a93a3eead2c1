#pragma once

#include <memory>
#include <string>

#include "kernels/row_kernel.hpp"

namespace leat::kernels {

using KernelResult = Result<std::unique_ptr<RowKernel>>;

/// What stands behind each name of the table; see make_kernel and sql_form.
KernelResult make_not_null(const data::Type& type, const data::KernelArgs& args);
KernelResult make_range(const data::Type& type, const data::KernelArgs& args);
KernelResult make_accepted_values(const data::Type& type, const data::KernelArgs& args);
KernelResult make_pattern(const data::Type& type, const data::KernelArgs& args);
KernelResult make_length(const data::Type& type, const data::KernelArgs& args);
KernelResult make_castable(const data::Type& type, const data::KernelArgs& args);
KernelResult make_not_empty(const data::Type& type, const data::KernelArgs& args);
KernelResult make_positive(const data::Type& type, const data::KernelArgs& args);
KernelResult make_non_negative(const data::Type& type, const data::KernelArgs& args);
KernelResult make_not_accepted_values(const data::Type& type, const data::KernelArgs& args);
KernelResult make_not_pattern(const data::Type& type, const data::KernelArgs& args);
KernelResult make_format(const data::Type& type, const data::KernelArgs& args);
KernelResult make_type(const data::Type& type, const data::KernelArgs& args);

Result<std::string> not_null_sql(const data::Column& column, const data::KernelArgs& args);
Result<std::string> range_sql(const data::Column& column, const data::KernelArgs& args);
Result<std::string> accepted_values_sql(const data::Column& column, const data::KernelArgs& args);
Result<std::string> pattern_sql(const data::Column& column, const data::KernelArgs& args);
Result<std::string> length_sql(const data::Column& column, const data::KernelArgs& args);
Result<std::string> castable_sql(const data::Column& column, const data::KernelArgs& args);
Result<std::string> not_empty_sql(const data::Column& column, const data::KernelArgs& args);
Result<std::string> positive_sql(const data::Column& column, const data::KernelArgs& args);
Result<std::string> non_negative_sql(const data::Column& column, const data::KernelArgs& args);
Result<std::string> not_accepted_values_sql(const data::Column& column,
                                            const data::KernelArgs& args);
Result<std::string> not_pattern_sql(const data::Column& column, const data::KernelArgs& args);
Result<std::string> format_sql(const data::Column& column, const data::KernelArgs& args);
Result<std::string> type_sql(const data::Column& column, const data::KernelArgs& args);

/// "`range` judges numbers, dates and timestamps; `x` is VARCHAR"
Error wrong_type(std::string_view kernel, std::string_view judges, const data::Column& column);

}  // namespace leat::kernels
