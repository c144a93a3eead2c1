#include <algorithm>

#include "base/names.hpp"
#include "kernels/bits.hpp"
#include "kernels/kernel_table.hpp"

namespace leat::kernels {
namespace {

bool is_blank(char c) { return c == ' ' || (c >= '\t' && c <= '\r'); }

/// A text of blanks only says as little as one without characters.
class NotEmpty final : public RowKernel {
 public:
  void judge(const data::ColumnView& column, std::uint32_t rows,
             std::uint64_t* fails) const override {
    judge_valid_rows(rows, column.validity, fails, [&](std::uint32_t row) {
      const auto text = column.text(row);
      return std::all_of(text.begin(), text.end(), is_blank);
    });
    if (column.validity == nullptr) return;
    for (std::uint32_t word = 0; word < words_of(rows); ++word) {
      fails[word] |= ~column.validity[word] & row_mask(word, rows);
    }
  }
};

bool is_list(const data::Type& type) {
  return type.id == data::TypeId::other && type.sql_name.ends_with(']');
}

}  // namespace

KernelResult make_not_empty(const data::Type& type, const data::KernelArgs&) {
  if (type.id != data::TypeId::varchar) return std::unique_ptr<RowKernel>();
  return std::unique_ptr<RowKernel>(std::make_unique<NotEmpty>());
}

Result<std::string> not_empty_sql(const data::Column& column, const data::KernelArgs&) {
  const auto name = quote_identifier(column.name);
  std::string holds;
  if (column.type.is_text()) {
    holds = "regexp_matches(" + name + ", '[^ \\t\\n\\v\\f\\r]')";
  } else if (column.type.id == data::TypeId::blob) {
    holds = "octet_length(" + name + ") > 0";
  } else if (is_list(column.type)) {
    holds = "len(" + name + ") > 0";
  } else {
    return wrong_type("not_empty", "text, blobs and lists", column);
  }
  return name + " IS NOT NULL AND " + holds;
}

}  // namespace leat::kernels
