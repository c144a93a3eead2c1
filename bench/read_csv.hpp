#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "load_csv.hpp"

namespace leat::bench {

/// One kind of CSV file, read and answered in one row.
struct ReadResult {
  std::string name;
  std::uint64_t bytes = 0;
  double goal = 0;  ///< Times as fast as the engine's reader, in CPU.
  std::vector<Cost> leat;
  std::vector<Cost> reference;  ///< The engine's own reader.
};

/// The same bytes in many files and in one, both read by Leat.
struct ManyFilesResult {
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::vector<Cost> many;
  std::vector<Cost> one;
};

struct ReadingResult {
  std::vector<ReadResult> kinds;
  ManyFilesResult files;
};

/// Makes files of about `bytes` bytes each, reads them in turn by a pipeline and by the engine's
/// reader, which is told the form and the types too, and stops the program when the answers differ.
ReadingResult measure_reading(const LoadPlan& plan, std::uint64_t bytes);

}  // namespace leat::bench
