#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"

namespace leat::imports::dbt {

struct Token {
  enum class Kind { name, number, text, sign, end };
  Kind kind = Kind::end;
  std::string text;  ///< Of a text without its quotes.
};

/// The tokens of an expression, an `end` behind them.
Result<std::vector<Token>> tokens_of(std::string_view expression);

}  // namespace leat::imports::dbt
