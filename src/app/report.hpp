#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "state/store.hpp"

namespace leat::app {

struct ReportPage {
  state::RunRecord run;
  std::string html;
};

/// The page about one run: by the beginning of its id, or "last".
///
/// Errors  config  no such run, or it left no report: it goes on, or was killed.
Result<ReportPage> report_page(const std::filesystem::path& where, const std::string& id_prefix);

/// Writes it to `out`, in one step: a file, or a folder; where it is empty, here. The name is then
/// `<pipeline>-<beginning of the run id>.html`. Returns the path.
///
/// Errors  refused  the file is there and is no report of ours: it is left as it is.
Result<std::filesystem::path> write_report(const ReportPage& page,
                                           const std::filesystem::path& out);

}  // namespace leat::app
