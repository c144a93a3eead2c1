#include "connectors/csv/guess_encoding.hpp"

#include <gtest/gtest.h>

namespace leat::connectors::csv {
namespace {

using namespace std::string_view_literals;

TEST(GuessEncoding, utf_8_needs_no_name) {
  EXPECT_EQ(guess_encoding("").name, "");
  EXPECT_EQ(guess_encoding("a,b\n1,2\n").name, "");
  EXPECT_EQ(guess_encoding("name\nZ\xC3\xBCrich, \xE2\x82\xAC 5, \xF0\x9F\x98\x80 end\n").name, "");
}

TEST(GuessEncoding, bytes_that_stand_alone_are_characters) {
  EXPECT_EQ(guess_encoding("name\nZ\xFCrich and more\n").name, "windows-1252");
  EXPECT_EQ(guess_encoding("name\n\x93quoted\x94 text\n").name, "windows-1252");
  EXPECT_EQ(guess_encoding("name\nodd \x81 byte\n").name, "latin-1");
  EXPECT_EQ(guess_encoding("name\nZ\xFCrich and G\xF6ttingen\n").reason,
            "2 bytes above 0x7F, and no two of them are UTF-8");
}

TEST(GuessEncoding, dirt_within_utf_8_stays_dirt) {
  EXPECT_EQ(guess_encoding("name\nZ\xC3\xBCrich\nG\xF6ttingen\n").name, "");
}

TEST(GuessEncoding, a_character_that_the_sample_cuts_says_nothing) {
  EXPECT_EQ(guess_encoding("name\nZ\xC3").name, "");
  EXPECT_EQ(guess_encoding("name\n\xE2\x82").name, "");
}

TEST(GuessEncoding, utf_16_without_its_mark_is_seen_by_its_zeros) {
  EXPECT_EQ(guess_encoding("a\0,\0b\0\n\0"
                           "1\0,\0"
                           "2\0\n\0"sv)
                .name,
            "utf-16le");
  EXPECT_EQ(guess_encoding("\0a\0,\0b\0\n\0"
                           "1\0,\0"
                           "2\0\n"sv)
                .name,
            "utf-16be");
  EXPECT_EQ(guess_encoding("a,b\n1,\0\n2,\0\n"sv).name, "");
}

}  // namespace
}  // namespace leat::connectors::csv
