#include "connectors/csv/find_dialect.hpp"

#include <algorithm>
#include <span>
#include <string>
#include <utility>

#include "base/names.hpp"
#include "connectors/csv/guess_encoding.hpp"
#include "connectors/csv/guess_moments.hpp"
#include "connectors/csv/sample_columns.hpp"
#include "connectors/csv/sample_parts.hpp"

namespace leat::connectors::csv {
namespace {

std::string written_as(char sign) { return sign == '\t' ? "tab" : std::string(1, sign); }

io::Encoding encoding_called(std::string_view name) {
  if (name == "utf-16le") return io::Encoding::utf16le;
  if (name == "utf-16be") return io::Encoding::utf16be;
  return name == "latin-1" ? io::Encoding::latin1 : io::Encoding::windows1252;
}

constexpr std::uint64_t kBytesThatTell = 8;

/// Where the start is ASCII, the rest may tell. A stray byte is none of an encoding: its row had
/// better be set aside.
EncodingGuess encoding_of_parts(std::string_view start, const SampleParts& sample) {
  const auto is_high = [](char c) { return static_cast<unsigned char>(c) >= 0x80; };
  if (std::any_of(start.begin(), start.end(), is_high)) return {};
  std::string lines;
  for (const auto& part : sample.parts) {
    if (sample.is_all) {
      lines += part.text;
      continue;
    }
    const auto first = part.starts_file ? 0 : part.text.find_first_of("\r\n");
    const auto last = part.text.find_last_of("\r\n");
    if (first < last) lines.append(part.text, first, last - first + 1);
  }
  auto guess = guess_encoding(lines);
  return guess.bytes < kBytesThatTell ? EncodingGuess() : guess;
}

/// Looks for values that tell the day from the month, of columns of which the start of the first
/// file has none.
class OrderReader final : public SampleReader {
 public:
  explicit OrderReader(const std::vector<UntoldOrder>& untold) : x_untold(untold) {}

  void add_column(const std::string& name) override { x_columns.push_back(wanted(name)); }
  void take(std::size_t column, std::span<const text_values::Cell> cells) override {
    if (x_columns[column] == x_untold.size()) return;
    auto& moments = x_moments[x_columns[column]];
    for (const auto& cell : cells) {
      if (cell.kind != text_values::Cell::Kind::absent) moments.look_at(cell.view());
    }
  }

  void tell(DialectGuess& guess) const {
    std::vector<UntoldOrder> untold;
    for (std::size_t i = 0; i < x_untold.size(); ++i) {
      auto pattern = x_moments[i].pattern();
      if (!pattern.empty()) guess.column_formats.emplace_back(x_untold[i].column, pattern);
      if (!x_moments[i].both_orders().empty()) untold.push_back(x_untold[i]);
    }
    guess.untold_orders = std::move(untold);
  }

 private:
  std::size_t wanted(const std::string& name) const {
    const auto found = std::find_if(x_untold.begin(), x_untold.end(), [&](const auto& one) {
      return is_same_name(one.column, name);
    });
    return std::size_t(found - x_untold.begin());
  }

  std::vector<UntoldOrder> x_untold;
  std::vector<ColumnMoments> x_moments = std::vector<ColumnMoments>(x_untold.size());
  std::vector<std::size_t> x_columns;  ///< By column of the sample.
};

/// Another one of these files may not be read so; the run will tell.
void find_orders(io::FileSystem& files, const std::vector<file_list::ListedFile>& listed,
                 const file_list::TextForm& form, DialectGuess& guess) {
  if (guess.untold_orders.empty()) return;
  OrderReader orders(guess.untold_orders);
  if (sample_columns(files, listed, format_of(guess, form), orders).ok()) orders.tell(guess);
}

}  // namespace

FileFormat format_of(const DialectGuess& guess, const file_list::TextForm& form) {
  FileFormat format;
  format.dialect.set_delimiter(guess.delimiter);
  format.dialect.quote = guess.quote;
  format.dialect.escape = guess.escape;
  format.header = static_cast<std::uint32_t>(guess.header);
  format.skip = static_cast<std::uint32_t>(guess.skip);
  if (guess.leaves_out()) format.on_preamble = OnPreamble::quarantine;
  format.form = form;
  if (!guess.encoding.empty()) format.form.encoding = encoding_called(guess.encoding);
  return format;
}

Result<std::optional<DialectGuess>> find_dialect(io::FileSystem& files,
                                                 const std::vector<file_list::ListedFile>& listed,
                                                 const file_list::TextForm& form,
                                                 std::string_view only_delimiter) {
  for (std::size_t i = 0; i < listed.size(); ++i) {
    TRY(auto start, read_start(files, listed[i], form));
    if (start.text.empty()) continue;
    const auto name = listed.size() > 1 ? listed[i].name : "";
    start.name = name;
    const auto others = std::span(listed).subspan(i);
    const bool is_untold = form.encoding == io::Encoding::detect;
    auto encoding = is_untold ? guess_encoding(start.text) : EncodingGuess();
    bool is_likely = false;
    SampleParts sample;
    if (encoding.name.empty()) {
      sample = read_parts(files, others, form, start);
      if (is_untold) encoding = encoding_of_parts(start.text, sample);
      is_likely = !encoding.name.empty() && !sample.is_all;
    }
    if (!encoding.name.empty() && !is_likely) {
      auto as_found = form;
      as_found.encoding = encoding_called(encoding.name);
      TRY(start, read_start(files, listed[i], as_found));
      start.name = name;
      sample = read_parts(files, others, as_found, start);
    }
    auto guess = guess_dialect(start.text, start.is_whole, only_delimiter, sample.parts, name);
    (is_likely ? guess.likely_encoding : guess.encoding) = encoding.name;
    guess.encoding_reason = encoding.reason;
    find_orders(files, listed, form, guess);
    return std::optional(std::move(guess));
  }
  return std::optional<DialectGuess>();
}

std::vector<FoundOption> options_of(const DialectGuess& guess) {
  std::vector<FoundOption> found;
  if (guess.delimiter != ",") {
    found.push_back({"delimiter", {guess.delimiter == "\t" ? "tab" : guess.delimiter}});
  }
  if (guess.quote != '"') found.push_back({"quote", {written_as(guess.quote)}});
  if (guess.escape != guess.quote) found.push_back({"escape", {written_as(guess.escape)}});
  if (guess.skip > 0) found.push_back({"skip", {std::to_string(guess.skip)}});
  if (guess.header != 1) found.push_back({"header", {std::to_string(guess.header)}});
  // A guess that is wrong, or a file that differs, must not cost a row without a trace.
  if (guess.leaves_out()) found.push_back({"on_preamble", {"quarantine"}});
  if (guess.decimal != '.') found.push_back({"decimal", {written_as(guess.decimal)}});
  if (!guess.thousands.empty()) found.push_back({"thousands", {guess.thousands}});
  if (!guess.signs.empty()) found.push_back({"signs", guess.signs});
  if (!guess.nulls.empty()) {
    found.push_back({"nulls", {""}});
    auto& values = found.back().values;
    values.insert(values.end(), guess.nulls.begin(), guess.nulls.end());
  }
  for (const auto& [column, marks] : guess.column_nulls) {
    found.push_back({"column_nulls", marks, column});
  }
  if (!guess.encoding.empty()) found.push_back({"encoding", {guess.encoding}});
  for (const auto& [column, pattern] : guess.column_formats) {
    found.push_back({"column_formats", {pattern}, column});
  }
  return found;
}

}  // namespace leat::connectors::csv
