#include "base/shell_word.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>

namespace leat {
namespace {

/// What a shell makes of a word.
std::string through_a_shell(const std::string& word) {
  const std::string command = "printf %s " + word;
  std::string got;
  std::FILE* pipe = ::popen(command.c_str(), "r");
  std::array<char, 256> buffer{};
  std::size_t count = 0;
  while ((count = std::fread(buffer.data(), 1, buffer.size(), pipe)) > 0) {
    got.append(buffer.data(), count);
  }
  ::pclose(pipe);
  return got;
}

TEST(ShellWord, is_the_text_itself_once_a_shell_has_read_it) {
  for (const std::string text :
       {"plain", "out/x.parquet", "", "two words", "it's", "say \"so\"", "$HOME", "`id`", "a\\b",
        "*.csv", "a;b&c|d>e", "it's \"$5\"!", "new\nline", "über.csv", "~", "#x", "[ab]{c,d}"}) {
    EXPECT_EQ(through_a_shell(shell_word(text)), text) << shell_word(text);
  }
}

TEST(ShellWord, stays_as_it_is_where_nothing_can_be_misread) {
  EXPECT_EQ(shell_word("out/x-1.parquet"), "out/x-1.parquet");
  EXPECT_EQ(shell_word("FROM 'a.csv'"), "\"FROM 'a.csv'\"");
}

}  // namespace
}  // namespace leat
