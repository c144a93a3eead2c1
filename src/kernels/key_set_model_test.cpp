#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <random>
#include <set>
#include <thread>

#include "kernels/bits.hpp"
#include "kernels/key_set.hpp"

namespace leat::kernels {
namespace {

class EndlessRoom final : public KeyRoom {
 public:
  bool take(std::uint64_t) override { return true; }
  void give_back(std::uint64_t) override {}
};

/// How the keys of one case are drawn: each of their numbers below `below`, times `step`.
struct Draw {
  const char* name;
  std::vector<data::TypeId> types;
  std::uint64_t below;
  std::uint64_t step;
  std::uint32_t run_most;  ///< Keys that ascend by one follow each other, up to so many.
};

using Key = std::array<std::uint64_t, 3>;

std::size_t size_of(data::TypeId type) {
  switch (type) {
    case data::TypeId::int8: return 1;
    case data::TypeId::int16: return 2;
    case data::TypeId::int32: return 4;
    default: return 8;
  }
}

/// Rows of one chunk as columns, and as the model knows them.
struct Chunk {
  std::uint32_t rows = 0;
  std::vector<Key> keys;
  std::vector<std::vector<char>> values;
  std::vector<std::uint64_t> validity;
  std::vector<std::uint64_t> judged;

  std::vector<data::ColumnView> views(const Draw& draw) const {
    std::vector<data::ColumnView> out(draw.types.size());
    for (std::size_t i = 0; i < out.size(); ++i) {
      out[i].id = out[i].physical = draw.types[i];
      out[i].values = values[i].data();
    }
    out[0].validity = validity.data();
    return out;
  }
  bool counts(std::uint32_t row) const {
    return ((validity[row / 64] & judged[row / 64]) >> (row % 64) & 1) != 0;
  }
};

class Drawer {
 public:
  Drawer(const Draw& draw, std::uint64_t seed) : x_draw(draw), x_random(seed) {}

  Chunk chunk(std::uint32_t rows) {
    Chunk out;
    out.rows = rows;
    out.values.resize(x_draw.types.size());
    for (std::size_t i = 0; i < out.values.size(); ++i) {
      out.values[i].resize(rows * size_of(x_draw.types[i]));
    }
    for (std::uint32_t word = 0; word < words_of(rows); ++word) {
      out.validity.push_back(x_random() | x_random() | x_random());
      out.judged.push_back(x_random() | x_random() | x_random());
    }
    for (std::uint32_t row = 0; row < rows; ++row) out.keys.push_back(next(row, out));
    return out;
  }

 private:
  Key next(std::uint32_t row, Chunk& out) {
    if (x_left == 0) {
      x_left = 1 + std::uint32_t(x_random() % x_draw.run_most);
      for (auto& number : x_key) number = x_random() % x_draw.below * x_draw.step;
    }
    --x_left;
    ++x_key[x_draw.types.size() - 1];
    Key known{};
    for (std::size_t i = 0; i < x_draw.types.size(); ++i) {
      const auto bytes = size_of(x_draw.types[i]);
      std::memcpy(&known[i], &x_key[i], bytes);
      std::memcpy(out.values[i].data() + row * bytes, &x_key[i], bytes);
    }
    return known;
  }

  const Draw& x_draw;
  std::mt19937_64 x_random;
  std::uint32_t x_left = 0;
  Key x_key{};
};

using data::TypeId;

const std::vector<Draw> kDraws{
    {"bytes", {TypeId::int8}, 256, 1, 3},
    {"shorts", {TypeId::int16}, 60'000, 1, 9},
    {"dense ints", {TypeId::int32}, 100'000, 1, 1},
    {"any ints", {TypeId::int32}, std::uint64_t{1} << 32, 1, 1},
    {"int and byte", {TypeId::int32, TypeId::int8}, 9'000, 1, 4},
    {"dense longs", {TypeId::int64}, 90'000, 1, 20},
    {"any longs", {TypeId::int64}, ~std::uint64_t{0}, 1, 2},
    {"longs far from each other", {TypeId::int64}, 50'000, std::uint64_t{1} << 47, 1},
    {"lines of orders", {TypeId::int64, TypeId::int32}, 8'000, 1, 7},
    {"the last alike", {TypeId::int64, TypeId::int32}, 300, std::uint64_t{1} << 25, 1},
    {"any long and int", {TypeId::int64, TypeId::int32}, ~std::uint64_t{0}, 1, 1},
    {"two longs", {TypeId::int64, TypeId::int64}, 300, std::uint64_t{1} << 40, 2},
    {"three", {TypeId::int16, TypeId::int64, TypeId::int32}, 60, std::uint64_t{1} << 11, 5},
    {"no more than sixteen bytes", {TypeId::int64, TypeId::int32, TypeId::int32}, 70, 1, 9},
    {"long keys", {TypeId::int64, TypeId::int64, TypeId::int64}, 60, 1, 9}};

std::vector<std::uint64_t> found_in(KeySet& keys, const Draw& draw, const Chunk& chunk) {
  std::vector<std::uint64_t> bits(words_of(chunk.rows), ~std::uint64_t{0});
  EXPECT_TRUE(keys.insert(chunk.views(draw), chunk.rows, chunk.judged.data(), bits.data()));
  return bits;
}

TEST(KeySetModel, marks_the_rows_that_a_set_of_all_keys_would) {
  EndlessRoom room;
  for (const auto& draw : kDraws) {
    KeySet keys(room);
    std::set<Key> known;
    Drawer drawer(draw, 7);
    for (std::uint32_t i = 0; i < 25; ++i) {
      const auto chunk = drawer.chunk(i % 5 == 0 ? 1 + 3 * i : 2048);
      const auto bits = found_in(keys, draw, chunk);
      for (std::uint32_t row = 0; row < chunk.rows; ++row) {
        const bool repeats = chunk.counts(row) && !known.insert(chunk.keys[row]).second;
        ASSERT_EQ((bits[row / 64] >> (row % 64) & 1) != 0, repeats)
            << draw.name << ", chunk " << i << ", row " << row;
      }
    }
  }
}

TEST(KeySetModel, four_threads_leave_one_row_of_each_key) {
  EndlessRoom room;
  for (const auto& draw : kDraws) {
    KeySet keys(room);
    std::array<std::multiset<Key>, 4> kept;
    std::array<std::set<Key>, 4> met;
    std::vector<std::thread> threads;
    for (std::size_t thread = 0; thread < kept.size(); ++thread) {
      threads.emplace_back([&, thread] {
        Drawer drawer(draw, thread);
        for (std::uint32_t i = 0; i < 6; ++i) {
          const auto chunk = drawer.chunk(2048);
          const auto bits = found_in(keys, draw, chunk);
          for (std::uint32_t row = 0; row < chunk.rows; ++row) {
            if (!chunk.counts(row)) continue;
            met[thread].insert(chunk.keys[row]);
            if ((bits[row / 64] >> (row % 64) & 1) == 0) kept[thread].insert(chunk.keys[row]);
          }
        }
      });
    }
    for (auto& thread : threads) thread.join();
    std::set<Key> all;
    std::multiset<Key> stay;
    for (const auto& some : met) all.insert(some.begin(), some.end());
    for (const auto& some : kept) stay.insert(some.begin(), some.end());
    EXPECT_TRUE(std::equal(stay.begin(), stay.end(), all.begin(), all.end())) << draw.name;
  }
}

/// Chunks in order that one out of order ends: all that were there are still known.
TEST(KeySetModel, knows_the_keys_that_came_in_order_when_order_ends) {
  EndlessRoom room;
  for (const std::uint64_t step : {1, 3, 8, 1000}) {
    KeySet keys(room);
    const auto repeats_in = [&](std::uint64_t from, std::uint64_t by) {
      std::vector<std::uint64_t> values(2048);
      for (std::size_t i = 0; i < values.size(); ++i) values[i] = from + i * by;
      data::ColumnView view;
      view.id = view.physical = TypeId::int64;
      view.values = values.data();
      std::vector<std::uint64_t> bits(32);
      EXPECT_TRUE(keys.insert({&view, 1}, 2048, nullptr, bits.data()));
      std::uint32_t count = 0;
      for (const auto word : bits) count += std::uint32_t(__builtin_popcountll(word));
      return count;
    };
    for (std::uint64_t i = 0; i < 50; ++i) EXPECT_EQ(repeats_in(i * 2048 * step, step), 0u);
    EXPECT_EQ(repeats_in(1024 * step, step), 2048u);
    EXPECT_EQ(repeats_in((50 * 2048 - 100) * step, step), 100u);
    for (std::uint64_t i = 0; i < 50; ++i) EXPECT_EQ(repeats_in(i * 2048 * step, step), 2048u);
  }
}

TEST(KeySetModel, keys_near_each_other_take_a_part_of_their_own_bytes) {
  EndlessRoom room;
  KeySet keys(room);
  std::vector<std::uint64_t> orders(500'000);
  std::vector<std::uint32_t> lines(orders.size());
  for (std::size_t i = 0; i < orders.size(); ++i) {
    orders[i] = (i / 5 * 7919) % 100'003;
    lines[i] = std::uint32_t(i % 5 + 1);
  }
  std::array<data::ColumnView, 2> views;
  views[0].id = views[0].physical = TypeId::int64;
  views[0].values = orders.data();
  views[1].id = views[1].physical = TypeId::int32;
  views[1].values = lines.data();
  const auto rows = std::uint32_t(orders.size());
  std::vector<std::uint64_t> bits(words_of(rows));
  EXPECT_TRUE(keys.insert(views, rows, nullptr, bits.data()));
  EXPECT_EQ(bits, std::vector<std::uint64_t>(bits.size()));
  EXPECT_LT(keys.bytes(), 6 * orders.size());
}

}  // namespace
}  // namespace leat::kernels
