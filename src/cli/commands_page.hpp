#pragma once

#include <string>

namespace CLI {
class App;
}

namespace leat::cli {

/// Every command with what it takes, and the exit codes, as a page in Markdown.
std::string commands_page(const CLI::App& program);

}  // namespace leat::cli
