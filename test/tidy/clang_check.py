#!/usr/bin/env python3
"""Every source is clean under clang's warnings too, without building it.

  clang_check.py BUILD_FOLDER

Takes the commands of the g++ build and asks clang++-19 for its opinion. A source that was clean is
remembered under the hash of all that it includes from the project. What the asan build has made is
clean: it is clang's too, with the same warnings, as long as nothing has changed that says with which.
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

import headers
from tree import Tree

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
COMPILER = headers.CLANG
DROPPED = ("-Winvalid-pch",)
SAYS_HOW = ("CMakeLists.txt", "CMakePresets.json", "cmake/*.cmake")


def clang_command(entry):
    """The g++ command of one source, without outputs, precompiled headers and the launcher."""
    words = shlex.split(entry["command"])
    words = words[next(i for i, w in enumerate(words) if "++" in os.path.basename(w)) + 1:]
    # libstdc++ 12's own stable_sort is deprecated as clang sees it.
    kept = [COMPILER, "-fsyntax-only", "-Wno-unknown-warning-option", "-Wno-deprecated-declarations"]
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


def objects_of(build):
    """Source: object, of a build folder; empty where there is none."""
    commands = build / "compile_commands.json"
    if not commands.exists():
        return {}
    entries = json.loads(commands.read_text())
    made = {}
    for entry in entries:
        words = shlex.split(entry["command"])
        if "-o" in words:
            made[entry["file"]] = build / words[words.index("-o") + 1]
    return made


def time_of_rules():
    """When anything changed last that says how sources are compiled."""
    return max(path.stat().st_mtime for pattern in SAYS_HOW for path in ROOT.glob(pattern))


def is_made(made, closure, rules_time):
    """As ninja sees it: newer than all that it was made of. The object has the command's warnings
    only if it is newer than the files that say which."""
    if not made or not made.exists():
        return False
    time = made.stat().st_mtime
    return rules_time <= time and all((ROOT / name).stat().st_mtime <= time for name in closure)


def lacking(tree, entries):
    """Sources that show headers to compile alone (headers.py leaves those out) and that are not
    among the entries."""
    known = {os.path.relpath(entry["file"], ROOT) for entry in entries}
    return sorted(s for s in headers.shown_by_sources(tree) if s not in known)


def check_one(tree, entry, cache, made, rules_time):
    path = os.path.relpath(entry["file"], ROOT)
    closure = headers.closure(tree, path)
    if is_made(made.get(entry["file"]), closure, rules_time):
        return ""
    command = clang_command(entry)
    digest = hashlib.sha256(" ".join(command).encode())
    for name in sorted(closure):
        digest.update(name.encode() + b"\0" + tree.text(name).encode())
    mark = cache / digest.hexdigest()
    if mark.exists():
        return ""
    done = subprocess.run(command, cwd=entry["directory"], capture_output=True, text=True)
    if done.returncode != 0:
        return done.stderr
    mark.touch()
    return ""


def main(build):
    if not shutil.which(COMPILER):
        print(f"clang_check: skipped, there is no {COMPILER}; scripts/bootstrap test brings it")
        return 77
    tree = Tree(ROOT)
    cache = ROOT / "build" / "tidy"
    cache.mkdir(parents=True, exist_ok=True)
    entries = json.loads((pathlib.Path(build) / "compile_commands.json").read_text())
    entries = [e for e in entries if not os.path.relpath(e["file"], ROOT).startswith(("build", ".."))]
    if not entries:
        print(f"clang_check: {build} has no commands for sources of the project")
        return 1
    if gone := lacking(tree, entries):
        print("clang_check: no command compiles", ", ".join(gone))
        return 1
    made = objects_of(ROOT / "build" / "asan")
    rules_time = time_of_rules()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        complaints = [c for c in pool.map(lambda e: check_one(tree, e, cache, made, rules_time), entries) if c]
    print("\n".join(complaints))
    print(f"clang_check: {len(entries)} sources, {len(complaints)} with complaints")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
