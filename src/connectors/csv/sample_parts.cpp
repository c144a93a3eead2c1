#include "connectors/csv/sample_parts.hpp"

#include <algorithm>
#include <utility>

#include "connectors/csv/input.hpp"

namespace leat::connectors::csv {
namespace {

constexpr std::size_t kFiles = 8;
constexpr std::size_t kPieces = 7;  ///< Behind the starts, of all files together.
constexpr std::size_t kPartBytes = 64 * 1024;
/// Pieces in a row that are read where nobody can jump, of which some are looked at.
constexpr std::size_t kRow = 64;
constexpr std::size_t kSlowRow = 16;
constexpr std::size_t kStreamRow = 4;

/// Where the pieces of a file behind its start begin: all of it where they reach that far.
std::vector<std::uint64_t> places_in(std::uint64_t from, std::uint64_t size, std::size_t pieces) {
  std::vector<std::uint64_t> places;
  if (size - from <= pieces * kPartBytes) {
    for (; from < size; from += kPartBytes) places.push_back(from);
    return places;
  }
  const auto last = size - kPartBytes;
  for (std::size_t i = 1; i < pieces; ++i) {
    places.push_back(from + (last - from) * (i - 1) / (pieces - 1));
  }
  places.push_back(last);
  return places;
}

class PartReader {
 public:
  PartReader(io::FileSystem& files, const file_list::TextForm& form, std::size_t pieces)
      : x_files(files), x_form(form), x_pieces(pieces) {}

  /// What lies behind the start of a file.
  Status add_parts(const file_list::ListedFile& listed, SampleStart& start,
                   const std::string& name) {
    x_out.is_all = x_out.is_all && start.file.is_plain;
    if (start.is_whole) return {};
    const auto read = start.text.size();
    if (start.file.is_plain) return jump_to_parts(listed, read, name);
    const auto row = listed.stream ? kStreamRow : is_slow(start.file.compression) ? kSlowRow : kRow;
    return go_on_to_parts(*start.file.stream, row, read, name);
  }

  Status add_file(const file_list::ListedFile& listed) {
    TRY(auto start, read_start(x_files, listed, x_form, kPartBytes));
    SamplePart part{start.text, listed.name, 0, true, start.is_whole};
    if (part.text.starts_with("\xEF\xBB\xBF")) {
      part.text.erase(0, 3);
      x_out.is_all = false;
    }
    x_out.parts.push_back(std::move(part));
    return add_parts(listed, start, listed.name);
  }

  /// Of a file that is left out, or a part of it.
  void leave_out() { x_out.is_all = false; }
  SampleParts take() { return std::move(x_out); }

 private:
  /// Where the bytes of a file are its text.
  Status jump_to_parts(const file_list::ListedFile& listed, std::uint64_t from,
                       const std::string& name) {
    if (listed.size <= from) return {};
    if (listed.size - from > x_pieces * kPartBytes) leave_out();
    TRY(auto raw, x_files.open(listed.path, io::Open::read));
    for (const auto offset : places_in(from, listed.size, x_pieces)) {
      SamplePart part{std::string(kPartBytes, '\0'), name, offset};
      TRY(const auto size, raw->read_at(offset, part.text.data(), kPartBytes));
      part.text.resize(size);
      part.ends_file = offset + size >= listed.size;
      x_out.parts.push_back(std::move(part));
    }
    return {};
  }

  Status go_on_to_parts(io::ByteStream& stream, std::size_t row, std::uint64_t offset,
                        const std::string& name) {
    const auto step = std::max<std::size_t>(1, row / x_pieces);
    for (std::size_t i = 1; i <= row; ++i) {
      SamplePart part{std::string(kPartBytes, '\0'), name, offset};
      TRY(const auto size, stream.read(part.text.data(), kPartBytes));
      part.text.resize(size);
      part.ends_file = size < kPartBytes;
      offset += size;
      const bool is_last = part.ends_file;
      if (i % step == 0 || is_last) x_out.parts.push_back(std::move(part));
      if (is_last) break;
    }
    return {};
  }

  io::FileSystem& x_files;
  const file_list::TextForm& x_form;
  std::size_t x_pieces;
  SampleParts x_out;
};

}  // namespace

Result<SampleStart> read_start(io::FileSystem& files, const file_list::ListedFile& listed,
                               const file_list::TextForm& form, std::size_t bytes) {
  SampleStart start;
  TRY(start.file, file_list::open_listed(files, listed, form));
  start.text.resize(bytes);
  TRY(const auto size, start.file.stream->read(start.text.data(), bytes));
  start.text.resize(size);
  start.is_whole = size < bytes;
  return start;
}

SampleParts read_parts(io::FileSystem& files, std::span<const file_list::ListedFile> listed,
                       const file_list::TextForm& form, SampleStart& start) {
  const auto step = std::max<std::size_t>(1, (listed.size() + kFiles - 1) / kFiles);
  const auto sampled = (listed.size() + step - 1) / step;
  PartReader reader(files, form, std::max<std::size_t>(1, kPieces / sampled));
  if (step > 1) reader.leave_out();
  for (std::size_t i = 0; i < listed.size(); i += step) {
    const auto added =
        i == 0 ? reader.add_parts(listed[0], start, start.name) : reader.add_file(listed[i]);
    if (!added.ok()) reader.leave_out();
  }
  return reader.take();
}

}  // namespace leat::connectors::csv
