#include "plan/late_items.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/yaml.hpp"
#include "core/fan_out.hpp"

namespace leat::plan {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const data::Schema kColumns{{{"id", {data::TypeId::int64, 0, 0, {}}, true}}};

/// Remembers with which path it was made.
class NamedSpec final : public SourceSpec {
 public:
  Replay replay() const override { return Replay::snapshot; }
  bool grows() const override { return false; }
  std::optional<data::Schema> declared() const override { return kColumns; }
  Result<std::unique_ptr<Source>> build(const BuildContext&) const override {
    return Error(Fault::external, "not to be read");
  }
};

class ItemsFromRows : public testing::Test {
 protected:
  ItemsFromRows() {
    x_entry.replay = Replay::exact;
    x_entry.parse = [this](const config::Node& node, config::Findings& findings) {
      const auto path = node.find("path")->text;
      if (path == "bad") findings.add(node, "a bad path");
      x_paths.push_back(path);
      return path == "bad" ? nullptr : std::make_unique<NamedSpec>();
    };
    config::Findings findings;
    auto node = config::parse_yaml("named: {path: \"{{ item.file }}\"}", "x.yml", findings);
    x_written.from.text = "list";
    x_written.key = "key";
    x_written.source = std::make_shared<const config::Node>(std::move(*node));
    x_written.used.push_back({"file", {}, 1});
    x_written.values = std::make_shared<const config::Values>();
    x_written.environment = &config::process_environment();
  }

  using Row = std::pair<std::optional<std::string>, std::optional<std::string>>;
  Result<std::shared_ptr<const SourceSpec>> make(const std::vector<Row>& rows) {
    engine::TextTable table;
    table.schema.columns = {{"key", {}, true}, {"file", {}, true}};
    for (const auto& [key, file] : rows) table.rows.push_back({key, file});
    return late_items({"src", "named", x_written, &x_entry, kColumns}).make(table);
  }
  std::string refusal(const std::vector<Row>& rows) { return make(rows).error().text(); }

  SourceEntry x_entry;
  WrittenItems x_written;
  std::vector<std::string> x_paths;
};

TEST_F(ItemsFromRows, are_made_in_the_order_of_their_keys) {
  const auto spec = make({{"b", "2"}, {"a", "${HOME}"}}).value();
  EXPECT_THAT(x_paths, ElementsAre("${HOME}", "2"));
  EXPECT_TRUE(spec->grows());
  EXPECT_EQ(spec->replay(), Replay::snapshot);
  EXPECT_EQ(spec->declared(), kColumns);
}

TEST_F(ItemsFromRows, may_be_none_and_then_have_columns_and_no_rows) {
  const auto source = make({}).value()->build({}).value();
  EXPECT_EQ(source->schema().value(), kColumns);
  const auto slice = source->next_slice({}, {}).value();
  ASSERT_TRUE(slice.has_value());
  EXPECT_FALSE(source->next_slice(slice->after, {}).value().has_value());
  auto read = source->read(*slice, {}).value();
  auto& chunks = *std::get<std::unique_ptr<ChunkSource>>(read);
  RowBatch batch;
  EXPECT_EQ(chunks.make_reader({true}).value()->next(batch).value(), 0u);
}

TEST_F(ItemsFromRows, need_keys_of_their_own_and_what_is_used) {
  EXPECT_THAT(refusal({{"a", "1"}, {"a", "2"}}), HasSubstr("two rows of `list` have the key `a`"));
  EXPECT_THAT(refusal({{std::nullopt, "1"}}), HasSubstr("a row of `list` has no `key`"));
  EXPECT_THAT(refusal({{"", "1"}}), HasSubstr("a row of `list` has no `key`"));
  EXPECT_THAT(refusal({{"a", std::nullopt}}), HasSubstr("has no `file`"));
  EXPECT_THAT(refusal({{"a", "bad"}}), HasSubstr("a bad path, where file is `bad`"));
  std::vector<Row> many;
  for (std::size_t i = 0; i <= kItemsMax; ++i) many.emplace_back(std::to_string(i), "1");
  EXPECT_THAT(refusal(many), HasSubstr("more than 1,000 rows"));
}

}  // namespace
}  // namespace leat::plan
