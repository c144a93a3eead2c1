#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "clients/file_target/file_target.hpp"
#include "engine/session.hpp"

namespace leat::connectors::files {

/// A format that the engine reads and writes, so that rows can meet in it.
///
/// Threads   one at a time: it works in the session.
class EngineFormat : public file_target::Format {
 public:
  explicit EngineFormat(engine::Session& session) : x_session(session) {}

  Stage stage_at(const std::filesystem::path& path, const data::Schema& schema) final {
    return engine_stage(path, schema);
  }
  /// How the engine writes `schema` to `path`.
  virtual StageTarget engine_stage(const std::filesystem::path& path,
                                   const data::Schema& schema) const = 0;
  Result<RowChanges> meet(const file_target::Meeting& meeting) const override;

 protected:
  /// An expression over the column, of what a file that is written anew has in its place.
  virtual std::string written(const data::Column& column) const;
  /// A table expression that reads a file which this format wrote, every value exactly; its columns
  /// bear the names of `columns`, each of a type that a cast makes the column's own.
  virtual std::string scan(const std::filesystem::path& path,
                           const std::vector<data::Column>& columns) const = 0;
  engine::Session& session() const { return x_session; }
  /// SELECT count(*) FROM …
  Result<std::uint64_t> count(const std::string& from) const;

 private:
  Status load_live(const file_target::Meeting& meeting) const;
  Status write_whole(const file_target::Meeting& meeting) const;

  engine::Session& x_session;
};

}  // namespace leat::connectors::files
