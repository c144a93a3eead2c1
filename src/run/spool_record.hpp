#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "core/bad_row.hpp"

namespace leat::run {

/// One row as it lies in a spool: lengths and bytes, for the same machine to read back at once.
void append_record(std::string& out, const BadRow& row);

/// Takes the first record off `bytes`. False when it is not whole.
bool take_record(std::string_view& bytes, BadRow& row);

/// Bytes that are not UTF-8 (and none else) written as \xHH, so that the text can be shown.
std::string escape_invalid_utf8(std::string_view bytes);

}  // namespace leat::run
