#pragma once

#include <gtest/gtest.h>
#include <stdlib.h>

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "base/names.hpp"
#include "state/postgres_store.hpp"
#include "state/store.hpp"
#include "support/postgres_server.hpp"

namespace leat::state {

/// A clock that a test sets. Its steady time goes on as the machine's.
class JumpingClock final : public Clock {
 public:
  Instant now() const override { return system_clock().now() + jump; }
  Micros steady() const override { return system_clock().steady(); }
  Micros jump{};
};

/// What holds of a store wherever it is kept.
class AnyStoreTest : public ::testing::TestWithParam<const char*> {
 protected:
  static constexpr Micros kLong = std::chrono::seconds(30);
  static constexpr Micros kShort = std::chrono::milliseconds(30);

  void SetUp() override {
    if (GetParam() == std::string("SQLite")) {
      char name[] = "/tmp/leat-state-XXXXXX";
      folder = ::mkdtemp(name);
      return;
    }
    std::string why;
    place.server.url = test::postgres_url(why);
    if (place.server.url.empty()) GTEST_SKIP() << "NO POSTGRESQL: " << why;
    place.shown = "the server of the tests";
    place.schema = "store_" + make_uuid7(system_clock()).text();
    place.server.parameters = {{"application_name", place.schema}};
  }
  void TearDown() override {
    if (!folder.empty()) std::filesystem::remove_all(folder);
    if (place.server.url.empty()) return;
    execute("DROP SCHEMA IF EXISTS " + quote_identifier(place.schema) + " CASCADE");
  }
  void execute(const std::string& sql) const {
    auto server = postgres::Connection::open(place.server);
    ASSERT_TRUE(server.ok()) << server.error().text();
    const auto done = server->execute(sql);
    EXPECT_TRUE(done.ok()) << done.error().text();
  }
  Result<std::unique_ptr<Store>> try_open() {
    if (folder.empty()) return open_postgres_store(place, true);
    return Store::open(folder / "state.db", clock);
  }
  std::unique_ptr<Store> open() {
    auto store = try_open();
    EXPECT_TRUE(store.ok()) << (store.ok() ? "" : store.error().text());
    return std::move(store).value();
  }
  RunRecord run(const char* pipeline) {
    // Ids of one millisecond stand in no order.
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    RunRecord record;
    record.run_id = make_uuid7(system_clock());
    record.pipeline = pipeline;
    record.status = "running";
    record.started_at = system_clock().now();
    return record;
  }
  Lease lease(const char* name) {
    Lease wanted;
    wanted.name = name;
    wanted.run_id = make_uuid7(system_clock());
    wanted.holder = "ann@host";
    wanted.process = io::own_process();
    return wanted;
  }
  std::filesystem::path folder;  ///< Empty: in a server.
  PostgresPlace place;
  JumpingClock clock;
};

}  // namespace leat::state
