#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/cancel.hpp"
#include "base/result.hpp"
#include "base/secret.hpp"

struct pg_conn;
struct pg_result;

namespace leat::postgres {

class Deadline;
struct Library;

/// How a server is reached. What is empty is libpq's default, as for psql.
struct Server {
  std::string url;  ///< Without a password; the others are laid over it.
  std::vector<std::pair<std::string, std::string>> parameters;  ///< libpq's names: {"host", …}
  Secret password;
  std::chrono::milliseconds connect_timeout{10'000};
  std::chrono::milliseconds lock_timeout{10'000};
  /// Of the server, and of who waits for one of which nothing is heard; 0: none.
  std::chrono::milliseconds statement_timeout{0};
  const Library* library = nullptr;  ///< A test's, which fails; null: libpq itself.
};

using Cells = std::vector<std::optional<std::string>>;

/// A column of a SELECT, as the server describes it.
struct ResultColumn {
  std::string name;
  std::uint32_t type = 0;  ///< OID.
  std::int32_t modifier = -1;
};

struct CloseConnection {
  const Library* pq = nullptr;
  void operator()(pg_conn* connection) const;
};
struct ClearResult {
  const Library* pq = nullptr;
  void operator()(pg_result* result) const;
};
struct FreeRow {
  const Library* pq = nullptr;
  void operator()(char* row) const;
};

/// One connection, closed by the destructor; an open transaction is rolled back by that.
///
/// Threads   one at a time.
/// Promise   text in and out is UTF-8, times are in UTC, a COMMIT is durable on return. Whatever
///           fails, the password is in no message.
/// Errors    as `explain` says.
class Connection {
 public:
  static Result<Connection> open(const Server& server);
  Connection(Connection&&) noexcept;
  Connection& operator=(Connection&&) noexcept;
  ~Connection();

  /// Statements without rows.
  Status execute(const std::string& sql);
  /// One statement. Of a SELECT its rows, every cell as text; of one that changes rows, one row
  /// with their number.
  Result<std::vector<Cells>> query(const std::string& sql);
  /// The same with `$1`, `$2` … in it, which stand for texts without a NUL.
  Result<std::vector<Cells>> query(const std::string& sql,
                                   const std::vector<std::string>& parameters);
  /// What a SELECT would yield; nothing is read.
  Result<std::vector<ResultColumn>> describe(const std::string& select);
  /// Errors   external  the server has rolled back instead.
  Status commit();

  /// Begins a COPY … FROM STDIN.
  Status begin_copy_in(const std::string& sql);
  /// Errors   external  the connection; what the server thinks of the rows is told at the end.
  Status put(std::string_view bytes);
  /// How many rows the server has taken.
  Result<std::uint64_t> end_copy_in();

  /// Begins a COPY … TO STDOUT.
  Status begin_copy_out(const std::string& sql);
  /// The bytes of one row, until the next call; nothing at the end. Either of those that stop it
  /// may be null.
  Result<std::optional<std::string_view>> next_row(const CancelToken* cancel,
                                                   const CancelToken* stop = nullptr);

  bool is_lost() const;
  int server_version() const;  ///< 150018

 private:
  using Answer = std::unique_ptr<pg_result, ClearResult>;

  explicit Connection(const Library& pq);
  Answer answer(pg_result* result) const { return Answer(result, ClearResult{x_pq}); }
  Error failure(const pg_result* result) const;
  Result<Answer> carry_out(const std::string& sql);
  Result<Answer> judge(Answer result) const;
  std::vector<Cells> rows_of(pg_result* result) const;
  Status begin_copy(const std::string& sql, int expected);
  Status wait_readable(const CancelToken* cancel, const CancelToken* stop);
  Result<std::optional<std::string_view>> end_copy_out();

  const Library* x_pq;
  std::unique_ptr<pg_conn, CloseConnection> x_connection;
  std::unique_ptr<Deadline> x_deadline;  ///< Null: the server may take any time.
  std::unique_ptr<char, FreeRow> x_row;
};

}  // namespace leat::postgres
