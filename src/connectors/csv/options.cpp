#include "connectors/csv/options.hpp"

#include <algorithm>
#include <map>
#include <utility>

#include "base/names.hpp"
#include "base/utf8.hpp"
#include "connectors/csv/column_options.hpp"
#include "connectors/csv/option_table.hpp"

namespace leat::connectors::csv {
namespace {

using config::Findings;
using config::Node;

constexpr std::uint64_t kRecordBytesMax = 1 << 30;

/// Turns what was written into what is done, and complains about what does not fit together.
class SettingsReader {
 public:
  SettingsReader(const Node& node, const Options& options, Findings& findings)
      : x_node(node), x_options(options), x_findings(findings) {}

  Settings read() {
    read_paths();
    read_dialect();
    read_values();
    read_lines();
    read_widths();
    read_columns(x_options, x_findings, x_out);
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

  const Node& x_node;
  const Options& x_options;
  Findings& x_findings;
  Settings x_out;
};

}  // namespace

const config::OptionSet& options() { return option_table(); }

std::optional<Settings> read_settings(const config::Node& node, config::Findings& findings) {
  const std::size_t before = findings.size();
  const auto options = config::read_options(option_table(), node, findings);
  if (!options) return std::nullopt;
  Settings settings = SettingsReader(node, *options, findings).read();
  if (findings.size() != before) return std::nullopt;
  return settings;
}

}  // namespace leat::connectors::csv
