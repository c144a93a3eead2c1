#pragma once

#include <sys/socket.h>

#include <atomic>
#include <cstddef>

#include "clients/postgres/library.hpp"

namespace leat::test {

/// Where the connection is cut.
enum class Cut {
  before,  ///< The server does not hear of it.
  after,   ///< The server has done it, and nobody hears of that.
};

/// libpq over a network whose n-th call cuts the connection that it is made on; the server is the
/// real one. With nought nothing is cut: calls are counted.
///
/// Threads   any; one of these is under way in a process.
class FaultyNetwork {
 public:
  /// `real` is kept.
  static const postgres::Library* over(const postgres::Library& real) {
    static postgres::Library faulty;
    pq() = &real;
    faulty = real;
    faulty.connectdbParams = connect;
    faulty.exec = exec;
    faulty.execParams = exec_params;
    faulty.prepare = prepare;
    faulty.describePrepared = describe;
    faulty.getResult = result;
    faulty.putCopyData = put;
    faulty.putCopyEnd = end_put;
    faulty.getCopyData = get;
    faulty.consumeInput = consume;
    return &faulty;
  }
  static void cut(std::size_t nth, Cut how) {
    state().seen = 0;
    state().nth = nth;
    state().how = how;
    state().is_cut = false;
  }
  static void heal() { cut(0, Cut::before); }
  /// Calls since it was last told what to cut.
  static std::size_t calls() { return state().seen; }
  /// Has the call that was to fail come?
  static bool is_cut() { return state().is_cut; }

 private:
  struct State {
    std::atomic<std::size_t> seen{0};
    std::atomic<std::size_t> nth{0};
    std::atomic<Cut> how{Cut::before};
    std::atomic<bool> is_cut{false};
  };
  static State& state() {
    static State all;
    return all;
  }
  static const postgres::Library*& pq() {
    static const postgres::Library* real = nullptr;
    return real;
  }

  static bool is_next() {
    if (++state().seen != state().nth) return false;
    state().is_cut = true;
    return true;
  }
  static void sever(PGconn* server) { ::shutdown(pq()->socket(server), SHUT_RDWR); }

  template <typename Call>
  static PGresult* ask(PGconn* server, Call call) {
    if (!is_next()) return call();
    if (state().how == Cut::after) pq()->clear(call());
    sever(server);
    return call();
  }
  template <typename Call>
  static int move(PGconn* server, Call call) {
    if (!is_next()) return call();
    if (state().how == Cut::before) sever(server);
    const int done = call();
    sever(server);
    return done;
  }

  static PGconn* connect(const char* const* names, const char* const* values, int expand) {
    PGconn* const server = pq()->connectdbParams(names, values, expand);
    if (!is_next()) return server;
    sever(server);
    if (state().how == Cut::before) static_cast<void>(pq()->consumeInput(server));
    return server;
  }
  static PGresult* exec(PGconn* server, const char* sql) {
    return ask(server, [&] { return pq()->exec(server, sql); });
  }
  static PGresult* exec_params(PGconn* server, const char* sql, int size, const Oid* types,
                               const char* const* values, const int* lengths, const int* formats,
                               int format) {
    return ask(server, [&] {
      return pq()->execParams(server, sql, size, types, values, lengths, formats, format);
    });
  }
  static PGresult* prepare(PGconn* server, const char* name, const char* sql, int size,
                           const Oid* types) {
    return ask(server, [&] { return pq()->prepare(server, name, sql, size, types); });
  }
  static PGresult* describe(PGconn* server, const char* name) {
    return ask(server, [&] { return pq()->describePrepared(server, name); });
  }
  static PGresult* result(PGconn* server) {
    return ask(server, [&] { return pq()->getResult(server); });
  }
  static int put(PGconn* server, const char* bytes, int size) {
    return move(server, [&] { return pq()->putCopyData(server, bytes, size); });
  }
  static int end_put(PGconn* server, const char* error) {
    return move(server, [&] { return pq()->putCopyEnd(server, error); });
  }
  static int get(PGconn* server, char** bytes, int async) {
    return move(server, [&] { return pq()->getCopyData(server, bytes, async); });
  }
  static int consume(PGconn* server) {
    return move(server, [&] { return pq()->consumeInput(server); });
  }
};

}  // namespace leat::test
