#include "connectors/csv/options.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/names.hpp"
#include "base/utf8.hpp"
#include "config/options.hpp"
#include "core/addresses.hpp"
#include "clients/text_values/decode.hpp"

namespace leat::connectors::csv {
namespace {

using config::Findings;
using config::Node;
using Text = config::Located<std::string>;

struct Options {
  std::vector<Text> path;
  std::vector<std::pair<Text, Text>> columns;
  std::vector<std::pair<Text, Text>> hive;
  std::string delimiter = ",";
  std::string quote = "\"";
  std::optional<std::string> escape;
  std::optional<std::int64_t> header;
  std::int64_t skip = 0;
  std::int64_t footer = 0;
  std::vector<std::string> nulls{""};
  std::vector<std::pair<Text, std::vector<std::string>>> column_nulls;
  std::optional<std::string> thousands;
  std::string decimal = ".";
  std::vector<std::string> signs;
  bool trim = false;
  std::optional<std::string> date_format;
  std::optional<std::string> timestamp_format;
  std::vector<std::pair<Text, Text>> column_formats;
  std::vector<std::string> true_values;
  std::vector<std::string> false_values;
  OnRagged on_ragged = OnRagged::quarantine;
  OnPreamble on_preamble = OnPreamble::drop;
  std::optional<std::string> comment;
  io::Encoding encoding = io::Encoding::detect;
  io::Compression compression = io::Compression::detect;
  std::int64_t max_compression_ratio = 1000;
  config::Bytes max_record_bytes{16 << 20};
  std::optional<config::Bytes> max_field_bytes;
  std::int64_t max_columns = 100'000;
  std::vector<std::pair<Text, std::vector<std::int64_t>>> widths;
};

constexpr std::int64_t kLinesMax = 1'000'000;
constexpr std::uint64_t kRecordBytesMax = 1 << 30;

using Lines = std::vector<config::TableLine<Options>>;
using config::option;

/// What is read, and which of it.
Lines place_options() {
  return {
      within(PathReach::web,
             option("path", &Options::path,
                    "File, pattern with * ? [ab] **, address (https:), a list of them, or `-` for "
                    "standard input. Named pipes "
                    "and `<(program)` are read, too; what comes once cannot be told from what came "
                    "before.")
                 .required()
                 .items(1)
                 .example("data/*.csv")),
      option("columns", &Options::columns,
             "Name and type of each column to read, found by name in the header; without a header "
             "by position. Not given: all columns, with types from a sample of the values.")
          .example("{id: bigint, day: date}"),
      option("hive", &Options::hive,
             "Name and type of columns that stand in the names of folders, called column=value.")
          .example("{year: int, symbol: string}"),
  };
}

Lines record_options() {
  return {
      option(
          "delimiter", &Options::delimiter,
          "Between fields: one character or several, such as || or ~|~, or tab, comma, semicolon, "
          "pipe, space. Not given, nor columns, nor any of quote, escape, header, skip, footer and "
          "comment: what the first file tells of the form of records, of numbers, dates and "
          "timestamps, of nulls and encoding; it is kept in the contract.")
          .length(1, Dialect::kDelimiterBytesMax),
      option("quote", &Options::quote, "Around fields; an empty text for none.").length(0, 1),
      option("escape", &Options::escape,
             "Before a quote within quotes. Not given: the quote itself, which is doubled.")
          .example("\"\\\\\"")
          .length(1),
      option("header", &Options::header,
             "Header records; the first one names the columns. Not given: 1, with `widths` 0.")
          .between(0, kLinesMax),
      option("skip", &Options::skip, "Lines before the header to leave out.").between(0, kLinesMax),
      option(
          "on_preamble", &Options::on_preamble,
          "What `skip` passes by, and header records below the first: leave it out, or set it "
          "aside as records that are none. Where a look at the file has told `skip` or `header`, "
          "it is set aside, so that no row goes without a trace.",
          {{"drop", OnPreamble::drop}, {"quarantine", OnPreamble::quarantine}}),
      option("footer", &Options::footer,
             "Lines at the end to leave out; empty ones at the very end do not count.")
          .between(0, kLinesMax),
      option(
          "on_ragged", &Options::on_ragged,
          "A record with too few fields: stop the run, fill up with nulls, or set it aside. One "
          "with too many is set aside unless the run is to stop.",
          {{"fail", OnRagged::fail}, {"pad", OnRagged::pad}, {"quarantine", OnRagged::quarantine}}),
      option("max_record_bytes", &Options::max_record_bytes,
             "A longer record is set aside with its first bytes."),
      option("max_field_bytes", &Options::max_field_bytes,
             "A record with a longer field is set aside. Not given: as long as the record may be."),
      option("max_columns", &Options::max_columns,
             "A file whose header names more columns stops the run.")
          .between(1, 10'000'000),
      option("widths", &Options::widths,
             "Fixed-width file: first and last character of each column, from 1.")
          .example("{state: [1, 2], name: [4, 30]}")
          .between(1, kLinesMax),
      option("comment", &Options::comment,
             "First character of lines to leave out, in the header and among the records.")
          .example("\"#\"")
          .length(1),
  };
}

Lines file_options() {
  return {
      option("encoding", &Options::encoding,
             "Of the text. auto is utf-8, or utf-16 where the first two bytes say so. What is not "
             "utf-8 is read as utf-8, and byte offsets count that.",
             {{"auto", io::Encoding::detect},
              {"utf-8", io::Encoding::utf8},
              {"latin-1", io::Encoding::latin1},
              {"windows-1252", io::Encoding::windows1252},
              {"utf-16", io::Encoding::utf16},
              {"utf-16le", io::Encoding::utf16le},
              {"utf-16be", io::Encoding::utf16be}}),
      option("compression", &Options::compression,
             "auto looks at the first bytes of each file, then at the ending of its name.",
             {{"auto", io::Compression::detect},
              {"none", io::Compression::none},
              {"gzip", io::Compression::gzip},
              {"zstd", io::Compression::zstd},
              {"bzip2", io::Compression::bzip2},
              {"xz", io::Compression::xz}}),
      option("max_compression_ratio", &Options::max_compression_ratio,
             "A compressed file of more than 100 MB that unpacks to more than so many times its "
             "size stops the run.")
          .between(1, 1'000'000'000),
  };
}

Lines value_options() {
  return {
      option("nulls", &Options::nulls,
             "Texts that mean null; in varchar columns only where they are not quoted. An empty "
             "field is null in all other columns, whatever stands here; a quoted one is no bytes "
             "in a blob column."),
      option("column_nulls", &Options::column_nulls,
             "Texts that mean null in one column, beside those of `nulls`.")
          .example("{price: [\"-\", n/a]}"),
      option("thousands", &Options::thousands,
             "Between groups of three digits. A blank stands for those that keep a line together "
             "(U+00A0, U+202F) as well.")
          .length(1)
          .example("\",\""),
      option("decimal", &Options::decimal, "Decimal point.").length(1),
      option("signs", &Options::signs,
             "Texts before or behind numbers that are no part of them: of a currency, of percent. "
             "12% is the number 12.")
          .example("[$, \"%\"]"),
      option("trim", &Options::trim,
             "Take blanks and tabs off values. Those around headers and numbers never count."),
      option("date_format", &Options::date_format, "strftime pattern of dates; not given: ISO.")
          .example("\"%d.%m.%Y\""),
      option("timestamp_format", &Options::timestamp_format,
             "strftime pattern of timestamps; not given: ISO.")
          .example("\"%d.%m.%Y %H:%M\""),
      option(
          "column_formats", &Options::column_formats,
          "strftime pattern of the dates or timestamps of one column, whatever `date_format` and "
          "`timestamp_format` say of others.")
          .example("{day: \"%d/%m/%Y\", at: \"%m/%d/%Y %H:%M\"}"),
      option("true_values", &Options::true_values,
             "Texts that mean true. Not given: true, t, yes, y, 1 in any letter case.")
          .example("[ja, oui]"),
      option("false_values", &Options::false_values,
             "Texts that mean false. Not given: false, f, no, n, 0 in any letter case.")
          .example("[nein, non]"),
  };
}

const config::OptionTable<Options>& table() {
  static const auto made = [] {
    Lines lines = place_options();
    for (auto& line : record_options()) lines.push_back(std::move(line));
    for (auto& line : file_options()) lines.push_back(std::move(line));
    for (auto& line : value_options()) lines.push_back(std::move(line));
    return config::option_table<Options>(std::move(lines));
  }();
  return made;
}

/// Turns what was written into what is done, and complains about what does not fit together.
class SettingsReader {
 public:
  SettingsReader(const Node& node, const Options& options, Findings& findings)
      : x_node(node), x_options(options), x_findings(findings) {}

  Settings read() {
    read_paths();
    read_dialect();
    read_values();
    read_column_formats();
    read_lines();
    read_widths();
    read_columns();
    read_folders();
    read_column_nulls();
    judge_column_formats();
    for (const auto& entry : x_node.entries) x_out.written.push_back(entry.key.text);
    return std::move(x_out);
  }

 private:
  const Node& at(std::string_view key) const {
    const Node* value = x_node.find(key);
    return value != nullptr ? *value : x_node;
  }

  void read_paths() {
    for (const Text& path : x_options.path) {
      x_out.paths.push_back(path.text);
      if (path.text.empty()) {
        x_findings.add(path.place, "a path cannot be empty", "", path.length);
      }
    }
  }

  std::string delimiter() const {
    static const std::map<std::string, std::string> names{{"tab", "\t"},  {"\\t", "\t"},
                                                          {"comma", ","}, {"semicolon", ";"},
                                                          {"pipe", "|"},  {"space", " "}};
    const auto named = names.find(x_options.delimiter);
    if (named != names.end()) return named->second;
    const std::string& text = x_options.delimiter;
    if (text.find_first_of("\r\n") != std::string::npos || !is_valid_utf8(text) ||
        text.size() > Dialect::kDelimiterBytesMax) {
      x_findings.add(at("delimiter"),
                     "`delimiter` must be 1 to 16 bytes of text without line ends");
      return ",";
    }
    return text;
  }

  char one_byte(const std::string& text, const std::string& key) const {
    if (text.size() != 1 || text[0] == '\n' || text[0] == '\r' || text[0] < 0) {
      x_findings.add(at(key), "`" + key + "` must be one ASCII character");
      return '\0';
    }
    return text[0];
  }

  void read_dialect() {
    Dialect& dialect = x_out.format.dialect;
    dialect.trim = x_options.trim;
    dialect.set_delimiter(delimiter());
    dialect.has_quote = !x_options.quote.empty();
    if (dialect.has_quote) dialect.quote = one_byte(x_options.quote, "quote");
    dialect.escape = dialect.quote;
    if (x_options.escape) dialect.escape = one_byte(*x_options.escape, "escape");
    if (x_options.comment) dialect.comment = one_byte(*x_options.comment, "comment");
    if (dialect.has_comments() &&
        (dialect.comment == dialect.delimiter || dialect.comment == dialect.quote)) {
      x_findings.add(at("comment"), "`comment` is also the delimiter or the quote");
    }
    if (dialect.has_quote && dialect.delimiter_text().find(dialect.quote) != std::string::npos) {
      x_findings.add(at("quote"), dialect.has_long_delimiter()
                                      ? "`quote` is a part of `delimiter`"
                                      : "`quote` and `delimiter` are the same");
    }
    if (x_options.escape && dialect.delimiter_text() == std::string(1, dialect.escape)) {
      x_findings.add(at("escape"), "`escape` and `delimiter` are the same");
    }
  }

  void read_values() {
    ValueFormat& values = x_out.format.values;
    values.nulls = x_options.nulls;
    values.true_values = x_options.true_values;
    values.false_values = x_options.false_values;
    refuse_both_truths();
    values.decimal = one_byte(x_options.decimal, "decimal");
    if (x_options.thousands) read_thousands(*x_options.thousands);
    read_signs();
    if (values.thousands == std::string(1, values.decimal)) {
      x_findings.add(at("thousands"), "`thousands` and `decimal` are the same",
                     "for 1.234,5 write both: thousands: \".\" and decimal: \",\"");
    }
    values.date = read_format(x_options.date_format, "date_format");
    values.timestamp = read_format(x_options.timestamp_format, "timestamp_format");
    if (values.date && values.date->has_time()) {
      x_findings.add(at("date_format"), "a date has no time",
                     "declare the column as timestamp and use `timestamp_format`");
    }
  }

  void read_thousands(const std::string& text) {
    const bool is_part = text.find_first_of("0123456789+-\r\n") != std::string::npos;
    if (is_part || !is_valid_utf8(text)) {
      x_findings.add(at("thousands"), "`" + printable(text) + "` cannot stand between digits");
    }
    x_out.format.values.thousands = text;
  }

  void read_signs() {
    for (const auto& sign : x_options.signs) {
      if (sign.empty() || sign.find_first_of("0123456789+-.,") != std::string::npos) {
        x_findings.add(at("signs"), "`" + sign + "` cannot be a sign beside a number",
                       "such as $, €, %");
      }
    }
    x_out.format.values.signs = x_options.signs;
  }

  void refuse_both_truths() {
    const auto& good = x_options.true_values;
    for (const auto& text : x_options.false_values) {
      if (std::find(good.begin(), good.end(), text) == good.end()) continue;
      x_findings.add(at("false_values"), "`" + text + "` is also one of `true_values`",
                     "a text means one of them");
    }
  }

  std::optional<TimeFormat> read_format(const std::optional<std::string>& pattern,
                                        std::string_view key) {
    if (!pattern) return std::nullopt;
    auto format = TimeFormat::make(*pattern);
    if (format.ok()) return *format;
    x_findings.add(at(key), format.error());
    return std::nullopt;
  }

  void read_lines() {
    FileFormat& format = x_out.format;
    format.header =
        static_cast<std::uint32_t>(x_options.header.value_or(x_options.widths.empty() ? 1 : 0));
    format.skip = static_cast<std::uint32_t>(x_options.skip);
    format.footer = static_cast<std::uint32_t>(x_options.footer);
    format.on_ragged = x_options.on_ragged;
    format.on_preamble = x_options.on_preamble;
    format.form.encoding = x_options.encoding;
    format.form.compression = x_options.compression;
    format.form.limit.ratio_max = static_cast<std::uint64_t>(x_options.max_compression_ratio);
    format.max_record_bytes = x_options.max_record_bytes.count;
    format.max_columns = static_cast<std::uint32_t>(x_options.max_columns);
    if (x_options.max_field_bytes) format.max_field_bytes = x_options.max_field_bytes->count;
    if (format.max_field_bytes < 1) {
      x_findings.add(at("max_field_bytes"), "`max_field_bytes` must be 1 or more");
    }
    if (!format.widths.empty() && x_options.max_field_bytes) {
      x_findings.add(at("max_field_bytes"), "`max_field_bytes` means nothing with `widths`");
    }
    if (format.max_record_bytes < 1 || format.max_record_bytes > kRecordBytesMax) {
      x_findings.add(at("max_record_bytes"), "`max_record_bytes` must be 1 to 1 GiB");
    }
  }

  void read_widths() {
    FileFormat& format = x_out.format;
    for (const auto& [name, range] : x_options.widths) {
      const auto is_same = [&](const FixedColumn& other) {
        return is_same_name(other.name, name.text);
      };
      if (std::any_of(format.widths.begin(), format.widths.end(), is_same)) {
        x_findings.add(name.place, "column `" + name.text + "` comes twice in `widths`",
                       "letter case makes no difference", name.length);
      }
      if (range.empty() || range.size() > 2 || range.front() > range.back()) {
        x_findings.add(name.place, "`" + name.text + "` needs its first and last character",
                       name.text + ": [1, 2]", name.length);
        continue;
      }
      format.widths.push_back({name.text, static_cast<std::uint32_t>(range.front()),
                               static_cast<std::uint32_t>(range.back())});
    }
    if (x_options.widths.empty()) return;
    format.dialect.has_delimiter = format.dialect.has_quote = false;
    for (const char* key : {"delimiter", "quote", "escape"}) {
      if (x_node.find(key) != nullptr) {
        x_findings.add(at(key), std::string("`") + key + "` means nothing with `widths`");
      }
    }
  }

  void read_columns() {
    data::Schema schema = known_columns().value_or(data::Schema());
    const bool is_fixed = !x_options.widths.empty();
    std::vector<std::string> seen;
    for (const auto& [name, type] : x_options.columns) {
      const auto lower = to_lower(name.text);
      if (std::find(seen.begin(), seen.end(), lower) != seen.end()) {
        x_findings.add(name.place, "column `" + name.text + "` is declared twice",
                       "letter case makes no difference", name.length);
      }
      seen.push_back(lower);
      const data::Type parsed = read_type(name.text, type, true);
      if (!is_fixed) {
        schema.columns.push_back({name.text, parsed, true});
      } else if (const auto found = schema.find(name.text)) {
        schema.columns[*found].type = parsed;
      } else {
        x_findings.add(name.place, "column `" + name.text + "` is not in `widths`",
                       name_hint(name.text, schema.names()), name.length);
      }
    }
    // Of columns that have a place alone the types are found.
    if (!x_options.columns.empty()) x_out.declared = std::move(schema);
    carry_types();
  }

  /// What no decoder reads comes as text or JSON, and is cast by the run.
  void carry_types() {
    if (!x_out.declared) return;
    auto carried = *x_out.declared;
    for (auto& column : carried.columns) {
      if (text_values::decoder_of(column.type) == nullptr) {
        column.type = text_values::carrier_of(column.type).value_or(data::Type{});
      }
    }
    if (carried == *x_out.declared) return;
    x_out.carried = std::exchange(x_out.declared, std::move(carried));
  }

  std::optional<data::Schema> known_columns() const {
    if (x_out.declared || x_out.format.widths.empty()) return x_out.declared;
    data::Schema schema;
    for (const auto& width : x_out.format.widths) schema.columns.push_back({width.name, {}, true});
    return schema;
  }

  /// Names of columns that are not declared can only be judged when the files were seen.
  void read_column_nulls() {
    for (const auto& [name, texts] : x_options.column_nulls) {
      if (x_out.format.nulls_of(name.text) != nullptr) {
        x_findings.add(name.place, "column `" + name.text + "` comes twice in `column_nulls`",
                       "letter case makes no difference", name.length);
      } else if (const auto known = known_columns(); known && !known->find(name.text)) {
        x_findings.add(name.place, "no column `" + name.text + "` is declared",
                       name_hint(name.text, known->names()), name.length);
      } else {
        x_out.format.column_nulls.emplace_back(name.text, texts);
      }
    }
  }

  void read_column_formats() {
    for (const auto& [name, pattern] : x_options.column_formats) {
      auto format = TimeFormat::make(pattern.text);
      if (x_out.format.moments_of(name.text) != nullptr) {
        x_findings.add(name.place, "column `" + name.text + "` comes twice in `column_formats`",
                       "letter case makes no difference", name.length);
      } else if (format.ok()) {
        x_out.format.column_formats.emplace_back(name.text, std::move(*format));
      } else {
        x_findings.add(pattern.place, format.error().message(), format.error().hint_text(),
                       pattern.length);
      }
    }
  }

  /// As of `column_nulls`; what is declared must be what its pattern tells.
  void judge_column_formats() {
    const auto known = known_columns();
    for (const auto& [name, pattern] : x_options.column_formats) {
      const auto* format = x_out.format.moments_of(name.text);
      const auto column = known ? known->find(name.text) : std::nullopt;
      if (known && !column) {
        x_findings.add(name.place, "no column `" + name.text + "` is declared",
                       name_hint(name.text, known->names()), name.length);
      } else if (format != nullptr && column && x_out.declared) {
        judge_moments(known->columns[*column].type.id, *format, pattern);
      }
    }
  }

  void judge_moments(data::TypeId type, const TimeFormat& format, const Text& pattern) {
    if (type == data::TypeId::date && format.has_time()) {
      x_findings.add(pattern.place, "a date has no time", "declare the column as timestamp",
                     pattern.length);
    } else if (type == data::TypeId::timestamp_tz && !format.has_offset()) {
      x_findings.add(pattern.place, "the pattern has no offset, which this type needs",
                     "add %z, or use timestamp", pattern.length);
    }
  }

  void read_folders() {
    for (const auto& [name, type] : x_options.hive) {
      const bool is_declared = x_out.declared && x_out.declared->find(name.text);
      const data::Schema before{x_out.folders};
      if (is_declared || before.find(name.text)) {
        x_findings.add(name.place, "column `" + name.text + "` is declared twice",
                       "letter case makes no difference", name.length);
        continue;
      }
      x_out.folders.push_back({name.text, read_type(name.text, type, false), true});
    }
  }

  data::Type read_type(const std::string& column, const Text& text, bool may_be_carried) {
    auto type = data::parse_type(text.text);
    if (!type.ok()) {
      x_findings.add(text.place, type.error().message(), type.error().hint_text(), text.length);
      return {};
    }
    const bool is_carried = may_be_carried && text_values::carrier_of(*type).has_value();
    if (text_values::decoder_of(*type) == nullptr && !is_carried) {
      x_findings.add(text.place,
                     "values of type " + data::sql_of(*type) + " cannot be read from text",
                     "read it as varchar and convert it in a model", text.length);
      return {};
    }
    const auto& format = x_out.format.values.timestamp;
    const bool has_own = x_out.format.moments_of(column) != nullptr;
    if (type->id == data::TypeId::timestamp_tz && format && !has_own && !format->has_offset()) {
      x_findings.add(text.place, "`timestamp_format` has no offset, which this type needs",
                     "add %z, or use timestamp", text.length);
    }
    return *type;
  }

  const Node& x_node;
  const Options& x_options;
  Findings& x_findings;
  Settings x_out;
};

}  // namespace

const config::OptionSet& options() { return table(); }

std::optional<Settings> read_settings(const config::Node& node, config::Findings& findings) {
  const std::size_t before = findings.size();
  const auto options = config::read_options(table(), node, findings);
  if (!options) return std::nullopt;
  Settings settings = SettingsReader(node, *options, findings).read();
  if (findings.size() != before) return std::nullopt;
  return settings;
}

}  // namespace leat::connectors::csv
