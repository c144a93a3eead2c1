#pragma once

#include <string>

#include "base/error.hpp"

namespace CLI {
class App;
class ParseError;
}  // namespace CLI

namespace leat::cli {

/// What is wrong with a command line, with the nearest command or flag.
Error usage_error(const CLI::ParseError& problem, const CLI::App& program);

/// The command that was typed, as far as it is one: "runs", "quarantine show"; else "usage".
std::string typed_command(const CLI::App& program);

/// Does a command line that could not be read ask for JSON?
bool wants_json(int argc, char** argv);

}  // namespace leat::cli
