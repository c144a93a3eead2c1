#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "config/options.hpp"
#include "connectors/csv/file_format.hpp"

namespace leat::connectors::csv {

using Text = config::Located<std::string>;

/// What an author may write of a source, as it stands there.
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

const config::OptionTable<Options>& option_table();

}  // namespace leat::connectors::csv
