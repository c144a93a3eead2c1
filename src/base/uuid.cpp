#include "base/uuid.hpp"

#include <sys/random.h>

namespace leat {

std::string Uuid::text() const {
  static constexpr char kDigits[] = "0123456789abcdef";
  std::string out;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) out += '-';
    out += kDigits[bytes[i] >> 4];
    out += kDigits[bytes[i] & 15];
  }
  return out;
}

Uuid make_uuid7(const Clock& clock) {
  Uuid uuid;
  LEAT_ASSERT(::getrandom(uuid.bytes.data(), uuid.bytes.size(), 0) == 16);
  const auto since = clock.now().time_since_epoch();
  using std::chrono::milliseconds;
  const auto ms = std::uint64_t(std::chrono::duration_cast<milliseconds>(since).count());
  for (int i = 0; i < 6; ++i) uuid.bytes[std::size_t(i)] = std::uint8_t(ms >> (8 * (5 - i)));
  uuid.bytes[6] = std::uint8_t(0x70 | (uuid.bytes[6] & 0x0f));
  uuid.bytes[8] = std::uint8_t(0x80 | (uuid.bytes[8] & 0x3f));
  return uuid;
}

namespace {

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

}  // namespace

Result<Uuid> parse_uuid(std::string_view text) {
  const auto bad = [&] {
    return Error(Fault::config, "`" + std::string(text) + "` is not a UUID");
  };
  if (text.size() != 36) return bad();
  Uuid uuid;
  std::size_t at = 0;
  for (std::size_t i = 0; i < 36;) {
    if (i == 8 || i == 13 || i == 18 || i == 23) {
      if (text[i++] != '-') return bad();
      continue;
    }
    const int high = hex_value(text[i]);
    const int low = hex_value(text[i + 1]);
    if (high < 0 || low < 0) return bad();
    uuid.bytes[at++] = std::uint8_t(high * 16 + low);
    i += 2;
  }
  return uuid;
}

}  // namespace leat
