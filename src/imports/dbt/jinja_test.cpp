#include "imports/dbt/jinja.hpp"

#include <gtest/gtest.h>

namespace leat::imports::dbt {
namespace {

Result<Value> builtin(const std::string& name, const CallArguments& arguments) {
  if (name == "ref") return Value(text_of(arguments.get("name", 0)));
  if (name == "is_incremental") return Value(false);
  if (name == "adapter.dispatch") {
    return Value({{std::string(kMacroKey), "default__" + text_of(arguments.get("name", 0))}});
  }
  if (name == "return") return arguments.get("value", 0);
  return Error(Fault::config, "the macro `" + name + "` is not known");
}

/// The text, or "error: …".
std::string rendered(const std::string& text, const Macros& macros = {}) {
  auto out = render(text, macros, builtin, {{"target", {{"name", "dev"}}}});
  return out.ok() ? *out : "error: " + out.error().message();
}

std::string value(const std::string& expression) { return rendered("{{ " + expression + " }}"); }

TEST(Jinja, PutsInValuesAndCalls) {
  EXPECT_EQ(rendered("select * from {{ ref('a') }} -- {# gone #}x"), "select * from a -- x");
  EXPECT_EQ(value("'a' ~ 1 ~ \"b\""), "a1b");
  EXPECT_EQ(value("1 + 2 * 3 - 4 // 2"), "5");
  EXPECT_EQ(value("(1 + 2) * 3"), "9");
  EXPECT_EQ(value("[1, 2, 3][-1]"), "3");
  EXPECT_EQ(value("{'a': 5}['a']"), "5");
  EXPECT_EQ(value("target.name"), "dev");
  EXPECT_EQ(value("none"), "");
}

TEST(Jinja, ComparesAndChooses) {
  EXPECT_EQ(value("1 < 2 and not 2 <= 1"), "True");
  EXPECT_EQ(value("'a' in ['a', 'b'] and 'c' not in ['a']"), "True");
  EXPECT_EQ(value("'x' if target.name == 'dev' else 'y'"), "x");
  EXPECT_EQ(value("'x' if false else 'y' if false else 'z'"), "z");
  EXPECT_EQ(value("none is none"), "True");
  EXPECT_EQ(value("nobody is defined"), "False");
}

TEST(Jinja, WhatIsNotChosenNeedNotBeKnown) {
  EXPECT_EQ(value("nobody('x') if false else 'y'"), "y");
  EXPECT_EQ(value("true or nobody"), "True");
  EXPECT_EQ(value("false and nobody('x')"), "False");
  EXPECT_EQ(rendered("{% if is_incremental() %}{{ nobody }}{% for x in nobody %}{% endfor %}"
                     "{% else %}all{% endif %}"),
            "all");
}

TEST(Jinja, Filters) {
  EXPECT_EQ(value("'Ab' | upper | lower"), "ab");
  EXPECT_EQ(value("['a', 'b'] | join(', ')"), "a, b");
  EXPECT_EQ(value("'a-b' | replace('-', '_')"), "a_b");
  EXPECT_EQ(value("[1, 2] | length"), "2");
  EXPECT_EQ(value("none | default('x')"), "x");
}

TEST(Jinja, LoopsAndSets) {
  EXPECT_EQ(rendered("{% set xs = ['a', 'b'] %}{% for x in xs %}{{ loop.index }}{{ x }}"
                     "{% if not loop.last %}, {% endif %}{% endfor %}"),
            "1a, 2b");
  EXPECT_EQ(rendered("{% for x in [] %}x{% endfor %}none"), "none");
  EXPECT_EQ(rendered("{% for a, b in [[1, 2], [3, 4]] %}{{ a + b }} {% endfor %}"), "3 7 ");
  EXPECT_EQ(rendered("{% set x %} a b {% endset %}[{{ x }}]"), "[a b]");
  EXPECT_EQ(rendered("{% if false %}1{% elif true %}2{% else %}3{% endif %}"), "2");
}

TEST(Jinja, AMinusTakesBlanksAway) {
  EXPECT_EQ(rendered("a  {{- 'b' -}}  c"), "abc");
  EXPECT_EQ(rendered("a\n  {#- gone #}\n b"), "a\n b");
  EXPECT_EQ(rendered("{% for x in [1, 2] -%}\n  {{ x }},\n{% endfor -%}\nend"), "1,\n2,\nend");
}

TEST(Jinja, MacrosOfTheProject) {
  const auto macros = macros_of(
      "{% macro money(column, digits=2) -%}\nround({{ column }} / 100, {{ digits }})\n"
      "{%- endmacro %}\n{% macro go(c) %}{{ return(adapter.dispatch('go')(c)) }}{% endmacro %}"
      "{% macro default__go(c) %}<{{ c }}>{% endmacro %}{% macro ring() %}{{ ring() }}{% endmacro "
      "%}");
  EXPECT_EQ(macros.size(), 4u);
  EXPECT_EQ(rendered("{{ money('x') }} {{ money('y', digits=4) }}", macros),
            "round(x / 100, 2) round(y / 100, 4)");
  EXPECT_EQ(rendered("{{ go('x') }}", macros), "<x>");
  EXPECT_EQ(rendered("{{ ring() }}", macros),
            "error: 1: macro `ring`, line 1: macros call each other too deep");
}

TEST(Jinja, SaysInWhichLineSomethingIsNotUnderstood) {
  EXPECT_EQ(rendered("a\nb {{ nobody }}"), "error: 2: `nobody` is not known");
  EXPECT_EQ(rendered("\n\n{{ dbt_utils.star('x') }}"),
            "error: 3: the macro `dbt_utils.star` is not known");
  EXPECT_EQ(rendered("{{ 'x"), "error: 1: `{{` is never closed");
  EXPECT_EQ(rendered("{% if true %}x"), "error: a block lacks its `endif`");
  EXPECT_EQ(rendered("{% call x() %}"), "error: 1: `{% call %}` is not understood");
  EXPECT_EQ(value("'a' | nobody"), "error: 1: the filter `nobody` is not understood");
}

TEST(Jinja, HostileTextsEnd) {
  EXPECT_EQ(value(std::string(100, '(') + "1").substr(0, 6), "error:");
  EXPECT_EQ(value(std::string(100'000, '[')).substr(0, 6), "error:");
  EXPECT_EQ(value("1 // 0").substr(0, 6), "error:");
  for (const auto* text : {"a if", "if", ".", "a.", "(", "not", "[1,", "{1:", "a|", "is", "a is",
                           "a not", "f(x=", "-", "--1", "~ 1", "1 in", "loop..x"}) {
    EXPECT_EQ(value(text).substr(0, 6), "error:") << text;
  }
  for (const auto* text :
       {"{%", "{%%}", "{% %}", "{{}}", "{% for %}", "{% for x in %}", "{% set %}", "{% endif %}",
        "{% else %}", "{#", "{% macro %}", "{%- -%}"}) {
    rendered(text);
  }
}

}  // namespace
}  // namespace leat::imports::dbt
