#include "kernels/bits.hpp"
#include "kernels/kernel_table.hpp"

namespace leat::kernels {
namespace {

/// Fails what another kernel passes. A null passes here too.
class Negated final : public RowKernel {
 public:
  explicit Negated(std::unique_ptr<RowKernel> kernel) : x_kernel(std::move(kernel)) {}

  void judge(const data::ColumnView& column, std::uint32_t rows,
             std::uint64_t* fails) const override {
    x_kernel->judge(column, rows, fails);
    for (std::uint32_t word = 0; word < words_of(rows); ++word) {
      const auto valid = column.validity == nullptr ? ~std::uint64_t{0} : column.validity[word];
      fails[word] = ~fails[word] & valid & row_mask(word, rows);
    }
  }

 private:
  std::unique_ptr<RowKernel> x_kernel;
};

KernelResult negate(KernelResult made) {
  if (!made.ok() || *made == nullptr) return made;
  return std::unique_ptr<RowKernel>(std::make_unique<Negated>(std::move(made).value()));
}

Result<std::string> negate(Result<std::string> sql) {
  if (!sql.ok()) return sql;
  return "NOT (" + *sql + ")";
}

}  // namespace

KernelResult make_not_accepted_values(const data::Type& type, const data::KernelArgs& args) {
  return negate(make_accepted_values(type, args));
}

KernelResult make_not_pattern(const data::Type& type, const data::KernelArgs& args) {
  return negate(make_pattern(type, args));
}

Result<std::string> not_accepted_values_sql(const data::Column& column,
                                            const data::KernelArgs& args) {
  return negate(accepted_values_sql(column, args));
}

Result<std::string> not_pattern_sql(const data::Column& column, const data::KernelArgs& args) {
  if (!column.type.is_text()) return wrong_type("not_pattern", "text", column);
  return negate(pattern_sql(column, args));
}

}  // namespace leat::kernels
