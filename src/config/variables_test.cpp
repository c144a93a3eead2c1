#include "config/variables.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "config/options.hpp"
#include "config/render.hpp"
#include "config/yaml.hpp"

namespace leat::config {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

class FakeEnvironment final : public Environment {
 public:
  std::map<std::string, std::string, std::less<>> variables;

  std::optional<std::string> find(std::string_view name) const override {
    const auto found = variables.find(name);
    if (found == variables.end()) return std::nullopt;
    return found->second;
  }
  std::vector<std::pair<std::string, std::string>> starting_with(std::string_view) const override {
    return {};
  }
};

struct Target {
  std::string text;
  std::int64_t number = 0;
  SecretRef password;
  SqlText sql;
};

const OptionTable<Target>& target_options() {
  static const auto table = option_table<Target>({
      option("text", &Target::text, "Text."),
      option("number", &Target::number, "Number."),
      option("password", &Target::password, "Password."),
      option("sql", &Target::sql, "SQL."),
  });
  return table;
}

class Variables : public testing::Test {
 protected:
  Variables() {
    environment.variables = {{"HOME", "/somewhere"},
                             {"EMPTY", ""},
                             {"EVIL", "{a: [1]}\n- ${HOME} {{ env }} *x"},
                             {"TOKEN", "canary77"}};
    auto known = std::make_shared<Values>();
    known->set("params.state", {ValueType::text, "MA"});
    known->set("params.year", {ValueType::integer, "2021"});
    known->set("env", {ValueType::text, "dev"});
    values = known;
  }

  std::optional<Target> read(std::string_view yaml) {
    x_root = parse_yaml(yaml, "t.yml", findings);
    if (!x_root) return std::nullopt;
    secrets = resolve_scalars(*x_root, environment, values, findings);
    return read_options(target_options(), *x_root, findings);
  }

  std::string text(const std::string& scalar) {
    const auto target = read("text: \"" + scalar + "\"");
    EXPECT_THAT(findings.take(), IsEmpty()) << scalar;
    return target ? target->text : "";
  }

  std::vector<std::string> complaints(std::string_view yaml) {
    read(yaml);
    std::vector<std::string> out;
    for (const auto& d : findings.take()) {
      out.push_back(std::to_string(d.place.line) + ":" + std::to_string(d.place.column) + "+" +
                    std::to_string(d.length) + " " + d.message);
    }
    return out;
  }

  FakeEnvironment environment;
  std::shared_ptr<const Values> values;
  Findings findings;
  std::vector<SecretRef> secrets;

 private:
  std::optional<Node> x_root;
};

TEST_F(Variables, AreReplacedInScalars) {
  EXPECT_EQ(text("${HOME}/x"), "/somewhere/x");
  EXPECT_EQ(text("${NOPE:-a b}${EMPTY:-c}${EMPTY}"), "a bc");
  EXPECT_EQ(text("${NOPE:-}"), "");
  EXPECT_EQ(text("$${HOME} $HOME $ {x} 5$"), "${HOME} $HOME $ {x} 5$");
}

TEST_F(Variables, CannotBecomeYamlNorAnotherVariableNorATemplate) {
  EXPECT_EQ(text("${EVIL}"), "{a: [1]}\n- ${HOME} {{ env }} *x");
}

TEST_F(Variables, AreReadByTheTypeOfTheirKey) {
  environment.variables["PORT"] = "5432";
  EXPECT_EQ(read("number: \"${PORT}\"")->number, 5432);
  EXPECT_EQ(read("number: \"{{ params.year }}\"")->number, 2021);
}

TEST_F(Variables, TellWhatIsMissingAndWhere) {
  EXPECT_THAT(complaints("text: \"x ${NOPE} ${A-B} ${\""),
              ElementsAre("1:10+7 the environment variable `NOPE` is not set",
                          "1:18+6 `${…}` holds no name of a variable",
                          "1:25+2 a `${` that is never closed"));
  EXPECT_THAT(complaints("text: |\n  one\n  two ${NOPE}\n"),
              ElementsAre("3:7+7 the environment variable `NOPE` is not set"));
  EXPECT_THAT(complaints("\"${HOME}\": 1"),
              testing::Contains(HasSubstr("a key cannot hold a variable")));
}

TEST_F(Variables, NeverShowTheirValueInAMessage) {
  const auto found = complaints("number: \"${TOKEN}\"");
  EXPECT_THAT(found, ElementsAre("1:9+10 expected a whole number, found `${TOKEN}`"));
}

TEST_F(Variables, AreRefusedInSql) {
  EXPECT_THAT(complaints("sql: SELECT '${HOME}'"),
              ElementsAre(HasSubstr("a variable cannot stand in SQL")));
}

TEST_F(Variables, AreRefusedInSqlThatIsReadWithoutATable) {
  auto node = parse_yaml("[\"${HOME}\", \"${secret:db}\", \" \", \"x > 1\"]", "t.yml", findings);
  ASSERT_TRUE(node);
  resolve_scalars(*node, environment, values, findings);
  EXPECT_FALSE(sql_in(node->items[0], findings));
  EXPECT_FALSE(sql_in(node->items[1], findings));
  EXPECT_FALSE(sql_in(node->items[2], findings));
  EXPECT_EQ(findings.size(), 3u);
  EXPECT_EQ(sql_in(node->items[3], findings)->text, "x > 1");
}

TEST_F(Variables, LetTemplatesBeTextOrLiterals) {
  EXPECT_EQ(text("out/{{ params.state }}_{{params.year}}.csv"), "out/MA_2021.csv");
  const auto target = read("sql: |\n  SELECT {{ params.state }},\n    x");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->sql.text, "SELECT 'MA',\n  x");
  EXPECT_EQ(target->sql.place_at(target->sql.text.find('x')).line, 3);
  EXPECT_EQ(target->sql.place_at(target->sql.text.find('x')).column, 5);
}

TEST_F(Variables, TellAnUnknownTemplateNameWithTheNearest) {
  read("text: \"a {{ params.yaer }}\"");
  const auto found = findings.take();
  ASSERT_EQ(found.size(), 1u);
  EXPECT_EQ(found[0].place.column, 10);
  EXPECT_EQ(found[0].hint, "did you mean `params.year`?");
}

TEST_F(Variables, KeepASecretForTheOptionThatTakesOne) {
  const auto target = read("password: \"${secret:db}\"");
  ASSERT_TRUE(target);
  EXPECT_EQ(target->password.name, "db");
  ASSERT_EQ(secrets.size(), 1u);
  EXPECT_EQ(secrets[0].name, "db");
}

TEST_F(Variables, RefuseASecretAnywhereElse) {
  EXPECT_THAT(complaints("text: \"${secret:db}\""),
              ElementsAre(HasSubstr("a secret may only stand in an option that takes one")));
  EXPECT_THAT(complaints("number: \"${secret:db}\""),
              ElementsAre(HasSubstr("a secret may only stand")));
  EXPECT_THAT(complaints("sql: \"${secret:db}\""),
              ElementsAre(HasSubstr("a secret may only stand")));
  EXPECT_THAT(complaints("text: \"u:${secret:db}@host\""),
              ElementsAre("1:10+12 a secret stands alone"));
  EXPECT_THAT(complaints("text: \"${secret:a/b}\""),
              ElementsAre(HasSubstr("a secret's name is made of")));
}

TEST_F(Variables, RefuseAPasswordInTheFileWithoutShowingIt) {
  for (const auto* yaml :
       {"password: canary77", "{number: x, password: canary77}",
        "number: x\npassword: |\n  canary77\n", "password: \"${TOKEN}\"", "password: [canary77]",
        "password: {x: canary77}", "password: 'canary77\n  more'"}) {
    read(yaml);
    const auto shown = render(findings.take());
    EXPECT_THAT(shown, HasSubstr("a secret does not stand in a file")) << yaml;
    EXPECT_THAT(shown, Not(HasSubstr("canary77"))) << yaml;
  }
}

}  // namespace
}  // namespace leat::config
