#pragma once

#include <gtest/gtest.h>

#include <fstream>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "support/child.hpp"
#include "support/temporary_folder.hpp"

namespace leat::test {

/// One test, killed at every crash point that it passes, each time in a new folder.
///
/// Calls     `prepare` makes the state before; the child test `act` finds the folder's path in the
///           variable LEAT_TEST_FOLDER; `judge` looks at what the kill left and goes on from there.
/// Promise   fails when the child passes no crash point, or does not die where it is told to.
struct CrashSweep {
  std::string act;
  std::function<void(const TemporaryFolder&)> prepare;
  std::function<void(const TemporaryFolder&)> judge;

  /// The names of the points, in order of arrival.
  std::vector<std::string> run() const {
    std::vector<std::string> points = arrivals();
    EXPECT_FALSE(points.empty()) << act << " passes no crash point";
    std::map<std::string, int> seen;
    for (const std::string& point : points) {
      const std::string at = point + ":" + std::to_string(++seen[point]);
      SCOPED_TRACE("killed at " + at);
      TemporaryFolder folder;
      TemporaryFolder litter;  // What the killed child cannot remove itself.
      prepare(folder);
      const ChildEnd end = run_in_child(act, {{"LEAT_TEST_FOLDER", folder.path().string()},
                                              {"TMPDIR", litter.path().string()},
                                              {"LEAT_CRASH_AT", at}});
      EXPECT_TRUE(end.killed) << "exit code " << end.exit_code;
      judge(folder);
    }
    return points;
  }

 private:
  std::vector<std::string> arrivals() const {
    TemporaryFolder folder;
    prepare(folder);
    TemporaryFolder notes;
    const std::string list = (notes / "points").string();
    const ChildEnd end = run_in_child(
        act, {{"LEAT_TEST_FOLDER", folder.path().string()}, {"LEAT_CRASH_LIST", list}});
    EXPECT_EQ(end.exit_code, 0) << act << " fails without any crash";
    std::vector<std::string> points;
    std::ifstream file(list);
    for (std::string line; std::getline(file, line);) points.push_back(line);
    return points;
  }
};

}  // namespace leat::test
