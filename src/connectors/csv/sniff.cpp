#include "connectors/csv/sniff.hpp"

#include <algorithm>
#include <map>
#include <string>
#include <string_view>

#include "base/names.hpp"
#include "base/utf8.hpp"
#include "connectors/csv/cells.hpp"
#include "connectors/csv/field_index.hpp"
#include "connectors/csv/input.hpp"
#include "connectors/csv/layout.hpp"
#include "connectors/csv/preamble.hpp"
#include "clients/text_values/type_guess.hpp"

namespace leat::connectors::csv {
namespace {

using text_values::kPadding;

constexpr std::size_t kFilesSampled = 32;
constexpr std::size_t kPiecesOfAFile = 8;
constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr std::uint32_t kRowsATime = 2048;

class Sniffer {
 public:
  Sniffer(io::FileSystem& files, const FileFormat& format) : x_files(files), x_format(format) {}

  Status add(const file_list::ListedFile& file, bool with_values) {
    TRY(Input input, Input::open(x_files, file, x_format));
    TRY(const Preamble preamble, read_preamble(input, x_format));
    std::string text(kPadding, '\0');
    bool is_whole = false;
    // Of many files most are only asked for their names.
    if (with_values || x_format.header == 0) {
      TRY(is_whole, read_piece(input, text));
    }
    const bool is_like_last = x_last_names == preamble.names && preamble.has_header;
    if (is_like_last && !with_values && x_format.widths.empty()) return {};
    TRY(const auto names, names_of(preamble, text));
    std::vector<std::size_t> columns;
    for (const auto& name : names) columns.push_back(column_of(name));
    x_last_names = preamble.names;
    if (!with_values || names.empty()) return {};
    try_records(text, columns, is_whole);
    if (is_whole) return {};
    return try_the_rest(input, file, columns);
  }

  data::Schema result() const {
    data::Schema out;
    for (std::size_t i = 0; i < x_names.size(); ++i) {
      out.columns.push_back({x_names[i], x_guesses[i].result(), true});
    }
    return out;
  }

 private:
  /// True when the input ended.
  Result<bool> read_piece(Input& input, std::string& text) const {
    text.resize(kPieceBytes + kPadding);
    TRY(const std::size_t got, input.read(text.data(), kPieceBytes));
    text.resize(got + kPadding);
    return got < kPieceBytes;
  }

  Result<std::vector<std::string>> names_of(const Preamble& preamble,
                                            const std::string& text) const {
    std::vector<std::string> names;
    if (!x_format.widths.empty()) {
      for (const auto& column : x_format.widths) names.push_back(column.name);
    } else if (x_format.header > 0) {
      names = unique_names(preamble.names);
    } else {
      const std::string_view content(text.data(), text.size() - kPadding);
      names =
          unique_names(std::vector<std::string>(first_record(content, x_format.dialect).size()));
    }
    for (const auto& name : names) {
      if (!is_valid_utf8(name)) {
        return Error(Fault::config, "the column name `" + printable(name) + "` is not valid UTF-8");
      }
    }
    return names;
  }

  std::size_t column_of(const std::string& name) {
    const auto [found, is_new] = x_columns.emplace(to_lower(name), x_names.size());
    if (is_new) {
      x_names.push_back(name);
      x_guesses.emplace_back(true);
    }
    return found->second;
  }

  /// Whole records with the right number of fields; in the middle of a file others may only seem
  /// to be records.
  void try_records(const std::string& text, const std::vector<std::size_t>& columns,
                   bool is_whole) {
    const auto size = static_cast<std::uint32_t>(text.size() - kPadding);
    FieldIndex index(x_format.dialect);
    while (index.advance({text.data(), size, false}, kRowsATime)) {
      std::vector<char> is_broken;
      for (const Record& record : index.records()) {
        const bool is_cut = record.end == size && !is_whole;
        const bool is_torn = record.has_junk || record.unterminated;
        is_broken.push_back(is_cut || is_torn || is_ragged(text, record, columns.size()));
      }
      Arena arena;
      const CellReader reader(x_format.dialect, text.data(), index, arena);
      std::vector<Cell> cells(index.records().size());
      for (std::uint32_t field = 0; field < columns.size(); ++field) {
        if (x_format.widths.empty()) {
          reader.read(field, is_broken, cells);
        } else {
          reader.read_fixed(x_format.widths[field], is_broken, cells);
        }
        x_guesses[columns[field]].try_values(cells, x_format.values_of(x_names[columns[field]]));
      }
    }
  }

  bool is_ragged(const std::string& text, const Record& record, std::size_t columns) const {
    if (x_format.widths.empty()) return record.fields != columns;
    const std::string_view line(text.data() + record.start, record.end - record.start);
    return bytes_of_characters(line, characters_needed(x_format.widths) - 1) >= line.size();
  }

  /// Pieces from the middle and the end where the file lets us jump; else what follows.
  Status try_the_rest(Input& input, const file_list::ListedFile& file,
                      const std::vector<std::size_t>& columns) {
    if (!input.is_plain() || x_format.footer > 0) return try_next_pieces(input, columns);
    TRY(auto raw, x_files.open(file.path, io::Open::read));
    std::string text;
    for (std::size_t i = 1; i < kPiecesOfAFile; ++i) {
      const std::uint64_t span = file.size > kPieceBytes ? file.size - kPieceBytes : 0;
      const std::uint64_t offset = span * i / (kPiecesOfAFile - 1);
      text.resize(kPieceBytes + kPadding);
      TRY(const std::size_t size, raw->read_at(offset, text.data(), kPieceBytes));
      text.resize(size + kPadding);
      drop_first_line(text);
      try_records(text, columns, offset + size == file.size);
    }
    return {};
  }

  Status try_next_pieces(Input& input, const std::vector<std::size_t>& columns) {
    std::string text;
    bool is_whole = false;
    for (std::size_t i = 1; i < kPiecesOfAFile && !is_whole; ++i) {
      TRY(is_whole, read_piece(input, text));
      drop_first_line(text);
      try_records(text, columns, is_whole);
    }
    return {};
  }

  static void drop_first_line(std::string& text) {
    const auto end = text.find_first_of("\r\n");
    text.erase(0, end == std::string::npos ? text.size() - kPadding : end + 1);
  }

  io::FileSystem& x_files;
  const FileFormat& x_format;
  std::vector<std::string> x_last_names;  ///< In the header of the file before; of many the same.
  std::vector<std::string> x_names;
  std::vector<text_values::TypeGuess> x_guesses;
  std::map<std::string, std::size_t> x_columns;
};

}  // namespace

Result<data::Schema> sniff_schema(io::FileSystem& files,
                                  const std::vector<file_list::ListedFile>& listed,
                                  const FileFormat& format) {
  Sniffer sniffer(files, format);
  const std::size_t step =
      std::max<std::size_t>(1, (listed.size() + kFilesSampled - 1) / kFilesSampled);
  for (std::size_t i = 0; i < listed.size(); ++i) {
    auto added = sniffer.add(listed[i], i % step == 0 || i + 1 == listed.size());
    if (!added.ok()) return std::move(added).error().during("reading `" + listed[i].name + "`");
  }
  data::Schema schema = sniffer.result();
  if (!schema.columns.empty()) return schema;
  const std::string what =
      listed.size() == 1 ? "`" + listed[0].name + "` is empty" : "all files are empty";
  return Error(Fault::config, what + ", so its columns are not known")
      .hint("declare them: columns: {name: type}");
}

}  // namespace leat::connectors::csv
