#pragma once

#include <string>

#include "config/option_set.hpp"

namespace leat::config {

/// A value that the key takes, as YAML: the entry's own example, else its default, its first
/// choice, or what its kind and limits allow. Empty where only the entry could know.
std::string example_of(const OptionEntry& entry);

/// What may stand there, in words: "`replace` or `append`", "a whole number from 0 to 10".
std::string description_of(const ValueShape& shape);

}  // namespace leat::config
