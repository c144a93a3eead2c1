"""Names and constructs that the tree does without."""
import os
import re

import cpp
from tree import Finding

VAGUE = {"util", "utils", "helper", "helpers", "common", "manager"}
VAGUE_TYPES = VAGUE | {"data", "info"}
MACROS = {"TRY", "LEAT_ASSERT", "LEAT_CONCAT", "LEAT_CONCAT_", "LEAT_TRY_VOID", "LEAT_TRY_VALUE",
          "LEAT_TRY_PICK", "LEAT_TRY_DECL"}
TEXT_ENDINGS = (".cpp", ".hpp", ".h", ".py", ".md", ".txt", ".cmake", ".yml", ".yaml", ".sql",
                ".flow", ".json", ".sh", "Makefile", "scripts/bootstrap", ".ci/run")

_DECLARED_TYPE = re.compile(r"\b(?:class|struct|enum|union|concept)\s+(?:\[\[\w+\]\]\s*)?(\w+)"
                            r"(?=\s*(?:[:{=;]|final\b))|\busing\s+(\w+)(?=\s*=)")
_IDENTIFIER = re.compile(r"(?<![\w:.>])(?:[A-Za-z_]\w*::)*[A-Za-z_]\w*")
_FOREIGN_INCLUDE = re.compile(r"(?m)^[ \t]*#[ \t]*include[ \t]*<.*$")
_CODE_RULES = [
    (re.compile(r"(?<!<)\bnew\b(?!\s*\()"), "raw new: make_unique, or a container"),
    (re.compile(r"(?<!\boperator )\bnew\s*\("), "placement new: a container or optional does it"),
    (re.compile(r"\bfriend\b"), "friend: give the class the function it lacks"),
]
# Written so that no pattern matches its own line.
_TEXT_RULES = [
    (re.compile(r"\b(?:TOD[O]|FIXM[E]|XX[X])\b(?!\(#\d+\))"), "an open end without an issue number"),
    (re.compile(r"(?<![\w.])/(?:wor[k]|roo[t]|hom[e]|User[s])/[\w.]"), "an absolute path of one machine"),
    (re.compile(r"\.\./share[d]\b"), "a path outside of the project"),
    (re.compile(r"(?:pyp[i]\.org|proxy\.golan[g]\.org|npmj[s]\.|crate[s]\.io|deb\.debia[n]\.org)"),
     "the name of a package registry's host"),
    (re.compile(r"\b(?:previous|earlier|later|next) sessio[n]\b|\bas an A[I]\b"),
     "a word about how the text came to be"),
]
_COMMENTED_CODE = re.compile(r"^\s*//(?!/)\s*(?:[\w:<>*&.\->\[\]]+\s*=?[^;]*\(.*\)\s*;|"
                             r"(?:return|const|auto|if|for|while)\b.*[;{])\s*$")


def words_of(identifier):
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", identifier)
    return [w for w in re.split(r"[_\d]+", spaced) if w]


def _line(text, index):
    return text.count("\n", 0, index) + 1


def _check_identifiers(path, code):
    found = []
    for match in _DECLARED_TYPE.finditer(code):
        name = match.group(1) or match.group(2)
        bad = VAGUE_TYPES & {w.lower() for w in words_of(name)}
        if bad:
            message = f"type {name}: `{bad.pop()}` says nothing; name what it is"
            found.append(Finding(path, _line(code, match.start()), message))
    for match in _IDENTIFIER.finditer(_FOREIGN_INCLUDE.sub("", code)):
        name = match.group()
        if name.startswith(("std::", "duckdb::", "duckdb_", "nlohmann::", "YAML::", "CLI::")):
            continue
        bad = VAGUE & {w.lower() for w in words_of(name.split("::")[-1])}
        if bad and not any(f.line == _line(code, match.start()) for f in found):
            message = f"{name}: `{bad.pop()}` says nothing; name what it does"
            found.append(Finding(path, _line(code, match.start()), message))
    return found


def _check_code(path, text):
    code = cpp.strip(text)
    found = _check_identifiers(path, code)
    for pattern, message in _CODE_RULES:
        found += [Finding(path, _line(code, m.start()), message) for m in pattern.finditer(code)]
    for match in re.finditer(r"^[ \t]*#[ \t]*define[ \t]+(\w+)", code, re.MULTILINE):
        if match.group(1) not in MACROS:
            message = f"macro {match.group(1)}: a function or a constant does it"
            found.append(Finding(path, _line(code, match.start()), message))
    for number, line in enumerate(text.splitlines(), 1):
        if _COMMENTED_CODE.match(line):
            found.append(Finding(path, number, "commented-out code"))
    return found


def _check_file_name(path):
    stem = os.path.basename(path).split(".")[0]
    bad = VAGUE_TYPES & {w.lower() for w in words_of(stem)}
    return [Finding(path, 1, f"file name: `{bad.pop()}` says nothing")] if bad else []


def _check_text(tree, path):
    text = tree.text(path)
    return [Finding(path, _line(text, m.start()), f"{message}: {m.group()}")
            for pattern, message in _TEXT_RULES for m in pattern.finditer(text)]


def check(tree):
    found = []
    for path in tree.sources():
        found += _check_file_name(path) + _check_code(path, tree.text(path))
        if path.endswith((".hpp", ".h")) and "#pragma once" not in tree.text(path):
            found.append(Finding(path, 1, "no #pragma once"))
    for path in tree.files:
        if path.endswith(TEXT_ENDINGS) and "/data/" not in path and not path.startswith("LICENSE"):
            found += _check_text(tree, path)
    return found
