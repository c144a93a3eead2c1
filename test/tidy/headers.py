"""Every header compiles alone.

Two halves, as reading the standard library again for each header takes most of the time. What a
header names of the standard library must come from a standard header that it includes, itself or
through a header of the project (standard_names.py). All else is shown by the compiler, which is
given the header with the most common standard headers precompiled. A header that compiled is remembered under
the hash of all that it includes from the project, so that a second run takes a moment.
"""
import concurrent.futures
import hashlib
import os
import pathlib
import subprocess
import tempfile

import layers
import standard_names
from tree import Finding

_COMPILER = ["g++", "-w", "-fsyntax-only"]
_INTERNALS = "/internals/"
# Where Debian keeps headers of libraries that are not found without a word (cmake/ThirdParty.cmake).
_LIBRARIES = ("/usr/include/hdf5/serial", "/usr/include/postgresql")


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


def digest_of(tree, words, names):
    digest = hashlib.sha256(" ".join(words).encode())
    for name in sorted(names):
        digest.update(name.encode() + b"\0" + tree.text(name).encode())
    return digest.hexdigest()


def _flags(tree, path, engine_include):
    """The folder that sees the engine's own C++ headers is C++14, as the engine is C++11."""
    internals = _INTERNALS in path
    standard = "-std=c++14" if internals else "-std=c++20"
    include = engine_include if internals else os.path.join(engine_include, "c")
    own = ["-I", str(tree.root / "src"), "-I", str(tree.root / "test")]
    return [standard, *own, *(w for folder in (include, *_LIBRARIES) for w in ("-isystem", folder))]


def precompile(tree, engine_include, folder, example):
    """The common headers, for headers with the flags of the example; what a command is given."""
    header = pathlib.Path(folder) / f"standard_{len(list(pathlib.Path(folder).iterdir()))}.hpp"
    header.write_text("".join(f"#include <{name}>\n" for name in standard_names.COMMON))
    subprocess.run(["g++", "-w", *_flags(tree, example, engine_include), "-x", "c++-header", header,
                    "-o", f"{header}.gch"], check=True)
    return ["-include", str(header)]


def complaint(tree, path, engine_include, before):
    """Of the compiler about a header; "": none."""
    flags = _flags(tree, path, engine_include)
    done = subprocess.run([*_COMPILER, *flags, *before, "-x", "c++", str(tree.root / path)],
                          capture_output=True, text=True)
    if done.returncode == 0:
        return ""
    return next((l for l in done.stderr.splitlines() if "error" in l), done.stderr.strip())


def default_engine_include():
    cache = os.environ.get("LEAT_CACHE") or os.path.expanduser("~/.cache/leat")
    return os.path.join(os.environ.get("DUCKDB_ROOT") or os.path.join(cache, "duckdb-1.5.5"), "include")


def _compiled(tree, paths, engine_include, cache):
    """Findings of the compiler."""
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        before = {}
        for path in paths:
            if (internals := _INTERNALS in path) not in before:
                before[internals] = precompile(tree, engine_include, folder, path)

        def finding(path):
            words = [*_COMPILER, _flags(tree, path, engine_include)[0]]
            mark = cache / digest_of(tree, words, closure(tree, path))
            if mark.exists():
                return []
            if said := complaint(tree, path, engine_include, before[_INTERNALS in path]):
                return [Finding(path, 1, f"does not compile alone: {said}")]
            mark.touch()
            return []

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
            return [f for found in pool.map(finding, paths) for f in found]


def check(tree, engine_include=None, cache=None):
    engine_include = engine_include or default_engine_include()
    cache = pathlib.Path(cache or tree.root / "build" / "tidy")
    cache.mkdir(parents=True, exist_ok=True)
    paths = tree.sources(".hpp", ".h")
    found = [f for path in paths for f in standard_names.check(tree, path, closure(tree, path))]
    return found + _compiled(tree, paths, engine_include, cache)
