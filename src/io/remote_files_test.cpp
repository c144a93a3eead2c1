#include "io/remote_files.hpp"

#include <gmock/gmock.h>

#include <thread>

#include "io/url.hpp"
#include "support/temporary_folder.hpp"

namespace leat::io {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

/// A server that answers what it is told to.
class Answers final : public Fetcher {
 public:
  Result<Fetched> fetch(const std::string& url, File& into) override {
    ++asked;
    last = url;
    if (!error.empty()) return Error(Fault::external, error);
    TRY(into.append(bytes));
    return said;
  }

  std::string bytes = "a,b\n1,2\n";
  std::string error;
  Fetched said{"\"tag\"", 1'700'000'000};
  std::atomic<int> asked{0};
  std::string last;
};

class RemoteFilesTest : public ::testing::Test {
 protected:
  std::string text(const fs::path& path) {
    const auto read = read_text(x_files, path);
    return read.ok() ? *read : read.error().text();
  }
  std::vector<fs::path> left() { return *local_files().list(x_folder.path() / "tmp"); }

  test::TemporaryFolder x_folder;
  Answers x_server;
  RemoteFiles x_files{local_files(), x_server, x_folder.path() / "tmp"};
};

constexpr const char* kUrl = "https://host.test/data/x.csv?day=1&all=*";

TEST_F(RemoteFilesTest, fetches_once_and_stays_the_same) {
  EXPECT_EQ(text(kUrl), "a,b\n1,2\n");
  EXPECT_EQ(x_server.last, kUrl);
  const auto before = *x_files.stat(kUrl);
  EXPECT_EQ(before.size, 8U);
  EXPECT_EQ(before.mtime_ns / 1'000'000'000, 1'700'000'000);
  x_server.bytes = "another";
  EXPECT_EQ(text(kUrl), "a,b\n1,2\n");
  EXPECT_EQ(x_files.stat(kUrl)->mtime_ns, before.mtime_ns);
  EXPECT_EQ(x_server.asked, 1);
  EXPECT_THAT(left(), IsEmpty());
}

TEST_F(RemoteFilesTest, another_tag_is_another_time) {
  const auto before = x_files.stat(kUrl)->mtime_ns;
  x_server.said.etag = "\"other\"";
  RemoteFiles later(local_files(), x_server, x_folder.path() / "tmp");
  EXPECT_NE(later.stat(kUrl)->mtime_ns, before);
}

TEST_F(RemoteFilesTest, without_a_time_of_the_server_it_is_that_of_the_fetch) {
  x_server.said = {};
  EXPECT_GT(x_files.stat(kUrl)->mtime_ns, 1'700'000'000'000'000'000);
}

TEST_F(RemoteFilesTest, tries_again_what_failed_and_leaves_nothing) {
  x_server.error = "no way";
  EXPECT_THAT(text(kUrl), HasSubstr("no way"));
  EXPECT_FALSE(x_files.exists(kUrl));
  EXPECT_THAT(left(), IsEmpty());
  x_server.error.clear();
  EXPECT_EQ(text(kUrl), "a,b\n1,2\n");
}

TEST_F(RemoteFilesTest, two_that_look_at_once_fetch_once) {
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { EXPECT_TRUE(x_files.exists(kUrl)); });
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(x_server.asked, 1);
}

TEST_F(RemoteFilesTest, writes_nothing_there) {
  EXPECT_THAT(x_files.open(kUrl, Open::create_new).error().message(), HasSubstr("cannot write"));
  EXPECT_FALSE(x_files.remove(kUrl).ok());
  EXPECT_FALSE(x_files.create_folders(kUrl).ok());
  EXPECT_FALSE(x_files.rename(x_folder.path() / "a", kUrl).ok());
  EXPECT_EQ(x_server.asked, 0);
}

TEST_F(RemoteFilesTest, takes_no_password_in_an_address) {
  const auto said = x_files.stat("https://me:secret@host.test/x.csv").error().text();
  EXPECT_THAT(said, HasSubstr("must not hold a name or a password"));
  EXPECT_THAT(said, Not(HasSubstr("secret")));
  EXPECT_TRUE(x_files.exists("https://host.test/who?mail=a@b.c"));
}

TEST_F(RemoteFilesTest, leaves_files_of_the_disk_to_the_disk) {
  x_folder.write("here.txt", "here");
  EXPECT_EQ(text(x_folder.path() / "here.txt"), "here");
  EXPECT_EQ(x_server.asked, 0);
}

TEST(Url, is_itself_wherever_it_is_seen_from) {
  EXPECT_EQ(seen_from("/project", kUrl), kUrl);
  EXPECT_EQ(seen_from("/project", "../x"), "/x");
  EXPECT_EQ(real_path(kUrl), kUrl);
  EXPECT_FALSE(has_wildcards(kUrl));
  EXPECT_EQ(*expand_glob(local_files(), "/project", kUrl), std::vector<fs::path>{kUrl});
}

}  // namespace
}  // namespace leat::io
