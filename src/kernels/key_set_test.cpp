#include "kernels/key_set.hpp"

#include <gmock/gmock.h>

#include <atomic>
#include <optional>
#include <set>
#include <thread>

#include "kernels/bits.hpp"
#include "kernels/key_count.hpp"
#include "support/engine_rows.hpp"

namespace leat::kernels {
namespace {

std::uint64_t count_bits(const std::vector<std::uint64_t>& words) {
  std::uint64_t count = 0;
  for (const auto word : words) count += std::uint64_t(__builtin_popcountll(word));
  return count;
}

/// Room for so many bytes.
class Room final : public KeyRoom {
 public:
  explicit Room(std::int64_t bytes) : x_left(bytes) {}

  bool take(std::uint64_t bytes) override {
    if (x_left.fetch_sub(std::int64_t(bytes)) >= std::int64_t(bytes)) return true;
    give_back(bytes);
    return false;
  }
  void give_back(std::uint64_t bytes) override { x_left += std::int64_t(bytes); }
  std::int64_t left() const { return x_left; }

 private:
  std::atomic<std::int64_t> x_left;
};

constexpr std::int64_t kRoom = std::int64_t{4} << 30;

/// How many of these the set knew already, or had before in them; nothing where it had no room.
std::optional<std::uint64_t> duplicates_of(KeySet& keys, const std::vector<std::int64_t>& values) {
  data::ColumnView view;
  view.values = values.data();
  view.id = view.physical = data::TypeId::int64;
  const auto rows = std::uint32_t(values.size());
  std::vector<std::uint64_t> bits(words_of(rows));
  if (!keys.insert({&view, 1}, rows, nullptr, bits.data())) return std::nullopt;
  return count_bits(bits);
}

class KeySetTest : public testing::Test {
 protected:
  ~KeySetTest() override { EXPECT_EQ(x_room.left(), kRoom); }

  std::uint64_t duplicates_in(const std::string& sql) {
    KeySet keys(x_room);
    std::uint64_t duplicates = 0;
    x_engine.query(sql, [&](const auto& columns, std::uint32_t rows) {
      std::vector<std::uint64_t> bits(words_of(rows), ~std::uint64_t{0});
      EXPECT_TRUE(keys.insert(columns, rows, nullptr, bits.data()));
      duplicates += count_bits(bits);
    });
    return duplicates;
  }

  /// The same, only counted: the rows dealt out to two hands. Nothing where the key is too long.
  std::optional<std::uint64_t> counted_in(const std::string& sql) {
    KeyCount keys(x_room);
    KeyCount::Hand* hands[2] = {&keys.open_hand(), &keys.open_hand()};
    std::vector<data::Type> types;
    for (const auto& column : x_engine.query(sql + " LIMIT 0").columns)
      types.push_back(column.type);
    if (!KeyCount::fits(types)) return std::nullopt;
    std::uint32_t chunks = 0;
    x_engine.query(sql, [&](const auto& columns, std::uint32_t rows) {
      EXPECT_TRUE(hands[chunks++ % 2]->add(columns, rows, nullptr));
    });
    const auto repeated = keys.finish(3);
    EXPECT_EQ(repeated.examples.size(), std::min<std::uint64_t>(repeated.rows, 3));
    return repeated.rows;
  }

  /// Rows with a null are not judged; of the others all but one of each GROUP BY group repeat.
  std::uint64_t expected(const std::string& sql, const std::string& key) {
    std::string any_null;
    for (const auto& name : x_engine.query(sql + " LIMIT 0").names()) {
      any_null += (any_null.empty() ? "" : " OR ") + name + " IS NULL";
    }
    const auto groups =
        "SELECT count(*) AS n FROM (" + sql + ") WHERE NOT (" + any_null + ") GROUP BY " + key;
    return std::stoull(
        x_engine.texts("SELECT coalesce(sum(n - 1), 0)::VARCHAR FROM (" + groups + ")")[0][0]);
  }

  test::Engine x_engine;
  Room x_room{kRoom};
};

const std::vector<std::string> kKeys{
    "(hash(i) % 100 = 0)",
    "(hash(i) % 200)::UTINYINT",
    "(hash(i) % 9000)::SMALLINT",
    "(hash(i) % 30000)::INTEGER",
    "(hash(i) % 30000)::BIGINT - 15000",
    "(hash(i) % 30000)::HUGEINT << 70",
    "((hash(i) % 30000)::INT / 10.0)::DECIMAL(9,1)",
    "CASE hash(i) % 4 WHEN 0 THEN 'NaN' WHEN 1 THEN '-0' WHEN 2 THEN '0' ELSE i::VARCHAR "
    "END::DOUBLE",
    "CASE hash(i) % 4 WHEN 0 THEN 'NaN' WHEN 1 THEN '-0' ELSE '0' END::FLOAT",
    "DATE '2024-01-01' + (hash(i) % 30000)::INT",
    "make_timestamp((hash(i) % 30000)::BIGINT)",
    "'k' || (hash(i) % 30000)::VARCHAR",
    "'a key that is longer ' || (hash(i) % 30000)::VARCHAR",
    "repeat('x', (hash(i) % 300)::INT)",
    "('k' || (hash(i) % 3000)::VARCHAR)::BLOB",
    "to_hours((hash(i) % 3000)::INT) + to_days((hash(i, 2) % 30)::INT)",
    "printf('00000000-0000-0000-0000-00000000%04x', (hash(i) % 3000)::INT)::UUID"};

TEST_F(KeySetTest, finds_every_repeat_of_every_type) {
  for (const auto& key : kKeys) {
    const auto sql = "SELECT CASE WHEN hash(i, 'null') % 10 > 0 THEN " + key +
                     " END AS k FROM range(50000) t(i)";
    EXPECT_EQ(duplicates_in(sql), expected(sql, "k")) << key;
    EXPECT_EQ(counted_in(sql).value_or(expected(sql, "k")), expected(sql, "k")) << key;
  }
}

TEST_F(KeySetTest, finds_every_repeat_of_every_pair) {
  for (std::size_t a = 0; a < kKeys.size(); ++a) {
    const auto& other = kKeys[(a * 7 + 3) % kKeys.size()];
    const auto sql = "SELECT CASE WHEN hash(i, 'null') % 10 > 0 THEN " + kKeys[a] + " END AS a, " +
                     other + " AS b FROM (SELECT i % 12000 AS i FROM range(30000) t(i))";
    const auto repeats = expected(sql, "a, b");
    EXPECT_EQ(duplicates_in(sql), repeats) << kKeys[a] << " and " << other;
    EXPECT_EQ(counted_in(sql).value_or(repeats), repeats) << kKeys[a] << " and " << other;
  }
}

TEST_F(KeySetTest, counts_the_key_of_zeros_and_shows_what_repeats) {
  KeyCount keys(x_room);
  auto& hand = keys.open_hand();
  const std::vector<std::int32_t> values{0, 5, 0, 7, 0};
  data::ColumnView view;
  view.values = values.data();
  view.physical = view.id = data::TypeId::int32;
  const std::uint64_t judged = 0b10111;
  EXPECT_TRUE(hand.add({&view, 1}, 5, &judged));
  const auto repeated = keys.finish(9);
  EXPECT_EQ(repeated.rows, 2u);
  EXPECT_EQ(repeated.examples, std::vector<std::vector<char>>(2, std::vector<char>(4, 0)));
  EXPECT_EQ(KeyCount(x_room).finish(3).rows, 0u);
}

TEST_F(KeySetTest, borders_of_texts_are_part_of_the_key) {
  EXPECT_EQ(duplicates_in("FROM (VALUES ('a', 'bc'), ('ab', 'c'), ('', 'abc'), ('abc', ''))"), 0u);
  EXPECT_EQ(duplicates_in("SELECT 'a' || chr(0) AS k UNION ALL SELECT 'a'"), 0u);
}

TEST_F(KeySetTest, remembers_keys_longer_than_a_block) {
  EXPECT_EQ(duplicates_in("SELECT repeat('x', 70000 + (i % 50)::INT) AS k FROM range(100) t(i)"),
            50u);
}

TEST_F(KeySetTest, neither_judges_nor_remembers_rows_left_out) {
  KeySet keys(x_room);
  const std::vector<std::int64_t> values(70, 7);
  data::ColumnView view;
  view.values = values.data();
  view.id = view.physical = data::TypeId::int64;
  std::vector<std::uint64_t> bits(2);
  const std::vector<std::uint64_t> none{0, 0};
  EXPECT_TRUE(keys.insert({&view, 1}, 70, none.data(), bits.data()));
  EXPECT_EQ(count_bits(bits), 0u);
  const std::vector<std::uint64_t> some{0b1010, 0b1};
  EXPECT_TRUE(keys.insert({&view, 1}, 70, some.data(), bits.data()));
  EXPECT_EQ(bits[0], 0b1000u);
  EXPECT_EQ(bits[1], 0b1u);
}

TEST_F(KeySetTest, keeps_the_first_of_a_batch_and_marks_the_others) {
  KeySet keys(x_room);
  const std::vector<std::int32_t> values{5, 6, 5, 0, 0, 6};
  data::ColumnView view;
  view.values = values.data();
  view.id = view.physical = data::TypeId::int32;
  std::uint64_t bits = 0;
  EXPECT_TRUE(keys.insert({&view, 1}, 6, nullptr, &bits));
  EXPECT_EQ(bits, 0b110100u);
}

TEST_F(KeySetTest, eight_threads_keep_exactly_one_of_each_key) {
  constexpr std::uint32_t kRows = 200'000;
  KeySet keys(x_room);
  std::atomic<std::uint64_t> duplicates = 0;
  const auto work = [&](std::uint32_t thread) {
    std::vector<std::int64_t> values(kRows);
    for (std::uint32_t i = 0; i < kRows; ++i) values[i] = (i * 7919ll + thread * 31) % kRows;
    data::ColumnView view;
    view.id = view.physical = data::TypeId::int64;
    std::vector<std::uint64_t> bits(words_of(2048));
    for (std::uint32_t from = 0; from < kRows; from += 2048) {
      const auto count = std::min(2048u, kRows - from);
      view.values = values.data() + from;
      EXPECT_TRUE(keys.insert({&view, 1}, count, nullptr, bits.data()));
      for (std::uint32_t word = 0; word < words_of(count); ++word) {
        duplicates += std::uint64_t(__builtin_popcountll(bits[word]));
      }
    }
  };
  std::vector<std::thread> threads;
  for (std::uint32_t thread = 0; thread < 8; ++thread) threads.emplace_back(work, thread);
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(duplicates, 7ull * kRows);
}

/// Batches of eight threads, which take them by turns; every 97th key is that of a batch before.
TEST_F(KeySetTest, eight_threads_find_the_repeats_in_ordered_rows_wherever_order_ends) {
  constexpr std::uint32_t kBatches = 200;
  constexpr std::uint32_t kRows = 500;
  for (const std::uint32_t first_repeat : {0u, 1u, 100u, kBatches - 1, kBatches}) {
    KeySet keys(x_room);
    std::atomic<std::uint32_t> next = 0;
    std::atomic<std::uint64_t> duplicates = 0;
    const auto work = [&] {
      for (auto batch = next++; batch < kBatches; batch = next++) {
        std::vector<std::int32_t> values(kRows);
        for (std::uint32_t i = 0; i < kRows; ++i) {
          const bool repeats = batch >= first_repeat && i % 97 == 0 && batch > 0;
          values[i] = std::int32_t((repeats ? batch - 1 : batch) * kRows + (repeats ? i + 1 : i));
        }
        data::ColumnView view;
        view.id = view.physical = data::TypeId::int32;
        view.values = values.data();
        std::vector<std::uint64_t> bits(words_of(kRows));
        EXPECT_TRUE(keys.insert({&view, 1}, kRows, nullptr, bits.data()));
        duplicates += count_bits(bits);
      }
    };
    std::vector<std::thread> threads;
    for (std::uint32_t thread = 0; thread < 8; ++thread) threads.emplace_back(work);
    for (auto& thread : threads) thread.join();
    const auto repeating = kBatches - std::max(first_repeat, 1u);
    EXPECT_EQ(duplicates, first_repeat == kBatches ? 0 : repeating * ((kRows + 96) / 97));
  }
}

TEST_F(KeySetTest, keys_in_order_take_a_few_bytes_each_up_or_down_and_below_nought) {
  for (const std::int64_t step : {1, -1}) {
    KeySet keys(x_room);
    std::vector<std::int64_t> values(1'000'000);
    for (std::size_t i = 0; i < values.size(); ++i) {
      values[i] = (std::int64_t(i) - std::int64_t(values.size() / 2)) * step;
    }
    EXPECT_EQ(duplicates_of(keys, values), 0u);
    EXPECT_LT(keys.bytes(), 2 * values.size());
    EXPECT_EQ(duplicates_of(keys, values), values.size());
  }
}

TEST_F(KeySetTest, says_so_where_keys_that_came_in_order_find_no_room_out_of_it) {
  Room room(4 << 20);
  KeySet keys(room);
  std::vector<std::int64_t> values(1'000'000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i] = std::int64_t(i) * 8;
  EXPECT_EQ(duplicates_of(keys, values), 0u);
  EXPECT_EQ(duplicates_of(keys, {0, 8, 16}), std::nullopt);
}

TEST_F(KeySetTest, memory_stays_near_the_keys_themselves) {
  KeySet keys(x_room);
  std::vector<std::int64_t> values(1'000'000);
  for (std::size_t i = 0; i < values.size(); ++i) values[i ^ 1] = std::int64_t(i * i + 1);
  EXPECT_EQ(duplicates_of(keys, values), 0u);
  EXPECT_LT(keys.bytes(), 17 * values.size());
}

TEST_F(KeySetTest, asks_for_room_before_it_takes_it_and_stops_where_there_is_none) {
  const std::pair<const char*, std::int64_t> cases[] = {
      {"i ^ 1", 1 << 20}, {"(i, i)::VARCHAR || repeat('x', 40)", 8 << 20}};
  for (const auto& [key, bytes] : cases) {
    Room room(bytes);
    KeySet keys(room);
    std::uint64_t inserted = 0;
    bool had_room = true;
    x_engine.query("SELECT " + std::string(key) + " AS k FROM range(200000) t(i)",
                   [&](const auto& columns, std::uint32_t rows) {
                     std::vector<std::uint64_t> bits(words_of(rows));
                     had_room = had_room && keys.insert(columns, rows, nullptr, bits.data());
                     if (had_room) inserted += rows;
                   });
    EXPECT_FALSE(had_room) << key;
    EXPECT_GT(inserted, 4096u) << key;
    EXPECT_LT(keys.bytes(), std::uint64_t(bytes) + 64 * 64 * 16) << key;
  }
}

TEST_F(KeySetTest, what_is_only_counted_asks_for_room_too) {
  Room room(1 << 20);
  KeyCount keys(room);
  auto& hand = keys.open_hand();
  bool had_room = true;
  x_engine.query("SELECT i FROM range(1000000) t(i)", [&](const auto& columns, std::uint32_t rows) {
    had_room = had_room && hand.add(columns, rows, nullptr);
  });
  EXPECT_FALSE(had_room);
}

}  // namespace
}  // namespace leat::kernels
