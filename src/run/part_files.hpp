#pragma once

#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "core/seal.hpp"
#include "io/aligned_block.hpp"
#include "io/files.hpp"
#include "plan/plan.hpp"
#include "run/part_footer.hpp"
#include "run/work_line.hpp"

namespace leat::run {

/// "artifacts/slices/<pipeline>/<source>", of an interval that runs beside others
/// "artifacts/slices/<pipeline>@<interval>/<source>".
std::filesystem::path parts_folder(const plan::Plan& plan, const std::string& source);

/// Sealed parts as files in one folder, which one process has to itself. docs/formats/slices.md.
class PartFiles final : public PartStore {
 public:
  PartFiles(io::FileSystem& files, const Clock& clock, std::filesystem::path folder,
            ExtractIdentity identity);

  Status open(const std::string& identity) override;
  std::vector<SealedPart> parts() const override;
  Result<std::unique_ptr<PartWriter>> begin(const PartBounds& bounds) override;
  Result<std::unique_ptr<PartReader>> read(const SealedPart& part) override;
  Status settle() override;
  Status remove(const SealedPart& part, const std::string& why) override;

  /// Before a slice is looked for.
  void set_heads(std::string heads);
  /// All of it: what it has is published, or shall be read anew.
  Status clear();
  /// What people should know, since it was last asked.
  std::vector<std::string> take_said();

 private:
  class Growing;
  class Writer;
  using Block = std::shared_ptr<io::AlignedBlock>;

  std::filesystem::path path_of(std::uint64_t number) const;
  Status keep_only_own();
  /// One that is empty, used before if there is any.
  Block take_block();
  void give_back(Block block);
  void add(SealedPart part);
  /// Waits for what is on its way, and forgets its errors.
  void begin_anew();
  void say(std::string text);

  io::FileSystem& x_files;
  const Clock& x_clock;
  std::filesystem::path x_folder;
  ExtractIdentity x_identity;
  mutable std::mutex x_mutex;
  std::vector<SealedPart> x_parts;
  std::vector<std::string> x_said;
  std::vector<Block> x_blocks;  ///< Which nobody uses now; never more than were at once in use.
  WorkLine x_seals;  ///< The disk is waited for while the next part is written; one at a time.
  WorkLine x_line;   ///< Ends before all that it works on.
};

/// What a run would find in a folder, for people; empty: nothing. Nothing is changed. `own` is so
/// far as it is known: what is empty is not compared.
std::string look_at_parts(io::FileSystem& files, const std::filesystem::path& folder,
                          const ExtractIdentity& own);

/// "3 parts with 3,000,000 rows, the last sealed 2024-01-31 10:00:00Z"; empty where there is none.
std::string described(const std::vector<SealedPart>& parts);

}  // namespace leat::run
