#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "core/receipt.hpp"
#include "data/schema.hpp"
#include "io/files.hpp"
#include "state/records.hpp"

namespace leat::run {

/// A staged publish that waits for a person, as it lies in the artifact store.
///
/// Promise   self-describing: the state store is not needed to publish or discard it.
struct Held {
  Receipt receipt;  ///< The one it will get.
  std::vector<std::string> reasons;
  std::filesystem::path rows;  ///< The staged file, inside the folder.
  std::string rows_digest;     ///< SHA-256 of its bytes, in hex.
  /// Name and type of each, as they were staged.
  std::vector<std::pair<std::string, std::string>> columns;
  std::string place;  ///< Where it is to be published, as the sink says it.
  std::filesystem::path pipeline_file;
  std::string environment;
  std::vector<std::pair<std::string, std::string>> variables;  ///< `--var` of the run.
  std::filesystem::path folder;
};

/// As the store knows it.
state::PublishRecord record_of(const Held& held, state::PublishStatus status);

/// Writes `held.json` beside the staged file; durable.
Status write_held(io::FileSystem& files, const Held& held);
Result<Held> read_held(io::FileSystem& files, const std::filesystem::path& folder);
/// All that wait, oldest first.
Result<std::vector<Held>> list_held(io::FileSystem& files, const std::filesystem::path& artifacts);
/// By the beginning of its publish id. Config error when none or several match.
Result<Held> find_held(io::FileSystem& files, const std::filesystem::path& artifacts,
                       std::string_view id_prefix);
/// Have the rows of a publish come there whole, whether it is held or not?
bool has_held_rows(io::FileSystem& files, const std::filesystem::path& folder);
/// Also of one that was never held whole.
Status remove_held(io::FileSystem& files, const std::filesystem::path& folder);
/// What whoever would publish behind it is told.
Error waits_for_decision(const Held& held);

}  // namespace leat::run
