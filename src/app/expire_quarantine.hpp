#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"

namespace leat::app {

/// What of a dataset's quarantine is older than it is kept.
struct Expired {
  std::string pipeline;
  std::string dataset;
  std::uint64_t segments = 0;
  std::uint64_t rows = 0;  ///< That waited still: nobody had replayed or dropped them.
};

/// "let go of 3 rows of in that waited in quarantine, set aside more than 180d ago"
std::string told(const Expired& expired, std::chrono::milliseconds age);

/// How long the project keeps rows in quarantine; nothing: for ever.
std::optional<std::chrono::milliseconds> quarantine_age(const std::filesystem::path& where);

/// Lets go of the segments of a project that were set aside longer ago than `age`; of one pipeline,
/// or of all where its name is empty.
///
/// Promise   rows that waited are let go with an event that says how many; what is held, and what a
///           run has not settled yet, stays whatever its age. `only_look`: nothing is changed.
/// Errors    busy while a run of such a pipeline goes on.
Result<std::vector<Expired>> expire_quarantine(const std::filesystem::path& where,
                                               const std::string& pipeline,
                                               std::chrono::milliseconds age, bool only_look);

}  // namespace leat::app
