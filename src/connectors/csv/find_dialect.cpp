#include "connectors/csv/find_dialect.hpp"

#include <string>

namespace leat::connectors::csv {
namespace {

constexpr std::size_t kSampleBytes = 256 * 1024;

std::string written_as(char sign) { return sign == '\t' ? "tab" : std::string(1, sign); }

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
    return std::optional(guess_dialect(text, size < kSampleBytes, only_delimiter));
  }
  return std::optional<DialectGuess>();
}

std::vector<FoundOption> options_of(const DialectGuess& guess) {
  std::vector<FoundOption> found;
  if (guess.delimiter != ",") {
    found.push_back({"delimiter", {guess.delimiter == "\t" ? "tab" : guess.delimiter}});
  }
  if (guess.quote != '"') found.push_back({"quote", {written_as(guess.quote)}});
  if (guess.skip > 0) found.push_back({"skip", {std::to_string(guess.skip)}});
  if (guess.header != 1) found.push_back({"header", {std::to_string(guess.header)}});
  if (guess.decimal != '.') found.push_back({"decimal", {written_as(guess.decimal)}});
  if (guess.thousands != '\0') found.push_back({"thousands", {written_as(guess.thousands)}});
  if (!guess.signs.empty()) found.push_back({"signs", guess.signs});
  if (!guess.date_format.empty()) found.push_back({"date_format", {guess.date_format}});
  return found;
}

}  // namespace leat::connectors::csv
