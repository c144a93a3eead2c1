#include <algorithm>
#include <limits>

#include "base/names.hpp"
#include "kernels/bits.hpp"
#include "kernels/kernel_table.hpp"
#include "kernels/literal.hpp"

namespace leat::kernels {
namespace {

struct Limits {
  std::uint64_t min = 0;
  std::uint64_t max = std::numeric_limits<std::uint64_t>::max();
};

Result<std::uint64_t> limit_of(const data::Bound& bound) {
  const auto whole = parse_whole(bound.text, 0, Rounding::down);
  const auto value = whole && whole->exact ? narrow<std::uint64_t>(*whole) : std::nullopt;
  if (!value) return Error(Fault::config, "`" + bound.text + "` is no length");
  return *value;
}

Result<Limits> limits_of(const data::KernelArgs& args) {
  Limits limits;
  if (args.min) {
    TRY(limits.min, limit_of(*args.min));
    if (args.min->exclusive) ++limits.min;
  }
  if (args.max) {
    TRY(limits.max, limit_of(*args.max));
    if (args.max->exclusive && limits.max-- == 0) limits = {1, 0};
  }
  return limits;
}

/// Units     characters (code points), of valid UTF-8.
std::uint64_t count_characters(std::string_view text) {
  return std::uint64_t(
      std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; }));
}

class Length final : public RowKernel {
 public:
  explicit Length(Limits limits) : x_limits(limits) {}

  void judge(const data::ColumnView& column, std::uint32_t rows,
             std::uint64_t* fails) const override {
    judge_valid_rows(rows, column.validity, fails, [&](std::uint32_t row) {
      const auto text = column.text(row);
      // A character has one byte to four, so most texts need not be counted.
      if (text.size() <= x_limits.max && (text.size() + 3) / 4 >= x_limits.min) return false;
      const auto length = count_characters(text);
      return length < x_limits.min || length > x_limits.max;
    });
  }

 private:
  Limits x_limits;
};

}  // namespace

KernelResult make_length(const data::Type& type, const data::KernelArgs& args) {
  TRY(const auto limits, limits_of(args));
  if (type.id != data::TypeId::varchar) return std::unique_ptr<RowKernel>();
  return std::unique_ptr<RowKernel>(std::make_unique<Length>(limits));
}

Result<std::string> length_sql(const data::Column& column, const data::KernelArgs& args) {
  if (!column.type.is_text()) return wrong_type("length", "text", column);
  TRY(const auto limits, limits_of(args));
  const auto name = quote_identifier(column.name);
  std::string sql = "length(" + name + ") >= " + std::to_string(limits.min);
  if (args.max) sql += " AND length(" + name + ") <= " + std::to_string(limits.max);
  return sql;
}

}  // namespace leat::kernels
