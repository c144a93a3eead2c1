#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/assert.hpp"
#include "connectors/csv/find_dialect.hpp"
#include "connectors/csv/preamble.hpp"
#include "support/csv_reading.hpp"

/// Feeds a file of any bytes to the reader, in a dialect made from its first bytes, and accounts
/// for every byte: preamble, record, line end, empty line, comment or footer.
namespace leat::connectors::csv {
namespace {

Settings settings_from(const std::uint8_t* bytes) {
  constexpr char kDelimiters[] = {',', ';', '\t', '|'};
  Settings out;
  out.paths = {"a.csv"};
  FileFormat& format = out.format;
  // The places in a file are told only where its bytes are the text.
  format.form = {io::Compression::none, {}, io::Encoding::utf8};
  constexpr const char* kLong[] = {"||", "~|~", " |", "||;"};
  format.dialect.set_delimiter((bytes[2] & 8) != 0 ? std::string(kLong[bytes[0] & 3])
                                                   : std::string(1, kDelimiters[bytes[0] & 3]));
  format.dialect.quote = (bytes[0] & 4) != 0 ? '\'' : '"';
  format.dialect.has_quote = (bytes[0] & 8) == 0;
  format.dialect.escape = (bytes[0] & 16) != 0 ? '\\' : format.dialect.quote;
  format.dialect.trim = (bytes[0] & 32) != 0;
  format.dialect.comment = (bytes[0] & 64) != 0 ? '#' : '\0';
  format.on_ragged = (bytes[0] & 128) != 0 ? OnRagged::pad : OnRagged::quarantine;
  format.header = bytes[1] & 3;
  format.skip = (bytes[1] >> 2) & 3;
  format.footer = (bytes[1] >> 4) & 3;
  format.max_record_bytes = (bytes[1] & 64) != 0 ? 20 : 1 << 20;
  const std::vector<std::pair<std::string, std::string>> columns{
      {"a", "varchar"}, {"b", "bigint"}, {"c", "date"}, {"d", "decimal(9,2)"}};
  if ((bytes[1] & 128) == 0) {
    out.declared = test::schema_of({columns.begin(), columns.begin() + 1 + (bytes[2] & 3)});
  }
  return out;
}

/// As its start and a part tell it, or all of it as a start.
DialectGuess guess_in(std::string_view text, std::uint8_t how) {
  const bool is_whole = (how & 32) != 0;
  if ((how & 64) == 0) return guess_dialect(text, is_whole);
  const auto half = text.size() / 2;
  const SamplePart part{std::string(text.substr(half)), "", half, (how & 128) != 0, is_whole};
  return guess_dialect(text.substr(0, half), false, {}, {&part, 1});
}

/// In the form that the text itself is found to have.
Settings settings_found_in(std::string_view text, std::uint8_t how) {
  const auto guess = guess_in(text, how);
  LEAT_ASSERT(guess.confidence >= 0 && guess.confidence <= 1);
  Settings out;
  out.paths = {"a.csv"};
  FileFormat& format = out.format;
  format = format_of(guess, {io::Compression::none, {}, io::Encoding::utf8});
  format.values.decimal = guess.decimal;
  format.values.thousands = guess.thousands;
  format.values.signs = guess.signs;
  format.values.nulls = guess.nulls;
  format.column_nulls = guess.column_nulls;
  for (const auto& [column, pattern] : guess.column_formats) {
    format.column_formats.emplace_back(column, TimeFormat::make(pattern).value());
  }
  return out;
}

/// So that the fuzzer need not find out what the columns are called.
std::string header_for(const Settings& settings) {
  std::string out;
  for (std::uint32_t i = 0; i < settings.format.skip; ++i) out += "\n";
  if (!settings.declared) return out;
  for (const auto& column : settings.declared->columns) {
    out += column.name;
    const bool is_last = column == settings.declared->columns.back();
    out += is_last ? "\n" : settings.format.dialect.delimiter_text();
  }
  return out;
}

bool is_line_end(std::string_view bytes) {
  return bytes == "\n" || bytes == "\r" || bytes == "\r\n";
}

/// Only empty lines and comments.
bool holds_nothing(std::string_view bytes, const Dialect& dialect) {
  while (!bytes.empty()) {
    if (!dialect.is_comment(bytes.data(), bytes.size()) && bytes[0] != '\n' && bytes[0] != '\r') {
      return false;
    }
    const std::size_t end = bytes.find_first_of("\r\n");
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  }
  return true;
}

/// What lies between two records: the line end of the first, then nothing.
bool is_between(std::string_view bytes, const Dialect& dialect) {
  for (const std::size_t size : {2u, 1u}) {
    if (size <= bytes.size() && is_line_end(bytes.substr(0, size))) {
      return holds_nothing(bytes.substr(size), dialect);
    }
  }
  return false;
}

std::size_t bytes_of(const test::SeenRow& row) {
  const std::size_t note = row.raw.rfind("… (");
  const bool is_shortened = !row.faults.empty() && note != std::string::npos &&
                            row.faults[0].starts_with(": the record has ");
  if (!is_shortened) return row.raw.size();
  std::size_t bytes = 0;
  for (const char c : std::string_view(row.raw).substr(note)) {
    if (c >= '0' && c <= '9') bytes = bytes * 10 + static_cast<std::size_t>(c - '0');
  }
  return bytes;
}

/// Of what stands above the records: it is what the preamble says that is left out.
void account_above(const Preamble& preamble, const std::vector<test::SeenRow>& rows) {
  LEAT_ASSERT(rows.size() == preamble.left_out.size());
  for (std::size_t i = 0; i < rows.size(); ++i) {
    LEAT_ASSERT(rows[i].offset == preamble.left_out[i].byte_offset);
    LEAT_ASSERT(bytes_of(rows[i]) == preamble.left_out[i].text.size());
  }
}

void account(std::string_view text, const Settings& settings,
             const std::vector<test::SeenRow>& rows) {
  const FileFormat& format = settings.format;
  std::string padded(text);
  padded.append(text_values::kPadding, '\0');
  const std::size_t end =
      format.footer == 0 ? text.size() : footer_start(text, true, format.footer);
  const auto preamble = find_preamble({padded.data(), end}, true, format);
  LEAT_ASSERT(preamble.has_value());
  std::size_t at = preamble->bytes;
  bool is_first = true;
  const auto records = std::find_if(rows.begin(), rows.end(),
                                    [&](const auto& row) { return row.offset >= preamble->bytes; });
  account_above(*preamble, {rows.begin(), records});
  for (const auto& row : std::span(records, rows.end())) {
    const std::string_view before = text.substr(at, row.offset - at);
    LEAT_ASSERT(row.offset >= at);
    LEAT_ASSERT(is_first ? holds_nothing(before, format.dialect)
                         : is_between(before, format.dialect));
    is_first = false;
    const std::size_t bytes = bytes_of(row);
    if (bytes == row.raw.size()) LEAT_ASSERT(text.substr(row.offset, bytes) == row.raw);
    at = row.offset + bytes;
    LEAT_ASSERT(at <= end);
  }
  const std::string_view rest = text.substr(at, end - at);
  LEAT_ASSERT(rest.empty() ||
              (is_first ? holds_nothing(rest, format.dialect) : is_between(rest, format.dialect)));
}

void run(std::string_view text, Settings settings, std::size_t block_bytes) {
  test::MemoryFiles files;
  files.entries["a.csv"].text = text;
  const auto whole = test::read_rows(files, settings);
  if (!whole.ok()) {
    LEAT_ASSERT(whole.error().fault() != Fault::internal);
    return;
  }
  account(text, settings, *whole);
  const auto cut = test::read_rows(files, settings, {.block_bytes = block_bytes, .rows_max = 3});
  LEAT_ASSERT(cut.ok() && *cut == *whole);
}

}  // namespace
}  // namespace leat::connectors::csv

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (size < 4) return 0;
  using namespace leat::connectors::csv;
  const Settings settings = settings_from(bytes);
  std::string text(reinterpret_cast<const char*>(bytes + 4), size - 4);
  if ((bytes[2] & 4) != 0) text = header_for(settings) + text;
  if ((bytes[2] & 16) != 0) {
    run(text, settings_found_in(text, bytes[2]), std::size_t{1} + bytes[3]);
    return 0;
  }
  run(text, settings, std::size_t{1} + bytes[3]);
  return 0;
}
