#include <openssl/evp.h>

#include <array>
#include <memory>
#include <new>
#include <string>

#include "base/assert.hpp"
#include "io/files.hpp"
#include "io/sha256.hpp"

namespace leat::io {
namespace {

constexpr std::size_t kPieceBytes = 1u << 20;

}  // namespace

struct Sha256::Context {
  struct Free {
    void operator()(EVP_MD_CTX* context) const { EVP_MD_CTX_free(context); }
  };
  std::unique_ptr<EVP_MD_CTX, Free> state{EVP_MD_CTX_new()};
};

/// All that can be wanting is memory, as of any object that is made.
Sha256::Sha256() : x_context(std::make_unique<Context>()) {
  const bool has_begun =
      x_context->state && EVP_DigestInit_ex(x_context->state.get(), EVP_sha256(), nullptr) == 1;
  if (!has_begun) throw std::bad_alloc();
}

Sha256::~Sha256() = default;
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;

void Sha256::add(std::string_view bytes) {
  LEAT_ASSERT(EVP_DigestUpdate(x_context->state.get(), bytes.data(), bytes.size()) == 1);
}

std::string Sha256::hex() {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  LEAT_ASSERT(EVP_DigestFinal_ex(x_context->state.get(), digest.data(), &size) == 1);
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (unsigned i = 0; i < size; ++i) {
    text += kDigits[digest[i] >> 4];
    text += kDigits[digest[i] & 15];
  }
  return text;
}

Result<std::string> sha256_of_file(FileSystem& files, const fs::path& path,
                                   const std::function<bool()>& is_over) {
  TRY(auto file, files.open(path, Open::read));
  Sha256 digest;
  // Memory that nobody touches costs nothing, and small files are many.
  const auto buffer = std::make_unique_for_overwrite<char[]>(kPieceBytes);
  for (std::uint64_t offset = 0;;) {
    if (is_over && is_over()) return Error(Fault::external, "reading was stopped").cancelled();
    TRY(const std::size_t count, file->read_at(offset, buffer.get(), kPieceBytes));
    digest.add({buffer.get(), count});
    if (count < kPieceBytes) return digest.hex();
    offset += count;
  }
}

std::string sha256_of(std::string_view bytes) {
  Sha256 digest;
  digest.add(bytes);
  return digest.hex();
}

}  // namespace leat::io
