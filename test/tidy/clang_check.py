#!/usr/bin/env python3
"""Every source is clean under clang's warnings too, without building it.

  clang_check.py BUILD_FOLDER

Takes the commands of the g++ build and asks clang++-19 for its opinion. A source that was clean is
remembered under the hash of all that it includes from the project. What the asan build has made is
clean: it is clang's too, with the same warnings.
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
COMPILER = "clang++-19"
DROPPED = ("-Winvalid-pch",)


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


def is_made(made, closure):
    """As ninja sees it: newer than all that it was made of."""
    if not made or not made.exists():
        return False
    return all((ROOT / name).stat().st_mtime <= made.stat().st_mtime for name in closure)


def check_one(tree, entry, cache, made):
    path = os.path.relpath(entry["file"], ROOT)
    closure = headers.closure(tree, path)
    if is_made(made.get(entry["file"]), closure):
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
    made = objects_of(ROOT / "build" / "asan")
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        complaints = [c for c in pool.map(lambda e: check_one(tree, e, cache, made), entries) if c]
    print("\n".join(complaints))
    print(f"clang_check: {len(entries)} sources, {len(complaints)} with complaints")
    return 1 if complaints else 0


sys.exit(main(*sys.argv[1:]))
