#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "core/source.hpp"

namespace leat {

/// Chunks that are those of another source but for what the heir says otherwise.
class WrappedChunks : public ChunkSource {
 public:
  explicit WrappedChunks(std::unique_ptr<ChunkSource> inner) : x_inner(std::move(inner)) {}

  std::size_t threads_max() const override { return x_inner->threads_max(); }
  std::uint64_t records_claimed() const override { return x_inner->records_claimed(); }
  std::uint64_t bytes_claimed() const override { return x_inner->bytes_claimed(); }
  std::uint64_t bytes_total() const override { return x_inner->bytes_total(); }
  std::string file_name(std::uint32_t file) const override { return x_inner->file_name(file); }
  std::string raw_form(std::uint32_t file) const override { return x_inner->raw_form(file); }
  Status verify_unchanged() const override { return x_inner->verify_unchanged(); }
  std::vector<std::string> said() const override { return x_inner->said(); }

 protected:
  ChunkSource& inner() { return *x_inner; }
  const ChunkSource& inner() const { return *x_inner; }

 private:
  std::unique_ptr<ChunkSource> x_inner;
};

}  // namespace leat
