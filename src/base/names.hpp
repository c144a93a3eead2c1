#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace leat {

/// The known name nearest to what was typed, when it is near enough to be meant.
/// Counts insertions, deletions, substitutions and swaps of neighbours, letter case aside.
std::optional<std::string> nearest_name(std::string_view typed, std::span<const std::string> known);

/// "did you mean `strategy`?", or "known: a, b, c" when nothing is near; empty without names.
std::string name_hint(std::string_view typed, std::span<const std::string> known);

/// Letters, digits and underscores, not starting with a digit, 1 to 63 bytes.
bool is_node_name(std::string_view name);

/// ASCII letters made lower-case.
std::string to_lower(std::string_view text);

/// Do they name the same thing? ASCII letter case aside.
bool is_same_name(std::string_view a, std::string_view b);

/// The one function that turns a name into SQL: always quoted, inner quotes doubled.
std::string quote_identifier(std::string_view name);

/// The one function that turns text into a SQL string literal: inner quotes doubled.
std::string quote_literal(std::string_view text);

/// "a, b and c"
std::string join_names(std::span<const std::string> names, std::string_view last = " and ");

}  // namespace leat
