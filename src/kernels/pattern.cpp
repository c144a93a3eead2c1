#include <re2/re2.h>

#include <array>

#include "base/names.hpp"
#include "kernels/bits.hpp"
#include "kernels/kernel_table.hpp"
#include "kernels/wide.hpp"

namespace leat::kernels {
namespace {

constexpr std::size_t kPatternBytesMax = 4096;
constexpr std::int64_t kPatternMemory = 8 << 20;

constexpr std::uint32_t kRememberedBytes = 64;

/// What was said of texts of the same call: a column of few values has each of them again and
/// again. Texts of more than kRememberedBytes are asked about anew.
class Said {
 public:
  /// Says what `ask` says of the text.
  template <typename Ask>
  bool about(const void* texts, std::uint32_t row, Ask&& ask) {
    const auto text = value_at<duckdb_string_t>(texts, row);
    if (text.value.inlined.length > kRememberedBytes) return ask();
    auto& slot = x_slots[slot_of(text)];
    if (!slot.is_set || !is_same(slot.text, text)) slot = {text, true, ask()};
    return slot.says;
  }

 private:
  static constexpr unsigned kSlotBits = 6;

  struct Slot {
    duckdb_string_t text;
    bool is_set = false;
    bool says = false;
  };

  static bool is_inline(const duckdb_string_t& text) { return text.value.inlined.length <= 12; }

  static std::uint64_t word_at(const void* bytes) {
    std::uint64_t word;
    std::memcpy(&word, bytes, 8);
    return word;
  }

  /// Its length and first bytes; and its last ones.
  static std::uint64_t head_of(const duckdb_string_t& text) { return word_at(&text); }
  static std::uint64_t tail_of(const duckdb_string_t& text) {
    if (is_inline(text)) return word_at(text.value.inlined.inlined + 4);
    return word_at(text.value.pointer.ptr + text.value.pointer.length - 8);
  }

  static std::size_t slot_of(const duckdb_string_t& text) {
    constexpr std::uint64_t kOdd = 0x9e3779b97f4a7c15ull;
    return ((head_of(text) * kOdd ^ tail_of(text)) * kOdd) >> (64 - kSlotBits);
  }

  static bool is_same(const duckdb_string_t& a, const duckdb_string_t& b) {
    if (head_of(a) != head_of(b) || tail_of(a) != tail_of(b)) return false;
    return is_inline(a) ||
           std::memcmp(a.value.pointer.ptr, b.value.pointer.ptr, a.value.pointer.length) == 0;
  }

  std::array<Slot, std::size_t{1} << kSlotBits> x_slots;
};

/// Matches anywhere in the text unless the pattern is anchored. Linear time in the text.
class Pattern final : public RowKernel {
 public:
  explicit Pattern(std::unique_ptr<re2::RE2> pattern) : x_pattern(std::move(pattern)) {}

  void judge(const data::ColumnView& column, std::uint32_t rows,
             std::uint64_t* fails) const override {
    Said said;
    judge_valid_rows(rows, column.validity, fails, [&](std::uint32_t row) {
      return said.about(column.values, row, [&] {
        const auto text = column.text(row);
        return !re2::RE2::PartialMatch(re2::StringPiece(text.data(), text.size()), *x_pattern);
      });
    });
  }

 private:
  std::unique_ptr<re2::RE2> x_pattern;
};

Result<std::unique_ptr<re2::RE2>> compile(const std::string& pattern) {
  if (pattern.size() > kPatternBytesMax) {
    return Error(Fault::config, "the pattern is longer than 4,096 bytes");
  }
  re2::RE2::Options options;
  options.set_log_errors(false);
  options.set_max_mem(kPatternMemory);
  auto compiled = std::make_unique<re2::RE2>(pattern, options);
  if (!compiled->ok()) {
    return Error(Fault::config,
                 "`" + pattern + "` is not a regular expression: " + compiled->error())
        .hint("RE2 syntax: no back-references, no look-around");
  }
  return compiled;
}

/// The engine reads NaN, Infinity and a comma behind the last element as JSON, which they are not.
std::string strict_json_sql(const std::string& text) {
  const auto without_strings =
      "regexp_replace(" + text + R"re(, '"(?:[^"\\]|\\.)*"', '""', 'gs'))re";
  return "json_valid(" + text + ") AND NOT regexp_matches(" + without_strings +
         R"re(, '(?i)nan|inf|,\s*[]}]'))re";
}

}  // namespace

KernelResult make_pattern(const data::Type& type, const data::KernelArgs& args) {
  TRY(auto compiled, compile(args.pattern));
  if (type.id != data::TypeId::varchar) return std::unique_ptr<RowKernel>();
  return std::unique_ptr<RowKernel>(std::make_unique<Pattern>(std::move(compiled)));
}

Result<std::string> pattern_sql(const data::Column& column, const data::KernelArgs& args) {
  if (!column.type.is_text()) return wrong_type("pattern", "text", column);
  TRY(compile(args.pattern));
  return "regexp_matches(" + quote_identifier(column.name) + ", " + quote_literal(args.pattern) +
         ")";
}

KernelResult make_format(const data::Type& type, const data::KernelArgs& args) {
  if (args.pattern.empty()) return std::unique_ptr<RowKernel>();
  return make_pattern(type, args);
}

Result<std::string> format_sql(const data::Column& column, const data::KernelArgs& args) {
  if (!column.type.is_text()) return wrong_type("format", "text", column);
  if (args.pattern.empty()) return strict_json_sql(quote_identifier(column.name));
  return pattern_sql(column, args);
}

}  // namespace leat::kernels
