#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "base/result.hpp"

namespace leat::app {

/// The log of a run; see run::RunLog.
struct RunLogText {
  std::string run_id;
  std::filesystem::path file;
  std::string text;
  bool running = false;  ///< More may come.
};

/// By the beginning of the run's id, or "last"; its text from byte `from` on.
Result<RunLogText> read_log(const std::filesystem::path& where, const std::string& id_prefix,
                            std::uint64_t from = 0);

}  // namespace leat::app
