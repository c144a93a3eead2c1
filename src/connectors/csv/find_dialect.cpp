#include "connectors/csv/find_dialect.hpp"

#include <string>

#include "connectors/csv/guess_encoding.hpp"

namespace leat::connectors::csv {
namespace {

constexpr std::size_t kSampleBytes = 256 * 1024;

std::string written_as(char sign) { return sign == '\t' ? "tab" : std::string(1, sign); }

io::Encoding encoding_called(std::string_view name) {
  if (name == "utf-16le") return io::Encoding::utf16le;
  if (name == "utf-16be") return io::Encoding::utf16be;
  return name == "latin-1" ? io::Encoding::latin1 : io::Encoding::windows1252;
}

/// The start of a file once more, in that encoding; true: it is all of it.
Result<bool> read_as(io::FileSystem& files, const file_list::ListedFile& listed,
                     file_list::TextForm form, std::string_view encoding, std::string& text) {
  form.encoding = encoding_called(encoding);
  TRY(auto file, file_list::open_listed(files, listed, form));
  text.resize(kSampleBytes);
  TRY(const auto size, file.stream->read(text.data(), text.size()));
  text.resize(size);
  return size < kSampleBytes;
}

}  // namespace

Result<std::optional<DialectGuess>> find_dialect(io::FileSystem& files,
                                                 const std::vector<file_list::ListedFile>& listed,
                                                 const file_list::TextForm& form,
                                                 std::string_view only_delimiter) {
  std::string text;
  for (const auto& one : listed) {
    TRY(auto file, file_list::open_listed(files, one, form));
    text.resize(kSampleBytes);
    TRY(const auto size, file.stream->read(text.data(), text.size()));
    text.resize(size);
    if (text.empty()) continue;
    EncodingGuess encoding;
    if (form.encoding == io::Encoding::detect) encoding = guess_encoding(text);
    bool is_whole = size < kSampleBytes;
    if (!encoding.name.empty()) {
      TRY(is_whole, read_as(files, one, form, encoding.name, text));
    }
    auto guess = guess_dialect(text, is_whole, only_delimiter);
    guess.encoding = encoding.name;
    guess.encoding_reason = encoding.reason;
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
  if (!guess.date_format.empty()) found.push_back({"date_format", {guess.date_format}});
  if (!guess.timestamp_format.empty()) {
    found.push_back({"timestamp_format", {guess.timestamp_format}});
  }
  return found;
}

}  // namespace leat::connectors::csv
