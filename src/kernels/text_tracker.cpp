#include "kernels/text_tracker.hpp"

#include <algorithm>
#include <utility>

#include "kernels/hash.hpp"
#include "kernels/render.hpp"

namespace leat::kernels {
namespace {

constexpr std::uint32_t kInlineBytes = 12;

/// The first 8 bytes, zeros behind a shorter text, as a number that sorts like the bytes do.
std::uint64_t head_of(const duckdb_string_t& text) {
  std::uint64_t head;
  const bool is_inline = text.value.inlined.length <= kInlineBytes;
  std::memcpy(&head, is_inline ? text.value.inlined.inlined : text.value.pointer.ptr, 8);
  return __builtin_bswap64(head);
}

std::uint64_t head_of(std::string_view text) {
  std::uint64_t head = 0;
  std::memcpy(&head, text.data(), std::min<std::size_t>(8, text.size()));
  return __builtin_bswap64(head);
}

std::string_view view_of(const duckdb_string_t& text) {
  const auto size = text.value.inlined.length;
  return {size <= kInlineBytes ? text.value.inlined.inlined : text.value.pointer.ptr, size};
}

/// Where a text is cut, between two characters.
std::size_t cut_at(std::string_view text) {
  auto at = std::min(text.size(), TopValues::kTextBytesMax);
  while (at < text.size() && at > 0 && (static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) --at;
  return at;
}

}  // namespace

bool TextTracker::ShortText::is_other(const duckdb_string_t& text) {
  if (text.value.inlined.length > kInlineBytes) return true;
  std::array<std::uint64_t, 2> words;
  std::memcpy(words.data(), &text, sizeof(words));
  return std::exchange(x_words, words) != words;
}

void TextTracker::take_min(std::string_view text) {
  if (x_any && text >= std::string_view(x_min)) return;
  x_min = text;
  x_min_head = head_of(text);
}

void TextTracker::take_max(std::string_view text) {
  if (x_any && text <= std::string_view(x_max)) return;
  x_max = text;
  x_max_head = head_of(text);
}

void TextTracker::measure(const void* values, std::uint32_t count, std::uint64_t* hashes) {
  const auto* texts = static_cast<const duckdb_string_t*>(values);
  for (std::uint32_t i = 0; i < count; ++i) {
    hashes[i] = hash_of(texts[i], x_seed);
    const auto head = head_of(texts[i]);
    if (head <= x_min_head && x_not_below.is_other(texts[i])) take_min(view_of(texts[i]));
    if (head >= x_max_head && x_not_above.is_other(texts[i])) take_max(view_of(texts[i]));
    x_any = true;
  }
}

void TextTracker::merge(const ColumnTracker& other) {
  const auto& theirs = static_cast<const TextTracker&>(other);
  if (!theirs.x_any) return;
  take_min(theirs.x_min);
  take_max(theirs.x_max);
  x_any = true;
}

void TextTracker::describe(ColumnSummary& summary) const {
  if (!x_any) return;
  summary.min = x_is_blob ? render_blob(x_min) : x_min;
  summary.max = x_is_blob ? render_blob(x_max) : x_max;
}

TopValues::Value TextTracker::keep(const void* values, std::uint32_t index) const {
  const auto& text = static_cast<const duckdb_string_t*>(values)[index];
  TopValues::Value value;
  if (text.value.inlined.length <= kInlineBytes) {
    std::memcpy(value.bytes.data(), &text, sizeof(text));
    return value;
  }
  const auto whole = view_of(text);
  value.text = whole.substr(0, x_is_blob ? TopValues::kTextBytesMax : cut_at(whole));
  value.is_cut = value.text.size() < whole.size();
  return value;
}

std::string TextTracker::render(const TopValues::Value& value) const {
  duckdb_string_t text;
  std::memcpy(&text, value.bytes.data(), sizeof(text));
  const auto view = value.text.empty() ? view_of(text) : std::string_view(value.text);
  return (x_is_blob ? render_blob(view) : std::string(view)) + (value.is_cut ? "…" : "");
}

}  // namespace leat::kernels
