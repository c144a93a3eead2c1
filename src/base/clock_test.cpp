#include "base/clock.hpp"

#include <gtest/gtest.h>

namespace leat {
namespace {

TEST(Instant, ComesBackFromItsText) {
  for (const auto* text : {"2026-01-31T06:00:00.123456Z", "1969-12-31T23:59:59.999999Z",
                           "0001-01-01T00:00:00.000000Z", "2024-02-29T12:00:00.000001Z"}) {
    const auto parsed = parse_instant(text);
    ASSERT_TRUE(parsed.ok()) << text;
    EXPECT_EQ(format_instant(*parsed), text);
  }
}

TEST(Instant, MayLeaveOutTheFractionAndTheZone) {
  EXPECT_EQ(format_instant(parse_instant("2026-01-31 06:00:00").value()),
            "2026-01-31T06:00:00.000000Z");
  EXPECT_EQ(format_instant(parse_instant("2026-01-31T06:00:00.5Z").value()),
            "2026-01-31T06:00:00.500000Z");
}

TEST(Instant, IsRefusedWhenTheCalendarHasItNot) {
  for (const auto* text :
       {"", "2026-02-30T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-01", "2026-01-01T24:00:00Z",
        "2026-01-01T00:60:00Z", "2026-01-01T00:00:00.", "2026-01-01T00:00:00.1234567Z",
        "2026-01-01T00:00:00+01:00", "26-01-01T00:00:00Z", "2026-01-01T00:00:00ZZ"}) {
    EXPECT_FALSE(parse_instant(text).ok()) << text;
  }
}

TEST(Date, IsReadStrictly) {
  EXPECT_TRUE(parse_date("2024-02-29").ok());
  for (const auto* text : {"2023-02-29", "2024-2-29", "2024-02-29 ", "+024-02-29", "x"}) {
    EXPECT_FALSE(parse_date(text).ok()) << text;
  }
}

}  // namespace
}  // namespace leat
