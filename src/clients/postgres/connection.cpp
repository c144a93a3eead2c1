#include "clients/postgres/connection.hpp"

#include <poll.h>

#include <algorithm>
#include <charconv>

#include "clients/postgres/deadline.hpp"
#include "clients/postgres/fault.hpp"
#include "clients/postgres/library.hpp"

namespace leat::postgres {
namespace {

constexpr const char* kSilent = "nothing was heard of it for longer than `statement_timeout`";

constexpr int kLookMs = 100;  ///< How soon a request to stop is seen.
constexpr std::size_t kPutBytes = 1u << 26;

/// What the server and its defaults say otherwise would change what is read and promised.
std::string session_settings(const Server& server) {
  return "SET client_min_messages = 'error'; SET TimeZone = 'UTC'; SET DateStyle = 'ISO, YMD'; "
         "SET IntervalStyle = 'postgres'; SET extra_float_digits = 1; SET bytea_output = 'hex'; "
         "SET xmloption = 'content'; SET standard_conforming_strings = on; "
         "SET idle_in_transaction_session_timeout = 0; SET lock_timeout = " +
         std::to_string(server.lock_timeout.count()) +
         "; SET statement_timeout = " + std::to_string(server.statement_timeout.count()) +
         "; SELECT pg_catalog.set_config('synchronous_commit', 'on', false) "
         "WHERE pg_catalog.current_setting('synchronous_commit') = 'off'";
}

/// The first of the lines that libpq says, which is the one that tells.
std::string first_line(const char* text) {
  std::string line = text == nullptr ? "" : text;
  line = line.substr(0, line.find('\n'));
  return line.empty() ? "no reason was given" : line;
}

void ignore_notice(void*, const char*) {}

struct Parameters {
  std::vector<const char*> names;
  std::vector<const char*> values;

  void add(const char* name, const std::string& value) {
    names.push_back(name);
    values.push_back(value.c_str());
  }
};

bool has(const Server& server, const char* name) {
  return std::any_of(server.parameters.begin(), server.parameters.end(),
                     [&](const auto& one) { return one.first == name; });
}

/// A peer that has gone without a word is noticed in a minute.
const std::vector<std::pair<std::string, std::string>>& always() {
  static const std::vector<std::pair<std::string, std::string>> all{
      {"client_encoding", "UTF8"}, {"keepalives_idle", "20"},     {"keepalives_interval", "10"},
      {"keepalives_count", "3"},   {"tcp_user_timeout", "60000"},
  };
  return all;
}

}  // namespace

void CloseConnection::operator()(pg_conn* connection) const { pq->finish(connection); }
void ClearResult::operator()(pg_result* result) const { pq->clear(result); }
void FreeRow::operator()(char* row) const { pq->freemem(row); }

Connection::Connection(const Library& pq) : x_pq(&pq) {}
Connection::Connection(Connection&&) noexcept = default;
Connection& Connection::operator=(Connection&&) noexcept = default;
Connection::~Connection() = default;

Result<Connection> Connection::open(const Server& server) {
  const Library* pq = server.library;
  if (pq == nullptr) {
    TRY(pq, library());
  }
  Parameters parameters;
  if (!server.url.empty()) parameters.add("dbname", server.url);
  for (const auto& [name, value] : always()) parameters.add(name.c_str(), value);
  const auto seconds = std::to_string((server.connect_timeout.count() + 999) / 1000);
  parameters.add("connect_timeout", seconds);
  if (!has(server, "application_name")) {
    static const std::string kName = "leat";
    parameters.add("application_name", kName);
  }
  for (const auto& [name, value] : server.parameters) parameters.add(name.c_str(), value);
  if (!server.password.empty()) parameters.add("password", server.password.reveal());
  parameters.names.push_back(nullptr);
  parameters.values.push_back(nullptr);
  Connection opened(*pq);
  opened.x_connection = {pq->connectdbParams(parameters.names.data(), parameters.values.data(), 1),
                         CloseConnection{pq}};
  auto* const raw = opened.x_connection.get();
  if (pq->status(raw) != CONNECTION_OK) {
    return explain_refused(first_line(pq->errorMessage(raw)));
  }
  pq->setNoticeProcessor(raw, ignore_notice, nullptr);
  if (server.statement_timeout.count() > 0) {
    opened.x_deadline = std::make_unique<Deadline>(pq->socket(raw), server.statement_timeout);
  }
  auto set = opened.query(session_settings(server));
  if (!set.ok()) return std::move(set).error();
  return opened;
}

Error Connection::failure(const pg_result* result) const {
  Complaint complaint;
  const auto field = [&](int code) {
    const char* text = result == nullptr ? nullptr : x_pq->resultErrorField(result, code);
    return std::string(text == nullptr ? "" : text);
  };
  complaint.state = field(PG_DIAG_SQLSTATE);
  complaint.message = field(PG_DIAG_MESSAGE_PRIMARY);
  complaint.detail = field(PG_DIAG_MESSAGE_DETAIL);
  complaint.schema = field(PG_DIAG_SCHEMA_NAME);
  if (complaint.message.empty()) {
    complaint.message = first_line(x_pq->errorMessage(x_connection.get()));
    if (x_deadline && x_deadline->is_over()) complaint.message = kSilent;
    if (is_lost()) complaint.message = "the connection to the server is lost: " + complaint.message;
  }
  return explain(complaint);
}

Result<Connection::Answer> Connection::carry_out(const std::string& sql) {
  const Deadline::Watch watch(x_deadline.get());
  return judge(answer(x_pq->exec(x_connection.get(), sql.c_str())));
}

Result<Connection::Answer> Connection::judge(Answer result) const {
  const auto status = result ? x_pq->resultStatus(result.get()) : PGRES_FATAL_ERROR;
  if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_EMPTY_QUERY) {
    return result;
  }
  return failure(result.get());
}

Status Connection::execute(const std::string& sql) {
  TRY(const auto done, carry_out(sql));
  return {};
}

Result<std::vector<Cells>> Connection::query(const std::string& sql) {
  TRY(const auto result, carry_out(sql));
  return rows_of(result.get());
}

Result<std::vector<Cells>> Connection::query(const std::string& sql,
                                             const std::vector<std::string>& parameters) {
  const Deadline::Watch watch(x_deadline.get());
  std::vector<const char*> values;
  for (const auto& parameter : parameters) values.push_back(parameter.c_str());
  TRY(const auto result,
      judge(answer(x_pq->execParams(x_connection.get(), sql.c_str(), int(values.size()), nullptr,
                                    values.data(), nullptr, nullptr, 0))));
  return rows_of(result.get());
}

std::vector<Cells> Connection::rows_of(pg_result* result) const {
  std::vector<Cells> rows;
  if (x_pq->resultStatus(result) != PGRES_TUPLES_OK) {
    const std::string count = x_pq->cmdTuples(result);
    if (!count.empty()) rows.push_back({count});
    return rows;
  }
  const int columns = x_pq->nfields(result);
  for (int row = 0; row < x_pq->ntuples(result); ++row) {
    Cells cells;
    for (int column = 0; column < columns; ++column) {
      if (x_pq->getisnull(result, row, column) != 0) {
        cells.emplace_back();
      } else {
        cells.emplace_back(std::string(x_pq->getvalue(result, row, column),
                                       std::size_t(x_pq->getlength(result, row, column))));
      }
    }
    rows.push_back(std::move(cells));
  }
  return rows;
}

Result<std::vector<ResultColumn>> Connection::describe(const std::string& select) {
  const Deadline::Watch watch(x_deadline.get());
  auto* const raw = x_connection.get();
  const auto prepared = answer(x_pq->prepare(raw, "", select.c_str(), 0, nullptr));
  if (x_pq->resultStatus(prepared.get()) != PGRES_COMMAND_OK) return failure(prepared.get());
  const auto described = answer(x_pq->describePrepared(raw, ""));
  if (x_pq->resultStatus(described.get()) != PGRES_COMMAND_OK) return failure(described.get());
  std::vector<ResultColumn> columns;
  for (int i = 0; i < x_pq->nfields(described.get()); ++i) {
    columns.push_back({x_pq->fname(described.get(), i), x_pq->ftype(described.get(), i),
                       x_pq->fmod(described.get(), i)});
  }
  return columns;
}

Status Connection::commit() {
  TRY(const auto done, carry_out("COMMIT"));
  if (std::string_view(x_pq->cmdStatus(done.get())) == "COMMIT") return {};
  return Error(Fault::external, "the server has rolled the transaction back instead of committing");
}

Status Connection::begin_copy(const std::string& sql, int expected) {
  const Deadline::Watch watch(x_deadline.get());
  const auto result = answer(x_pq->exec(x_connection.get(), sql.c_str()));
  if (result && int(x_pq->resultStatus(result.get())) == expected) return {};
  return failure(result.get());
}

Status Connection::begin_copy_in(const std::string& sql) { return begin_copy(sql, PGRES_COPY_IN); }

Status Connection::put(std::string_view bytes) {
  while (!bytes.empty()) {
    const Deadline::Watch watch(x_deadline.get());
    const auto piece = bytes.substr(0, kPutBytes);
    if (x_pq->putCopyData(x_connection.get(), piece.data(), int(piece.size())) != 1) {
      return failure(nullptr);
    }
    bytes.remove_prefix(piece.size());
  }
  return {};
}

Result<std::uint64_t> Connection::end_copy_in() {
  const Deadline::Watch watch(x_deadline.get());
  if (x_pq->putCopyEnd(x_connection.get(), nullptr) != 1) return failure(nullptr);
  const auto result = answer(x_pq->getResult(x_connection.get()));
  Result<std::uint64_t> rows = std::uint64_t{0};
  if (!result || x_pq->resultStatus(result.get()) != PGRES_COMMAND_OK) {
    rows = failure(result.get());
  } else {
    const std::string_view text = x_pq->cmdTuples(result.get());
    std::uint64_t count = 0;
    std::from_chars(text.data(), text.data() + text.size(), count);
    rows = count;
  }
  while (const auto rest = answer(x_pq->getResult(x_connection.get()))) {
    if (x_pq->resultStatus(rest.get()) == PGRES_COPY_IN) break;
  }
  return rows;
}

Status Connection::begin_copy_out(const std::string& sql) {
  return begin_copy(sql, PGRES_COPY_OUT);
}

Status Connection::wait_readable(const CancelToken* cancel, const CancelToken* stop) {
  const auto is_asked = [](const CancelToken* by) { return by != nullptr && by->requested(); };
  const Deadline::Watch watch(x_deadline.get());
  pollfd waited{x_pq->socket(x_connection.get()), POLLIN, 0};
  while (::poll(&waited, 1, kLookMs) == 0) {
    if (!is_asked(cancel) && !is_asked(stop)) continue;
    if (auto* request = x_pq->getCancel(x_connection.get())) {
      char ignored[256];
      x_pq->cancel(request, ignored, sizeof ignored);
      x_pq->freeCancel(request);
    }
    return Error(Fault::external, "reading was stopped").cancelled();
  }
  if (x_pq->consumeInput(x_connection.get()) == 1) return {};
  return failure(nullptr);
}

Result<std::optional<std::string_view>> Connection::next_row(const CancelToken* cancel,
                                                             const CancelToken* stop) {
  for (;;) {
    char* bytes = nullptr;
    const int size = x_pq->getCopyData(x_connection.get(), &bytes, 1);
    x_row = {bytes, FreeRow{x_pq}};
    if (size > 0) return std::optional(std::string_view(bytes, std::size_t(size)));
    if (size < 0) return end_copy_out();
    TRY(wait_readable(cancel, stop));
  }
}

Result<std::optional<std::string_view>> Connection::end_copy_out() {
  const Deadline::Watch watch(x_deadline.get());
  std::optional<Error> first;
  while (const auto result = answer(x_pq->getResult(x_connection.get()))) {
    if (x_pq->resultStatus(result.get()) == PGRES_COMMAND_OK) continue;
    if (!first) first = failure(result.get());
    if (x_pq->resultStatus(result.get()) == PGRES_COPY_OUT) break;
  }
  if (first) return *std::move(first);
  return std::optional<std::string_view>();
}

bool Connection::is_lost() const { return x_pq->status(x_connection.get()) != CONNECTION_OK; }

int Connection::server_version() const { return x_pq->serverVersion(x_connection.get()); }

}  // namespace leat::postgres
