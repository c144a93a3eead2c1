#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "engine/session.hpp"
#include "io/files.hpp"

namespace leat::connectors::duckdb {

/// The name under which a target's file is known while it is attached.
inline constexpr const char* kAttached = "leat_target";

/// A database file, attached to a session until the destructor.
///
/// Threads   one at a time a session.
/// Errors    config    not a DuckDB file, a folder. external  the disk; busy when another process
///           has the file open, naming it where the engine does.
class Attachment {
 public:
  enum class Access { read, write };

  static Result<Attachment> open(engine::Session& session, io::FileSystem& files,
                                 const std::filesystem::path& path, Access access);
  Attachment(Attachment&& other) noexcept : x_session(other.x_session), x_access(other.x_access) {
    other.x_session = nullptr;
  }
  Attachment(const Attachment&) = delete;
  Attachment& operator=(const Attachment&) = delete;
  Attachment& operator=(Attachment&&) = delete;
  ~Attachment();

 private:
  Attachment(engine::Session& session, Access access) : x_session(&session), x_access(access) {}

  engine::Session* x_session;
  Access x_access;
};

/// Attaches a file to read it, under a name of its own, for as long as the session lives. Sources
/// of one file share it. Returns the name. Errors as above; config, it is not there.
Result<std::string> attach_to_read(engine::Session& session, io::FileSystem& files,
                                   const std::filesystem::path& path);

/// A transaction that is rolled back unless it was committed.
class Transaction {
 public:
  explicit Transaction(engine::Session& session) : x_session(session) {}
  Transaction(const Transaction&) = delete;
  Transaction& operator=(const Transaction&) = delete;
  ~Transaction();

  Status begin();
  Status commit();

 private:
  engine::Session& x_session;
  bool x_is_open = false;
};

}  // namespace leat::connectors::duckdb
