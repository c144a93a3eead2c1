#include "clients/parquet_levels/verify.hpp"

#include <algorithm>
#include <cstring>
#include <optional>
#include <string>
#include <utility>

#include "clients/parquet_levels/footer.hpp"
#include "clients/parquet_levels/level_runs.hpp"
#include "clients/parquet_levels/thrift.hpp"
#include "clients/parquet_levels/unpack.hpp"

namespace leat::parquet_levels {
namespace {

constexpr std::uint64_t kHeaderBytesMax = 1 << 20;
constexpr std::int64_t kPageBytesMax = std::int64_t{1} << 31;
constexpr std::int64_t kLevelsAsRuns = 3;

enum PageKind : std::int64_t { kData = 0, kDataV2 = 3 };

struct PageHeader {
  std::int64_t kind = -1;
  std::int64_t unpacked = 0;
  std::int64_t packed = 0;
  std::int64_t values = 0;
  std::int64_t encoding_definition = kLevelsAsRuns;
  std::int64_t encoding_repetition = kLevelsAsRuns;
  std::int64_t definition_bytes = 0;  ///< Of version 2, as is the next.
  std::int64_t repetition_bytes = 0;
  std::size_t size = 0;
};

PageHeader read_header(Thrift& from) {
  PageHeader header;
  const auto version1 = [&](int id, Thrift::Type) {
    if (id == 1) return header.values = from.integer(), true;
    if (id == 3) return header.encoding_definition = from.integer(), true;
    if (id == 4) return header.encoding_repetition = from.integer(), true;
    return false;
  };
  const auto version2 = [&](int id, Thrift::Type) {
    if (id == 1) return header.values = from.integer(), true;
    if (id == 5) return header.definition_bytes = from.integer(), true;
    if (id == 6) return header.repetition_bytes = from.integer(), true;
    return false;
  };
  from.fields([&](int id, Thrift::Type) {
    if (id == 1) return header.kind = from.integer(), true;
    if (id == 2) return header.unpacked = from.integer(), true;
    if (id == 3) return header.packed = from.integer(), true;
    if (id == 5) return from.fields(version1), true;
    if (id == 8) return from.fields(version2), true;
    return false;
  });
  header.size = from.at();
  return header;
}

/// The levels of one page.
struct PageLevels {
  std::string_view repetition;
  std::string_view definition;
};

/// Version 1 says the length of each before it.
std::optional<PageLevels> cut_levels(std::string_view page, bool has_definition) {
  PageLevels levels;
  const auto cut = [&page](std::string_view& into) {
    std::uint32_t length = 0;
    if (page.size() < sizeof length) return false;
    std::memcpy(&length, page.data(), sizeof length);
    page.remove_prefix(sizeof length);
    if (length > page.size()) return false;
    into = page.substr(0, length);
    page.remove_prefix(length);
    return true;
  };
  if (!cut(levels.repetition) || (has_definition && !cut(levels.definition))) return std::nullopt;
  return levels;
}

/// Reads the pages of one column of one row group.
class ChunkCheck {
 public:
  ChunkCheck(io::File& file, std::uint64_t size, const RepeatedColumn& column,
             const ColumnChunk& chunk)
      : x_file(file), x_size(size), x_column(column), x_chunk(chunk) {}

  Status run(std::int64_t rows) {
    auto at = static_cast<std::uint64_t>(x_chunk.first_page());
    if (x_chunk.first_page() < 0 || x_chunk.values < 0) return broken();
    // Writers do not agree on what a chunk's own length covers: its values end it.
    while (x_values < x_chunk.values && !x_is_passed_by) {
      if (at >= x_size) return broken();
      TRY(const auto header, header_at(at, x_size));
      at += header.size;
      if (static_cast<std::uint64_t>(header.packed) > x_size - at) return broken();
      if (header.kind == kData || header.kind == kDataV2) TRY(page(header, at));
      at += static_cast<std::uint64_t>(header.packed);
    }
    if (x_is_passed_by) return {};
    if (x_values == x_chunk.values && x_rows == rows) return {};
    return broken().with("values", std::to_string(x_values)).with("rows", std::to_string(x_rows));
  }

 private:
  Error broken() const {
    return Error(Fault::external, "the levels of column `" + x_column.path +
                                      "` do not add up to its rows and values")
        .hint("the file is broken: write it anew");
  }

  Result<std::string> bytes_at(std::uint64_t at, std::uint64_t size) const {
    std::string bytes(size, '\0');
    TRY(const auto got, x_file.read_at(at, bytes.data(), size));
    bytes.resize(got);
    return bytes;
  }

  Result<PageHeader> header_at(std::uint64_t at, std::uint64_t end) const {
    for (std::uint64_t wanted = 256;; wanted *= 16) {
      TRY(const auto bytes, bytes_at(at, std::min(wanted, end - at)));
      Thrift from(bytes);
      const auto header = read_header(from);
      const bool is_good = !from.is_broken() && header.packed >= 0 && header.unpacked >= 0 &&
                           header.values >= 0 && header.unpacked < kPageBytesMax;
      if (is_good) return header;
      if (!from.is_broken() || wanted >= std::min(kHeaderBytesMax, end - at)) return broken();
    }
  }

  Status page(const PageHeader& header, std::uint64_t at) {
    const bool is_runs =
        header.encoding_repetition == kLevelsAsRuns && header.encoding_definition == kLevelsAsRuns;
    if (!is_runs || (header.kind == kData && !is_known(x_chunk.codec))) {
      x_is_passed_by = true;
      return {};
    }
    if (header.kind == kDataV2) return page_v2(header, at);
    TRY(const auto packed, bytes_at(at, static_cast<std::uint64_t>(header.packed)));
    auto unpacked = unpack(static_cast<Codec>(x_chunk.codec), packed,
                           static_cast<std::size_t>(header.unpacked));
    if (!unpacked.ok()) return std::move(unpacked).error().with("column", x_column.path);
    const auto levels = cut_levels(*unpacked, x_column.definition_max > 0);
    return levels ? count(*levels, header) : Status(broken());
  }

  Status page_v2(const PageHeader& header, std::uint64_t at) {
    const bool fits = header.repetition_bytes >= 0 && header.definition_bytes >= 0 &&
                      header.repetition_bytes + header.definition_bytes <= header.packed;
    if (!fits) return broken();
    const auto repetition = static_cast<std::size_t>(header.repetition_bytes);
    TRY(const auto bytes,
        bytes_at(at, repetition + static_cast<std::size_t>(header.definition_bytes)));
    const std::string_view all = bytes;
    return count({all.substr(0, repetition), all.substr(std::min(repetition, all.size()))}, header);
  }

  Status count(const PageLevels& levels, const PageHeader& header) {
    const auto values = static_cast<std::uint64_t>(header.values);
    const auto repetition = count_levels(levels.repetition, values, x_column.repetition_max);
    const auto definition = count_levels(levels.definition, values, x_column.definition_max);
    const bool begins_a_row = x_values > 0 || values == 0 || !repetition || repetition->first == 0;
    if (!repetition || !definition || !begins_a_row) return broken();
    x_values += header.values;
    x_rows += static_cast<std::int64_t>(repetition->zeros);
    return {};
  }

  io::File& x_file;
  std::uint64_t x_size;
  const RepeatedColumn& x_column;
  const ColumnChunk& x_chunk;
  std::int64_t x_values = 0;
  std::int64_t x_rows = 0;
  bool x_is_passed_by = false;
};

}  // namespace

Status verify_levels(io::File& file, std::uint64_t size, const CancelToken* cancel) {
  TRY(const auto footer, read_footer(file, size));
  for (const auto& group : footer.groups) {
    for (const auto& column : footer.repeated) {
      if (cancel != nullptr && cancel->requested()) {
        return Error(Fault::external, "reading was stopped").cancelled();
      }
      TRY(ChunkCheck(file, size, column, group.columns[column.index]).run(group.rows));
    }
  }
  return {};
}

}  // namespace leat::parquet_levels
