#include "connectors/duckdb/attachment.hpp"

#include <array>
#include <string_view>
#include <utility>

#include "base/names.hpp"
#include "engine/live_blocks.hpp"

namespace leat::connectors::duckdb {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kMagic = "DUCK";
constexpr std::uint64_t kMagicOffset = 8;

/// Before the engine sees it: an attached file that is none of its own is a riddle in its words.
Status require_database(io::FileSystem& files, const fs::path& path) {
  if (!files.exists(path)) return {};
  TRY(auto file, files.open(path, io::Open::read));
  std::array<char, kMagicOffset + kMagic.size()> head{};
  TRY(const std::size_t size, file->read_at(0, head.data(), head.size()));
  if (size == 0) return {};  // An empty file is as good as none.
  const std::string_view text(head.data(), size);
  if (size == head.size() && text.substr(kMagicOffset) == kMagic) return {};
  return Error(Fault::config, path.string() + " is not a DuckDB database")
      .hint("name another file; Leat makes it when it is not there");
}

/// "Conflicting lock is held in /usr/bin/duckdb (PID 4711)": the process that has the file open.
std::string holder_in(const std::string& message) {
  constexpr std::string_view kBefore = "lock is held in ";
  const std::size_t start = message.find(kBefore);
  if (start == std::string::npos) return "";
  const std::size_t end = message.find(')', start);
  const std::size_t from = start + kBefore.size();
  return end == std::string::npos ? "" : message.substr(from, end + 1 - from);
}

Error explain(const Error& error, const fs::path& path) {
  if (!error.is_busy()) return Error(error).during("while opening " + path.string());
  Error busy = Error(Fault::external, "somebody else has " + path.string() + " open")
                   .busy()
                   .hint("close it there, or wait and run again");
  const std::string holder = holder_in(error.message());
  return holder.empty() ? busy : std::move(busy).with("holder", holder);
}

}  // namespace

Result<Attachment> Attachment::open(engine::Session& session, io::FileSystem& files,
                                    const fs::path& path, Access access) {
  TRY(require_database(files, path));
  const Status attached =
      session.execute("ATTACH " + quote_literal(path.string()) + " AS " + kAttached +
                      (access == Access::read ? " (TYPE duckdb, READ_ONLY)" : " (TYPE duckdb)"));
  if (!attached.ok()) return explain(attached.error(), path);
  Attachment opened(session, access);
  if (access == Access::write) TRY(engine::keep_live_blocks(session, kAttached));
  return opened;
}

Result<std::string> attach_to_read(engine::Session& session, io::FileSystem& files,
                                   const fs::path& path) {
  if (!files.exists(path)) {
    return Error(Fault::config, path.string() + " is not there").hint("name a DuckDB file");
  }
  TRY(require_database(files, path));
  const auto name = "leat_source_" + io::sha256_of(path.string()).substr(0, 16);
  const Status attached = session.execute("ATTACH IF NOT EXISTS " + quote_literal(path.string()) +
                                          " AS " + name + " (TYPE duckdb, READ_ONLY)");
  if (!attached.ok()) return explain(attached.error(), path);
  return name;
}

Attachment::~Attachment() {
  // What the engine could not put into the file lies in its log, which the next one reads.
  if (x_session != nullptr) {
    if (x_access == Access::write) {
      static_cast<void>(engine::keep_live_blocks(*x_session, kAttached).ok());
    }
    static_cast<void>(x_session->execute(std::string("DETACH ") + kAttached).ok());
  }
}

Status Transaction::begin() {
  TRY(x_session.execute("BEGIN TRANSACTION"));
  x_is_open = true;
  return {};
}

Status Transaction::commit() {
  x_is_open = false;
  const Status done = x_session.execute("COMMIT");
  if (done.ok()) return {};
  // A failed commit may leave the connection in its transaction; where it does not, this fails.
  static_cast<void>(x_session.execute("ROLLBACK").ok());
  return done;
}

Transaction::~Transaction() {
  if (x_is_open) static_cast<void>(x_session.execute("ROLLBACK").ok());
}

}  // namespace leat::connectors::duckdb
