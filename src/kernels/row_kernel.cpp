#include "kernels/row_kernel.hpp"

#include <algorithm>
#include <array>

#include "base/assert.hpp"
#include "base/names.hpp"
#include "kernels/bits.hpp"
#include "kernels/kernel_table.hpp"

namespace leat::kernels {
namespace {

struct KernelEntry {
  std::string_view name;
  KernelResult (*make)(const data::Type&, const data::KernelArgs&);
  Result<std::string> (*sql)(const data::Column&, const data::KernelArgs&);
};

constexpr std::array<KernelEntry, 13> kTable{{
    {"not_null", make_not_null, not_null_sql},
    {"range", make_range, range_sql},
    {"accepted_values", make_accepted_values, accepted_values_sql},
    {"pattern", make_pattern, pattern_sql},
    {"length", make_length, length_sql},
    {"castable", make_castable, castable_sql},
    {"not_empty", make_not_empty, not_empty_sql},
    {"positive", make_positive, positive_sql},
    {"non_negative", make_non_negative, non_negative_sql},
    {"not_accepted_values", make_not_accepted_values, not_accepted_values_sql},
    {"not_pattern", make_not_pattern, not_pattern_sql},
    {"format", make_format, format_sql},
    {"type", make_type, type_sql},
}};

const KernelEntry& entry_of(std::string_view name) {
  const auto* const found = std::find_if(
      kTable.begin(), kTable.end(), [&](const KernelEntry& entry) { return entry.name == name; });
  LEAT_ASSERT(found != kTable.end());
  return *found;
}

class NotNull final : public RowKernel {
 public:
  void judge(const data::ColumnView& column, std::uint32_t rows,
             std::uint64_t* fails) const override {
    for (std::uint32_t word = 0; word < words_of(rows); ++word) {
      fails[word] = column.validity == nullptr ? 0 : ~column.validity[word] & row_mask(word, rows);
    }
  }
};

}  // namespace

KernelResult make_not_null(const data::Type&, const data::KernelArgs&) {
  return std::unique_ptr<RowKernel>(std::make_unique<NotNull>());
}

Result<std::string> not_null_sql(const data::Column& column, const data::KernelArgs&) {
  return quote_identifier(column.name) + " IS NOT NULL";
}

Error wrong_type(std::string_view kernel, std::string_view judges, const data::Column& column) {
  return Error(Fault::config, "`" + std::string(kernel) + "` judges " + std::string(judges) +
                                  "; `" + column.name + "` is " + data::sql_of(column.type));
}

KernelResult make_kernel(std::string_view name, const data::Type& type,
                         const data::KernelArgs& args) {
  return entry_of(name).make(type, args);
}

bool passes_between(std::string_view name) {
  return name == "range" || name == "positive" || name == "non_negative";
}

Result<std::string> sql_form(std::string_view name, const data::Column& column,
                             const data::KernelArgs& args) {
  return entry_of(name).sql(column, args);
}

}  // namespace leat::kernels
