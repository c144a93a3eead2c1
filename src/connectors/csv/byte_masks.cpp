#include "connectors/csv/byte_masks.hpp"

#include <immintrin.h>

#include <atomic>
#include <cstring>

namespace leat::connectors::csv {
namespace {

bool is_supported() {
  return __builtin_cpu_supports("avx2") != 0 && __builtin_cpu_supports("bmi") != 0 &&
         __builtin_cpu_supports("bmi2") != 0 && __builtin_cpu_supports("popcnt") != 0;
}

std::atomic<bool>& newer_cpu() {
  static std::atomic<bool> is_newer{is_supported()};
  return is_newer;
}

/// Bit i: byte i of the eight equals the byte that `pattern` repeats.
std::uint64_t equal_bytes(std::uint64_t eight, std::uint64_t pattern) {
  constexpr std::uint64_t kLow7 = 0x7F7F7F7F7F7F7F7F;
  const std::uint64_t x = eight ^ pattern;
  const std::uint64_t zero = ~(((x & kLow7) + kLow7) | x | kLow7);
  return ((zero >> 7) * 0x0102040810204080) >> 56;
}

[[gnu::target("avx2,bmi,bmi2,popcnt")]] std::uint64_t bits_of(__m256i low, __m256i high) {
  const auto first = static_cast<std::uint32_t>(_mm256_movemask_epi8(low));
  const auto second = static_cast<std::uint32_t>(_mm256_movemask_epi8(high));
  return first | (std::uint64_t{second} << 32);
}

}  // namespace

bool is_newer_cpu() { return newer_cpu().load(std::memory_order_relaxed); }

void pretend_older_cpu(bool pretend) {
  newer_cpu().store(!pretend && is_supported(), std::memory_order_relaxed);
}

void find_bytes_scalar(const char* text, std::size_t pieces, const Dialect& dialect,
                       ByteMasks* out) {
  constexpr std::uint64_t kOnes = 0x0101010101010101;
  const auto repeat = [](char c) { return kOnes * static_cast<unsigned char>(c); };
  for (; pieces > 0; --pieces, ++out) {
    *out = {};
    for (unsigned i = 0; i < 64; i += 8, text += 8) {
      std::uint64_t eight;
      std::memcpy(&eight, text, 8);
      out->quote |= equal_bytes(eight, repeat(dialect.quote)) << i;
      out->delimiter |= equal_bytes(eight, repeat(dialect.delimiter)) << i;
      out->lf |= equal_bytes(eight, repeat('\n')) << i;
      out->cr |= equal_bytes(eight, repeat('\r')) << i;
      out->high |= equal_bytes(eight & (kOnes * 0x80), kOnes * 0x80) << i;
    }
  }
}

[[gnu::target("avx2,bmi,bmi2,popcnt")]] void find_bytes_avx2(const char* text, std::size_t pieces,
                                                             const Dialect& dialect,
                                                             ByteMasks* out) {
  const __m256i quote = _mm256_set1_epi8(dialect.quote);
  const __m256i delimiter = _mm256_set1_epi8(dialect.delimiter);
  const __m256i lf = _mm256_set1_epi8('\n');
  const __m256i cr = _mm256_set1_epi8('\r');
  for (; pieces > 0; --pieces, text += 64, ++out) {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32));
    out->quote = bits_of(_mm256_cmpeq_epi8(low, quote), _mm256_cmpeq_epi8(high, quote));
    out->delimiter = bits_of(_mm256_cmpeq_epi8(low, delimiter), _mm256_cmpeq_epi8(high, delimiter));
    out->lf = bits_of(_mm256_cmpeq_epi8(low, lf), _mm256_cmpeq_epi8(high, lf));
    out->cr = bits_of(_mm256_cmpeq_epi8(low, cr), _mm256_cmpeq_epi8(high, cr));
    out->high = bits_of(low, high);
  }
}

std::size_t find_plain_scalar(const char* text, std::size_t pieces, const Dialect& dialect,
                              PlainPiece* out, bool& has_high) {
  for (std::size_t i = 0; i < pieces; ++i) {
    ByteMasks masks;
    find_bytes_scalar(text + 64 * i, 1, dialect, &masks);
    if (masks.cr != 0 || (dialect.has_quote && masks.quote != 0)) return i;
    out[i] = {dialect.has_delimiter ? masks.delimiter : 0, masks.lf};
    has_high |= masks.high != 0;
  }
  return pieces;
}

[[gnu::target("avx2,bmi,bmi2,popcnt")]] std::size_t find_plain_avx2(
    const char* text, std::size_t pieces, const Dialect& dialect, PlainPiece* out, bool& has_high) {
  const __m256i delimiter = _mm256_set1_epi8(dialect.delimiter);
  const __m256i lf = _mm256_set1_epi8('\n');
  const __m256i cr = _mm256_set1_epi8('\r');
  const __m256i quote = _mm256_set1_epi8(dialect.has_quote ? dialect.quote : '\r');
  const std::uint64_t delimits = dialect.has_delimiter ? ~std::uint64_t{0} : 0;
  __m256i all = _mm256_setzero_si256();
  std::size_t i = 0;
  for (; i < pieces; ++i, text += 64) {
    const __m256i low = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text));
    const __m256i high = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(text + 32));
    const __m256i never = _mm256_or_si256(
        _mm256_or_si256(_mm256_cmpeq_epi8(low, quote), _mm256_cmpeq_epi8(high, quote)),
        _mm256_or_si256(_mm256_cmpeq_epi8(low, cr), _mm256_cmpeq_epi8(high, cr)));
    if (_mm256_testz_si256(never, never) == 0) break;
    all = _mm256_or_si256(all, _mm256_or_si256(low, high));
    out[i].delimiters =
        bits_of(_mm256_cmpeq_epi8(low, delimiter), _mm256_cmpeq_epi8(high, delimiter)) & delimits;
    out[i].line_feeds = bits_of(_mm256_cmpeq_epi8(low, lf), _mm256_cmpeq_epi8(high, lf));
  }
  has_high |= _mm256_movemask_epi8(all) != 0;
  return i;
}

}  // namespace leat::connectors::csv
