#include "clients/file_list/file_list.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <thread>
#include <nlohmann/json.hpp>

#include "clients/file_list/open_listed.hpp"
#include "support/faulty_files.hpp"
#include "support/temporary_folder.hpp"

namespace leat::file_list {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Files : public testing::Test {
 protected:
  FileList list(std::vector<std::string> patterns) const {
    return {io::local_files(), x_folder.path(), std::move(patterns)};
  }
  static std::vector<std::string> names(const std::vector<ListedFile>& files) {
    std::vector<std::string> result;
    for (const ListedFile& file : files) result.push_back(file.name);
    return result;
  }
  test::TemporaryFolder x_folder;
};

TEST_F(Files, come_in_the_order_of_the_patterns_and_only_once) {
  x_folder.write("b.csv", "b");
  x_folder.write("a.csv", "a");
  x_folder.write("z.txt", "z");
  EXPECT_THAT(names(*list({"z.txt", "*.csv", "a.csv"}).all()),
              ElementsAre("z.txt", "a.csv", "b.csv"));
}

TEST_F(Files, ledgers_and_stages_of_our_own_targets_are_no_input) {
  x_folder.write("a.ndjson", "");
  x_folder.write("a.ndjson.leat.ndjson", "");
  x_folder.write(".a.ndjson.leat-1.stage", "");
  EXPECT_THAT(names(*list({"*"}).all()), ElementsAre("a.ndjson"));
}

TEST_F(Files, everything_comes_in_one_slice_and_then_only_what_is_new) {
  x_folder.write("a.csv", "aaaa");
  x_folder.write("b.csv", "bb");
  FileList files = list({"*.csv"});
  const auto first = files.next_slice({}, {});
  ASSERT_TRUE(first.ok() && first->has_value());
  EXPECT_EQ((*first)->description, "2 files, 6 B");
  EXPECT_FALSE((*first)->more);
  EXPECT_THAT(names(*list({"*.csv"}).begin(**first)), ElementsAre("a.csv", "b.csv"));
  EXPECT_FALSE(files.next_slice((*first)->after, {})->has_value());
  x_folder.write("0.csv", "new");
  const auto second = files.next_slice((*first)->after, {});
  ASSERT_TRUE(second.ok() && second->has_value());
  EXPECT_THAT(names(*files.begin(**second)), ElementsAre("0.csv"));
}

TEST_F(Files, of_several_slices_are_those_of_the_one_that_is_asked_for) {
  for (const auto* name : {"a", "b"}) x_folder.write(name, "1");
  FileList files = list({"*"});
  SliceLimits one_by_one;
  one_by_one.bytes = 1;
  one_by_one.to_go_on = true;
  const auto a = files.next_slice({}, one_by_one);
  const auto b = files.next_slice((*a)->after, one_by_one);
  EXPECT_THAT(names(*files.begin(**a)), ElementsAre("a"));
  EXPECT_THAT(names(*files.begin(**b)), ElementsAre("b"));
  const auto after_a = inputs_of(*files.position_after(**a), {});
  ASSERT_EQ(after_a.size(), 1u);
  EXPECT_EQ(after_a[0].digest, io::sha256_of("1"));
  EXPECT_EQ(inputs_of(*files.position_after(**b), {}).size(), 2u);
}

std::string letters(std::size_t size) {
  std::string text(size, ' ');
  for (std::size_t i = 0; i < size; ++i) text[i] = static_cast<char>('a' + i % 26);
  return text;
}

TEST_F(Files, yield_all_their_bytes_when_they_are_opened) {
  for (const std::size_t size : {0u, 1u, 4095u, 4096u, 4097u, 20'000u}) {
    x_folder.write("a.csv", letters(size));
    const auto listed = list({"a.csv"}).all()->front();
    for (const std::size_t piece : {1'000u, 4096u, 50'000u}) {
      const auto file = open_listed(io::local_files(), listed).value();
      std::string all;
      std::string read(piece, ' ');
      while (true) {
        const auto got = *file.stream->read(read.data(), piece);
        all.append(read, 0, got);
        EXPECT_EQ(file.stream->file_bytes(), all.size());
        if (got < piece) break;
      }
      EXPECT_EQ(all, letters(size));
    }
  }
}

TEST_F(Files, that_are_cut_after_they_were_opened_say_so) {
  for (const std::size_t left : {0u, 4096u, 9'999u}) {
    x_folder.write("a.csv", letters(10'000));
    const auto listed = list({"a.csv"}).all()->front();
    const auto file = open_listed(io::local_files(), listed).value();
    std::filesystem::resize_file(x_folder / "a.csv", left);
    std::string all(10'000, ' ');
    const auto read = file.stream->read(all.data(), all.size());
    ASSERT_FALSE(read.ok());
    EXPECT_THAT(read.error().text(), HasSubstr("a.csv` was cut while it was read"));
  }
}

TEST_F(Files, limits_cut_between_files_and_never_starve) {
  for (const auto* name : {"a", "b", "c"}) x_folder.write(name, "12345");
  FileList files = list({"*"});
  SliceLimits limits;
  limits.bytes = 6;
  const auto two = files.next_slice({}, limits);
  EXPECT_THAT(names(*files.begin(**two)), ElementsAre("a", "b"));
  EXPECT_TRUE((*two)->more);
  limits.bytes = 1;
  const auto one = files.next_slice((*two)->after, limits);
  EXPECT_THAT(names(*files.begin(**one)), ElementsAre("c"));
  EXPECT_FALSE((*one)->more);
  limits = {};
  limits.rows = 1'000'000;
  EXPECT_THAT(names(*files.begin(**files.next_slice({}, limits))), ElementsAre("a"));
}

TEST_F(Files, the_position_does_not_depend_on_the_cuts) {
  for (const auto* name : {"c", "a", "b"}) x_folder.write(name, "x");
  FileList files = list({"c", "a", "b"});
  SliceLimits one_by_one;
  one_by_one.bytes = 1;
  Position position;
  while (true) {
    const auto slice = files.next_slice(position, one_by_one);
    if (!slice->has_value()) break;
    position = (*slice)->after;
  }
  EXPECT_EQ(position, (*files.next_slice({}, {}))->after);
}

TEST_F(Files, a_changed_file_is_named) {
  x_folder.write("a.csv", "1");
  x_folder.write("b.csv", "1");
  FileList files = list({"*.csv"});
  const auto slice = files.next_slice({}, {});
  x_folder.write("b.csv", "12");
  const auto next = files.next_slice((*slice)->after, {});
  ASSERT_FALSE(next.ok());
  EXPECT_EQ(next.error().fault(), Fault::external);
  EXPECT_THAT(next.error().text(), HasSubstr("b.csv has changed since it was read"));
  EXPECT_FALSE(files.begin(**slice).ok());
  std::filesystem::remove(x_folder / "b.csv");
  EXPECT_TRUE(files.next_slice((*slice)->after, {}).ok());
}

SliceLimits to_go_on() {
  SliceLimits limits;
  limits.to_go_on = true;
  return limits;
}

/// The position behind all that is there, as one who has read it knows it.
Position read_all(FileList& files, const Position& from) {
  const auto slice = files.next_slice(from, to_go_on());
  EXPECT_TRUE(files.begin(**slice).ok());
  return *files.position_after(**slice);
}

void touch(const std::filesystem::path& file) {
  const auto later = std::filesystem::last_write_time(file) + std::chrono::hours(1);
  std::filesystem::last_write_time(file, later);
}

TEST_F(Files, that_were_touched_are_no_change_and_other_bytes_of_the_same_size_are) {
  x_folder.write("a.csv", "1");
  FileList files = list({"*.csv"});
  const auto first = read_all(files, {});
  touch(x_folder / "a.csv");
  const auto none = files.next_slice(first, to_go_on());
  ASSERT_TRUE(none.ok()) << none.error().text();
  EXPECT_FALSE(none->has_value());
  x_folder.write("b.csv", "1");
  const auto second = files.next_slice(first, to_go_on());
  ASSERT_TRUE(second.ok() && second->has_value());
  EXPECT_THAT(names(*files.begin(**second)), ElementsAre("b.csv"));
  const auto both = *files.position_after(**second);
  x_folder.write("a.csv", "2");
  touch(x_folder / "a.csv");
  const auto changed = files.next_slice(both, to_go_on());
  ASSERT_FALSE(changed.ok());
  EXPECT_THAT(changed.error().text(), HasSubstr("a.csv has changed since it was read"));
  EXPECT_THAT(changed.error().text(), HasSubstr("changed=bytes"));
}

TEST_F(Files, of_a_plain_name_that_were_touched_are_not_read_again) {
  x_folder.write("a.csv", "1");
  FileList files = list({"a.csv"});
  const auto first = read_all(files, {});
  touch(x_folder / "a.csv");
  EXPECT_FALSE(files.next_slice(first, to_go_on())->has_value());
  x_folder.write("a.csv", "2");
  touch(x_folder / "a.csv");
  EXPECT_TRUE(files.next_slice(first, to_go_on())->has_value());
}

TEST_F(Files, have_digests_once_they_were_read_and_each_its_own) {
  x_folder.write("a.csv", "1");
  x_folder.write("b.csv", "2");
  FileList files = list({"b.csv", "a.csv"});
  const auto slice = files.next_slice({}, to_go_on());
  EXPECT_THAT((*slice)->after.text, testing::Not(HasSubstr("digest")));
  const auto unread = files.position_after(**slice);  // Where nobody has begun.
  EXPECT_EQ(*unread, read_all(files, {}));
  const auto inputs = inputs_of(*unread, {});
  ASSERT_EQ(inputs.size(), 2u);
  EXPECT_EQ(inputs[0].name, "a.csv");
  EXPECT_EQ(inputs[0].digest, io::sha256_of("1"));
  EXPECT_EQ(inputs[1].digest, io::sha256_of("2"));
  x_folder.write("c.csv", "3");
  FileList more = list({"*.csv"});
  const auto three = inputs_of(read_all(more, *unread), {});
  ASSERT_EQ(three.size(), 3u);
  EXPECT_EQ(three[0].digest, inputs[0].digest);
  EXPECT_EQ(three[2].digest, io::sha256_of("3"));
}

TEST_F(Files, that_change_while_they_are_read_have_no_position) {
  x_folder.write("a.csv", "1");
  FileList files = list({"*.csv"});
  const auto slice = files.next_slice({}, to_go_on());
  ASSERT_TRUE(files.begin(**slice).ok());
  x_folder.write("a.csv", "12");
  const auto after = files.position_after(**slice);
  ASSERT_FALSE(after.ok());
  EXPECT_EQ(after.error().fault(), Fault::external);
  EXPECT_THAT(after.error().text(), HasSubstr("a.csv has changed since it was read"));
}

TEST_F(Files, that_a_disk_fails_to_read_are_looked_at_again_by_the_next_try) {
  x_folder.write("a.csv", "1");
  test::FaultyFiles faulty(io::local_files());
  FileList files(faulty, x_folder.path(), {"*.csv"});
  const auto slice = files.next_slice({}, to_go_on());
  faulty.fail(test::Call::read, 1, EIO, true);
  ASSERT_TRUE(files.begin(**slice).ok());
  EXPECT_THAT(files.position_after(**slice).error().text(), HasSubstr("a.csv"));
  faulty.heal();
  ASSERT_TRUE(files.begin(**slice).ok());
  EXPECT_EQ(inputs_of(*files.position_after(**slice), {})[0].digest, io::sha256_of("1"));
}

TEST_F(Files, whose_digest_could_not_be_taken_say_so_unasked) {
  Digests digests(io::local_files(), {x_folder / "missing.csv"}, nullptr);
  while (!digests.has_failed()) std::this_thread::yield();
  EXPECT_THAT(digests.wait().error().text(), HasSubstr("missing.csv"));
}

TEST_F(Files, of_hundreds_of_lists_have_digests_without_a_thread_for_each) {
  std::vector<std::unique_ptr<FileList>> lists;
  std::vector<Slice> slices;
  for (int i = 0; i < 300; ++i) {
    const auto name = std::to_string(i) + ".csv";
    x_folder.write(name, name);
    lists.push_back(std::make_unique<FileList>(io::local_files(), x_folder.path(),
                                               std::vector<std::string>{name}));
    slices.push_back(**lists.back()->next_slice({}, to_go_on()));
    ASSERT_TRUE(lists.back()->begin(slices.back()).ok());
    const std::filesystem::directory_iterator threads("/proc/self/task");
    EXPECT_LE(std::distance(begin(threads), end(threads)), 3);
  }
  lists[7].reset();  // Whatever of it was asked for.
  for (std::size_t i = lists.size(); i-- > 0;) {
    if (!lists[i]) continue;
    const auto after = lists[i]->position_after(slices[i]);
    ASSERT_TRUE(after.ok()) << after.error().text();
    EXPECT_EQ(inputs_of(*after, {})[0].digest, io::sha256_of(std::to_string(i) + ".csv"));
  }
}

TEST_F(Files, that_are_gone_before_their_digest_is_there_have_changed) {
  x_folder.write("a.csv", "1");
  FileList files = list({"*.csv"});
  const auto slice = files.next_slice({}, to_go_on());
  std::filesystem::remove(x_folder / "a.csv");
  EXPECT_EQ(files.position_after(**slice).error().fault(), Fault::external);
}

TEST_F(Files, are_looked_at_no_further_when_somebody_stops_it) {
  x_folder.write("a.csv", "1");
  FileList files = list({"*.csv"});
  const auto slice = files.next_slice({}, to_go_on());
  CancelToken cancel;
  cancel.request();
  ASSERT_TRUE(files.begin(**slice, &cancel).ok());
  EXPECT_TRUE(files.position_after(**slice).error().is_cancelled());
}

TEST_F(Files, of_a_position_without_digests_are_known_by_size_and_time) {
  x_folder.write("a.csv", "1");
  FileList files = list({"*.csv"});
  const auto old = files.next_slice({}, {});
  EXPECT_THAT((*old)->after.text, testing::Not(HasSubstr("digest")));
  EXPECT_FALSE(files.next_slice((*old)->after, to_go_on())->has_value());
  touch(x_folder / "a.csv");
  const auto touched = files.next_slice((*old)->after, to_go_on());
  ASSERT_FALSE(touched.ok());
  EXPECT_THAT(touched.error().text(), HasSubstr("changed=time"));
}

TEST_F(Files, of_a_plain_name_are_read_again_when_they_are_others) {
  x_folder.write("a.csv", "1");
  FileList files = list({"a.csv"});
  const auto slice = files.next_slice({}, {});
  EXPECT_FALSE(files.next_slice((*slice)->after, {})->has_value());
  x_folder.write("a.csv", "12");
  const auto again = files.next_slice((*slice)->after, {});
  ASSERT_TRUE(again.ok() && again->has_value());
  EXPECT_EQ((*again)->after, (*files.next_slice({}, {}))->after);
}

TEST_F(Files, nothing_at_all_is_the_authors_fault) {
  const auto none = list({"*.csv", "*.txt"}).next_slice({}, {});
  ASSERT_FALSE(none.ok());
  EXPECT_EQ(none.error().text(), "no file matches *.csv or *.txt");
  x_folder.write("folder/a.csv", "");
  EXPECT_THAT(list({"folder"}).all().error().hint_text(), HasSubstr("`folder/*`"));
  EXPECT_EQ(list({"missing.csv"}).next_slice({}, {}).error().fault(), Fault::config);
}

TEST_F(Files, tell_what_stands_in_the_names_of_their_folders) {
  ListedFile file;
  file.name = "out/Year=2024/sym=A%2FB%20%zz%4/none=__HIVE_DEFAULT_PARTITION__/empty=/x=1.csv";
  EXPECT_EQ(folder_value(file, "year")->value(), "2024");
  EXPECT_EQ(folder_value(file, "sym")->value(), "A/B %zz%4");
  EXPECT_EQ(folder_value(file, "none")->has_value(), false);
  EXPECT_EQ(folder_value(file, "empty")->value(), "");
  const auto missing = folder_value(file, "x");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().fault(), Fault::config);
}

TEST_F(Files, of_a_partitioned_folder_are_its_partitions_alone) {
  x_folder.write("out/a=1/data.ndjson", "{}");
  x_folder.write("out/_leat/commits.ndjson", "{}");
  EXPECT_THAT(names(*list({"out/**/*.ndjson"}).all()), ElementsAre("out/a=1/data.ndjson"));
}

TEST_F(Files, are_listed_anew_for_each_slice) {
  x_folder.write("a.csv", "1");
  FileList files = list({"*.csv"});
  ASSERT_TRUE(files.next_slice({}, {}).ok());
  x_folder.write("b.csv", "1");
  EXPECT_EQ((*files.next_slice({}, {}))->description, "2 files, 2 B");
}

TEST_F(Files, of_another_project_are_known_by_where_they_lie) {
  x_folder.write("in/a.csv", "1");
  x_folder.write("own/b.csv", "1");
  const auto above = (*list({"in/*.csv"}).next_slice({}, to_go_on()))->after;
  FileList beside(io::local_files(), x_folder / "own", {"../in/*.csv", "*.csv"});
  const auto next = beside.next_slice(above, to_go_on());
  ASSERT_TRUE(next.ok() && next->has_value());
  EXPECT_THAT(names(*beside.begin(**next)), ElementsAre("b.csv"));
  EXPECT_FALSE(beside.next_slice((*next)->after, to_go_on())->has_value());
}

TEST_F(Files, are_known_through_links) {
  x_folder.write("real/a.csv", "1");
  std::filesystem::create_directory_symlink(x_folder / "real", x_folder / "link");
  std::filesystem::create_symlink(x_folder / "real/a.csv", x_folder / "one.csv");
  const auto real = (*list({"real/*.csv"}).next_slice({}, to_go_on()))->after;
  EXPECT_FALSE(list({"link/*.csv"}).next_slice(real, to_go_on())->has_value());
  EXPECT_FALSE(list({"*.csv"}).next_slice(real, to_go_on())->has_value());
  const auto linked = (*list({"link/*.csv"}).next_slice({}, to_go_on()))->after;
  EXPECT_FALSE(list({"real/*.csv"}).next_slice(linked, to_go_on())->has_value());
}

/// Then each file is looked at by itself, and the answer is the same.
TEST_F(Files, are_known_through_links_where_links_cannot_be_listed) {
  std::filesystem::create_directories(x_folder / "links");
  for (int i = 0; i < 20; ++i) {
    const auto name = std::to_string(i) + ".csv";
    x_folder.write("real/" + name, "1");
    std::filesystem::create_symlink(x_folder / "real" / name, x_folder / "links" / name);
  }
  const auto real = (*list({"real/*.csv"}).next_slice({}, to_go_on()))->after;
  test::FaultyFiles disk(io::local_files());
  FileList files(disk, x_folder.path(), {"links/*.csv"});
  disk.fail(test::Call::list, 2, EIO);  // The first one lists the files.
  const auto next = files.next_slice(real, to_go_on());
  ASSERT_TRUE(next.ok()) << next.error().text();
  EXPECT_FALSE(next->has_value());
  EXPECT_TRUE(disk.failed());
}

TEST_F(Files, of_a_project_that_was_moved_are_known_by_their_names) {
  x_folder.write("old/in/a.csv", "1");
  FileList before(io::local_files(), x_folder / "old", {"in/*.csv"});
  const auto position = (*before.next_slice({}, to_go_on()))->after;
  std::filesystem::rename(x_folder / "old", x_folder / "new");
  FileList after(io::local_files(), x_folder / "new", {"in/*.csv"});
  EXPECT_FALSE(after.next_slice(position, to_go_on())->has_value());
  x_folder.write("new/in/a.csv", "12");
  EXPECT_FALSE(after.next_slice(position, to_go_on()).ok());
}

TEST_F(Files, of_a_position_that_names_no_project_are_taken_to_be_of_this_one) {
  x_folder.write("a.csv", "1");
  const auto stat = *io::local_files().stat(x_folder / "a.csv");
  const Position old{R"({"files":[{"mtime_ns":)" + std::to_string(stat.mtime_ns) +
                     R"(,"path":"a.csv","size":1}]})"};
  FileList files = list({"*.csv"});
  EXPECT_FALSE(files.next_slice(old, to_go_on())->has_value());
  x_folder.write("b.csv", "1");
  const auto next = files.next_slice(old, to_go_on());
  ASSERT_TRUE(next.ok() && next->has_value());
  EXPECT_THAT((*next)->after.text, HasSubstr(R"("root":")"));
  EXPECT_FALSE(files.next_slice((*next)->after, to_go_on())->has_value());
}

TEST_F(Files, that_items_of_a_fan_out_have_read_are_not_read_again) {
  x_folder.write("a.csv", "1");
  x_folder.write("b.csv", "1");
  const auto a = (*list({"a.csv"}).next_slice({}, to_go_on()))->after;
  const Position items{nlohmann::json{{"first", a.text}}.dump()};
  FileList files = list({"*.csv"});
  const auto next = files.next_slice(items, to_go_on());
  ASSERT_TRUE(next.ok() && next->has_value());
  EXPECT_THAT(names(*files.begin(**next)), ElementsAre("b.csv"));
}

TEST_F(Files, of_another_part_are_other_ones) {
  x_folder.write("book.xlsx", "1");
  const auto part = [&](const std::string& name) {
    return FileList(io::local_files(), x_folder.path(), {"*.xlsx"}, name);
  };
  const auto a = (*part("a").next_slice({}, to_go_on()))->after;
  EXPECT_FALSE(part("a").next_slice(a, to_go_on())->has_value());
  EXPECT_FALSE(part("").next_slice(a, to_go_on())->has_value());
  const auto both = part("b").next_slice(a, to_go_on());
  ASSERT_TRUE(both.ok() && both->has_value());
  EXPECT_FALSE(part("a").next_slice((*both)->after, to_go_on())->has_value());
}

TEST_F(Files, of_a_plain_name_stay_known_when_another_one_is_named) {
  x_folder.write("a.csv", "1");
  x_folder.write("b.csv", "2");
  const auto a = (*list({"a.csv"}).next_slice({}, to_go_on()))->after;
  const auto b = (*list({"b.csv"}).next_slice(a, to_go_on()))->after;
  EXPECT_FALSE(list({"a.csv"}).next_slice(b, to_go_on())->has_value());
}

TEST_F(Files, that_cannot_be_listed_are_an_error_not_an_answer) {
  x_folder.write("a.csv", "1");
  test::FaultyFiles disk(io::local_files());
  FileList files(disk, x_folder.path(), {"*.csv"});
  disk.fail(test::Call::list, 1, EIO);
  EXPECT_EQ(files.next_slice({}, {}).error().fault(), Fault::external);
  EXPECT_TRUE(files.next_slice({}, {}).ok());
}

TEST_F(Files, a_foreign_position_is_refused) {
  x_folder.write("a", "");
  for (const auto* text : {"7", R"({"files":[1]})", "nonsense", R"({"files":[{"path":1}]})"}) {
    EXPECT_EQ(list({"a"}).next_slice({text}, {}).error().fault(), Fault::config) << text;
  }
}

}  // namespace
}  // namespace leat::file_list
