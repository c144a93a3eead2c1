#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "core/bad_row.hpp"
#include "core/receipt.hpp"
#include "io/files.hpp"

namespace leat::engine {
class Session;
}

namespace leat::run {

/// What every row of a segment carries beside the row itself.
struct SegmentStamp {
  std::string pipeline;
  Uuid run_id;
  Uuid publish_id;
};

/// Takes the rows that a run sets aside, on disk at once, and turns them into segments.
///
/// Calls     `add` while passes run; then `seal` once a dataset.
/// Threads   `add` from any; the rest one at a time.
/// Promise   memory does not grow with the rows. A sealed segment is durable.
class QuarantineSpool final : public BadRowSink {
 public:
  /// Spools go to `folder`, which is there; segments will go to a folder of the dataset's name in
  /// `segments`, which the first row makes: at the end it would wait for all that was written.
  QuarantineSpool(io::FileSystem& files, std::filesystem::path folder,
                  std::filesystem::path segments);
  ~QuarantineSpool() override;

  Status add(std::vector<BadRow> rows) override;
  /// As if nothing had been added.
  void clear();
  std::uint64_t rows(const std::string& dataset) const;
  /// Of which something was set aside.
  std::vector<std::string> datasets() const;
  /// Writes what was set aside of `dataset` to `segment`, a Parquet file
  /// (docs/formats/quarantine.md). Nothing is written when there are no rows.
  Result<std::uint64_t> seal(engine::Session& session, const std::string& dataset,
                             const std::filesystem::path& segment, const SegmentStamp& stamp);

 private:
  struct Spool {
    std::filesystem::path path;
    std::unique_ptr<io::File> file;
    std::string buffer;
    std::uint64_t rows = 0;
  };
  Result<Spool*> spool_of(const std::string& dataset);

  io::FileSystem& x_files;
  std::filesystem::path x_folder;
  std::filesystem::path x_segments;
  mutable std::mutex x_mutex;
  std::map<std::string, Spool> x_spools;
};

}  // namespace leat::run
