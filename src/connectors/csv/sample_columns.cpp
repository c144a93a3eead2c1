#include "connectors/csv/sample_columns.hpp"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

#include "base/counted.hpp"
#include "base/names.hpp"
#include "base/quantity.hpp"
#include "base/utf8.hpp"
#include "connectors/csv/cells.hpp"
#include "connectors/csv/field_index.hpp"
#include "connectors/csv/input.hpp"
#include "connectors/csv/layout.hpp"
#include "connectors/csv/preamble.hpp"

namespace leat::connectors::csv {
namespace {

using text_values::kPadding;

constexpr std::size_t kFilesSampled = 31;  ///< And the last one.
constexpr std::size_t kPiecesOfAFile = 8;
constexpr std::size_t kPieceBytes = 64 * 1024;
constexpr std::uint32_t kRowsATime = 2048;
/// Of files in which nobody can jump: as much as is unpacked in a twentieth of a second.
constexpr std::uint64_t kPackedBytes = 16 << 20;
constexpr std::uint64_t kSlowPackedBytes = 4 << 20;
/// Beyond the first pieces, one of so many is looked at, and the last one.
constexpr std::size_t kPieceOf = 8;

class Sampler {
 public:
  Sampler(io::FileSystem& files, const FileFormat& format, std::size_t shared_by,
          SampleReader& reader)
      : x_files(files), x_format(format), x_shared_by(shared_by), x_reader(reader) {}

  Status add(const file_list::ListedFile& file, bool with_values) {
    ++x_reach.files;
    TRY(Input input, Input::open(x_files, file, x_format));
    TRY(const Preamble preamble, read_preamble(input, x_format));
    std::string text(kPadding, '\0');
    bool is_whole = false;
    // Of many files most are only asked for their names.
    if (with_values || x_format.header == 0) {
      TRY(is_whole, read_piece(input, text));
    }
    const bool has_names = preamble.has_header && x_format.widths.empty();
    if (!with_values && has_names && x_last_names == preamble.names) return {};
    TRY(const auto names, names_of(preamble, text));
    x_columns.clear();
    for (const auto& name : names) x_columns.push_back(column_of(name));
    x_last_names = preamble.names;
    if (!with_values) return {};
    ++x_reach.sampled;
    if (!names.empty()) try_records(text, is_whole);
    if (is_whole || names.empty()) return ++x_reach.whole, Status();
    const bool jumps = input.is_plain() && x_format.footer == 0;
    return jumps ? try_all_parts(file) : try_the_start(input, file.stream != nullptr);
  }

  const SampleReach& reach() const { return x_reach; }

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
    const auto [found, is_new] = x_known.emplace(to_lower(name), x_known.size());
    if (is_new) x_reader.add_column(name);
    return found->second;
  }

  /// Whole records with the right number of fields; in the middle of a file others may only seem
  /// to be records.
  void try_records(const std::string& text, bool is_whole) {
    const auto size = static_cast<std::uint32_t>(text.size() - kPadding);
    FieldIndex index(x_format.dialect);
    while (index.advance({text.data(), size, false}, kRowsATime)) {
      std::vector<char> is_broken;
      for (const Record& record : index.records()) {
        const bool is_cut = record.end == size && !is_whole;
        const bool is_torn = record.has_junk || record.unterminated;
        is_broken.push_back(is_cut || is_torn || is_ragged(text, record));
      }
      Arena arena;
      const CellReader reader(x_format.dialect, text.data(), index, arena);
      std::vector<Cell> cells(index.records().size());
      for (std::uint32_t field = 0; field < x_columns.size(); ++field) {
        if (x_format.widths.empty()) {
          reader.read(field, is_broken, cells);
        } else {
          reader.read_fixed(x_format.widths[field], is_broken, cells);
        }
        x_reader.take(x_columns[field], cells);
      }
    }
  }

  bool is_ragged(const std::string& text, const Record& record) const {
    if (x_format.widths.empty()) return record.fields != x_columns.size();
    const std::string_view line(text.data() + record.start, record.end - record.start);
    return bytes_of_characters(line, characters_needed(x_format.widths) - 1) >= line.size();
  }

  Status try_all_parts(const file_list::ListedFile& file) {
    TRY(auto raw, x_files.open(file.path, io::Open::read));
    std::string text;
    for (std::size_t i = 1; i < kPiecesOfAFile; ++i) {
      const std::uint64_t span = file.size > kPieceBytes ? file.size - kPieceBytes : 0;
      const std::uint64_t offset = span * i / (kPiecesOfAFile - 1);
      text.resize(kPieceBytes + kPadding);
      TRY(const std::size_t size, raw->read_at(offset, text.data(), kPieceBytes));
      text.resize(size + kPadding);
      drop_first_line(text);
      try_records(text, offset + size == file.size);
    }
    return {};
  }

  /// What a look has read of a stream lies in memory until the run takes it: not more of it.
  Status try_the_start(Input& input, bool is_stream) {
    const auto budget = (is_slow(input.compression()) ? kSlowPackedBytes : kPackedBytes) /
                        x_shared_by / kPieceBytes;
    const auto pieces = is_stream ? kPiecesOfAFile : std::max<std::size_t>(budget, kPiecesOfAFile);
    std::string text;
    bool is_whole = false;
    for (std::size_t i = 1; i < pieces && !is_whole; ++i) {
      TRY(is_whole, read_piece(input, text));
      if (i >= kPiecesOfAFile && i % kPieceOf != 0 && !is_whole) continue;
      drop_first_line(text);
      try_records(text, is_whole);
    }
    if (is_whole) return ++x_reach.whole, Status();
    ++x_reach.cut;
    x_reach.cut_bytes = std::max<std::uint64_t>(x_reach.cut_bytes, pieces * kPieceBytes);
    return {};
  }

  static void drop_first_line(std::string& text) {
    const auto size = text.size() - kPadding;  // What lies behind is of a piece before.
    const auto end = std::string_view(text.data(), size).find_first_of("\r\n");
    text.erase(0, end == std::string_view::npos ? size : end + 1);
  }

  io::FileSystem& x_files;
  const FileFormat& x_format;
  std::size_t x_shared_by;
  SampleReader& x_reader;
  SampleReach x_reach;
  std::vector<std::string> x_last_names;       ///< In the header of the file before; often these.
  std::vector<std::size_t> x_columns;          ///< Of the file at hand, by field.
  std::map<std::string, std::size_t> x_known;  ///< Of all, by lower-case name.
};

}  // namespace

std::string SampleReach::told() const {
  const auto of_files = [](std::size_t count, const char* kind) {
    return (count == 1 ? "a " : std::to_string(count) + " ") + kind +
           (count == 1 ? " file" : " files");
  };
  if (cut > 0) {
    std::string out =
        "the first " + format_bytes(cut_bytes) + " of " + of_files(cut, "packed or recoded");
    return sampled > cut ? out + ", and of " + counted(sampled - cut, "other file") : out;
  }
  std::string out = whole == sampled ? "the whole of " : "parts of ";
  out += counted(sampled, "file");
  return files > sampled ? out + ", of " + format_count(files) : out;
}

Result<SampleReach> sample_columns(io::FileSystem& files,
                                   const std::vector<file_list::ListedFile>& listed,
                                   const FileFormat& format, SampleReader& reader) {
  const std::size_t step =
      std::max<std::size_t>(1, (listed.size() + kFilesSampled - 1) / kFilesSampled);
  const std::size_t sampled = std::max<std::size_t>(1, listed.size() / step);
  Sampler sampler(files, format, sampled, reader);
  for (std::size_t i = 0; i < listed.size(); ++i) {
    auto added = sampler.add(listed[i], i % step == 0 || i + 1 == listed.size());
    if (!added.ok()) return std::move(added).error().during("reading `" + listed[i].name + "`");
  }
  return sampler.reach();
}

}  // namespace leat::connectors::csv
