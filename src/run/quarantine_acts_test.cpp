#include "run/quarantine_acts.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

namespace leat::run {
namespace {

namespace fs = std::filesystem;

/// A segment in a folder of its own.
class Segment {
 public:
  Segment() {
    char name[] = "/tmp/leat-acts-XXXXXX";
    x_folder = ::mkdtemp(name);
  }
  ~Segment() { fs::remove_all(x_folder); }
  fs::path path() const { return x_folder / "0192.parquet"; }

 private:
  fs::path x_folder;
};

QuarantineAct act(const std::string& what, RowRanges rows) {
  QuarantineAct out;
  out.act = what;
  out.at = *parse_instant("2026-01-31T06:00:00.000001Z");
  out.by = "ana@etl1";
  out.how = "why: \"so\"\n";
  out.rows = std::move(rows);
  return out;
}

TEST(QuarantineActs, what_was_decided_is_read_back) {
  const Segment segment;
  auto patch = act("patch", RowRanges({{3, 5}}));
  patch.values = {{3, R"({"a":"1"})"}, {4, R"({"a":null})"}};
  ASSERT_TRUE(add_act(io::local_files(), segment.path(), patch).ok());
  ASSERT_TRUE(add_act(io::local_files(), segment.path(), act("drop", RowRanges({{0, 2}}))).ok());
  const auto acts = read_acts(io::local_files(), segment.path());
  ASSERT_TRUE(acts.ok()) << acts.error().text();
  ASSERT_EQ(acts->log.size(), 2u);
  EXPECT_EQ(acts->log[0].by, "ana@etl1");
  EXPECT_EQ(acts->log[0].how, "why: \"so\"\n");
  EXPECT_EQ(acts->log[0].at, patch.at);
  EXPECT_EQ(acts->dropped, RowRanges({{0, 2}}));
  EXPECT_EQ(acts->patched, patch.values);
}

TEST(QuarantineActs, the_last_values_hold) {
  const Segment segment;
  for (const auto* value : {"1", "2"}) {
    auto patch = act("patch", RowRanges({{7, 8}}));
    patch.values = {{7, value}};
    ASSERT_TRUE(add_act(io::local_files(), segment.path(), patch).ok());
  }
  const auto acts = read_acts(io::local_files(), segment.path());
  ASSERT_TRUE(acts.ok());
  EXPECT_EQ(acts->patched.at(7), "2");
}

TEST(QuarantineActs, a_line_that_is_none_is_an_error_with_its_number) {
  const Segment segment;
  for (const std::string line :
       {"", "{}", R"({"act":"drop","at":"2026-01-31T06:00:00Z","by":"a","how":"b","rows":[[1]]})",
        R"({"act":"drop","at":"no time","by":"a","how":"b","rows":[]})",
        R"({"act":"patch","at":"2026-01-31T06:00:00Z","by":"","how":"","rows":[],"values":[1]})"}) {
    std::ofstream(acts_path(segment.path())) << line << "\n";
    const auto acts = read_acts(io::local_files(), segment.path());
    ASSERT_FALSE(acts.ok()) << line;
    EXPECT_THAT(acts.error().text(), testing::HasSubstr("line=1")) << line;
  }
}

TEST(QuarantineActs, nobody_has_decided_anything_where_there_is_no_file) {
  const Segment segment;
  const auto acts = read_acts(io::local_files(), segment.path());
  ASSERT_TRUE(acts.ok());
  EXPECT_TRUE(acts->log.empty());
}

}  // namespace
}  // namespace leat::run
