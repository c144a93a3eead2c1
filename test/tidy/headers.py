"""Every header compiles alone.

A header is compiled with one of those that it includes anyway precompiled before it. That one is
shown by itself, so nothing is found there that the header does not bring along. A header that
compiled is remembered under the hash of all that it includes from the project, so that a second run
takes a moment.
"""
import concurrent.futures
import hashlib
import os
import pathlib
import subprocess
import tempfile
import threading

import layers
from tree import Finding

_COMPILER = ["g++", "-w", "-fsyntax-only"]
_PRECOMPILED_MAX = 12
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


def worth_precompiling(closures):
    """A few headers that spare the others most, counted in files that need not be read again."""
    spared, chosen = dict.fromkeys(closures, 0), []
    while len(chosen) < _PRECOMPILED_MAX:
        gains = {candidate: sum(max(0, len(closures[candidate]) - spared[p])
                                for p in closures if p != candidate and candidate in closures[p])
                 for candidate in closures}
        best = max(sorted(gains), key=gains.get, default=None)
        if best is None or gains[best] <= len(closures[best]):
            break
        chosen.append(best)
        for path in closures:
            if path != best and best in closures[path]:
                spared[path] = max(spared[path], len(closures[best]))
    return chosen


class _Compiler:
    def __init__(self, tree, paths, engine_include, folder):
        self.tree, self.engine_include, self.folder = tree, engine_include, pathlib.Path(folder)
        self.closures = {p: closure(tree, p) for p in paths}
        self.shared = worth_precompiling({p: c for p, c in self.closures.items() if _INTERNALS not in p})
        self.made, self.lock = {}, threading.Lock()

    def complaint(self, path):
        """Of the compiler about a header alone; "": none."""
        within = [s for s in self.shared if s != path and s in self.closures[path]]
        before = self._precompiled(max(within, key=lambda s: len(self.closures[s]))) if within else []
        flags = _flags(self.tree, path, self.engine_include)
        done = subprocess.run([*_COMPILER, *flags, *before, "-x", "c++", str(self.tree.root / path)],
                              capture_output=True, text=True)
        if done.returncode == 0:
            return ""
        return next((l for l in done.stderr.splitlines() if "error" in l), done.stderr.strip())

    def _precompiled(self, path):
        """What a command is given; nothing where the header itself does not compile."""
        with self.lock:
            if path not in self.made:
                header = self.folder / f"shared_{len(self.made)}.hpp"
                header.write_text(f'#include "{self.tree.root / path}"\n')
                done = subprocess.run(["g++", "-w", *_flags(self.tree, path, self.engine_include),
                                       "-x", "c++-header", header, "-o", f"{header}.gch"],
                                      capture_output=True)
                self.made[path] = ["-include", str(header)] if done.returncode == 0 else []
            return self.made[path]


def default_engine_include():
    cache = os.environ.get("LEAT_CACHE") or os.path.expanduser("~/.cache/leat")
    return os.path.join(os.environ.get("DUCKDB_ROOT") or os.path.join(cache, "duckdb-1.5.5"), "include")


def check(tree, engine_include=None, cache=None):
    engine_include = engine_include or default_engine_include()
    cache = pathlib.Path(cache or tree.root / "build" / "tidy")
    cache.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=cache) as folder:
        compiler = _Compiler(tree, tree.sources(".hpp", ".h"), engine_include, folder)

        def finding(path):
            flags = _flags(tree, path, engine_include)
            mark = cache / digest_of(tree, [*_COMPILER, flags[0]], compiler.closures[path])
            if mark.exists():
                return []
            if complaint := compiler.complaint(path):
                return [Finding(path, 1, f"does not compile alone: {complaint}")]
            mark.touch()
            return []

        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
            return [f for found in pool.map(finding, list(compiler.closures)) for f in found]
