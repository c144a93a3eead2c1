#pragma once

#include <set>
#include <string>

#include "imports/dbt/project.hpp"

namespace leat::imports::dbt {

/// One check of Leat, as YAML in one line: `not_null: {column: "id", on_fail: fail}`.
///
/// Errors  config  a test that has no check of its kind; the message says what it was.
Result<std::string> check_of(const TestUse& use, const std::set<std::string>& known_checks);

/// A relationship of `node` to one that rests on it, as a check of that other one: only when it is
/// there can they be compared.
std::string looked_back(const TestUse& use, const std::string& node);

/// The node that the test compares with by `ref`; empty: none.
std::string consulted_by(const TestUse& use);

/// Does the test say that it is not to run?
bool is_disabled(const TestUse& use);

/// A text in double quotes, as YAML and JSON read it.
std::string in_quotes(const std::string& text);

}  // namespace leat::imports::dbt
