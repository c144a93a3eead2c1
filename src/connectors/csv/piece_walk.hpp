#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "connectors/csv/byte_masks.hpp"
#include "connectors/csv/structure_scanner.hpp"

namespace leat::connectors::csv {

/// Goes through a text 64 bytes at a time, the masks of some pieces being found ahead.
///
/// Calls    `on_plain(at, PlainPiece)` for pieces in which each delimiter and LF is what it looks
///          like; for all others `on_structure(at, Structure)`, which the last piece may be, being
///          shorter. Each is called in order, and returns false to end the walk.
/// Promise  whether a piece is called plain does not change what it means.
/// Shape    64 readable bytes follow the text. `scanner` stands at its start, and at the end of the
///          text when the walk was not ended. `has_high` as `find_plain_avx2` says, for all pieces.
class PieceWalk {
 public:
  PieceWalk(const char* text, std::size_t size, StructureScanner& scanner)
      : x_text(text),
        x_size(size),
        x_scanner(scanner),
        x_may_be_plain(StructureScanner::allows_plain(scanner.dialect())),
        x_find_plain(is_newer_cpu() ? find_plain_avx2 : find_plain_scalar),
        x_find_bytes(is_newer_cpu() ? find_bytes_avx2 : find_bytes_scalar) {}

  template <typename OnPlain, typename OnStructure>
  [[gnu::always_inline]] inline void go(OnPlain&& on_plain, OnStructure&& on_structure) {
    std::size_t at = 0;
    while (at < x_size) {
      if (x_may_be_plain && x_scanner.is_between_quotes() && !pass_plain(at, on_plain)) return;
      if (at < x_size && !step(at, on_structure)) return;
    }
  }

  bool has_high() const { return x_has_high; }

 private:
  static constexpr std::size_t kPieces = 16;

  template <typename OnPlain>
  [[gnu::always_inline]] inline bool pass_plain(std::size_t& at, OnPlain&& on_plain) {
    std::array<PlainPiece, kPieces> plain;
    std::size_t found = kPieces;
    while (found == kPieces && x_size - at >= 64) {
      found = x_find_plain(x_text + at, std::min(kPieces, (x_size - at) / 64), x_scanner.dialect(),
                           plain.data(), x_has_high);
      if (found == 0) return true;
      for (std::size_t i = 0; i < found; ++i, at += 64) {
        if (!on_plain(at, plain[i])) return false;
      }
      x_scanner.pass_plain(x_text[at - 1]);
      x_ahead = 1;
    }
    return true;
  }

  /// Looks further ahead the longer no piece was plain.
  template <typename OnStructure>
  [[gnu::always_inline]] inline bool step(std::size_t& at, OnStructure&& on_structure) {
    std::array<ByteMasks, kPieces> masks;
    const std::size_t ahead = std::min(x_ahead, (x_size - at + 63) / 64);
    x_find_bytes(x_text + at, ahead, x_scanner.dialect(), masks.data());
    x_ahead = std::min(2 * x_ahead, kPieces);
    for (std::size_t i = 0; i < ahead; ++i, at += 64) {
      const auto count = static_cast<unsigned>(std::min<std::size_t>(64, x_size - at));
      const Structure found = x_scanner.step(x_text + at, count, masks[i]);
      x_has_high |= found.high != 0;
      if (!on_structure(at, found)) return false;
    }
    return true;
  }

  const char* x_text;
  std::size_t x_size;
  StructureScanner& x_scanner;
  bool x_may_be_plain;
  FindPlain x_find_plain;
  FindBytes x_find_bytes;
  std::size_t x_ahead = 1;
  bool x_has_high = false;
};

}  // namespace leat::connectors::csv
