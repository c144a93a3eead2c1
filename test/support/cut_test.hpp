#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <iostream>
#include <string>

#include "support/faulty_network.hpp"
#include "support/postgres_place.hpp"
#include "support/publishing.hpp"
#include "support/temporary_folder.hpp"

namespace leat::test {

/// A test whose calls of the network fail, one a time, over the server of the tests.
class CutTest : public testing::Test {
 protected:
  void SetUp() override {
    if (!x_place.open()) GTEST_SKIP() << "NO POSTGRESQL: " << x_place.reason;
    const auto real = postgres::library();
    ASSERT_TRUE(real.ok()) << real.error().text();
    x_faulty = FaultyNetwork::over(**real);
    FaultyNetwork::heal();
  }
  void TearDown() override {
    RecordProperty("tries", std::to_string(x_tries));
    const auto took = double((system_clock().steady() - x_began).count()) / 1e6;
    std::cout << x_tries << " cuts in " << took << " s\n";
  }

  /// Calls `attempt(nth, how)` for calls of the network, of which there are so many: for every one
  /// where LEAT_EVERY_CUT is set (`make torture`), else for one of seven, and for others each time.
  template <typename Attempt>
  void for_each_cut(std::size_t calls, Attempt&& attempt) {
    const bool is_every = std::getenv("LEAT_EVERY_CUT") != nullptr;
    const std::size_t step = is_every ? 1 : 7;
    for (const auto how : {Cut::before, Cut::after}) {
      for (auto nth = 1 + x_sweeps++ % step; nth <= calls && !HasFailure(); nth += step) {
        SCOPED_TRACE("cut " + std::string(how == Cut::before ? "before" : "after") + " call " +
                     std::to_string(nth) + " of " + std::to_string(calls));
        attempt(nth, how);
        ++x_tries;
      }
    }
  }

  TemporaryFolder x_folder;
  Publishing x_run{x_folder.path()};
  PostgresPlace x_place;
  const postgres::Library* x_faulty = nullptr;

 private:
  Micros x_began = system_clock().steady();
  std::size_t x_sweeps = 0;
  std::size_t x_tries = 0;
};

}  // namespace leat::test
