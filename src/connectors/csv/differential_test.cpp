#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "base/utf8.hpp"
#include "support/csv_reading.hpp"

/// The reader against a plain one that goes character by character and knows nothing of blocks.
namespace leat::connectors::csv {
namespace {

using test::SeenRow;

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t at) -> unsigned {
      return at < text.size() ? static_cast<unsigned char>(text[at]) : 0u;
    };
    const unsigned first = byte(i);
    const unsigned more = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    const unsigned count = first < 0x80 ? 1 : first < 0xC0 ? 0 : more;
    if (count == 0 || first > 0xF7) return false;
    unsigned code = count == 1 ? first : first & (0x7Fu >> count);
    for (unsigned k = 1; k < count; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) return false;
      code = code << 6 | (byte(i + k) & 0x3F);
    }
    const unsigned least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (code < least[count] || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
    i += count;
  }
  return true;
}

/// Reads a text the slow way.
class PlainReader {
 public:
  PlainReader(std::string_view text, const Settings& settings)
      : x_text(text),
        x_format(settings.format),
        x_dialect(settings.format.dialect),
        x_schema(*settings.declared) {}

  std::vector<SeenRow> rows() {
    cut_footer();
    if (x_text.starts_with("\xEF\xBB\xBF")) x_at = 3;
    for (std::uint32_t i = 0; i < x_format.skip; ++i) skip_line();
    for (std::uint32_t i = 0; i < x_format.header; ++i) skip_header();
    std::vector<SeenRow> out;
    while (x_at < x_text.size()) {
      if (is_comment()) {
        skip_line();
        continue;
      }
      const bool is_blank = at_line_end();
      SeenRow row = read_record();
      if (is_blank && x_schema.size() > 1) continue;
      row.record = out.size() + 1;
      out.push_back(std::move(row));
    }
    return out;
  }

 private:
  struct Field {
    std::string text;
    bool quoted = false;
  };

  bool at_end() const { return x_at >= x_text.size(); }
  bool at_line_end() const { return !at_end() && (x_text[x_at] == '\n' || x_text[x_at] == '\r'); }
  bool is_comment() const {
    return x_dialect.comment != '\0' && !at_end() && x_text[x_at] == x_dialect.comment;
  }
  bool at_delimiter() const { return x_text.substr(x_at).starts_with(x_delimiter); }
  bool at_blank() const {
    return !at_end() && x_dialect.trim && !at_delimiter() &&
           (x_text[x_at] == ' ' || x_text[x_at] == '\t');
  }

  void leave_line() {
    if (at_end()) return;
    const bool is_pair = x_text.substr(x_at, 2) == "\r\n";
    x_at += is_pair ? 2 : 1;
    ++x_line;
  }
  void skip_line() {
    while (!at_end() && !at_line_end()) ++x_at;
    leave_line();
  }
  void skip_header() {
    while (at_line_end() || is_comment()) skip_line();
    if (!at_end()) read_record();
  }
  void cut_footer() {
    if (x_format.footer == 0) return;
    while (x_text.ends_with('\n') || x_text.ends_with('\r')) x_text.remove_suffix(1);
    for (std::uint32_t i = 0; i < x_format.footer; ++i) {
      if (i > 0 && x_text.ends_with("\r\n")) x_text.remove_suffix(1);
      if (i > 0 && !x_text.empty()) x_text.remove_suffix(1);
      while (!x_text.empty() && x_text.back() != '\n' && x_text.back() != '\r') {
        x_text.remove_suffix(1);
      }
    }
  }

  SeenRow read_record() {
    SeenRow row{"a.csv", 0, x_line, x_at, "", {}, {}};
    x_junk = x_open = false;
    x_within = 0;
    std::vector<Field> fields;
    while (true) {
      fields.push_back(read_field());
      if (!at_delimiter()) break;
      x_at += x_delimiter.size();
    }
    row.raw = x_text.substr(row.offset, x_at - row.offset);
    x_line += x_within;
    judge(row, fields);
    leave_line();
    return row;
  }

  Field read_field() {
    const std::size_t start = x_at;
    while (at_blank()) ++x_at;
    Field field;
    if (x_dialect.has_quote && !at_end() && x_text[x_at] == x_dialect.quote) {
      field.quoted = true;
      read_quoted(field.text);
      while (at_blank()) ++x_at;
      if (!at_end() && !at_delimiter() && !at_line_end()) x_junk = true;
    }
    while (!at_end() && !at_delimiter() && !at_line_end()) ++x_at;
    if (!field.quoted) field.text = x_text.substr(start, x_at - start);
    if (x_dialect.trim)
      field.text = trimmed(field.text, x_delimiter.size() > 1 ? '\0' : x_delimiter[0]);
    return field;
  }

  void read_quoted(std::string& out) {
    const char quote = x_dialect.quote;
    const char escape = x_dialect.escape;
    for (++x_at; !at_end(); ++x_at) {
      const char c = x_text[x_at];
      const char next = x_at + 1 < x_text.size() ? x_text[x_at + 1] : '\0';
      const bool has_next = x_at + 1 < x_text.size();
      if (has_next && c == escape && (next == quote || (escape != quote && next == escape))) {
        out += next;
        ++x_at;
      } else if (c == quote) {
        ++x_at;
        return;
      } else {
        if (c == '\n' || (c == '\r' && next != '\n')) ++x_within;
        out += c;
      }
    }
    x_open = true;
  }

  static std::string trimmed(std::string text, char delimiter) {
    const auto is_blank = [&](char c) { return (c == ' ' || c == '\t') && c != delimiter; };
    while (!text.empty() && is_blank(text.front())) text.erase(0, 1);
    while (!text.empty() && is_blank(text.back())) text.pop_back();
    return text;
  }

  void judge(SeenRow& row, const std::vector<Field>& fields) {
    const std::string complaint = complaint_about(row, fields);
    row.values.resize(x_schema.size());
    if (!complaint.empty()) {
      row.faults.push_back(": " + complaint);
      const bool is_long = row.raw.size() > x_format.max_record_bytes;
      if (is_long) {
        row.raw =
            row.raw.substr(0, 1000) + "… (" + std::to_string(row.raw.size()) + " bytes in all)";
      }
      return;
    }
    for (std::size_t i = 0; i < x_schema.size() && i < fields.size(); ++i) {
      read_value(row, i, fields[i]);
    }
  }

  std::string complaint_about(const SeenRow& row, const std::vector<Field>& fields) const {
    const std::string within = std::to_string(x_within) + " line ends";
    if (row.raw.size() > x_format.max_record_bytes) {
      std::string text = "the record has " + std::to_string(row.raw.size()) + " bytes; at most " +
                         std::to_string(x_format.max_record_bytes) +
                         " are read (`max_record_bytes`)";
      if (x_open) text += "; a quote in it is never closed";
      return x_within > 0 ? text + "; it swallowed " + within : text;
    }
    if (x_open) {
      return "a quote is never closed: the record that starts on line " + std::to_string(row.line) +
             " swallowed " + within + " up to the end of the file";
    }
    if (x_junk) return "text follows a closing quote";
    const bool is_padded = x_format.on_ragged == OnRagged::pad && fields.size() < x_schema.size();
    if (fields.size() == x_schema.size() || is_padded) return "";
    return std::to_string(fields.size()) + (fields.size() == 1 ? " field" : " fields") + " where " +
           std::to_string(x_schema.size()) + " were expected";
  }

  void read_value(SeenRow& row, std::size_t column, const Field& field) {
    const auto& [name, type, nullable] = x_schema.columns[column];
    const std::string shown = "`" + printable(field.text) + "`";
    if (type.id == data::TypeId::varchar) {
      if (field.text.empty() && !field.quoted) return;
      if (is_utf8(field.text)) {
        row.values[column] = field.text;
      } else {
        row.faults.push_back(name + ": " + shown + " is not valid UTF-8");
      }
      return;
    }
    const std::string text = trimmed(field.text, '\0');
    if (text.empty()) return;
    const std::size_t sign = text[0] == '-' || text[0] == '+' ? 1 : 0;
    const bool is_digits =
        text.size() > sign && text.find_first_not_of("0123456789", sign) == std::string::npos;
    errno = 0;
    const long long value = is_digits ? std::strtoll(text.c_str(), nullptr, 10) : 0;
    if (is_digits && errno == 0) {
      row.values[column] = std::to_string(value);
    } else {
      row.faults.push_back(name + ": " + shown +
                           (is_digits ? " is out of range for a BIGINT" : " is not a BIGINT"));
    }
  }

  std::string_view x_text;
  const FileFormat& x_format;
  const Dialect& x_dialect;
  const std::string x_delimiter = x_dialect.delimiter_text();
  const data::Schema& x_schema;
  std::size_t x_at = 0;
  std::uint64_t x_line = 1;
  std::uint64_t x_within = 0;
  bool x_junk = false;
  bool x_open = false;
};

/// Makes dialects, and files that follow them, more or less.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : x_random(seed) {}

  std::size_t below(std::size_t limit) { return x_random() % limit; }
  bool one_in(std::size_t n) { return below(n) == 0; }
  char any_of(std::string_view choices) { return choices[below(choices.size())]; }

  Settings settings() {
    Settings out;
    out.paths = {"a.csv"};
    FileFormat& format = out.format;
    constexpr const char* kLong[] = {"||", "~|~", "~~|", " | ", "  ", "¬", "|x|x|y"};
    format.dialect.set_delimiter(one_in(4) ? std::string(kLong[below(7)])
                                           : std::string(1, any_of(",,,;\t ")));
    format.dialect.quote = any_of("\"\"\"'");
    format.dialect.has_quote = !one_in(8);
    format.dialect.escape = one_in(4) ? '\\' : format.dialect.quote;
    format.dialect.trim = one_in(3);
    format.dialect.comment = one_in(6) ? '#' : '\0';
    format.header = static_cast<std::uint32_t>(below(3));
    format.skip = one_in(3) ? static_cast<std::uint32_t>(below(3)) : 0;
    format.footer = one_in(4) ? static_cast<std::uint32_t>(below(4)) : 0;
    format.on_ragged = one_in(3) ? OnRagged::pad : OnRagged::quarantine;
    if (one_in(4)) format.max_record_bytes = 1 + below(90);
    std::vector<std::pair<std::string, std::string>> columns;
    const std::size_t count = 1 + below(4);
    for (std::size_t i = 0; i < count; ++i) {
      columns.push_back({"c" + std::to_string(i), one_in(3) ? "bigint" : "varchar"});
    }
    out.declared = test::schema_of(columns);
    return out;
  }

  std::string file(const Settings& settings) {
    const FileFormat& format = settings.format;
    std::string out = one_in(4) ? "\xEF\xBB\xBF" : "";
    for (std::uint32_t i = 0; i < format.skip; ++i) out += soup(format.dialect, 3, false) + end();
    for (std::uint32_t i = 0; i < format.header; ++i) {
      for (std::size_t c = 0; c < settings.declared->size(); ++c) {
        if (c > 0) out += format.dialect.delimiter_text();
        out += i == 0 ? settings.declared->columns[c].name : "x";
      }
      out += end();
    }
    const std::size_t records = one_in(10) ? 300 : below(12);
    const bool is_soup = one_in(3);
    for (std::size_t i = 0; i < records; ++i) {
      out += is_soup ? soup(format.dialect, below(30), true) : record(settings);
      if (i + 1 < records || !one_in(3)) out += end();
    }
    return out;
  }

 private:
  std::string end() {
    if (one_in(50)) x_end = below(3);
    return x_end == 0 ? "\n" : x_end == 1 ? "\r\n" : "\r";
  }

  std::string soup(const Dialect& dialect, std::size_t pieces, bool with_line_ends) {
    std::string out;
    for (std::size_t i = 0; i < pieces; ++i) {
      switch (below(with_line_ends ? 14 : 10)) {
        case 0:
        case 1:
          out += one_in(3) ? std::string(1, dialect.delimiter) : dialect.delimiter_text();
          break;
        case 2: out += one_in(3) ? std::string(below(150), 'x') : "x"; break;
        case 3: out += dialect.escape; break;
        case 4: out += std::string(one_in(6) ? below(150) : 1, ' '); break;
        case 5: out += any_of("\t#\\'"); break;
        case 6: out += one_in(4) ? any_of({"\xFF\xC3\x80\0", 4}) : '7'; break;
        case 7: out += "é€😀"; break;
        case 8: out += std::to_string(x_random() >> below(60)); break;
        case 9: out += 'a'; break;
        case 10: out += '\n'; break;
        case 11: out += '\r'; break;
        default: out += dialect.quote; break;
      }
    }
    return out;
  }

  std::string record(const Settings& settings) {
    const Dialect& dialect = settings.format.dialect;
    std::string out = one_in(15) ? "#" : "";
    std::size_t fields = settings.declared->size();
    if (one_in(15)) fields = below(6);
    for (std::size_t i = 0; i < fields; ++i) {
      if (i > 0) out += dialect.delimiter_text();
      out += field(dialect);
    }
    return out;
  }

  std::string field(const Dialect& dialect) {
    if (one_in(6)) return "";
    if (one_in(3)) return (one_in(4) ? "-" : "") + std::to_string(x_random() >> below(64));
    if (one_in(25)) return soup(dialect, 1 + below(4), true);
    if (!one_in(3)) return one_in(3) ? "a longer text than twelve" : "word";
    const std::string blank(one_in(4) ? one_in(4) ? below(150) : 1 : 0, ' ');
    std::string out = blank + dialect.quote;
    for (const char c : soup(dialect, below(8), true)) {
      if (c == dialect.quote || c == dialect.escape) out += dialect.escape;
      out += c;
    }
    return out + dialect.quote + blank;
  }

  std::mt19937_64 x_random;
  std::size_t x_end = 0;
};

std::string shown(const Settings& settings) {
  const FileFormat& f = settings.format;
  return std::string("delimiter <") + f.dialect.delimiter_text() + "> quote <" + f.dialect.quote +
         (f.dialect.has_quote ? "" : " (none)") + "> escape <" + f.dialect.escape + "> trim " +
         std::to_string(f.dialect.trim) + " comment " + std::to_string(f.dialect.comment) +
         " header " + std::to_string(f.header) + " skip " + std::to_string(f.skip) + " footer " +
         std::to_string(f.footer) + " pad " + std::to_string(f.on_ragged == OnRagged::pad) +
         " max " + std::to_string(f.max_record_bytes) + " columns " +
         std::to_string(settings.declared->size());
}

/// False, with a message, when the two readers differ.
bool agree(const std::string& text, const Settings& settings, const test::ReadOptions& options) {
  const auto expected = PlainReader(text, settings).rows();
  test::MemoryFiles files;
  files.entries["a.csv"].text = text;
  const auto found = test::read_rows(files, settings, options);
  if (!found.ok()) {
    ADD_FAILURE() << found.error().text() << "\n" << shown(settings) << "\n<" << text << ">";
    return false;
  }
  if (*found == expected) return true;
  std::size_t first = 0;
  while (first < std::min(found->size(), expected.size()) && (*found)[first] == expected[first]) {
    ++first;
  }
  ADD_FAILURE() << shown(settings) << "\nblock " << options.block_bytes << " readers "
                << options.readers << " rows_max " << options.rows_max << "\nfound "
                << found->size() << " rows, expected " << expected.size() << "\n  found    "
                << (first < found->size() ? testing::PrintToString((*found)[first]) : "nothing")
                << "\n  expected "
                << (first < expected.size() ? testing::PrintToString(expected[first]) : "nothing")
                << "\n<" << text << ">";
  return false;
}

TEST(CsvDifferential, ThousandsOfFilesAreReadAsAPlainReaderReadsThem) {
  for (std::uint64_t seed = 0; seed < 12'000; ++seed) {
    Generator generator(seed);
    const Settings settings = generator.settings();
    const std::string text = generator.file(settings);
    pretend_older_cpu(seed % 2 == 0);
    const std::size_t block = generator.one_in(2) ? 1 + generator.below(70) : 1 << 20;
    const auto rows_max = generator.one_in(4) ? 1 + generator.below(5) : 2048;
    const std::size_t readers = generator.one_in(20) ? 1 + generator.below(4) : 1;
    const test::ReadOptions options{
        .block_bytes = block, .readers = readers, .rows_max = static_cast<std::uint32_t>(rows_max)};
    ASSERT_TRUE(agree(text, settings, options)) << "seed " << seed;
  }
  pretend_older_cpu(false);
}

TEST(CsvDifferential, BlockBordersAtEveryByteChangeNothing) {
  const std::string texts[] = {
      "c0,c1\r\n1,2\r\n\r\n3,\"4\r\n\r\"\"\n\"\r\n5,6",
      "c0,c1\n\"\",\"\"\"\"\n\"a\"b,c\n,\n\"x\n",
      "\xEF\xBB\xBF"
      "c0,c1\r1,\"\xE2\x82\xAC\"\r\r2\r3,4,5\r",
      "c0,c1\n\"" + std::string(70, 'y') + "\"\"" + std::string(70, 'z') + "\",1\nk,l\n\n\n",
  };
  for (const auto& text : texts) {
    Settings settings;
    settings.paths = {"a.csv"};
    settings.declared = test::schema_of({{"c0", "varchar"}, {"c1", "varchar"}});
    for (const bool is_small : {false, true}) {
      settings.format.max_record_bytes = is_small ? 8 : 1 << 20;
      for (std::size_t block = 1; block <= text.size() + 1; ++block) {
        for (const std::uint32_t rows_max : {1u, 2u, 2048u}) {
          ASSERT_TRUE(agree(text, settings, {block, 1, rows_max, {}}));
        }
        for (const std::size_t readers : {2, 8}) {
          ASSERT_TRUE(agree(text, settings, {block, readers, 2048, {}}));
        }
      }
    }
  }
}

TEST(CsvDifferential, BlockBordersWithinADelimiterChangeNothing) {
  const std::string text = "c0~|~c1\n\"a~|~\n\"\"b\"~|~1\n~|~\n\"q\"~~|~2\n\"r\"~|\nx~~|~y\n" +
                           std::string(61, 'z') + "~|~\"w\"\n" + std::string(124, 'z') +
                           "~|~|~\n\"s\"~";
  for (const std::string delimiter : {"~|~", "~", "~|"}) {
    Settings settings;
    settings.paths = {"a.csv"};
    settings.format.header = 0;
    settings.format.dialect.set_delimiter(delimiter);
    settings.declared = test::schema_of({{"c0", "varchar"}, {"c1", "varchar"}});
    for (std::size_t block = 1; block <= text.size() + 1; ++block) {
      for (const std::size_t readers : {1, 2, 8}) {
        const auto rows_max = static_cast<std::uint32_t>(1 + block % 3);
        ASSERT_TRUE(agree(text, settings, {block, readers, rows_max, {}}));
      }
    }
    // Whatever precedes it, the delimiter crosses each border of 64 bytes.
    for (std::size_t shift = 0; shift < 70; ++shift) {
      ASSERT_TRUE(agree(std::string(shift, 'k') + text, settings, {}));
    }
  }
}

}  // namespace
}  // namespace leat::connectors::csv
