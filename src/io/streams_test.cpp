#include "io/streams.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <string>
#include <thread>

namespace leat::io {
namespace {

using std::chrono::milliseconds;

class StreamTest : public testing::Test {
 protected:
  void SetUp() override {
    char name[] = "/tmp/leat_stream_XXXXXX";
    x_folder = ::mkdtemp(name);
    x_pipe = x_folder / "pipe";
    ASSERT_EQ(::mkfifo(x_pipe.c_str(), 0600), 0);
  }
  void TearDown() override { fs::remove_all(x_folder); }

  /// Writes in a thread of its own, which opens the pipe after `late`.
  std::thread writer(std::string bytes, milliseconds late = milliseconds(0)) {
    return std::thread([this, bytes = std::move(bytes), late] {
      std::this_thread::sleep_for(late);
      const Descriptor pipe(::open(x_pipe.c_str(), O_WRONLY | O_CLOEXEC));
      for (std::size_t at = 0; at < bytes.size();) {
        const auto wrote = ::write(pipe.number(), bytes.data() + at, bytes.size() - at);
        if (wrote <= 0) return;
        at += static_cast<std::size_t>(wrote);
      }
    });
  }

  static std::string read_all(File& file) {
    std::string text;
    char buffer[1000];
    while (true) {
      const auto got = file.read_at(text.size(), buffer, sizeof(buffer));
      if (!got.ok() || *got == 0) return text;
      text.append(buffer, *got);
    }
  }

  fs::path x_folder;
  fs::path x_pipe;
  CancelToken x_cancel;
};

TEST_F(StreamTest, what_was_looked_at_comes_again_to_whoever_takes_it) {
  std::string bytes;
  for (int i = 0; i < 20'000; ++i) bytes += std::to_string(i) + "\n";
  auto thread = writer(bytes);
  Streams streams;
  streams.allow(x_cancel);
  const auto stream = streams.of(x_pipe);
  for (const std::size_t size : {10U, 70'000U, 300U}) {
    auto look = stream->look();
    ASSERT_TRUE(look.ok());
    std::string seen(size, '\0');
    ASSERT_EQ((*look)->read_at(0, seen.data(), size).value(), size);
    EXPECT_EQ(seen, bytes.substr(0, size));
  }
  auto file = stream->take();
  ASSERT_TRUE(file.ok());
  EXPECT_EQ(read_all(**file), bytes);
  thread.join();
}

TEST_F(StreamTest, nobody_reads_a_stream_twice) {
  auto thread = writer("a\n");
  Streams streams;
  streams.allow(x_cancel);
  auto first = streams.of(x_pipe)->take();
  ASSERT_TRUE(first.ok());
  EXPECT_EQ(read_all(**first), "a\n");
  thread.join();
  const auto second = streams.of(x_pipe)->take();
  ASSERT_FALSE(second.ok());
  EXPECT_NE(second.error().message().find("cannot be read twice"), std::string::npos);
}

TEST_F(StreamTest, a_pipe_to_which_nobody_writes_is_given_up_with_a_reason) {
  Streams streams(milliseconds(100));
  streams.allow(x_cancel);
  auto file = streams.of(x_pipe)->take();
  char buffer[10];
  const auto got = (*file)->read_at(0, buffer, sizeof(buffer));
  ASSERT_FALSE(got.ok());
  EXPECT_EQ(got.error().fault(), Fault::config);
  EXPECT_NE(got.error().message().find("nobody writes"), std::string::npos);
}

TEST_F(StreamTest, a_writer_may_come_late_and_may_take_its_time) {
  auto thread = writer("late\n", milliseconds(150));
  Streams streams;
  streams.allow(x_cancel);
  auto file = streams.of(x_pipe)->take();
  EXPECT_EQ(read_all(**file), "late\n");
  thread.join();
}

TEST_F(StreamTest, a_writer_that_says_nothing_has_written_an_empty_file) {
  auto thread = writer("", milliseconds(80));
  Streams streams;
  streams.allow(x_cancel);
  auto file = streams.of(x_pipe)->take();
  char buffer[10];
  const auto got = (*file)->read_at(0, buffer, sizeof(buffer));
  ASSERT_TRUE(got.ok()) << got.error().message();
  EXPECT_EQ(*got, 0U);
  thread.join();
}

TEST_F(StreamTest, waiting_ends_when_the_run_is_cancelled) {
  const Descriptor silent(::open(x_pipe.c_str(), O_RDWR | O_CLOEXEC));
  Streams streams;
  streams.allow(x_cancel);
  auto file = streams.of(x_pipe)->take();
  std::thread stop([this] {
    std::this_thread::sleep_for(milliseconds(120));
    x_cancel.request();
  });
  char buffer[10];
  const auto got = (*file)->read_at(0, buffer, sizeof(buffer));
  stop.join();
  ASSERT_FALSE(got.ok());
  EXPECT_TRUE(got.error().is_cancelled());
}

TEST_F(StreamTest, nothing_is_read_where_only_plans_are_made) {
  Streams streams;
  const auto look = streams.of(x_pipe)->look();
  ASSERT_FALSE(look.ok());
  EXPECT_NE(look.error().message().find("read by a run alone"), std::string::npos);
}

TEST_F(StreamTest, files_and_folders_are_no_streams) {
  EXPECT_TRUE(is_stream("-"));
  EXPECT_TRUE(is_stream(x_pipe));
  EXPECT_FALSE(is_stream(x_folder));
  EXPECT_FALSE(is_stream(x_folder / "nothing"));
}

}  // namespace
}  // namespace leat::io
