#include <gmock/gmock.h>

#include "config/yaml.hpp"
#include "connectors/rows/row_table.hpp"

namespace leat::connectors::rows {
namespace {

using testing::HasSubstr;

class RowTableTest : public testing::Test {
 protected:
  config::Findings findings;

  std::optional<RowTable> table(const std::string& yaml,
                                const std::optional<data::Schema>& declared = {}) {
    const auto node = config::parse_yaml(yaml, "test.yml", findings);
    return RowTable::make(*node, declared, findings);
  }
  std::string complaint(const std::string& yaml) {
    EXPECT_FALSE(table(yaml).has_value());
    const auto found = findings.take();
    return found.empty() ? "" : found[0].message;
  }
};

TEST_F(RowTableTest, TakesTheTypesOfTheValues) {
  const auto made = table(
      "[{i: 1, d: 1, b: true, t: 1, z: 06, q: \"1\", n: null}, {i: -2, d: 2.5, t: x}, {e: ''}]");
  ASSERT_TRUE(made);
  std::string types;
  for (const auto& column : made->schema().columns) {
    types += column.name + " " + data::sql_of(column.type) + ", ";
  }
  EXPECT_EQ(types,
            "i BIGINT, d DOUBLE, b BOOLEAN, t VARCHAR, z VARCHAR, q VARCHAR, n VARCHAR, "
            "e VARCHAR, ");
  EXPECT_EQ(made->rows(), 3u);
}

TEST_F(RowTableTest, WritesARowAsJson) {
  const auto made = table("[{i: 1, d: 2.50, b: true, z: 06, q: \"1\", n: null, t: 'a\"b'}, {}]");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->json(0), R"({"i":1,"d":2.5,"b":true,"z":"06","q":"1","n":null,"t":"a\"b"})");
  EXPECT_EQ(made->json(1), R"({"i":null,"d":null,"b":null,"z":null,"q":null,"n":null,"t":null})");
}

TEST_F(RowTableTest, RefusesWhatIsNoRow) {
  EXPECT_THAT(complaint("{id: 1}"), HasSubstr("expected a list of rows"));
  EXPECT_THAT(complaint("[1]"), HasSubstr("expected a row"));
  EXPECT_THAT(complaint("[{a: [1]}]"), HasSubstr("expected a value"));
  EXPECT_THAT(complaint("[{a: 1, A: 2}]"), HasSubstr("twice"));
  EXPECT_THAT(complaint("[]"), HasSubstr("no row names a column"));
}

TEST_F(RowTableTest, KnowsOnlyDeclaredColumns) {
  const data::Schema schema{{{"day", {data::TypeId::date, 0, 0, {}}, true}}};
  EXPECT_TRUE(table("[{Day: 2024-01-31}, {}]", schema));
  EXPECT_FALSE(table("[{dai: 2024-01-31}]", schema));
  EXPECT_THAT(findings.take().at(0).hint, HasSubstr("`day`"));
}

TEST_F(RowTableTest, HasAnotherDigestWhenAValueIsAnother) {
  EXPECT_EQ(table("[{a: 1}]")->digest(), table("[{a: 1}]")->digest());
  EXPECT_NE(table("[{a: 1}]")->digest(), table("[{a: \"1\"}]")->digest());
}

}  // namespace
}  // namespace leat::connectors::rows
