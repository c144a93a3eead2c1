#include "io/process.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <fcntl.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

namespace leat::io {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Process : public testing::Test {
 protected:
  Process() {
    folder = std::filesystem::path(testing::TempDir()) /
             ("process_" + std::to_string(::getpid()) + "_" +
              testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::create_directories(folder);
    order.folder = folder;
    order.environment = {"PATH=/usr/bin:/bin"};
    order.on_line = [this](std::string_view line) { lines.emplace_back(line); };
  }
  ~Process() override { std::filesystem::remove_all(folder); }

  ProcessEnd run(std::string script) {
    order.command = {"sh", "-c", std::move(script)};
    auto end = run_process(order);
    EXPECT_TRUE(end.ok()) << end.error().text();
    return end.ok() ? *end : ProcessEnd{};
  }
  std::string text(const std::filesystem::path& file) {
    std::stringstream all;
    all << std::ifstream(file).rdbuf();
    return all.str();
  }

  std::filesystem::path folder;
  ProcessOrder order;
  std::vector<std::string> lines;
};

TEST_F(Process, ReadsItsInputAndWritesItsOutput) {
  std::ofstream(folder / "in") << "b\na\n";
  order.input = folder / "in";
  order.output = folder / "out";
  const auto end = run("sort; echo done >&2");
  EXPECT_EQ(end.exit_code, 0);
  EXPECT_EQ(end.input_read, 4u);
  EXPECT_EQ(text(order.output), "a\nb\n");
  EXPECT_THAT(lines, ElementsAre("done"));
}

TEST_F(Process, TellsItsExitCodeAndItsSignal) {
  EXPECT_EQ(run("exit 7").exit_code, 7);
  EXPECT_EQ(run("kill -9 $$").exit_code, 137);
}

TEST_F(Process, SaysThatThereIsNoSuchProgram) {
  order.command = {"no-such-program-anywhere"};
  const auto end = run_process(order);
  ASSERT_FALSE(end.ok());
  EXPECT_EQ(end.error().fault(), Fault::config);
  EXPECT_THAT(end.error().text(), HasSubstr("no-such-program-anywhere"));
}

TEST_F(Process, IsEndedWithAllItsChildrenWhenTimeIsUp) {
  order.timeout = std::chrono::milliseconds(200);
  const auto end = run("(sleep 2; touch late) & sleep 60");
  EXPECT_TRUE(end.timed_out);
  EXPECT_EQ(end.exit_code, 137);
  ::usleep(2500 * 1000);
  EXPECT_FALSE(std::filesystem::exists(folder / "late"));
}

TEST_F(Process, LeavesNoChildBehindWhenItEnds) {
  EXPECT_EQ(run("(sleep 1; touch late) >/dev/null 2>&1 & exit 0").exit_code, 0);
  ::usleep(1500 * 1000);
  EXPECT_FALSE(std::filesystem::exists(folder / "late"));
}

TEST_F(Process, GetsNoMoreMemoryThanItIsAllowed) {
  order.memory_bytes = 64u << 20;
  const auto end = run("x=$(head -c 200000000 /dev/zero | tr '\\0' x); echo ${#x}");
  EXPECT_NE(end.exit_code, 0);
}

TEST_F(Process, GetsTheEnvironmentItIsGivenAndNothingElse) {
  order.environment.push_back("A=1");
  order.output = folder / "out";
  run("env | sort");
  EXPECT_THAT(text(order.output), HasSubstr("A=1\n"));
  EXPECT_THAT(text(order.output), testing::Not(HasSubstr("HOME=")));
}

TEST_F(Process, HasNoFileOfOursOpen) {
  const int ours = ::open("/dev/null", O_RDONLY);
  ASSERT_GT(ours, 2);
  run("test -e /proc/self/fd/" + std::to_string(ours) + " && echo open >&2; echo end >&2");
  ::close(ours);
  EXPECT_THAT(lines, ElementsAre("end"));
}

TEST_F(Process, MayWriteMuchToStderr) {
  std::size_t bytes = 0;
  order.on_line = [&](std::string_view line) { bytes += line.size(); };
  EXPECT_EQ(run("head -c 5000000 /dev/zero | tr '\\0' x >&2").exit_code, 0);
  EXPECT_EQ(bytes, 5000000u);
}

}  // namespace
}  // namespace leat::io
