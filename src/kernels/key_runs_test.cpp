#include "kernels/key_runs.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace leat::kernels {
namespace {

class Unbounded final : public KeyRoom {
 public:
  bool take(std::uint64_t bytes) override {
    x_taken += bytes;
    return true;
  }
  void give_back(std::uint64_t bytes) override { x_taken -= bytes; }
  std::uint64_t taken() const { return x_taken; }

 private:
  std::uint64_t x_taken = 0;
};

KeyRun run_of(const std::vector<UInt128>& keys) { return KeyRun(keys); }

TEST(KeyRun, gives_back_what_it_took) {
  const auto greatest = ~UInt128{0};
  for (const std::vector<UInt128>& keys : std::vector<std::vector<UInt128>>{
           {0},
           {greatest},
           {0, greatest},
           {0, 1, 0x7f, 0x80, 0xff, 0x100, 0x4100, UInt128{1} << 63, UInt128{1} << 64,
            (UInt128{1} << 64) + 1, UInt128{1} << 127, greatest - 1, greatest}}) {
    const auto run = run_of(keys);
    EXPECT_EQ(run.count(), keys.size());
    EXPECT_TRUE(run.first() == keys.front() && run.last() == keys.back());
    std::vector<UInt128> back(keys.size());
    run.copy_to(back.data());
    EXPECT_TRUE(back == keys);
  }
}

TEST(KeyRuns, take_only_what_lies_between_the_others) {
  using Answer = KeyRuns::Answer;
  Unbounded room;
  {
    KeyRuns runs(room);
    EXPECT_EQ(runs.add(run_of({10, 20})), Answer::taken);
    EXPECT_EQ(runs.add(run_of({40, 50})), Answer::taken);
    EXPECT_EQ(runs.add(run_of({21, 39})), Answer::taken);
    EXPECT_EQ(runs.add(run_of({0, 9})), Answer::taken);
    for (const auto& keys : std::vector<std::vector<UInt128>>{
             {50}, {50, 60}, {9, 60}, {15}, {0, 1}, {39, 40}, {5, 10}, {45, 46}}) {
      EXPECT_EQ(runs.add(run_of(keys)), Answer::out_of_order);
    }
    EXPECT_EQ(runs.add(run_of({51})), Answer::taken);
    EXPECT_EQ(room.taken(), runs.bytes());
    std::vector<std::uint64_t> firsts;
    while (!runs.empty()) firsts.push_back(std::uint64_t(runs.take().first()));
    EXPECT_EQ(firsts, (std::vector<std::uint64_t>{0, 10, 21, 40, 51}));
  }
  EXPECT_EQ(room.taken(), 0u);
}

}  // namespace
}  // namespace leat::kernels
