#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace leat::parquet_levels {

/// Parquet's codecs, by their numbers.
enum class Codec : std::int64_t { none = 0, snappy = 1, gzip = 2, zstd = 6, lz4_raw = 7 };

bool is_known(std::int64_t codec);

/// A page's bytes. Errors: external, it does not unpack to `size` bytes.
Result<std::string> unpack(Codec codec, std::string_view packed, std::size_t size);

/// The raw form of Snappy, of LZ4; nothing when it is broken or longer than `size`.
std::optional<std::string> unpack_snappy(std::string_view packed, std::size_t size);
std::optional<std::string> unpack_lz4(std::string_view packed, std::size_t size);

}  // namespace leat::parquet_levels
