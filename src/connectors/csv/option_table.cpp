#include "connectors/csv/option_table.hpp"

#include "core/addresses.hpp"

namespace leat::connectors::csv {
namespace {

constexpr std::int64_t kLinesMax = 1'000'000;

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
          "comment: what a sample of the files tells of the form of records, of numbers, dates "
          "and timestamps, of nulls and encoding; it is kept in the contract.")
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

}  // namespace

const config::OptionTable<Options>& option_table() {
  static const auto made = [] {
    Lines lines = place_options();
    for (auto& line : record_options()) lines.push_back(std::move(line));
    for (auto& line : file_options()) lines.push_back(std::move(line));
    for (auto& line : value_options()) lines.push_back(std::move(line));
    return config::option_table<Options>(std::move(lines));
  }();
  return made;
}

}  // namespace leat::connectors::csv
