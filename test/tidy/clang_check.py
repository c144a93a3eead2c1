#!/usr/bin/env python3
"""Every source is clean under clang's warnings too, without building it.

  clang_check.py [BUILD_FOLDER]

Takes the commands of the test build, which compiles the sources of a folder as one, and asks
clang++-19 for its opinion. What was clean is remembered under the hash of all that it includes from
the project. What the sanitizer build, which is made by clang with the same warnings, has compiled
since its last change is not looked at again.
"""
import concurrent.futures
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys

import headers
from tree import Tree

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMPILER = "clang++-19"
DROPPED = ("-Winvalid-pch", "-c", "-MD")
_INCLUDED_SOURCE = re.compile(r'^#include "(/[^"]+\.cpp)"$', re.MULTILINE)


def clang_command(entry):
    """The g++ command of one source, without outputs, precompiled headers and the launcher."""
    words = shlex.split(entry["command"])
    words = words[next(i for i, w in enumerate(words) if "++" in os.path.basename(w)) + 1:]
    # libstdc++ 12's own stable_sort is deprecated as clang sees it.
    kept = [COMPILER, "-Wno-unknown-warning-option", "-Wno-deprecated-declarations"]
    at = 0
    while at < len(words):
        word = words[at]
        if word in ("-o", "-MF", "-MT") or (word == "-include" and "cmake_pch" in words[at + 1]):
            at += 2
            continue
        if word not in DROPPED:
            kept.append(word)
        at += 1
    return kept


def sources_of(entry):
    """The sources of the project that one command compiles."""
    file = pathlib.Path(entry["file"])
    paths = _INCLUDED_SOURCE.findall(file.read_text()) if file.name.startswith("unity_") else [file]
    names = [os.path.relpath(p, ROOT) for p in paths]
    return [n for n in names if not n.startswith(("build", ".."))]


def lacking(tree, entries):
    """Sources that no command compiles. The fuzzers are built by clang alone, with its warnings."""
    known = {name for entry in entries for name in sources_of(entry)}
    return sorted(s for s in tree.sources(".cpp") if s.startswith("src/") and s not in known
                  and not s.endswith("_fuzz.cpp"))


def closure_of(tree, names):
    return set().union(*(headers.closure(tree, name) for name in names))


def built_by_clang(tree, build=ROOT / "build" / "asan"):
    """Sources that stand in objects newer than all that they include."""
    commands = build / "compile_commands.json"
    found = set()
    for entry in json.loads(commands.read_text()) if commands.exists() else []:
        words = shlex.split(entry["command"])
        names, made = sources_of(entry), pathlib.Path(entry["directory"]) / words[words.index("-o") + 1]
        if not made.is_file() or os.path.basename(words[0]) != COMPILER:
            continue
        if all((ROOT / n).stat().st_mtime < made.stat().st_mtime for n in closure_of(tree, names)):
            found |= {*names}
    return found


def check_one(tree, entry, cache):
    command = [*clang_command(entry), "-fsyntax-only"]
    names = closure_of(tree, sources_of(entry))
    mark = cache / headers.digest_of(tree, command, names)
    if mark.exists():
        return ""
    done = subprocess.run(command, cwd=entry["directory"], capture_output=True, text=True)
    if done.returncode != 0:
        return done.stderr
    mark.touch()
    return ""


def main(build=ROOT / "build" / "test"):
    if not shutil.which(COMPILER):
        print(f"clang_check: skipped, there is no {COMPILER}; scripts/bootstrap test brings it")
        return 77
    tree = Tree(ROOT)
    cache = ROOT / "build" / "tidy"
    cache.mkdir(parents=True, exist_ok=True)
    entries = json.loads((pathlib.Path(build) / "compile_commands.json").read_text())
    entries = [e for e in entries if sources_of(e)]
    if not entries:
        print(f"clang_check: {build} has no commands for sources of the project")
        return 1
    if gone := lacking(tree, entries):
        print("clang_check: no command compiles", ", ".join(gone))
        return 1
    built = built_by_clang(tree)
    left = [e for e in entries if not built.issuperset(sources_of(e))]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        complaints = [c for c in pool.map(lambda e: check_one(tree, e, cache), left) if c]
    print("\n".join(complaints))
    print(f"clang_check: {len(entries)} commands, {len(entries) - len(left)} of them built by clang, "
          f"{len(complaints)} with complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
