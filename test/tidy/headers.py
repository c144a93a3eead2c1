"""Every header compiles alone.

Where a source of the same name includes it first, compiling that one without precompiled headers
shows it: clang_check.py does, where there is clang. The others are compiled here. A header that compiled is remembered
under the hash of all that it includes from src/, so that a second run takes a moment.
"""
import concurrent.futures
import hashlib
import os
import pathlib
import re
import shutil
import subprocess

import layers
from tree import Finding

_FIRST_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+["<]([^">]+)[">]', re.MULTILINE)
CLANG = "clang++-19"
_COMPILER = ["g++", "-fsyntax-only", "-x", "c++", "-Wall", "-Wextra", "-Wno-pragma-once-outside-header"]


def closure(tree, path, seen=None):
    """The file and all that it includes from the project, directly or not."""
    seen = set() if seen is None else seen
    if path in seen or not tree.is_file(path):
        return seen
    seen.add(path)
    for _, target in layers.includes_of(tree.text(path)):
        closure(tree, "src/" + target, seen)
        closure(tree, "test/" + target, seen)
    return seen


def _source_of(path):
    return path.rsplit(".", 1)[0] + ".cpp"


def begins_its_source(tree, path):
    source = _source_of(path)
    if not tree.is_file(source):
        return False
    first = _FIRST_INCLUDE.search(tree.text(source))
    return first is not None and path in ("src/" + first.group(1), "test/" + first.group(1))


def shown_by_sources(tree):
    """The sources whose headers are left to clang_check.py."""
    return {_source_of(p) for p in tree.sources(".hpp", ".h") if begins_its_source(tree, p)}


def _flags(tree, path, engine_include):
    """The folder that sees the engine's own C++ headers is C++14, as the engine is C++11."""
    internals = "/internals/" in path
    standard = "-std=c++14" if internals else "-std=c++20"
    include = engine_include if internals else os.path.join(engine_include, "c")
    own = ["-I", str(tree.root / "src"), "-I", str(tree.root / "test")]
    return [standard, *own, "-isystem", include]


def _key(tree, path, flags):
    digest = hashlib.sha256(" ".join(_COMPILER + flags[:1]).encode())
    for name in sorted(closure(tree, path)):
        digest.update(name.encode() + b"\0" + tree.text(name).encode())
    return digest.hexdigest()


def _compile(tree, path, engine_include, cache):
    flags = _flags(tree, path, engine_include)
    mark = cache / _key(tree, path, flags) if cache else None
    if mark and mark.exists():
        return []
    done = subprocess.run(_COMPILER + flags + [str(tree.root / path)], capture_output=True, text=True)
    if done.returncode == 0:
        if mark:
            mark.touch()
        return []
    first = next((l for l in done.stderr.splitlines() if "error" in l), done.stderr.strip())
    return [Finding(path, 1, f"does not compile alone: {first}")]


def default_engine_include():
    cache = os.environ.get("LEAT_CACHE") or os.path.expanduser("~/.cache/leat")
    return os.path.join(os.environ.get("DUCKDB_ROOT") or os.path.join(cache, "duckdb-1.5.5"), "include")


def check(tree, engine_include=None, cache=None, has_clang=None):
    """Without clang nobody compiles the sources, so every header is compiled here."""
    has_clang = shutil.which(CLANG) is not None if has_clang is None else has_clang
    engine_include = engine_include or default_engine_include()
    cache = pathlib.Path(cache) if cache else None
    if cache:
        cache.mkdir(parents=True, exist_ok=True)
    headers = [p for p in tree.sources(".hpp", ".h") if not (has_clang and begins_its_source(tree, p))]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        results = pool.map(lambda p: _compile(tree, p, engine_include, cache), headers)
    return [finding for result in results for finding in result]
