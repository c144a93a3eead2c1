#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

namespace leat::report {

/// One HTML page about a run: no script, and nothing that has to be loaded.
///
/// Shape    `run_json` is the report of docs/formats/run-report.md.
/// Promise  whatever names and values it holds, they are shown and never interpreted.
/// Missing  a section whose fields are not there is left out.
/// Errors   data  the text is no JSON object.
Result<std::string> render(std::string_view run_json, std::string_view leat_version);

}  // namespace leat::report
