#!/usr/bin/env python3
"""docs/reference is what the program writes: `make docs` writes it again.

  reference_is_current.py LEAT
"""
import difflib
import pathlib
import subprocess
import sys
import tempfile

COMMITTED = pathlib.Path(__file__).resolve().parent.parent.parent / "docs" / "reference"


def main(leat):
    with tempfile.TemporaryDirectory() as work:
        subprocess.run([leat, "schema", "--reference", work], check=True, capture_output=True)
        written = {p.name: p.read_text() for p in pathlib.Path(work).iterdir()}
    committed = {p.name: p.read_text() for p in COMMITTED.iterdir()}
    differing = sorted(n for n in written | committed if written.get(n) != committed.get(n))
    for name in differing:
        print("\n".join(difflib.unified_diff(
            committed.get(name, "").splitlines(), written.get(name, "").splitlines(),
            f"docs/reference/{name}", "as the program writes it", "", "", 0, "")))
    print(f"reference: {len(written)} pages, {len(differing)} differ"
          + ("; type `make docs` and commit what it wrote" if differing else ""))
    return 1 if differing or len(written) < 6 else 0


sys.exit(main(*sys.argv[1:]))
