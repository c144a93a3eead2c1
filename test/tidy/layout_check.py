#!/usr/bin/env python3
"""Every C++ file is laid out as .clang-format says; `make format` does it."""
import pathlib
import shutil
import subprocess
import sys

from tree import Tree

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FORMATTER = "clang-format-19"


def main():
    if not shutil.which(FORMATTER):
        print(f"layout_check: skipped, there is no {FORMATTER}; scripts/bootstrap test brings it")
        return 77
    files = Tree(ROOT).sources()
    done = subprocess.run([FORMATTER, "--dry-run", "-Werror", *files], cwd=ROOT,
                          capture_output=True, text=True)
    wrong = sorted({l.split(":")[0] for l in done.stderr.splitlines() if ": error:" in l})
    for path in wrong:
        print(f"{path}: not laid out; run `make format`")
    print(f"layout_check: {len(files)} files, {len(wrong)} to lay out")
    return 1 if done.returncode != 0 else 0


sys.exit(main())
