#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "clients/file_list/open_listed.hpp"
#include "connectors/csv/file_format.hpp"
#include "connectors/csv/guess_dialect.hpp"
#include "core/catalog.hpp"

namespace leat::connectors::csv {

/// How files are read of which that is known.
FileFormat format_of(const DialectGuess& guess, const file_list::TextForm& form);

/// What the start of the first file that holds something tells, and parts from further on and of
/// others; of the order of days and months a sample of all. Nothing: all are empty.
/// Errors  config, external: a file cannot be opened or read.
Result<std::optional<DialectGuess>> find_dialect(io::FileSystem& files,
                                                 const std::vector<file_list::ListedFile>& listed,
                                                 const file_list::TextForm& form,
                                                 std::string_view only_delimiter = {});

/// The options of a source that say so, as far as they are not what they are without being written.
std::vector<FoundOption> options_of(const DialectGuess& guess);

}  // namespace leat::connectors::csv
