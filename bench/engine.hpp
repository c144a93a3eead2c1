#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

namespace leat::bench {

/// Runs statements one after the other in the plain engine, in memory; the rows of the last one as
/// text. Stops the program when one fails.
std::vector<std::vector<std::string>> ask_engine(const std::vector<std::string>& statements);

/// The one number that a statement yields.
std::uint64_t ask_number(const std::vector<std::string>& statements);

/// The reference of B1a: the plain engine reads `csv`, whose types it is told, and writes all of
/// it as Parquet, unordered, unchecked, with the settings that Leat writes with.
int copy_as_reference(const std::filesystem::path& csv, const std::filesystem::path& parquet);

/// Prints the rows of a query, a line each.
int print_answer(const std::string& sql);

/// The columns of the file and their types.
std::vector<std::pair<std::string, std::string>> lineitem_types();

/// The same as a struct of read_csv; or all of them as text.
std::string lineitem_columns(bool as_text = false);

}  // namespace leat::bench
