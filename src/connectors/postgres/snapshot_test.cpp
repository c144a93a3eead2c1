#include "connectors/postgres/snapshot.hpp"

#include <gtest/gtest.h>

#include "support/postgres_place.hpp"

namespace leat::connectors::postgres {
namespace {

TEST(Snapshot, that_its_holder_has_lost_is_to_be_tried_again_and_no_fault_of_the_rows) {
  test::PostgresPlace place;
  if (!place.open()) GTEST_SKIP() << "NO POSTGRESQL: " << place.reason;
  place.execute("CREATE TABLE " + place.name_of("rows") + "(id INTEGER)");
  TableRead read;
  read.server = place.server();
  read.shown = "the server of the tests";
  read.table = {place.schema, "rows"};
  const auto columns = look_at_columns(read);
  ASSERT_TRUE(columns.ok()) << columns.error().text();
  auto snapshot = Snapshot::take(read.server);
  ASSERT_TRUE(snapshot.ok()) << snapshot.error().text();
  EXPECT_TRUE(snapshot->join(read, *columns).ok());
  const auto holder = snapshot->holder().query("SELECT pg_backend_pid()");
  ASSERT_TRUE(holder.ok());
  // Until it is gone: what it has exported goes with it.
  place.execute("SELECT pg_terminate_backend(" + (*holder)[0][0].value_or("") + ", 10000)");
  const auto joined = snapshot->join(read, *columns);
  ASSERT_FALSE(joined.ok());
  EXPECT_EQ(joined.error().fault(), Fault::external) << joined.error().text();
}

}  // namespace
}  // namespace leat::connectors::postgres
