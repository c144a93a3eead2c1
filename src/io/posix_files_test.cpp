#include "io/posix_files.hpp"

#include <gmock/gmock.h>
#include <grp.h>
#include <gtest/gtest.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <vector>

#include "io/aligned_block.hpp"
#include "io/links.hpp"
#include "support/poor_file_system.hpp"
#include "support/temporary_folder.hpp"

namespace leat::io {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::HasSubstr;

Status append_to(FileSystem& files, const fs::path& path, std::string_view text) {
  TRY(auto file, files.open(path, Open::append));
  return file->append(text);
}

int every_other_time(int& turn) {
  if (++turn % 2 == 1) {
    errno = EINTR;
    return -1;
  }
  return 1;
}

ssize_t stubborn_write(int file, const void* buffer, std::size_t) {
  static int turn = 0;
  return every_other_time(turn) < 0 ? -1 : ::write(file, buffer, 1);
}

ssize_t stubborn_read(int file, void* buffer, std::size_t, off_t offset) {
  static int turn = 0;
  return every_other_time(turn) < 0 ? -1 : ::pread(file, buffer, 1, offset);
}

int failing_sync(int) {
  errno = EIO;
  return -1;
}

ssize_t full_disk(int, const void*, std::size_t) {
  errno = ENOSPC;
  return -1;
}

int no_locks(int, int) {
  errno = EOPNOTSUPP;
  return -1;
}

int nobody_gives_away(const char*, uid_t, gid_t) {
  errno = ENOSYS;
  return -1;
}

std::vector<int> flags_set;

int note_flags(int, int flags) {
  flags_set.push_back(flags);
  return 0;
}

int refuse_flags(int, int flags) {
  flags_set.push_back(flags);
  errno = EINVAL;
  return -1;
}

/// Whatever is written past the cache is refused, as by a disk of larger blocks.
ssize_t refuse_past_cache(int file, const void* buffer, std::size_t size) {
  if (flags_set.back() == O_APPEND) return ::write(file, buffer, size);
  errno = EINVAL;
  return -1;
}

/// Half of what is more than a sector, as a disk that is almost full.
ssize_t half_write(int file, const void* buffer, std::size_t size) {
  return ::write(file, buffer, size > 512 ? size / 2 : size);
}

std::string block_text(char begin) {
  std::string text(4 * kAlignment, ' ');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = char(begin + i % 61);
  return text;
}

/// Two blocks, a piece that is none, and a block that comes behind it; whether that is in the file.
testing::AssertionResult holds_blocks_and_a_piece(FileSystem& files, const fs::path& path) {
  const std::string texts[] = {block_text('!'), block_text('A'), "piece", block_text('#')};
  std::string all;
  auto file = files.open(path, Open::create_new);
  if (!file.ok()) return testing::AssertionFailure() << file.error().text();
  AlignedBlock block(4 * kAlignment);
  for (const auto& text : texts) {
    block.clear();
    block.put(text);
    all += text;
    if (auto done = (*file)->append(block.view()); !done.ok()) {
      return testing::AssertionFailure() << done.error().text();
    }
  }
  std::string found(all.size() + 1, ' ');
  const auto size = (*file)->read_at(0, found.data(), found.size());
  if (!size.ok()) return testing::AssertionFailure() << size.error().text();
  found.resize(*size);
  if (found != all) return testing::AssertionFailure() << "other bytes, " << *size;
  if (*read_text(files, path) != all) return testing::AssertionFailure() << "opened anew";
  return testing::AssertionSuccess();
}

TEST(PosixFiles, survives_signals_and_calls_that_stop_half_way) {
  TemporaryFolder folder;
  PosixCalls calls = posix_calls();
  calls.write = stubborn_write;
  calls.pread = stubborn_read;
  auto files = make_posix_files(calls);
  ASSERT_TRUE(append_to(*files, folder / "a", "eleven bytes").ok());
  EXPECT_EQ(*read_text(*files, folder / "a"), "eleven bytes");
}

TEST(PosixFiles, write_aligned_blocks_past_the_cache_and_all_else_by_it) {
  TemporaryFolder folder;
  PosixCalls calls = posix_calls();
  calls.set_flags = note_flags;
  auto files = make_posix_files(calls);
  flags_set.clear();
  EXPECT_TRUE(holds_blocks_and_a_piece(*files, folder / "a"));
  EXPECT_THAT(flags_set, ElementsAre(O_APPEND | O_DIRECT, O_APPEND, O_APPEND | O_DIRECT, O_APPEND));
  ASSERT_TRUE(append_to(*files, folder / "b", "no block").ok());
  EXPECT_EQ(flags_set.size(), 4u);
}

TEST(PosixFiles, write_the_same_bytes_whatever_the_disk_thinks_of_blocks) {
  TemporaryFolder folder;
  EXPECT_TRUE(holds_blocks_and_a_piece(local_files(), folder / "as it is"));
  PosixCalls calls = posix_calls();
  calls.write = half_write;
  EXPECT_TRUE(holds_blocks_and_a_piece(*make_posix_files(calls), folder / "half"));
  calls = posix_calls();
  calls.set_flags = refuse_flags;
  flags_set.clear();
  EXPECT_TRUE(holds_blocks_and_a_piece(*make_posix_files(calls), folder / "refused"));
  EXPECT_THAT(flags_set, ElementsAre(O_APPEND | O_DIRECT)) << "it is asked once";
  calls.set_flags = note_flags;
  calls.write = refuse_past_cache;
  flags_set.clear();
  EXPECT_TRUE(holds_blocks_and_a_piece(*make_posix_files(calls), folder / "other blocks"));
  EXPECT_THAT(flags_set, ElementsAre(O_APPEND | O_DIRECT, O_APPEND)) << "it is tried once";
}

TEST(PosixFiles, a_failed_sync_stays_failed) {
  TemporaryFolder folder;
  static bool broken = true;
  PosixCalls calls = posix_calls();
  calls.fsync = [](int file) { return broken ? failing_sync(file) : ::fsync(file); };
  auto files = make_posix_files(calls);
  auto file = files->open(folder / "a", Open::append).value();
  EXPECT_FALSE(file->sync().ok());
  broken = false;
  const Status again = file->sync();
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().fault(), Fault::external);
  EXPECT_THAT(again.error().text(), HasSubstr("errno=EIO"));
}

TEST(PosixFiles, a_full_disk_is_said_in_plain_words) {
  TemporaryFolder folder;
  PosixCalls calls = posix_calls();
  calls.write = full_disk;
  auto files = make_posix_files(calls);
  const Status status = append_to(*files, folder / "a", "x");
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().fault(), Fault::external);
  EXPECT_THAT(status.error().text(), HasSubstr("the disk is full [errno=ENOSPC]"));
}

TEST(PosixFiles, a_failed_durable_write_leaves_the_old_file_and_no_other) {
  TemporaryFolder folder;
  folder.write("a", "old");
  PosixCalls calls = posix_calls();
  calls.fsync = failing_sync;
  auto files = make_posix_files(calls);
  EXPECT_FALSE(write_durably(*files, folder / "a", "new").ok());
  EXPECT_EQ(folder.read("a"), "old");
  EXPECT_THAT(*files->list(folder.path()), ElementsAre(folder / "a"));
  EXPECT_TRUE(write_durably(local_files(), folder / "a", "new").ok());
  EXPECT_EQ(folder.read("a"), "new");
}

TEST(PosixFiles, a_missing_file_names_its_nearest_neighbour) {
  TemporaryFolder folder;
  folder.write("data/counties.csv", "");
  auto wrong_file = local_files().open(folder / "data/countys.csv", Open::read);
  ASSERT_FALSE(wrong_file.ok());
  EXPECT_EQ(wrong_file.error().fault(), Fault::config);
  EXPECT_THAT(wrong_file.error().text(), HasSubstr("no such file"));
  EXPECT_THAT(wrong_file.error().hint_text(), HasSubstr("data/counties.csv`?"));
  auto wrong_folder = local_files().open(folder / "dta/counties.csv", Open::read);
  EXPECT_THAT(wrong_folder.error().hint_text(), HasSubstr("/data`?"));
  auto nothing_near = local_files().open(folder / "elsewhere/deep/x.csv", Open::read);
  EXPECT_THAT(nothing_near.error().hint_text(), HasSubstr("elsewhere does not exist"));
}

TEST(PosixFiles, folders_pipes_and_files_in_the_way_are_refused) {
  TemporaryFolder folder;
  folder.write("file", "");
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  for (const auto* name : {"", "pipe", "file/below"}) {
    auto opened = local_files().open(folder / name, Open::read);
    ASSERT_FALSE(opened.ok()) << name;
    EXPECT_EQ(opened.error().fault(), Fault::config) << name;
  }
  EXPECT_EQ(local_files().create_folders(folder / "file").error().fault(), Fault::config);
  EXPECT_EQ(local_files().create_folders(folder / "file/a").error().fault(), Fault::config);
  EXPECT_FALSE(local_files().open(folder / "file", Open::create_new).ok());
}

TEST(PosixFiles, folders_are_made_all_the_way) {
  TemporaryFolder folder;
  ASSERT_TRUE(local_files().create_folders(folder / "a/b/c").ok());
  ASSERT_TRUE(local_files().create_folders(folder / "a/b/c").ok());
  EXPECT_TRUE(local_files().stat(folder / "a/b/c")->is_folder);
  EXPECT_THAT(*local_files().list_folders(folder.path()), ElementsAre(folder / "a"));
}

TEST(PosixFiles, lists_take_links_for_what_they_lead_to_and_find_them_by_themselves) {
  TemporaryFolder folder;
  for (const auto* name : {"b", "\xC3\xA4", ".hidden", "a/below"}) folder.write(name, "");
  fs::create_symlink(folder / "b", folder / "to_b");
  fs::create_directory_symlink(folder / "a", folder / "to_a");
  fs::create_symlink(folder / "nothing", folder / "to_nothing");
  ASSERT_EQ(::mkfifo((folder / "pipe").c_str(), 0600), 0);
  EXPECT_THAT(*local_files().list(folder.path()),
              ElementsAre(folder / ".hidden", folder / "b", folder / "to_b", folder / "\xC3\xA4"));
  EXPECT_THAT(*local_files().list_folders(folder.path()),
              ElementsAre(folder / "a", folder / "to_a"));
  EXPECT_THAT(*local_files().list_links(folder.path()),
              ElementsAre(folder / "to_a", folder / "to_b", folder / "to_nothing"));
  EXPECT_THAT(*links_in(local_files(), folder.path()), ElementsAre("to_a", "to_b", "to_nothing"));
  EXPECT_FALSE(links_in(local_files(), folder / "nothing").has_value());
  EXPECT_EQ(local_files().list_links(folder / "nothing").error().fault(), Fault::config);
  EXPECT_EQ(local_files().list(folder / "nothing").error().fault(), Fault::config);
}

TEST(PosixFiles, give_a_new_name_whatever_way_the_file_system_knows) {
  for (const bool knows_it : {true, false}) {
    for (const bool links : {true, false}) {
      SCOPED_TRACE(testing::Message() << knows_it << links);
      TemporaryFolder folder;
      PosixCalls calls = posix_calls();
      if (!knows_it) calls.rename_new = test::unknown_way;
      if (!links) calls.link = test::no_second_name;
      auto files = make_posix_files(calls);
      folder.write("a", "ours");
      const auto named = files->rename_new(folder / "a", folder / "b");
      if (!knows_it && !links) {
        ASSERT_FALSE(named.ok());
        EXPECT_EQ(named.error().fault(), Fault::external);
        EXPECT_THAT(named.error().text(), HasSubstr("can neither do that nor give a file two"));
        EXPECT_THAT(*files->list(folder.path()), ElementsAre(folder / "a"));
        continue;
      }
      ASSERT_TRUE(named.ok()) << named.error().text();
      EXPECT_TRUE(*named);
      EXPECT_THAT(*files->list(folder.path()), ElementsAre(folder / "b"));
      EXPECT_EQ(folder.read("b"), "ours");
      EXPECT_EQ(files->rename_new(folder / "a", folder / "c").error().fault(), Fault::config);
    }
  }
}

TEST(PosixFiles, never_replace_by_a_new_name) {
  for (const bool knows_it : {true, false}) {
    TemporaryFolder folder;
    PosixCalls calls = posix_calls();
    if (!knows_it) calls.rename_new = test::unknown_way;
    auto files = make_posix_files(calls);
    folder.write("a", "ours");
    folder.write("b", "theirs");
    fs::create_symlink(folder / "nothing", folder / "c");
    for (const char* taken : {"b", "c"}) {
      EXPECT_FALSE(*files->rename_new(folder / "a", folder / taken)) << taken;
    }
    EXPECT_EQ(folder.read("a"), "ours");
    EXPECT_EQ(folder.read("b"), "theirs");
    EXPECT_TRUE(fs::is_symlink(folder / "c"));
  }
}

TEST(PosixFiles, pass_on_the_rights_of_a_file) {
  TemporaryFolder folder;
  folder.write("a", "");
  folder.write("b", "");
  fs::permissions(folder / "a", fs::perms(0640));
  ASSERT_TRUE(local_files().copy_rights(folder / "a", folder / "b").ok());
  EXPECT_EQ(fs::status(folder / "b").permissions(), fs::perms(0640));
  EXPECT_EQ(local_files().copy_rights(folder / "x", folder / "b").error().fault(), Fault::config);
  EXPECT_EQ(local_files().copy_rights(folder / "a", folder / "x").error().fault(), Fault::config);
}

TEST(PosixFiles, pass_on_the_rights_where_nobody_gives_files_away) {
  TemporaryFolder folder;
  folder.write("a", "");
  folder.write("b", "");
  fs::permissions(folder / "a", fs::perms(0660));
  PosixCalls calls = posix_calls();
  calls.chown = nobody_gives_away;
  const Status done = make_posix_files(calls)->copy_rights(folder / "a", folder / "b");
  ASSERT_TRUE(done.ok()) << done.error().text();
  EXPECT_EQ(fs::status(folder / "b").permissions(), fs::perms(0660));
}

/// As a user who is no root, and in one group besides their own; nothing of it stays.
testing::AssertionResult copies_rights_as(uid_t user, gid_t besides, const fs::path& from,
                                          const fs::path& to) {
  const pid_t child = ::fork();
  if (child == 0) {
    const bool is_user =
        ::setgroups(1, &besides) == 0 && ::setegid(user) == 0 && ::seteuid(user) == 0;
    ::_exit(is_user && append_to(local_files(), to, "").ok() &&
                    local_files().copy_rights(from, to).ok()
                ? 0
                : 1);
  }
  int status = 0;
  if (::waitpid(child, &status, 0) == child && status == 0) return testing::AssertionSuccess();
  return testing::AssertionFailure() << "status " << status;
}

TEST(PosixFiles, pass_on_the_group_alone_or_no_right_that_others_lack) {
  constexpr uid_t kOwner = 4001;
  constexpr uid_t kRunner = 4002;
  constexpr gid_t kTheirs = 4003;
  TemporaryFolder folder;
  fs::permissions(folder.path(), fs::perms(0777));
  folder.write("a", "");
  if (::chown((folder / "a").c_str(), kOwner, kTheirs) != 0) {
    GTEST_SKIP() << "only root can be other users";
  }
  fs::permissions(folder / "a", fs::perms(0664));

  ASSERT_TRUE(copies_rights_as(kRunner, kTheirs, folder / "a", folder / "member"));
  struct stat made{};
  ASSERT_EQ(::stat((folder / "member").c_str(), &made), 0);
  EXPECT_EQ(made.st_uid, kRunner);
  EXPECT_EQ(made.st_gid, kTheirs);
  EXPECT_EQ(made.st_mode & 07777u, 0664u);

  ASSERT_TRUE(copies_rights_as(kRunner, kRunner, folder / "a", folder / "stranger"));
  ASSERT_EQ(::stat((folder / "stranger").c_str(), &made), 0);
  EXPECT_EQ(made.st_uid, kRunner);
  EXPECT_EQ(made.st_gid, kRunner);
  EXPECT_EQ(made.st_mode & 07777u, 0644u);
}

TEST(PosixFiles, removing_what_is_not_there_is_no_error) {
  TemporaryFolder folder;
  EXPECT_TRUE(local_files().remove(folder / "a").ok());
  EXPECT_FALSE(local_files().rename(folder / "a", folder / "b").ok());
}

TEST(PosixFiles, text_above_the_limit_is_refused) {
  TemporaryFolder folder;
  folder.write("a", std::string(11, 'x'));
  EXPECT_EQ(read_text(local_files(), folder / "a", 11)->size(), 11u);
  const auto refused = read_text(local_files(), folder / "a", 10);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().fault(), Fault::config);
}

TEST(PosixFiles, a_lock_keeps_others_out_until_it_is_gone) {
  TemporaryFolder folder;
  auto first = local_files().lock(folder / "lock");
  ASSERT_TRUE(first.ok());
  const auto second = local_files().lock(folder / "lock");
  ASSERT_FALSE(second.ok());
  EXPECT_TRUE(second.error().is_busy());
  EXPECT_THAT(second.error().text(), HasSubstr("holder=" + std::to_string(::getpid())));
  first.value().reset();
  EXPECT_TRUE(local_files().lock(folder / "lock").ok());
}

TEST(PosixFiles, a_killed_process_holds_no_lock) {
  TemporaryFolder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    const auto lock = local_files().lock(folder / "lock");
    ::raise(SIGKILL);
  }
  int status = 0;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_TRUE(local_files().lock(folder / "lock").ok());
}

TEST(PosixFiles, a_file_system_without_locks_is_refused_clearly) {
  TemporaryFolder folder;
  PosixCalls calls = posix_calls();
  calls.flock = no_locks;
  const auto lock = make_posix_files(calls)->lock(folder / "lock");
  ASSERT_FALSE(lock.ok());
  EXPECT_EQ(lock.error().fault(), Fault::external);
  EXPECT_FALSE(lock.error().is_busy());
  EXPECT_EQ(lock.error().hint_text(), "put the file on a local disk");
}

}  // namespace
}  // namespace leat::io
