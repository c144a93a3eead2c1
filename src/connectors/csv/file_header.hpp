#pragma once

#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "connectors/csv/layout.hpp"
#include "connectors/csv/preamble.hpp"

namespace leat::connectors::csv {

struct ReadPlan;

/// What a header says of the records below it. Immutable.
struct FileHeader {
  std::vector<std::string> names;
  bool is_there = false;
  Layout layout;
  std::string raw_form;  ///< As ChunkSource::raw_form.
};

/// Understands the headers of files, most of which have the same one as the file before.
///
/// Threads  any.
/// Errors   config, a declared name comes twice, or none of the declared ones is there.
class FileHeaders {
 public:
  /// `plan` outlives this.
  explicit FileHeaders(const ReadPlan& plan);
  Result<std::shared_ptr<const FileHeader>> understand(const Preamble& preamble);

 private:
  const ReadPlan& x_plan;
  data::Schema x_in_file;  ///< Columns that no folder gives.
  std::mutex x_mutex;
  std::shared_ptr<const FileHeader> x_last;
};

}  // namespace leat::connectors::csv
