#pragma once

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace leat {

/// "512MB", "1.5 GiB", "64k", "4096": bytes. k, M, G, T are powers of 1,000; Ki, Mi, … of 1,024.
Result<std::uint64_t> parse_bytes(std::string_view text);
/// "250ms", "2s", "30m", "1h", "3d", "2w".
Result<std::chrono::milliseconds> parse_duration(std::string_view text);
/// "5%" or "0.05": a share between 0 and 1.
Result<double> parse_share(std::string_view text);

std::string format_bytes(std::uint64_t bytes);                    ///< "1.6 GB"
std::string format_count(std::uint64_t count);                    ///< "12,000,000"
std::string format_duration(std::chrono::microseconds duration);  ///< "840 ms", "3.2 s", "4m 10s"

}  // namespace leat
