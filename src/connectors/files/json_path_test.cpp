#include "connectors/files/json_path.hpp"

#include <gtest/gtest.h>

namespace leat::connectors::files {
namespace {

/// What follows the place where the array begins, read in pieces of `piece` bytes.
std::string behind(const std::string& document, const std::string& path, std::size_t piece) {
  JsonPath follow(keys_of_path(path));
  for (std::size_t at = 0; at < document.size(); at += piece) {
    const auto found = follow.find_array(std::string_view(document).substr(at, piece));
    if (found != std::string_view::npos) return document.substr(at + found);
  }
  return follow.complaint();
}

TEST(JsonPaths, lead_to_an_array_whatever_the_pieces) {
  const std::string document =
      R"({"a": {"b": [1]}, "t": "\"b\": [", "b": {"x": {"c": [2]}, "c" : [3], "d": 1}})";
  for (std::size_t piece = 1; piece < document.size(); ++piece) {
    EXPECT_EQ(behind(document, "$.b.c", piece), R"([3], "d": 1}})");
    EXPECT_EQ(behind(document, "a.b", piece).substr(0, 4), "[1]}");
    EXPECT_EQ(behind(document, "a.c", piece), "there is no key `c`");
    EXPECT_EQ(behind(document, "b.d", piece), "the key `d` holds no array");
    EXPECT_EQ(behind(document, "t.d", piece), "the key `t` holds no object");
  }
}

TEST(JsonPaths, know_whether_the_document_is_whole) {
  JsonPath whole(keys_of_path("a.b"));
  ASSERT_EQ(whole.find_array(R"({"a": {"b": [1], "c": "}"}})"), 12u);
  whole.read_on(R"(, "c": "}"}})");
  EXPECT_EQ(whole.complaint(), "");
  JsonPath cut(keys_of_path("a.b"));
  ASSERT_EQ(cut.find_array(R"({"a": {"b": [1], "c": "}"})"), 12u);
  cut.read_on(R"(, "c": "}"})");
  EXPECT_EQ(cut.complaint(), "the file ends before its document does");
}

TEST(JsonPaths, are_made_of_keys_alone) {
  EXPECT_EQ(keys_of_path("$.a.b"), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(keys_of_path("full name.b"), (std::vector<std::string>{"full name", "b"}));
  EXPECT_EQ(keys_of_path("$.\"a.b\".\"c*\""), (std::vector<std::string>{"a.b", "c*"}));
  for (const char* wrong :
       {"", "$", "$.", "a..b", "a[0]", "a.*", " a", "a.", ".", "\"a", "\"\"", "\"a\"b"}) {
    EXPECT_TRUE(keys_of_path(wrong).empty()) << wrong;
  }
}

}  // namespace
}  // namespace leat::connectors::files
