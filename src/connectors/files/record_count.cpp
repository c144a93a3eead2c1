#include "connectors/files/record_count.hpp"

#include <vector>

namespace leat::connectors::files {
namespace {

constexpr std::size_t kBlockBytes = 1u << 20;

/// Hands every byte of a text to `take`, in order.
template <typename Take>
Status each_byte(io::ByteStream& text, Take take) {
  std::vector<char> block(kBlockBytes);
  for (std::uint64_t offset = 0;;) {
    TRY(const std::size_t size, text.read(block.data(), block.size()));
    if (size == 0) return {};
    for (std::size_t i = 0; i < size; ++i) take(block[i], offset + i);
    offset += size;
  }
}

Error cut_off(const std::filesystem::path& path) {
  return Error(Fault::internal, path.string() + " ends within a record");
}

}  // namespace

Result<CsvCount> count_csv(io::ByteStream& text, const std::filesystem::path& path) {
  CsvCount count;
  bool in_quotes = false;
  bool at_end = true;
  TRY(each_byte(text, [&](char c, std::uint64_t offset) {
    if (c == '"') in_quotes = !in_quotes;
    at_end = c == '\n' && !in_quotes;
    if (at_end && count.records++ == 0) count.first_end = offset + 1;
  }));
  if (!at_end) return cut_off(path);
  return count;
}

Result<std::uint64_t> count_lines(io::ByteStream& text, const std::filesystem::path& path) {
  std::uint64_t lines = 0;
  bool at_end = true;
  TRY(each_byte(text, [&](char c, std::uint64_t) {
    at_end = c == '\n';
    lines += at_end ? 1 : 0;
  }));
  if (!at_end) return cut_off(path);
  return lines;
}

}  // namespace leat::connectors::files
