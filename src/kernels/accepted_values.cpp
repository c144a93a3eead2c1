#include <algorithm>
#include <string>
#include <unordered_set>
#include <vector>

#include "base/names.hpp"
#include "kernels/bits.hpp"
#include "kernels/kernel_table.hpp"
#include "kernels/literal.hpp"

namespace leat::kernels {
namespace {

using data::KernelArgs;
using data::Type;
using data::TypeId;

constexpr std::size_t kFewMax = 8;
constexpr std::size_t kComparedBytes = 12;

Error not_accepted(const std::string& text, const Type& type) {
  return Error(Fault::config, "`" + text + "` is not a value of type " + data::sql_of(type));
}

/// A few values are compared one by one without a branch; many are searched.
template <typename T>
class Integers final : public RowKernel {
 public:
  explicit Integers(std::vector<T> values) : x_values(std::move(values)) {
    std::sort(x_values.begin(), x_values.end());
  }

  void judge(const data::ColumnView& column, std::uint32_t rows,
             std::uint64_t* fails) const override {
    const auto* values = column.values;
    if (x_values.size() > kFewMax) {
      judge_rows(rows, column.validity, fails, [&](std::uint32_t row) {
        return !std::binary_search(x_values.begin(), x_values.end(), value_at<T>(values, row));
      });
      return;
    }
    T few[kFewMax];
    for (std::size_t i = 0; i < kFewMax; ++i) few[i] = x_values[std::min(i, x_values.size() - 1)];
    judge_rows(rows, column.validity, fails, [&](std::uint32_t row) {
      const T value = value_at<T>(values, row);
      std::uint8_t fail = 1;
      for (const T one : few) fail &= std::uint8_t(value != one);
      return fail;
    });
  }

 private:
  std::vector<T> x_values;
};

/// A text of at most 12 bytes as the engine lays it out: length and zero-padded bytes.
struct ShortText {
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
};

ShortText short_text(const std::string& text) {
  duckdb_string_t inlined{};
  inlined.value.inlined.length = std::uint32_t(text.size());
  std::memcpy(inlined.value.inlined.inlined, text.data(), text.size());
  return value_at<ShortText>(&inlined, 0);
}

/// A few short texts, compared as two words each without a branch.
class FewShortTexts final : public RowKernel {
 public:
  explicit FewShortTexts(const std::vector<std::string>& values) {
    for (std::size_t i = 0; i < kFewMax; ++i) {
      x_values[i] = short_text(values[std::min(i, values.size() - 1)]);
    }
    x_count = std::uint32_t(values.size());
  }

  void judge(const data::ColumnView& column, std::uint32_t rows,
             std::uint64_t* fails) const override {
    judge_rows(rows, column.validity, fails, [&, values = column.values](std::uint32_t row) {
      const auto text = value_at<ShortText>(values, row);
      std::uint64_t fail = 1;
      for (std::uint32_t i = 0; i < x_count; ++i) {
        const auto parts = (text.head ^ x_values[i].head) | (text.tail ^ x_values[i].tail);
        fail &= std::uint64_t(parts != 0);
      }
      return std::uint8_t(fail);
    });
  }

 private:
  ShortText x_values[kFewMax];
  std::uint32_t x_count = 0;
};

class Texts final : public RowKernel {
 public:
  explicit Texts(const std::vector<std::string>& values)
      : x_values(values), x_set(x_values.begin(), x_values.end()) {}

  void judge(const data::ColumnView& column, std::uint32_t rows,
             std::uint64_t* fails) const override {
    judge_valid_rows(rows, column.validity, fails, [&](std::uint32_t row) {
      return x_set.find(column.text(row)) == x_set.end();
    });
  }

 private:
  std::vector<std::string> x_values;
  std::unordered_set<std::string_view> x_set;  ///< Looks into `x_values`.
};

bool is_few_short(const std::vector<std::string>& values) {
  return values.size() <= kFewMax && std::all_of(values.begin(), values.end(), [](const auto& v) {
           return v.size() <= kComparedBytes;
         });
}

template <typename T>
KernelResult make_integers(const Type& type, const KernelArgs& args) {
  std::vector<T> values;
  for (const auto& text : args.values) {
    const auto whole = exact_whole(text, type);
    const auto value = whole ? narrow<T>(*whole) : std::nullopt;
    if (!value) return not_accepted(text, type);
    values.push_back(*value);
  }
  return std::unique_ptr<RowKernel>(std::make_unique<Integers<T>>(std::move(values)));
}

}  // namespace

KernelResult make_accepted_values(const Type& type, const KernelArgs& args) {
  if (args.values.empty()) return Error(Fault::config, "no value is accepted");
  KernelResult made = std::unique_ptr<RowKernel>();
  if (type.id == TypeId::varchar && is_few_short(args.values)) {
    made = std::unique_ptr<RowKernel>(std::make_unique<FewShortTexts>(args.values));
  } else if (type.id == TypeId::varchar) {
    made = std::unique_ptr<RowKernel>(std::make_unique<Texts>(args.values));
  } else if (type.is_whole()) {
    with_integer(type.id, [&](auto zero) { made = make_integers<decltype(zero)>(type, args); });
  }
  return made;
}

Result<std::string> accepted_values_sql(const data::Column& column, const KernelArgs& args) {
  if (args.values.empty()) return Error(Fault::config, "no value is accepted");
  std::string list;
  for (const auto& text : args.values) {
    TRY(const auto literal, sql_literal(text, column.type));
    list += (list.empty() ? "" : ", ") + literal;
  }
  return quote_identifier(column.name) + " IN (" + list + ")";
}

}  // namespace leat::kernels
