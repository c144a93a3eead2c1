#include "app/query.hpp"

#include "base/names.hpp"
#include "engine/sql.hpp"
#include "io/files.hpp"

namespace leat::app {
namespace {

Status attach(engine::Session& session, const std::filesystem::path& database) {
  TRY(const auto stat, io::local_files().stat(database));
  if (stat.is_folder) {
    return Error(Fault::config, "`" + database.string() + "` is a folder, not a DuckDB file");
  }
  TRY(session.execute("ATTACH " + quote_literal(database.string()) + " AS db (READ_ONLY)"));
  return session.execute("USE db");
}

}  // namespace

Result<engine::TextTable> query(const std::string& sql, const QueryOptions& options) {
  TRY(auto session, engine::Session::open({}));
  if (!options.database.empty()) {
    TRY(attach(*session, options.database));
  }
  return session->select(sql, options.rows_max);
}

}  // namespace leat::app
