#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

#include "io/files.hpp"
#include "io/torn_bytes.hpp"
#include "support/faulty_files.hpp"
#include "support/temporary_folder.hpp"

namespace leat::io {
namespace {

using test::TemporaryFolder;
using testing::ElementsAre;
using testing::IsEmpty;

class Glob : public testing::Test {
 protected:
  std::vector<std::string> match(std::string_view pattern) {
    std::vector<std::string> names;
    const auto found = expand_glob(local_files(), x_folder.path(), pattern);
    for (const fs::path& path : *found) {
      names.push_back(path.lexically_relative(x_folder.path()).string());
    }
    return names;
  }
  TemporaryFolder x_folder;
};

TEST_F(Glob, stars_and_question_marks_stay_inside_one_part) {
  for (const auto* name : {"b.csv", "a.csv", "ab.csv", "a.txt", "sub/a.csv", ".a.csv"}) {
    x_folder.write(name, "");
  }
  EXPECT_THAT(match("*.csv"), ElementsAre("a.csv", "ab.csv", "b.csv"));
  EXPECT_THAT(match("?.csv"), ElementsAre("a.csv", "b.csv"));
  EXPECT_THAT(match("*/*.csv"), ElementsAre("sub/a.csv"));
  EXPECT_THAT(match("./s*b/a.csv"), ElementsAre("sub/a.csv"));
  EXPECT_THAT(match(".*.csv"), ElementsAre(".a.csv"));
  EXPECT_THAT(match("*a*b*.csv*"), ElementsAre("ab.csv"));
}

TEST_F(Glob, two_stars_go_to_any_depth_and_never_round_in_circles) {
  for (const auto* name : {"a.csv", "x/a.csv", "x/y/a.csv", "x/.hidden/a.csv"}) {
    x_folder.write(name, "");
  }
  fs::create_directory_symlink(x_folder.path(), x_folder / "x/loop");
  EXPECT_THAT(match("**/a.csv"), ElementsAre("a.csv", "x/a.csv", "x/y/a.csv"));
  EXPECT_THAT(match("x/**"), ElementsAre("x/a.csv", "x/loop/a.csv", "x/y/a.csv"));
}

TEST_F(Glob, sets_hold_ranges_and_can_be_negated) {
  for (const auto* name : {"part-1", "part-2", "part-x", "part-ä", "part-]"}) {
    x_folder.write(name, "");
  }
  EXPECT_THAT(match("part-[0-9]"), ElementsAre("part-1", "part-2"));
  EXPECT_THAT(match("part-[!0-9]"), ElementsAre("part-]", "part-x", "part-ä"));
  EXPECT_THAT(match("part-[ä]"), ElementsAre("part-ä"));
  EXPECT_THAT(match("part-[]]"), ElementsAre("part-]"));
  EXPECT_THAT(match("part-?"), ElementsAre("part-1", "part-2", "part-]", "part-x", "part-ä"));
  EXPECT_THAT(match("part-["), IsEmpty());
}

TEST_F(Glob, a_plain_name_is_itself_even_if_it_is_not_there) {
  EXPECT_THAT(match("missing.csv"), ElementsAre("missing.csv"));
  EXPECT_THAT(match("./a/../missing.csv"), ElementsAre("missing.csv"));
  EXPECT_THAT(match("what\\[1\\].csv"), ElementsAre("what[1].csv"));
  EXPECT_THAT(match("nowhere/*.csv"), IsEmpty());
}

TEST_F(Glob, a_long_row_of_stars_ends_soon) {
  x_folder.write(std::string(200, 'a'), "");
  EXPECT_THAT(match("*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*a*b"), IsEmpty());
}

TEST(Digest, is_the_known_one) {
  EXPECT_EQ(sha256_of("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  TemporaryFolder folder;
  const std::string text(3'000'001, 'q');
  EXPECT_EQ(*sha256_of_file(local_files(), folder.write("a", text)), sha256_of(text));
}

TEST(TornBytes, are_told_by_the_known_hash_in_any_pieces) {
  TornBytes pieces;
  pieces.add("a");
  pieces.add("");
  pieces.add("bc");
  EXPECT_EQ(pieces.hex(), "06b05ab6733a618578af5f94892f3950");
}

/// The paths below the folder that a pattern would find, were they there.
std::vector<std::string> would_find(const TemporaryFolder& folder, std::string_view pattern,
                                    const std::vector<std::string>& wanted) {
  const fs::path root = real_path(folder.path());
  std::vector<fs::path> files;
  for (const auto& name : wanted) files.push_back(root / name);
  std::vector<std::string> names;
  const auto found = found_if_there(local_files(), folder.path(), pattern, files);
  for (const fs::path& path : *found) names.push_back(path.lexically_relative(root).string());
  return names;
}

TEST_F(Glob, tells_what_it_would_find_if_it_were_there) {
  x_folder.write("in/a.csv", "");
  EXPECT_THAT(would_find(x_folder, "in/*.csv", {"in/a.csv", "in/new.csv", "out/new.csv"}),
              ElementsAre("in/a.csv", "in/new.csv"));
  EXPECT_THAT(would_find(x_folder, "**/*.csv", {"new/deep/x.csv", ".hidden/x.csv"}),
              ElementsAre("new/deep/x.csv"));
  EXPECT_THAT(would_find(x_folder, "*/x", {"new/x", "new/deep/x"}), ElementsAre("new/x"));
  EXPECT_THAT(would_find(x_folder, "in/../x.csv", {"x.csv"}), ElementsAre("x.csv"));
  EXPECT_THAT(would_find(x_folder, "gone/*", {"x.csv"}), IsEmpty());
  EXPECT_THAT(would_find(x_folder, "in/a*.csv", {"in/b.csv", "in/.a.csv"}), IsEmpty());
}

TEST_F(Glob, sees_through_links_to_what_is_not_there_yet) {
  x_folder.write("in/a.csv", "");
  fs::create_directory_symlink(x_folder / "in", x_folder / "linked");
  fs::create_symlink(x_folder / "in/new.csv", x_folder / "in/other.csv");
  EXPECT_THAT(would_find(x_folder, "linked/n*", {"in/new.csv"}), ElementsAre("in/new.csv"));
  EXPECT_THAT(would_find(x_folder, "in/other.csv", {"in/new.csv"}), ElementsAre("in/new.csv"));
  EXPECT_THAT(would_find(x_folder, "in/o*.csv", {"in/new.csv"}), ElementsAre("in/new.csv"));
  EXPECT_THAT(would_find(x_folder, "i*/o*.csv", {"in/new.csv"}), ElementsAre("in/new.csv"));
  EXPECT_THAT(would_find(x_folder, "l*/new.csv", {"in/new.csv"}), ElementsAre("in/new.csv"));
}

TEST_F(Glob, that_cannot_look_for_links_says_so_and_does_not_find_less) {
  x_folder.write("in/a.csv", "");
  fs::create_symlink(x_folder / "in/new.csv", x_folder / "in/other.csv");
  const std::vector<fs::path> wanted{real_path(x_folder.path()) / "in/new.csv"};
  test::FaultyFiles disk(local_files());
  disk.fail(test::Call::list, 1, EIO);
  const auto found = found_if_there(disk, x_folder.path(), "in/o*.csv", wanted);
  ASSERT_FALSE(found.ok());
  EXPECT_EQ(found.error().fault(), Fault::external);
}

TEST(SortsBefore, IsTheOrderOfPaths) {
  std::mt19937_64 random(1);
  const auto any_path = [&] {
    std::string text;
    const auto parts = 1 + random() % 3;
    for (std::size_t part = 0; part < parts; ++part) {
      if (part > 0) text += '/';
      for (std::size_t i = 0; i <= random() % 3; ++i) text += "a-.b\xC3\xA9 "[random() % 7];
    }
    return fs::path(text);
  };
  for (int turn = 0; turn < 20'000; ++turn) {
    const fs::path a = any_path();
    const fs::path b = any_path();
    EXPECT_EQ(sorts_before(a, b), a < b) << a << " and " << b;
  }
}

}  // namespace
}  // namespace leat::io
