#include "config/text_files.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "config/environment.hpp"

namespace leat::config {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class LocalFiles : public testing::Test {
 protected:
  LocalFiles() : folder(fs::path(testing::TempDir()) / "leat_text_files") {
    fs::remove_all(folder);
    fs::create_directories(folder);
  }
  ~LocalFiles() override { fs::remove_all(folder); }

  fs::path write(const std::string& name, const std::string& text) {
    std::ofstream(folder / name) << text;
    return folder / name;
  }

  fs::path folder;
  const TextFiles& files = local_text_files();
};

TEST_F(LocalFiles, AreReadWhole) {
  const std::string text(100'000, 'x');
  EXPECT_EQ(files.read(write("a", text), 1u << 20).value(), text);
  EXPECT_EQ(files.read(write("empty", ""), 10).value(), "");
  EXPECT_EQ(files.read(write("exact", "12345"), 5).value(), "12345");
}

TEST_F(LocalFiles, AreRefusedWithTheReason) {
  EXPECT_THAT(files.read(folder / "gone", 10).error().text(), HasSubstr("No such file"));
  EXPECT_THAT(files.read(folder, 10).error().text(), HasSubstr("Is a directory"));
  EXPECT_THAT(files.read(write("b", "123456"), 5).error().text(), HasSubstr("larger than 5"));
  EXPECT_FALSE(files.open_to_others(folder / "gone").ok());
}

TEST_F(LocalFiles, TellWhetherOthersMayReadThem) {
  const auto file = write("s", "x");
  fs::permissions(file, fs::perms(0600));
  EXPECT_FALSE(files.open_to_others(file).value());
  for (const auto mode : {0640, 0604, 0620, 0602}) {
    fs::permissions(file, fs::perms(mode));
    EXPECT_TRUE(files.open_to_others(file).value()) << mode;
  }
}

TEST(ProcessEnvironment, TellsItsVariables) {
  ASSERT_EQ(::setenv("LEAT_TEST_B", "2=3", 1), 0);
  ASSERT_EQ(::setenv("LEAT_TEST_A", "", 1), 0);
  EXPECT_EQ(process_environment().find("LEAT_TEST_B"), "2=3");
  EXPECT_EQ(process_environment().find("LEAT_TEST_A"), "");
  EXPECT_EQ(process_environment().find("LEAT_TEST_C"), std::nullopt);
  const auto found = process_environment().starting_with("LEAT_TEST_");
  ASSERT_EQ(found.size(), 2u);
  EXPECT_EQ(found[0].first, "LEAT_TEST_A");
  EXPECT_EQ(found[1].second, "2=3");
}

}  // namespace
}  // namespace leat::config
