#!/usr/bin/env python3
"""Damages Parquet files at random places, in all compressions, and runs them through Leat: each run
publishes whole or refuses by name; none is called a bug of ours, none crashes, none half publishes.

  damaged_parquet.py --leat build/dev/leat [--files 80] [--seed 1]
"""
import argparse
import collections
import json
import pathlib
import random
import subprocess
import sys
import tempfile

import pyarrow
import pyarrow.parquet

ROWS, GROUP = 1500, 500
FLOW = {"pipeline": "flow", "sources": {"in": {"parquet": {"path": "in.parquet"}}},
        "sinks": {"out": {"parquet": {"path": "out.parquet"}, "from": "in"}}}


def whole_files():
    rng = random.Random(0)
    table = pyarrow.table({
        "id": range(ROWS), "word": [rng.choice(["a", "bb", "ccc", None]) for _ in range(ROWS)],
        "number": [rng.random() for _ in range(ROWS)], "text": [str(rng.random()) for _ in range(ROWS)],
        "list": [[rng.randrange(9)] * rng.randrange(4) for _ in range(ROWS)],
        "pair": [{"x": n, "y": str(n)} for n in range(ROWS)]})
    options = [{"compression": c} for c in ("none", "snappy", "zstd", "gzip", "lz4", "brotli")]
    options.append({"data_page_version": "2.0", "use_dictionary": False, "column_encoding": {
        "id": "DELTA_BINARY_PACKED", "text": "DELTA_BYTE_ARRAY", "number": "BYTE_STREAM_SPLIT"}})
    for option in options:
        sink = pyarrow.BufferOutputStream()
        pyarrow.parquet.write_table(table, sink, row_group_size=GROUP, **option)
        yield sink.getvalue().to_pybytes()


def damage(rng, whole):
    data = bytearray(whole)
    footer = len(data) - 8 - int.from_bytes(data[-8:-4], "little")
    low, high = rng.choice([(4, footer), (4, footer), (footer, len(data) - 4), (0, len(data))])
    for _ in range(rng.choice([1, 1, 2, 5, 20])):
        place = rng.randrange(low, high)
        data[place] = rng.choice([rng.randrange(256), 0, 255, data[place] ^ 1 << rng.randrange(8)])
    return data[:rng.randrange(len(data))] if rng.random() < 0.1 else data


def problem_of(done, folder):
    """What is wrong with how this run ended; empty: nothing."""
    out = folder / "out.parquet"
    if done.returncode == 0:
        return "" if pyarrow.parquet.read_metadata(out).num_rows == ROWS else "lost rows"
    if done.returncode not in (1, 2):
        return f"exit code {done.returncode}"
    if out.exists():
        return "published although it failed"
    return "" if "in.parquet" in done.stderr or "node in" in done.stderr else "names no file or node"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--leat", required=True)
    parser.add_argument("--files", type=int, default=80)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    leat = str(pathlib.Path(args.leat).resolve())
    rng, files = random.Random(args.seed), list(whole_files())
    ended, wrong = collections.Counter(), 0
    for number in range(args.files):
        with tempfile.TemporaryDirectory(prefix="leat_damaged_") as name:
            folder = pathlib.Path(name)
            (folder / "flow.yml").write_text(json.dumps(FLOW), encoding="utf-8")
            (folder / "in.parquet").write_bytes(damage(rng, rng.choice(files)))
            done = subprocess.run([leat, "run", "flow.yml"], cwd=folder, capture_output=True,
                                  text=True, errors="replace", timeout=120)
            ended[done.returncode] += 1
            if problem := problem_of(done, folder):
                wrong += 1
                print(f"damaged_parquet: seed {args.seed}, file {number}: {problem}\n{done.stderr}")
    print(f"damaged_parquet: seed {args.seed}, {args.files} files, {wrong} wrong, exit codes "
          + ", ".join(f"{code}: {count}" for code, count in sorted(ended.items())))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
