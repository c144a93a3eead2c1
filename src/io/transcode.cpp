#include "io/transcode.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <string>
#include <utility>

namespace leat::io {
namespace {

constexpr std::size_t kUnitBytes = 64 * 1024;
constexpr std::size_t kBytesAUnit = 3;  ///< At most so many come of one byte or 16-bit unit.
constexpr char kNeverValid = '\xFF';

/// Windows-1252 from 0x80 to 0x9F; 0: not defined.
constexpr std::array<char16_t, 32> kWindows1252{
    0x20AC, 0,      0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
    0x2039, 0x0152, 0,      0x017D, 0,      0,      0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
    0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0,      0x017E, 0x0178};

/// Three bytes at most: surrogates too are written as if they were characters.
char* put_unit(char* out, char16_t unit) {
  if (unit < 0x80) {
    *out++ = static_cast<char>(unit);
  } else if (unit < 0x800) {
    *out++ = static_cast<char>(0xC0 | (unit >> 6));
    *out++ = static_cast<char>(0x80 | (unit & 0x3F));
  } else {
    *out++ = static_cast<char>(0xE0 | (unit >> 12));
    *out++ = static_cast<char>(0x80 | ((unit >> 6) & 0x3F));
    *out++ = static_cast<char>(0x80 | (unit & 0x3F));
  }
  return out;
}

char* put_pair(char* out, char16_t high, char16_t low) {
  const std::uint32_t c = 0x10000 + ((std::uint32_t{high} - 0xD800) << 10) + (low - 0xDC00u);
  *out++ = static_cast<char>(0xF0 | (c >> 18));
  *out++ = static_cast<char>(0x80 | ((c >> 12) & 0x3F));
  *out++ = static_cast<char>(0x80 | ((c >> 6) & 0x3F));
  *out++ = static_cast<char>(0x80 | (c & 0x3F));
  return out;
}

bool is_high(char16_t unit) { return (unit & 0xFC00) == 0xD800; }
bool is_low(char16_t unit) { return (unit & 0xFC00) == 0xDC00; }

char* put_bytes(char* out, std::string_view in, bool windows) {
  for (const char c : in) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x80) {
      *out++ = c;
    } else if (!windows || byte >= 0xA0) {
      out = put_unit(out, byte);
    } else if (const char16_t unit = kWindows1252[byte - 0x80u]; unit != 0) {
      out = put_unit(out, unit);
    } else {
      *out++ = c;
    }
  }
  return out;
}

class Utf8Stream final : public ByteStream {
 public:
  Utf8Stream(std::unique_ptr<ByteStream> bytes, Encoding encoding)
      : x_bytes(std::move(bytes)), x_encoding(encoding) {
    x_in.resize(kUnitBytes);
    x_out.resize((kUnitBytes + 2) * kBytesAUnit);
  }

  Result<std::size_t> read(char* buffer, std::size_t size) override {
    std::size_t done = 0;
    while (done < size) {
      if (x_at == x_size) {
        if (x_at_end) break;
        TRY(fill());
        continue;
      }
      const std::size_t count = std::min(size - done, x_size - x_at);
      std::memcpy(buffer + done, x_out.data() + x_at, count);
      x_at += count;
      done += count;
    }
    return done;
  }

  std::uint64_t file_bytes() const override { return x_bytes->file_bytes(); }

 private:
  Status fill() {
    TRY(const std::size_t got, x_bytes->read(x_in.data() + x_kept, x_in.size() - x_kept));
    x_at_end = got < x_in.size() - x_kept;
    const std::size_t size = x_kept + got;
    char* const out = x_out.data();
    char* end = out;
    if (x_encoding == Encoding::latin1 || x_encoding == Encoding::windows1252) {
      end = put_bytes(out, {x_in.data(), size}, x_encoding == Encoding::windows1252);
    } else {
      end = put_units(out, size);
    }
    x_at = 0;
    x_size = static_cast<std::size_t>(end - out);
    return {};
  }

  char16_t unit(std::size_t at) const {
    const auto first = static_cast<unsigned char>(x_in[at]);
    const auto second = static_cast<unsigned char>(x_in[at + 1]);
    return static_cast<char16_t>(x_encoding == Encoding::utf16le ? first | (second << 8)
                                                                 : second | (first << 8));
  }

  /// Leaves what may go on in the next piece at the front of the input.
  char* put_units(char* out, std::size_t size) {
    std::size_t at = 0;
    while (at + 2 <= size) {
      const char16_t first = unit(at);
      if (is_high(first) && at + 4 > size && !x_at_end) break;
      if (is_high(first) && at + 4 <= size && is_low(unit(at + 2))) {
        out = put_pair(out, first, unit(at + 2));
        at += 4;
      } else {
        out = put_unit(out, first);
        at += 2;
      }
    }
    x_kept = size - at;
    if (x_at_end && x_kept > 0) {
      *out++ = kNeverValid;
      x_kept = 0;
    }
    std::memmove(x_in.data(), x_in.data() + at, x_kept);
    return out;
  }

  std::unique_ptr<ByteStream> x_bytes;
  Encoding x_encoding;
  std::string x_in;
  std::size_t x_kept = 0;  ///< Bytes at the front of `x_in` that are not read yet.
  std::string x_out;
  std::size_t x_at = 0;
  std::size_t x_size = 0;
  bool x_at_end = false;
};

}  // namespace

Encoding encoding_of(std::string_view start, Encoding said) {
  if (said != Encoding::detect && said != Encoding::utf16) return said;
  if (start.starts_with("\xFF\xFE")) return Encoding::utf16le;
  if (start.starts_with("\xFE\xFF")) return Encoding::utf16be;
  return said == Encoding::utf16 ? Encoding::utf16le : Encoding::utf8;
}

std::unique_ptr<ByteStream> utf8_stream(std::unique_ptr<ByteStream> bytes, Encoding encoding) {
  if (encoding == Encoding::utf8) return bytes;
  return std::make_unique<Utf8Stream>(std::move(bytes), encoding);
}

}  // namespace leat::io
