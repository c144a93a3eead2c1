#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connectors/postgres/wire_bytes.hpp"
#include "kernels/wide.hpp"

namespace leat::connectors::postgres {

/// Appends a field with a numeric: its length, then base-10000 digits.
/// Units    the value is `magnitude` / 10^`scale`.
void put_numeric(WireBytes& out, kernels::UInt128 magnitude, bool is_negative, int scale);
/// The same for what fits into 64 bits, which is quicker.
void put_numeric(WireBytes& out, std::uint64_t magnitude, bool is_negative, int scale);

/// A numeric as plain text: "-12.50", "NaN", "Infinity". Nothing when the bytes are none.
std::optional<std::string> numeric_text(std::string_view bytes);

/// A numeric as value × 10^`scale`. Nothing when it is no such number of at most `width` digits.
std::optional<kernels::Int128> numeric_value(std::string_view bytes, int width, int scale);

}  // namespace leat::connectors::postgres
