#pragma once

#include <memory>
#include <string>
#include <string_view>

namespace leat::io {

/// SHA-256 of bytes that come piece by piece.
class Sha256 {
 public:
  Sha256();
  ~Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;

  void add(std::string_view bytes);
  /// Once, at the end.
  std::string hex();

 private:
  struct Context;
  std::unique_ptr<Context> x_context;
};

}  // namespace leat::io
