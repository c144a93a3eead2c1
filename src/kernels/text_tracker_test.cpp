#include "kernels/text_tracker.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <random>
#include <string>
#include <vector>

namespace leat::kernels {
namespace {

/// As the engine lays a text out. The text must outlive it.
duckdb_string_t engine_text(const std::string& text) {
  duckdb_string_t out{};
  out.value.inlined.length = std::uint32_t(text.size());
  if (text.size() <= sizeof(out.value.inlined.inlined)) {
    std::memcpy(out.value.inlined.inlined, text.data(), text.size());
  } else {
    std::memcpy(out.value.pointer.prefix, text.data(), sizeof(out.value.pointer.prefix));
    out.value.pointer.ptr = const_cast<char*>(text.data());
  }
  return out;
}

void expect_extremes(const std::vector<std::string>& texts) {
  TextTracker tracker(1, false);
  std::vector<duckdb_string_t> values;
  for (const auto& text : texts) values.push_back(engine_text(text));
  std::vector<std::uint64_t> hashes(texts.size());
  const auto half = std::uint32_t(texts.size() / 2);
  if (half > 0) tracker.measure(values.data(), half, hashes.data());
  tracker.measure(values.data() + half, std::uint32_t(texts.size()) - half, hashes.data());
  ColumnSummary summary;
  tracker.describe(summary);
  const auto [least, most] = std::minmax_element(texts.begin(), texts.end());
  EXPECT_EQ(summary.min, *least);
  EXPECT_EQ(summary.max, *most);
}

/// Texts that begin alike, are as long as a head or as what lies in a struct, and hold zeros.
TEST(TextTracker, finds_the_extremes_of_texts_that_begin_alike) {
  std::mt19937_64 random(1);
  const std::string letters = {'a', 'a', 'a', 'b', '\0', '\xFF'};
  for (int turn = 0; turn < 20'000; ++turn) {
    std::string base(random() % 10, 'a');
    std::vector<std::string> texts(1 + random() % 6);
    for (auto& text : texts) {
      text = base;
      for (auto more = random() % 7; more > 0; --more) text += letters[random() % letters.size()];
    }
    expect_extremes(texts);
  }
}

TEST(TextTracker, counts_an_empty_text_as_one) {
  expect_extremes({""});
  expect_extremes({"", "a"});
  expect_extremes({"a", ""});
  expect_extremes({std::string(1, '\0'), ""});
  expect_extremes({std::string(13, '\xFF'), std::string(8, '\xFF')});
}

}  // namespace
}  // namespace leat::kernels
