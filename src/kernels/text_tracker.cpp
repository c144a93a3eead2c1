#include "kernels/text_tracker.hpp"

#include <algorithm>

#include "kernels/hash.hpp"
#include "kernels/render.hpp"

namespace leat::kernels {
namespace {

constexpr std::uint32_t kInlineBytes = 12;
constexpr std::size_t kHeadBytes = 8;

using InlineWords = std::array<std::uint64_t, 2>;

/// The struct of a text that lies in it, no text's of a longer one.
InlineWords words_of(std::string_view text) {
  InlineWords words{~std::uint64_t{0}, ~std::uint64_t{0}};
  if (text.size() > kInlineBytes) return words;
  duckdb_string_t whole{};
  whole.value.inlined.length = std::uint32_t(text.size());
  std::memcpy(whole.value.inlined.inlined, text.data(), text.size());
  std::memcpy(words.data(), &whole, sizeof(words));
  return words;
}

bool is_other(const duckdb_string_t& text, const InlineWords& words) {
  return std::memcmp(&text, words.data(), sizeof(words)) != 0;
}

/// The first 8 bytes, zeros behind a shorter text, as a number that sorts like the bytes do.
std::uint64_t head_of(const duckdb_string_t& text) {
  std::uint64_t head;
  const bool is_inline = text.value.inlined.length <= kInlineBytes;
  std::memcpy(&head, is_inline ? text.value.inlined.inlined : text.value.pointer.ptr, kHeadBytes);
  return __builtin_bswap64(head);
}

std::uint64_t head_of(std::string_view text) {
  std::uint64_t head = 0;
  std::memcpy(&head, text.data(), std::min(kHeadBytes, text.size()));
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

void TextTracker::take_min(std::string_view text) {
  if (x_any && text >= std::string_view(x_min.text)) return;
  // Whoever begins with a text of up to 8 bytes is no less than it.
  const bool is_whole = text.size() <= kHeadBytes;
  const auto size = is_whole ? std::uint32_t(text.size()) : ~std::uint32_t{0};
  x_min = {head_of(text), size, words_of(text), std::string(text)};
}

void TextTracker::take_max(std::string_view text) {
  if (x_any && text <= std::string_view(x_max.text)) return;
  // What is no longer than the head that it has is the beginning of this one.
  const auto size = std::uint32_t(std::min(text.size(), kHeadBytes));
  x_max = {head_of(text), size, words_of(text), std::string(text)};
}

void TextTracker::measure(const void* values, std::uint32_t count, std::uint64_t* hashes) {
  const auto* texts = static_cast<const duckdb_string_t*>(values);
  if (!x_any && count > 0) {
    take_min(view_of(texts[0]));
    take_max(view_of(texts[0]));
    x_any = true;
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    hashes[i] = hash_of(texts[i], x_seed);
    const auto head = head_of(texts[i]);
    const auto size = texts[i].value.inlined.length;
    // Without a jump for each: which value comes is hard to foretell, that it is none of them easy.
    const bool may_be_less = (head < x_min.head) | ((head == x_min.head) & (size < x_min.size));
    const bool may_be_more = (head > x_max.head) | ((head == x_max.head) & (size > x_max.size));
    if (!(may_be_less | may_be_more)) continue;
    if (may_be_less && is_other(texts[i], x_min.words)) take_min(view_of(texts[i]));
    if (may_be_more && is_other(texts[i], x_max.words)) take_max(view_of(texts[i]));
  }
}

void TextTracker::merge(const ColumnTracker& other) {
  const auto& theirs = static_cast<const TextTracker&>(other);
  if (!theirs.x_any) return;
  take_min(theirs.x_min.text);
  take_max(theirs.x_max.text);
  x_any = true;
}

void TextTracker::describe(ColumnSummary& summary) const {
  if (!x_any) return;
  summary.min = x_is_blob ? render_blob(x_min.text) : x_min.text;
  summary.max = x_is_blob ? render_blob(x_max.text) : x_max.text;
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
