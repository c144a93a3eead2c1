#pragma once

#include <filesystem>
#include <string>

#include "core/sink.hpp"

namespace leat::run {

/// The target of a sink as the history notes it: one path below the project is written one way.
std::string place_of(const Sink& sink, const std::filesystem::path& root);

/// Is it at the target that was noted? Where nothing was, any is.
bool is_at(const Sink& sink, const std::string& place, const std::filesystem::path& root);

}  // namespace leat::run
