#include "clients/sql_target/strategies.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <random>
#include <set>

#include "engine/session.hpp"

namespace leat::sql_target {
namespace {

using testing::HasSubstr;

struct Person {
  int id = 0;
  std::string city;
  int version = 0;
  bool operator==(const Person&) const = default;
  auto operator<=>(const Person&) const = default;
};

/// A target in the engine, and publishes to it.
class Strategies : public testing::Test {
 protected:
  Strategies() {
    x_plan.schema.columns = {{"id", *data::parse_type("int")},
                             {"city", *data::parse_type("string")},
                             {"version", *data::parse_type("int")}};
    x_plan.options.key = {"id"};
  }

  void use(Strategy strategy) {
    x_plan.strategy = strategy;
    if (strategy == Strategy::scd2) x_plan.schema.columns[2].type = *data::parse_type("date");
    std::string columns;
    for (const auto& column : target_columns(x_plan)) {
      columns += (columns.empty() ? "" : ", ") + column.name + " " + data::sql_of(column.type);
    }
    run("CREATE TABLE target (" + columns + ")");
  }

  void run(const std::string& sql) {
    const Status done = x_session->execute(sql);
    ASSERT_TRUE(done.ok()) << sql << done.error().text();
  }

  Result<RowChanges> publish(const std::vector<Person>& rows) {
    const bool dates = x_plan.strategy == Strategy::scd2;
    std::string values;
    for (const Person& row : rows) {
      values += (values.empty() ? "(" : ", (") + std::to_string(row.id) + ", '" + row.city + "', " +
                (dates ? "DATE '2024-01-01' + " : "") + std::to_string(row.version) + ")";
    }
    return publish_values(values);
  }

  Result<RowChanges> publish_values(const std::string& values) {
    const auto met = meet_columns(x_plan, {}, "target").value();
    const Meeting meeting{x_plan, met, "target",
                          "(SELECT * FROM (VALUES " + values + ") AS v(id, city, version)) AS s",
                          "TIMESTAMPTZ '2024-06-01 00:00:00+00'"};
    return meet(meeting, [this](const std::string& sql) -> Result<std::vector<Row>> {
      TRY(auto table, x_session->query(sql));
      return std::move(table.rows);
    });
  }

  std::string look(const std::string& sql) {
    std::string text;
    const auto table = x_session->query(sql).value();
    for (const auto& row : table.rows) {
      for (const auto& cell : row) text += cell.value_or("NULL") + ",";
      text.back() = ' ';
    }
    return text;
  }

  std::unique_ptr<engine::Session> x_session = engine::Session::open({}).value();
  PublishPlan x_plan;
};

/// What merge must come to, by the book: a map, row after row.
class Book {
 public:
  RowChanges merge(std::vector<Person> batch) {
    RowChanges changes;
    std::map<int, Person> newest;
    std::set<Person> seen;
    for (const Person& row : batch) {
      const bool fresh = seen.insert(row).second;
      const auto [there, first] = newest.emplace(row.id, row);
      if (!first) ++changes.superseded;
      if (!first && fresh && row.version > there->second.version) there->second = row;
    }
    for (const auto& [id, row] : newest) take(row, changes);
    return changes;
  }
  const std::map<int, Person>& rows() const { return x_rows; }

 private:
  void take(const Person& row, RowChanges& changes) {
    const bool is_gone = row.city == "gone";
    const auto there = x_rows.find(row.id);
    if (there == x_rows.end()) {
      ++(is_gone ? changes.unchanged : changes.inserted);
      if (!is_gone) x_rows[row.id] = row;
    } else if (row.version < there->second.version) {
      ++changes.superseded;
    } else if (is_gone) {
      ++changes.deleted;
      x_rows.erase(there);
    } else {
      ++(there->second == row ? changes.unchanged : changes.updated);
      there->second = row;
    }
  }

  std::map<int, Person> x_rows;
};

/// A batch in which no two rows of a key have one version and differ.
std::vector<Person> random_batch(std::mt19937& random) {
  const auto pick = [&](int max) { return int(random() % unsigned(max)); };
  std::map<std::pair<int, int>, Person> by_version;
  std::vector<Person> batch;
  for (int i = pick(30); i >= 0; --i) {
    Person row{pick(20), pick(6) == 0 ? "gone" : std::string(1, char('a' + pick(3))), pick(8)};
    batch.push_back(by_version.emplace(std::pair(row.id, row.version), row).first->second);
  }
  return batch;
}

TEST_F(Strategies, merge_comes_to_what_the_book_says_for_any_batches) {
  use(Strategy::merge);
  x_plan.options.version = "version";
  x_plan.options.delete_when = "city = 'gone'";
  std::mt19937 random(7);
  Book book;
  for (int turn = 0; turn < 150; ++turn) {
    SCOPED_TRACE(turn);
    const auto batch = random_batch(random);
    const auto changes = publish(batch);
    ASSERT_TRUE(changes.ok()) << changes.error().text();
    EXPECT_EQ(*changes, book.merge(batch));
    std::string expected;
    for (const auto& [id, row] : book.rows()) {
      expected += std::to_string(id) + "," + row.city + "," + std::to_string(row.version) + " ";
    }
    ASSERT_EQ(look("SELECT * FROM target ORDER BY id"), expected);
  }
}

TEST_F(Strategies, scd2_keeps_one_current_row_a_key_and_no_gap_or_overlap) {
  use(Strategy::scd2);
  x_plan.options.version = "version";
  std::mt19937 random(11);
  std::map<int, Person> newest;
  for (int turn = 0; turn < 80; ++turn) {
    SCOPED_TRACE(turn);
    const auto batch = random_batch(random);
    ASSERT_TRUE(publish(batch).ok());
    std::map<int, Person> of_batch;
    for (const Person& row : batch) {
      const auto [there, first] = of_batch.emplace(row.id, row);
      if (!first && row.version > there->second.version) there->second = row;
    }
    for (const auto& [id, row] : of_batch) {
      const auto [there, first] = newest.emplace(id, row);
      if (first || row.version < there->second.version) continue;
      // A row that says the same does not make the one that holds any younger.
      if (row.city != there->second.city) there->second = row;
    }
    std::string expected;
    for (const auto& [id, row] : newest) expected += std::to_string(id) + "," + row.city + " ";
    ASSERT_EQ(look("SELECT id, city FROM target WHERE is_current ORDER BY id"), expected);
    ASSERT_EQ(look("SELECT count(*) FROM target WHERE is_current != (valid_to IS NULL)"), "0 ");
    ASSERT_EQ(
        look("SELECT count(*) FROM (SELECT valid_to, lead(valid_from) OVER (PARTITION BY id "
             "ORDER BY valid_from) AS next FROM target) WHERE valid_to IS DISTINCT FROM next"),
        "0 ");
  }
}

TEST_F(Strategies, delete_insert_replaces_what_comes_null_included) {
  use(Strategy::delete_insert);
  x_plan.options.by = {"city"};
  ASSERT_TRUE(publish_values("(1, 'a', 1), (2, 'b', 1), (3, NULL, 1)").ok());
  const auto changes = publish_values("(4, 'a', 2), (5, NULL, 2), (6, NULL, 2)");
  ASSERT_TRUE(changes.ok());
  EXPECT_EQ(*changes, (RowChanges{3, 0, 2, 0, 0}));
  EXPECT_EQ(look("SELECT id FROM target ORDER BY id"), "2 4 5 6 ");
}

TEST_F(Strategies, keys_that_are_missing_or_doubled_are_refused_and_named) {
  use(Strategy::merge);
  const auto missing = publish_values("(1, 'a', 1), (NULL, 'b', 1)");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().fault(), Fault::data);
  EXPECT_THAT(missing.error().text(), HasSubstr("1 row has no value in the key column `id`"));
  const auto doubled = publish_values("(1, 'a', 1), (1, 'b', 2), (2, 'c', 1), (2, 'd', 1)");
  ASSERT_FALSE(doubled.ok());
  EXPECT_THAT(doubled.error().text(), HasSubstr("2 keys come more than once"));
  EXPECT_THAT(doubled.error().hint_text(), HasSubstr("name a `version:` column"));
  ASSERT_TRUE(publish_values("(1, 'a', 1), (1, 'a', 1)").ok());
  EXPECT_EQ(look("SELECT count(*) FROM target"), "1 ");
  run("INSERT INTO target VALUES (1, 'z', 9)");
  const auto unclear = publish_values("(1, 'b', 1)");
  ASSERT_FALSE(unclear.ok());
  EXPECT_EQ(unclear.error().fault(), Fault::config);
}

}  // namespace
}  // namespace leat::sql_target
