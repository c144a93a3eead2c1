#pragma once

#include <string>
#include <utility>

#include "io/byte_stream.hpp"

namespace leat::test {

/// The bytes of a text, read one after the other.
class TextStream final : public io::ByteStream {
 public:
  explicit TextStream(std::string text) : x_text(std::move(text)) {}
  Result<std::size_t> read(char* buffer, std::size_t size) override {
    const auto got = x_text.copy(buffer, size, x_at);
    x_at += got;
    return got;
  }
  std::uint64_t file_bytes() const override { return x_at; }

 private:
  std::string x_text;
  std::size_t x_at = 0;
};

}  // namespace leat::test
