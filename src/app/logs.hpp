#pragma once

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

/// By the beginning of the run's id, or "last".
Result<RunLogText> read_log(const std::filesystem::path& where, const std::string& id_prefix);

}  // namespace leat::app
