#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace leat::io {

/// Tells bytes that a crash or a disk has changed from those that were written: XXH3 of 128 bits,
/// of bytes that come piece by piece. Far faster than SHA-256, and no proof against an author.
class TornBytes {
 public:
  TornBytes();
  ~TornBytes();
  TornBytes(TornBytes&&) noexcept;
  TornBytes& operator=(TornBytes&&) noexcept;

  void add(std::string_view bytes);
  /// Of all that was added, 32 lower-case hexadecimal digits.
  std::string hex() const;

 private:
  struct State;
  std::unique_ptr<State> x_state;
};

}  // namespace leat::io
