#pragma once

#include <string>
#include <vector>

#include "base/result.hpp"
#include "clients/file_list/file_list.hpp"
#include "connectors/csv/file_format.hpp"
#include "data/schema.hpp"
#include "io/files.hpp"

namespace leat::connectors::csv {

struct SniffedColumns {
  data::Schema columns;
  std::string sample;  ///< As SampleReach::told.
};

/// The columns of files nobody described: by name over all of them, in order.
///
/// Shape    The type is the first of boolean, bigint, double, date, timestamp that reads every
///          value of a sample, else varchar. Numbers with a leading zero or a plus sign are text.
/// Promise  every header is read, and the values that `sample_columns` shows.
/// Errors   config, no file has a header, or a file cannot be opened.
Result<SniffedColumns> sniff_schema(io::FileSystem& files,
                                    const std::vector<file_list::ListedFile>& listed,
                                    const FileFormat& format);

}  // namespace leat::connectors::csv
