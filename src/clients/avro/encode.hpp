#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "data/chunk_view.hpp"

namespace leat::avro {

void append_long(std::string& out, std::int64_t value);
void append_text(std::string& out, std::string_view text);
/// One value of a column as its union with null.
void append_value(std::string& out, const data::ColumnView& column, std::uint32_t row);

}  // namespace leat::avro
