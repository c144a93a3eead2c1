#include "connectors/files/record_count.hpp"

#include <string>
#include <vector>

namespace leat::connectors::files {
namespace {

constexpr std::size_t kBlockBytes = 1u << 20;

/// Hands every byte of a file to `take`, in order.
template <typename Take>
Status each_byte(io::FileSystem& files, const std::filesystem::path& path, Take take) {
  TRY(auto file, files.open(path, io::Open::read));
  std::vector<char> block(kBlockBytes);
  for (std::uint64_t offset = 0;;) {
    TRY(const std::size_t size, file->read_at(offset, block.data(), block.size()));
    if (size == 0) return {};
    for (std::size_t i = 0; i < size; ++i) take(block[i], offset + i);
    offset += size;
  }
}

Error cut_off(const std::filesystem::path& path) {
  return Error(Fault::internal, path.string() + " ends within a record");
}

/// Follows JSON text by its strings and brackets alone.
class JsonWalk {
 public:
  explicit JsonWalk(int record_depth) : x_record_depth(record_depth) {}

  void take(char c) {
    if (x_in_string) {
      if (x_escaped) {
        x_escaped = false;
      } else if (c == '\\') {
        x_escaped = true;
      } else if (c == '"') {
        x_in_string = false;
      }
      return;
    }
    if (c == '"') x_in_string = true;
    if (c == '{' && x_depth == x_record_depth) ++x_records;
    if (c == '{' || c == '[') ++x_depth;
    if (c == '}' || c == ']') --x_depth;
    if ((c == 'N' || c == 'I') && x_bad_record == 0) x_bad_record = x_records;
  }

  std::uint64_t records() const { return x_records; }
  bool is_closed() const { return x_depth == 0 && !x_in_string; }
  /// The first record with a NaN or an infinity; 0: none.
  std::uint64_t bad_record() const { return x_bad_record; }

 private:
  int x_record_depth;
  int x_depth = 0;
  bool x_in_string = false;
  bool x_escaped = false;
  std::uint64_t x_records = 0;
  std::uint64_t x_bad_record = 0;
};

}  // namespace

Result<CsvCount> count_csv(io::FileSystem& files, const std::filesystem::path& path) {
  CsvCount count;
  bool in_quotes = false;
  bool at_end = true;
  TRY(each_byte(files, path, [&](char c, std::uint64_t offset) {
    if (c == '"') in_quotes = !in_quotes;
    at_end = c == '\n' && !in_quotes;
    if (at_end && count.records++ == 0) count.first_end = offset + 1;
  }));
  if (!at_end) return cut_off(path);
  return count;
}

Result<std::uint64_t> count_json(io::FileSystem& files, const std::filesystem::path& path,
                                 bool in_array) {
  JsonWalk walk(in_array ? 1 : 0);
  TRY(each_byte(files, path, [&](char c, std::uint64_t) { walk.take(c); }));
  if (!walk.is_closed()) return cut_off(path);
  if (walk.bad_record() != 0) {
    return Error(Fault::data, "JSON has no word for NaN and infinities")
        .with("first_row", std::to_string(walk.bad_record()))
        .hint("turn them into null in the model: CASE WHEN isfinite(x) THEN x END");
  }
  return walk.records();
}

}  // namespace leat::connectors::files
