#!/usr/bin/env python3
"""The rules refuse what they should, and nothing else."""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile
import textwrap
import unittest

import clang_check
import cpp
import dead
import headers
import layers
import links
import names
import sizes
from tree import Tree

LAYERS = """
0 base:
1 data: base
2 core: base data
4 leaves/*: base core
"""
FRAME = {
    "test/tidy/layers.txt": LAYERS,
    "src/CMakeLists.txt": "add_subdirectory(base)\nadd_subdirectory(core)\n",
    "src/base/CMakeLists.txt": "leat_module(base)\n",
    "src/core/CMakeLists.txt": "leat_module(core)\n",
}


class TidyTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)

    def findings(self, rule, files):
        for path, text in {**FRAME, **files}.items():
            full = self.folder / path
            full.parent.mkdir(parents=True, exist_ok=True)
            full.write_text(textwrap.dedent(text))
        return [str(f) for f in rule(Tree(self.folder))]

    def refuses(self, rule, files, *words):
        found = "\n".join(self.findings(rule, files))
        for word in words:
            self.assertIn(word, found)

    def accepts(self, rule, files):
        self.assertEqual(self.findings(rule, files), [])


class Layers(TidyTest):
    def test_an_include_of_a_lower_layer_passes(self):
        self.accepts(layers.check, {"src/base/a.hpp": "", "src/core/b.hpp": '#include "base/a.hpp"\n'})

    def test_an_include_of_a_higher_layer_is_refused_with_its_line(self):
        self.refuses(layers.check,
                     {"src/core/b.hpp": "", "src/base/a.hpp": '\n#include "core/b.hpp"\n'},
                     "src/base/a.hpp:2: base may not include core")

    def test_leaves_never_include_each_other(self):
        self.refuses(layers.check,
                     {"src/leaves/x/a.hpp": "", "src/leaves/y/b.cpp": '#include "leaves/x/a.hpp"\n'},
                     "leaves/y may not include leaves/x")

    def test_a_commented_include_is_none(self):
        self.accepts(layers.check, {"src/base/a.hpp": '// #include "core/b.hpp"\n'})

    def test_a_path_that_is_not_from_src_is_refused(self):
        self.refuses(layers.check, {"src/base/a.hpp": "", "src/base/b.hpp": '#include "a.hpp"\n'},
                     "src/base/b.hpp:1", "is not in src/")

    def test_an_unknown_folder_is_refused(self):
        self.refuses(layers.check, {"src/extra/a.hpp": ""}, "layers.txt does not know")

    def test_headers_in_a_circle_are_refused(self):
        self.refuses(layers.check, {"src/base/a.hpp": '#include "base/b.hpp"\n',
                                    "src/base/b.hpp": '#include "base/a.hpp"\n'}, "include cycle")

    def test_detail_is_closed(self):
        self.refuses(layers.check, {"src/base/detail/a.hpp": "",
                                    "src/core/b.cpp": '#include "base/detail/a.hpp"\n'}, "closed")

    def test_rules_that_go_up_or_in_a_circle_are_refused(self):
        self.refuses(layers.check, {"test/tidy/layers.txt": "0 base: core\n2 core: base\n"},
                     "a higher level", "a cycle is allowed")

    def test_test_support_is_for_tests(self):
        files = {"test/support/s.hpp": "", "src/base/a_test.cpp": '#include "support/s.hpp"\n'}
        self.accepts(layers.check, files)
        self.refuses(layers.check, {**files, "src/base/a.cpp": '#include "support/s.hpp"\n'},
                     "src/base/a.cpp:1")


class Sizes(TidyTest):
    def test_a_long_file_a_long_line_and_a_long_function_are_refused(self):
        body = "  a();\n" * 59
        self.refuses(sizes.check, {"src/base/a.cpp": "int x;\n" * 601}, "601 lines")
        self.refuses(sizes.check, {"src/base/b.cpp": "//" + "x" * 99 + "\n"}, "b.cpp:1: 101 columns")
        self.refuses(sizes.check, {"src/base/c.cpp": "\nvoid f() {\n" + body + "}\n"},
                     "c.cpp:2: f has 61 lines")

    def test_the_limits_themselves_pass(self):
        body = "  a();\n" * 58
        self.accepts(sizes.check, {"src/base/a.cpp": "int x;\n" * 600,
                                   "src/base/b.cpp": "//" + "x" * 98 + "\n",
                                   "src/base/c.cpp": "void f() {\n" + body + "}\n"})

    def test_too_many_lint_exceptions_are_refused(self):
        self.refuses(sizes.check, {"src/base/a.cpp": "int x;  // NOLINT\n" * (sizes.NOLINT_MAX + 1)},
                     "NOLINT comments")


class Functions(unittest.TestCase):
    def names(self, text):
        return [(f.name, f.lines) for f in cpp.functions(textwrap.dedent(text))]

    def test_functions_in_namespaces_and_classes(self):
        self.assertEqual(self.names("""\
            namespace a::b {
            class X final : public Y<int> {
             public:
              explicit X(int v)
                  : x_v{v}, x_w(v) {
                use(v);
              }
              int f() const override { return 1; }
              X& operator=(const X&) = default;
             private:
              int x_v{1};
              std::vector<int> x_w = {1, 2};
            };
            template <typename T>
            auto g(T t) -> decltype(t) {
              return t;
            }
            }  // namespace
            """), [("X", 4), ("f", 1), ("g", 4)])

    def test_braces_in_strings_comments_and_characters_do_not_count(self):
        self.assertEqual(self.names("""\
            void f() {
              a("}"); // }
              b('}'); /* } */
              c(R"x(}})x");
              d(1'000'000);
            }
            void g() {}
            """), [("f", 6), ("g", 1)])

    def test_tables_of_values_are_no_functions(self):
        self.assertEqual(self.names("""\
            constexpr Table kTable{
                row("a", 1),
            };
            const std::map<int, int> kMap = {{1, 2}, {f(3), 4}};
            enum class E { a, b };
            extern "C" {
            int f(void) { return 0; }
            }
            """), [("f", 1)])

    def test_a_lambda_belongs_to_the_function_around_it(self):
        self.assertEqual(self.names("""\
            void f() {
              auto g = [](int x) {
                return x;
              };
            }
            """), [("f", 5)])

    def test_preprocessor_lines_are_skipped(self):
        self.assertEqual(self.names("""\
            #define A(x) \\
              do { x; } while (0)
            void f() { A(1); }
            """), [("f", 1)])


class Names(TidyTest):
    def one(self, text, word):
        self.refuses(names.check, {"src/base/a.cpp": text}, "src/base/a.cpp:1:", word)

    def test_vague_names_are_refused(self):
        self.one("class RowManager {};\n", "manager")
        self.one("struct ColumnData { int x; };\n", "data")
        self.one("void csv_utils();\n", "utils")
        self.one("enum class FileInfo { a };\n", "info")
        self.refuses(names.check, {"src/base/string_helpers.cpp": ""}, "helpers")

    def test_the_words_of_others_pass(self):
        self.accepts(names.check, {"src/base/a.cpp":
                                   "const char* data = text.data();\n"
                                   "struct Bind : duckdb::FunctionData {};\n"
                                   "using data::Schema;\n#include <new>\n// a new friend, said plainly\n"})

    def test_banned_constructs_are_refused(self):
        self.one("int* x = new int;\n", "raw new")
        self.one("void f(void* at) { ::new (at) int; }\n", "placement new")
        self.accepts(names.check, {"src/base/a.cpp": "void* operator new(unsigned long size) { return ask(size); }\n"})
        self.one("class A { friend class B; };\n", "friend")
        self.one("#define MAX 3\n", "macro MAX")
        self.one("// return old_way(x);\n", "commented-out")

    def test_open_ends_machine_paths_and_hosts_are_refused_everywhere(self):
        todo = "TO" + "DO"
        self.refuses(names.check, {"a.md": todo + " later\n"}, "a.md:1", "issue number")
        self.accepts(names.check, {"a.md": todo + "(#12) later\n"})
        self.refuses(names.check, {"a.md": "see /ro" + "ot/x\n"}, "absolute path")
        self.refuses(names.check, {"a.md": "https://py" + "pi.org/x\n"}, "registry")

    def test_headers_say_pragma_once(self):
        self.refuses(names.check, {"src/base/a.hpp": "int x;\n"}, "no #pragma once")


class Dead(TidyTest):
    def test_a_header_that_nobody_includes_is_refused(self):
        self.refuses(dead.check, {"src/base/a.hpp": ""}, "src/base/a.hpp:1: nobody includes")

    def test_a_source_that_nothing_builds_is_refused(self):
        self.refuses(dead.check, {"src/data/a.cpp": ""}, "no leat_module()")
        self.refuses(dead.check, {"src/base/sub/a.cpp": ""}, "does not name this subfolder")

    def test_used_files_pass(self):
        self.accepts(dead.check, {"src/base/a.hpp": "", "src/base/a.cpp": '#include "base/a.hpp"\n'})


class Links(TidyTest):
    def test_dead_links_and_headings_are_refused(self):
        self.refuses(links.check, {"docs/a.md": "[x](b.md)\n"}, "docs/a.md:1", "leads nowhere")
        self.refuses(links.check, {"docs/a.md": "[x](../../b.md)\n"}, "leads nowhere")
        self.refuses(links.check, {"a.md": "# One\n[x](#two)\n"}, "no heading #two")

    def test_live_links_and_code_pass(self):
        self.accepts(links.check, {"docs/a.md": "[x](../b.md#one-two) [y](https://example.org)\n"
                                                "```\n[z](nowhere.md)\n```\n", "b.md": "# One, two\n"})


class Headers(TidyTest):
    def check(self, tree):
        return headers.check(tree, engine_include=str(self.folder), cache=self.folder / "cache")

    def test_a_header_that_needs_another_first_is_refused(self):
        self.refuses(self.check, {"src/base/a.hpp": "#pragma once\nstd::string f();\n"},
                     "src/base/a.hpp:2: std::string needs <string>")

    def test_a_whole_header_passes_and_a_change_below_is_noticed(self):
        files = {"src/base/a.hpp": "#pragma once\n#include <string>\nstd::string f();\n",
                 "src/base/b.hpp": '#pragma once\n#include "base/a.hpp"\nstd::string g();\n'}
        self.accepts(self.check, files)
        self.refuses(self.check, {**files, "src/base/a.hpp": "#pragma once\n"}, "src/base/b.hpp:3")

    def test_what_is_precompiled_for_all_hides_nothing_that_one_lacks(self):
        files = {"src/base/a.hpp": "#pragma once\n#include <string>\n",
                 "src/base/b.hpp": '#pragma once\n#include "base/a.hpp"\nstd::string b();\n',
                 "src/base/c.hpp": "#pragma once\n// std::string\nconst char* c();\n"}
        self.accepts(self.check, files)
        self.refuses(self.check, {**files, "src/base/d.hpp": "#pragma once\n\nstd::string d();\n"},
                     "src/base/d.hpp:3: std::string needs <string>")
        self.refuses(self.check, {**files, "src/base/e.hpp":
                                  '#pragma once\n#include "base/a.hpp"\nstd::map<int, int> e();\n'},
                     "src/base/e.hpp:3: std::map needs <map>")
        self.refuses(self.check, {**files, "src/base/f.hpp": "#pragma once\nb f();\n"},
                     "src/base/f.hpp:1: does not compile alone")

    def test_a_standard_name_that_the_rule_does_not_know_is_asked_for(self):
        self.refuses(self.check, {"src/base/a.hpp": "#pragma once\n#include <regex>\nstd::regex f();\n"},
                     "src/base/a.hpp:3: std::regex: say in standard_names.py what brings it")


class ClangCheck(unittest.TestCase):
    def setUp(self):
        if not shutil.which(clang_check.COMPILER):
            self.skipTest(f"there is no {clang_check.COMPILER}")

    def said_of(self, entries):
        with tempfile.TemporaryDirectory() as build:
            (pathlib.Path(build) / "compile_commands.json").write_text(json.dumps(entries))
            done = subprocess.run([sys.executable, clang_check.__file__, build], capture_output=True,
                                  text=True)
        self.assertEqual(done.returncode, 1)
        return done.stdout

    def test_a_build_without_commands_is_refused(self):
        self.assertIn("has no commands", self.said_of([]))

    def test_every_source_must_be_among_the_commands(self):
        one = {"file": str(clang_check.ROOT / "src/base/names.cpp"), "directory": "/", "command": "c++"}
        said = self.said_of([one])
        self.assertIn("src/base/error.cpp", said)
        self.assertNotIn("src/base/names.cpp", said)

    def test_only_what_clang_has_built_since_the_last_change_is_passed_over(self):
        with tempfile.TemporaryDirectory() as folder:
            made = pathlib.Path(folder) / "names.o"
            source = clang_check.ROOT / "src/base/names.cpp"
            command = f"/usr/bin/{clang_check.COMPILER} -c {source} -o names.o"
            (made.parent / "compile_commands.json").write_text(json.dumps(
                [{"directory": folder, "command": command, "file": str(source)}]))
            tree = Tree(clang_check.ROOT)
            self.assertEqual(clang_check.built_by_clang(tree, made.parent), set())
            made.touch()
            self.assertEqual(clang_check.built_by_clang(tree, made.parent), {"src/base/names.cpp"})
            os.utime(made, (1, 1))
            self.assertEqual(clang_check.built_by_clang(tree, made.parent), set())

    def test_the_sources_that_one_command_compiles_together_are_known(self):
        with tempfile.TemporaryDirectory() as folder:
            unity = pathlib.Path(folder) / "unity_0_cxx.cxx"
            unity.write_text(f'#include "{clang_check.ROOT}/src/base/names.cpp"\n'
                             f'#include "{clang_check.ROOT}/src/base/error.cpp"\n')
            self.assertEqual(clang_check.sources_of({"file": str(unity)}),
                             ["src/base/names.cpp", "src/base/error.cpp"])


if __name__ == "__main__":
    unittest.main()
