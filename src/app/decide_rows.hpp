#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include "app/project.hpp"
#include "engine/session.hpp"

namespace leat::app {

/// Which rows of the quarantine somebody decides about.
struct RowsMeant {
  std::string asked;  ///< A dataset, pipeline.dataset, or the beginning of a publish id.
  std::string check;  ///< Only rows that failed it; empty: all.
  std::string where;  ///< SQL over their columns and `quarantine`; empty: all.
};

/// What was decided.
struct RowsDecided {
  std::string pipeline;
  std::string dataset;
  std::uint64_t rows = 0;
};

/// Gives rows new values, which are kept beside their segment: by expressions, column for column,
/// or as they stand in an edited file.
///
/// Promise   the segment stays as it is. Nothing is published: that is a replay's work.
/// Errors    busy while a run or a replay of the pipeline goes on.
Result<RowsDecided> patch_quarantine(const std::filesystem::path& where, const LoadOptions& options,
                                     const RowsMeant& meant,
                                     const std::vector<std::pair<std::string, std::string>>& set,
                                     const std::filesystem::path& edited);

/// How many rows stand of those that are meant.
Result<RowsDecided> count_quarantine(const std::filesystem::path& where, const LoadOptions& options,
                                     const RowsMeant& meant);

/// Rows that nobody wants any more: they stand no longer, and the segment stays as it is.
Result<RowsDecided> drop_quarantine(const std::filesystem::path& where, const LoadOptions& options,
                                    const RowsMeant& meant, const std::string& reason);

/// Rows with each column by itself, for people to edit.
Result<engine::TextTable> rows_to_edit(const std::filesystem::path& where,
                                       const LoadOptions& options, const RowsMeant& meant,
                                       std::size_t limit);

}  // namespace leat::app
