#pragma once

#include <string>
#include <string_view>

namespace leat {

/// The one function that puts a text into a shell command: as it is where it is plain, else in
/// quotes, so that a shell gives exactly this text to the program.
std::string shell_word(std::string_view text);

}  // namespace leat
