#pragma once

#include <string>

#include "report/fields.hpp"

namespace leat::report {

// Each takes the run's report (docs/formats/run-report.md) and gives the inside of one section of
// the page as HTML, or nothing where it has nothing to say.

std::string header(const json& run);
std::string summary(const json& run);
std::string sinks(const json& run);
std::string checks(const json& run);
std::string quarantine(const json& run);
std::string score(const json& run);
std::string columns(const json& run);
std::string receipts(const json& run);
std::string queries(const json& run);

}  // namespace leat::report
