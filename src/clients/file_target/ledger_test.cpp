#include "clients/file_target/ledger.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/temporary_folder.hpp"

namespace leat::file_target {
namespace {

using testing::HasSubstr;

Uuid uuid_of(std::uint8_t number) {
  Uuid uuid;
  uuid.bytes[15] = number;
  return uuid;
}

LedgerEntry entry(std::uint8_t number, std::uint8_t previous, const std::string& digest) {
  LedgerEntry made;
  made.previous = uuid_of(previous);
  made.file = {10, digest};
  made.columns = {{"a \"quoted\" name", "INTEGER"}};
  made.receipt.publish_id = uuid_of(number);
  made.receipt.lane.pipeline = "p";
  return made;
}

class LedgerFile : public testing::Test {
 protected:
  Ledger read() const { return Ledger::read(io::local_files(), x_folder / "ledger").value(); }
  /// The publishes that are committed when the file has this digest, newest first.
  std::string committed(const std::string& digest) const {
    std::string found;
    auto ledger = read();
    const auto collect = [&](const LedgerEntry& e) {
      found += std::to_string(int{e.receipt.publish_id.bytes[15]});
      return false;
    };
    const auto status = ledger.newest_committed({10, digest}, collect);
    return status.ok() ? found : status.error().text();
  }
  test::TemporaryFolder x_folder;
};

TEST_F(LedgerFile, that_is_not_there_is_empty) {
  EXPECT_EQ(read().end(), 0u);
  EXPECT_EQ(committed("d1"), "");
}

TEST_F(LedgerFile, reads_back_what_was_written) {
  x_folder.write("ledger", to_line(entry(1, 0, "d1")));
  const auto found = read().newest_committed({10, "d1"}, [](const LedgerEntry&) { return true; });
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_EQ(to_line(**found), to_line(entry(1, 0, "d1")));
}

TEST_F(LedgerFile, of_one_line_without_an_end_is_refused_before_it_fills_the_memory) {
  x_folder.write("ledger", "");
  std::filesystem::resize_file(x_folder / "ledger", std::uint64_t{1} << 30);
  const auto refused = Ledger::read(io::local_files(), x_folder / "ledger");
  ASSERT_FALSE(refused.ok());
  EXPECT_THAT(refused.error().text(), HasSubstr("has a line of more than 128.0 MB"));
}

TEST_F(LedgerFile, an_intent_that_was_never_carried_out_is_not_committed) {
  x_folder.write("ledger", to_line(entry(1, 0, "d1")) + to_line(entry(2, 1, "d2")) +
                               to_line(entry(3, 1, "d3")));
  EXPECT_EQ(committed("d3"), "31");
  EXPECT_EQ(committed("d1"), "1");
  EXPECT_EQ(committed("d2"), "21");
  EXPECT_EQ(committed("foreign"), "");
}

TEST_F(LedgerFile, a_file_of_the_same_digest_and_another_size_is_foreign) {
  x_folder.write("ledger", to_line(entry(1, 0, "d1")));
  EXPECT_FALSE(
      read().newest_committed({11, "d1"}, [](const LedgerEntry&) { return true; })->has_value());
}

TEST_F(LedgerFile, a_new_beginning_ends_the_chain) {
  x_folder.write("ledger", to_line(entry(1, 0, "d1")) + to_line(entry(2, 1, "d2")) +
                               to_line(entry(3, 0, "d3")) + to_line(entry(4, 3, "d4")));
  EXPECT_EQ(committed("d4"), "43");
}

TEST_F(LedgerFile, a_line_torn_at_any_byte_does_not_count) {
  const std::string first = to_line(entry(1, 0, "d1"));
  const std::string second = to_line(entry(2, 1, "d2"));
  for (std::size_t size = 0; size < second.size(); ++size) {
    x_folder.write("ledger", first + second.substr(0, size));
    ASSERT_EQ(read().end(), first.size()) << size;
    ASSERT_EQ(committed("d2"), "") << size;
    ASSERT_EQ(committed("d1"), "1") << size;
  }
  x_folder.write("ledger", first + std::string(second.size() - 1, '\0') + "\n");
  EXPECT_EQ(read().end(), first.size());
  x_folder.write("ledger", first.substr(0, 20));
  EXPECT_EQ(read().end(), 0u);
}

TEST_F(LedgerFile, a_damaged_line_in_the_middle_is_told_with_its_place) {
  const std::string first = to_line(entry(1, 0, "d1"));
  x_folder.write("ledger", first + "{}\n" + to_line(entry(3, 1, "d3")));
  EXPECT_THAT(committed("d1"), HasSubstr("is damaged [byte=" + std::to_string(first.size())));
  EXPECT_THAT(committed("d3"), HasSubstr("is damaged"));
}

/// Lines of far more than what is read at once: each is found, from the last one back.
TEST_F(LedgerFile, is_read_as_far_back_as_it_is_asked) {
  std::string text;
  for (std::uint8_t number = 1; number < 10; ++number) {
    auto made = entry(number, number - 1, "d" + std::to_string(number));
    made.columns.assign(number * 1'000, {"a column of a wide table", "INTEGER"});
    text += to_line(made);
  }
  x_folder.write("ledger", text);
  EXPECT_EQ(read().end(), text.size());
  EXPECT_EQ(committed("d9"), "987654321");
  EXPECT_EQ(committed("d2"), "21");
  auto ledger = read();
  x_folder.write("ledger", text.substr(0, 1'000));
  const auto wanted = [](const LedgerEntry& e) { return e.previous.is_zero(); };
  const auto found = ledger.newest_committed({10, "d9"}, wanted);
  ASSERT_FALSE(found.ok());
  EXPECT_THAT(found.error().text(), HasSubstr("is shorter than it was"));
}

TEST_F(LedgerFile, knows_whether_somebody_has_written_to_it) {
  auto none = read();
  EXPECT_TRUE(none.is_as_it_was(io::local_files()));
  x_folder.write("ledger", to_line(entry(1, 0, "d1")));
  EXPECT_FALSE(none.is_as_it_was(io::local_files()));
  auto one = read();
  EXPECT_TRUE(one.is_as_it_was(io::local_files()));
  x_folder.write("ledger", to_line(entry(1, 0, "d1")) + to_line(entry(2, 1, "d2")));
  EXPECT_FALSE(one.is_as_it_was(io::local_files()));
  EXPECT_FALSE(one == read());
}

}  // namespace
}  // namespace leat::file_target
