#pragma once

#include <string>

#include "config/option_set.hpp"

namespace leat::app {

/// A table of the keys in Markdown, nested keys below their own: `policy.min_score`.
std::string option_table_text(const config::OptionSet& options);

/// Text in a cell of a table in Markdown.
std::string cell_text(std::string text);

}  // namespace leat::app
