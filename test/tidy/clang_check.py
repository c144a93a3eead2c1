#!/usr/bin/env python3
"""Every source is clean under clang's warnings too, without building it.

  clang_check.py [BUILD_FOLDER]

Takes the commands of the dev build, which compiles each source by itself and is configured for it,
and asks clang++-19 for its opinion. A source that was clean is remembered under the hash of all
that it includes from the project. What is often included is precompiled, but not for sources that
show whether the header they begin with compiles alone (headers.py leaves those headers to them).
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import shlex
import shutil
import subprocess
import sys
import threading

import headers
from tree import Tree

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMPILER = headers.CLANG
DROPPED = ("-Winvalid-pch",)
# What is precompiled: for all, and for those that include it.
COMMON = ("algorithm", "chrono", "filesystem", "functional", "map", "memory", "optional", "span",
          "string", "string_view", "unordered_map", "variant", "vector")
HEAVY = ("gmock/gmock.h", "gtest/gtest.h", "nlohmann/json.hpp")


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
        if word not in DROPPED and word not in ("-c", "-MD"):
            kept.append(word)
        at += 1
    return kept


def lacking(tree, entries):
    """Sources that show headers to compile alone (headers.py leaves those out) and that are not
    among the entries."""
    known = {os.path.relpath(entry["file"], ROOT) for entry in entries}
    return sorted(s for s in headers.shown_by_sources(tree) if s not in known)


class Precompiled:
    """One header for all sources that are compiled with the same options and heavy headers."""

    def __init__(self, tree, cache):
        self.tree, self.cache, self.made, self.lock = tree, cache, {}, threading.Lock()
        self.without = headers.shown_by_sources(tree)

    def words(self, entry):
        """What a command is given to use it."""
        path = os.path.relpath(entry["file"], ROOT)
        if path in self.without:
            return []
        heavy = tuple(h for h in HEAVY if f"#include <{h}>" in self.tree.text(path))
        command = [w for w in clang_command(entry) if w != entry["file"]]
        options = tuple(w for w in command[1:] if not w.startswith("-W"))
        with self.lock:
            if (options, heavy) not in self.made:
                self.made[options, heavy] = self.make(command, heavy, entry["directory"])
            return self.made[options, heavy]

    def make(self, command, heavy, folder):
        name = f"common_{len(self.made)}"
        header, made = self.cache / f"{name}.hpp", self.cache / f"{name}.pch"
        header.write_text("".join(f"#include <{h}>\n" for h in (*COMMON, *heavy)))
        done = subprocess.run([*command, "-w", "-x", "c++-header", "-fpch-instantiate-templates", header,
                               "-o", made], cwd=folder, capture_output=True, text=True)
        if done.returncode != 0:
            sys.exit(f"clang_check: cannot precompile {header}\n{done.stderr}")
        return ["-include-pch", str(made)]


def commands_of(build):
    """Of the sources of the project, as the build folder has them."""
    entries = json.loads((pathlib.Path(build) / "compile_commands.json").read_text())
    return [e for e in entries if not os.path.relpath(e["file"], ROOT).startswith(("build", ".."))]


def configured():
    """The dev build, whose commands compile one source each; nothing is built."""
    done = subprocess.run(["cmake", "--preset", "dev"], cwd=ROOT, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"clang_check: could not configure the dev build\n{done.stdout}{done.stderr}")
    return ROOT / "build" / "dev"


def check_one(tree, entry, cache, precompiled):
    path = os.path.relpath(entry["file"], ROOT)
    command = [*clang_command(entry), "-fsyntax-only"]
    digest = hashlib.sha256(" ".join(command).encode())
    for name in sorted(headers.closure(tree, path)):
        digest.update(name.encode() + b"\0" + tree.text(name).encode())
    mark = cache / digest.hexdigest()
    if mark.exists():
        return ""
    done = subprocess.run(command + precompiled.words(entry), cwd=entry["directory"],
                          capture_output=True, text=True)
    if done.returncode != 0:
        return done.stderr
    mark.touch()
    return ""


def main(build=None):
    if not shutil.which(COMPILER):
        print(f"clang_check: skipped, there is no {COMPILER}; scripts/bootstrap test brings it")
        return 77
    tree = Tree(ROOT)
    cache = ROOT / "build" / "tidy"
    cache.mkdir(parents=True, exist_ok=True)
    build = build or configured()
    entries = commands_of(build)
    if not entries:
        print(f"clang_check: {build} has no commands for sources of the project")
        return 1
    if gone := lacking(tree, entries):
        print("clang_check: no command compiles", ", ".join(gone))
        return 1
    precompiled = Precompiled(tree, cache)
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        complaints = [c for c in pool.map(lambda e: check_one(tree, e, cache, precompiled), entries) if c]
    print("\n".join(complaints))
    print(f"clang_check: {len(entries)} sources, {len(complaints)} with complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
