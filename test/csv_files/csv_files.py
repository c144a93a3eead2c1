"""Generated text files, clean and polluted, read by Leat, by Python's csv and by the engine's own
reader: every value, and the place of every record that is set aside, is compared.

  test/csv_files/csv_files.py --leat build/dev/leat --files 100000

Each batch is one dialect; it is read with 1, 2 or 8 threads and blocks of 64 bytes to 4 MB. A batch
that differs is named by its seed and made again by --seed N --files 1."""
import argparse
import collections
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

import duckdb

import expect
import make

FILES_A_BATCH = 400
BLOCKS = [64, 100, 4_096, 65_536, 1 << 20, 4 << 20]


def write(folder, dialect, files):
    for name, (data, _) in files.items():
        mark = b"\xef\xbb\xbf" if dialect.mark and dialect.encoding == "utf-8" else b""
        place = folder / f"file={name}"
        place.mkdir()
        written = mark + data
        if dialect.encoding == "utf-16":
            written = data.decode().encode("utf-16")
        (place / "in.csv").write_bytes(written)
    flow = {"pipeline": "flow", "sources": {"in": {"csv": {"path": "file=*/in.csv"} | dialect.yaml()}},
            "resources": {"threads": dialect.threads},
            "sinks": {"out": {"parquet": {"path": "out.parquet"}, "from": "in"}}}
    (folder / "flow.yml").write_text(json.dumps(flow))


def run(leat, folder, dialect):
    environment = os.environ | {"LEAT_TEST_BLOCK_BYTES": str(dialect.block), "NO_COLOR": "1"}
    done = subprocess.run([leat, "run", "flow.yml"], cwd=folder, env=environment, capture_output=True,
                          text=True)
    if done.returncode != 0:
        raise AssertionError(f"exit code {done.returncode}: {done.stderr[-2000:]}")


def seen(folder, dialect):
    """By file: rows, and places with the bytes of what was set aside."""
    rows, aside = collections.defaultdict(list), collections.defaultdict(list)
    names = ", ".join(dialect.names)
    for name, *row in duckdb.sql(f"SELECT file, {names} FROM '{folder}/out.parquet'").fetchall():
        rows[name].append(tuple([row[0], *(value or "" for value in row[1:])]))
    for segment in folder.glob(".leat/artifacts/quarantine/*/*/*.parquet"):
        for name, *place, raw, exact in duckdb.sql(
                "SELECT file, record_no, line_no, byte_offset, raw, raw_bytes "
                f"FROM '{segment}'").fetchall():
            aside[name.split("/")[0].removeprefix("file=")].append(
                (tuple(place), exact if exact is not None else raw.encode()))
    return rows, aside


def compare(name, data, dialect, rows, aside):
    expected = expect.Expected(data, dialect)
    moved = 3 if dialect.mark or dialect.encoding == "utf-16" else 0
    places = sorted(place for place, _ in aside)
    wanted = [(record, line, offset + moved) for record, line, offset in expected.aside]
    if places != wanted:
        first = min(set(places) ^ set(wanted))
        who = "Leat" if first in places else "Python"
        return f"only {who} sets {first} aside: {data[max(0, first[2] - moved - 40):][:160]!r}"
    came, due = collections.Counter(rows), collections.Counter(expected.rows)
    if came != due:
        return f"only Leat: {list((came - due))[:5]}, only Python: {list((due - came))[:5]}"
    for (_, _, offset), raw in aside:
        raw = raw.split("… (".encode())[0]
        if not data[offset - moved:].startswith(raw):
            return f"the bytes at {offset} are not {raw!r}"
    return None


def engine_differs(folder, dialect, files, rows):
    """Of clean files, which the engine can be asked about: the same rows."""
    clean = [name for name, (data, kinds) in files.items()
             if not set(kinds) - {"no last end"} and data.count(b"\n") + data.count(b"\r") > 2]
    if not clean or dialect.encoding != "utf-8" or dialect.end == "\r":
        return 0, None
    paths = [str(folder / f"file={name}" / "in.csv") for name in clean]
    found = collections.defaultdict(list)
    columns = {name: "VARCHAR" for name in dialect.names}
    answer = duckdb.execute(
        "SELECT * FROM read_csv(?, delim=?, quote=?, escape=?, header=true, columns=?, filename=true, "
        "auto_detect=false, hive_partitioning=false, null_padding=false, new_line=?, parallel=false)",
        [paths, dialect.delimiter, dialect.quote, dialect.quote, columns,
         dialect.end.replace("\r", "\\r").replace("\n", "\\n")])
    for *row, path in answer.fetchall():
        first = expect.number(row[0] or "")
        if first is not False:
            found[path.split("file=")[1].split("/")[0]].append(
                tuple([first, *(value or "" for value in row[1:])]))
    for name in clean:
        theirs, ours = collections.Counter(found[name]), collections.Counter(rows[name])
        if theirs != ours:
            return len(clean), (f"{name}: only the engine reads {list(theirs - ours)[:5]}, "
                                f"only Leat {list(ours - theirs)[:5]}")
    return len(clean), None


def batch(leat, seed, count, totals):
    rng = random.Random(seed)
    dialect = make.Dialect(rng)
    dialect.threads, dialect.block = rng.choice([1, 2, 8]), rng.choice(BLOCKS)
    files = {f"f{i}": make.file(rng, dialect) for i in range(count)}
    with tempfile.TemporaryDirectory() as place:
        folder = pathlib.Path(place)
        write(folder, dialect, files)
        run(leat, folder, dialect)
        rows, aside = seen(folder, dialect)
        for name, (data, kinds) in files.items():
            problem = compare(name, data, dialect, rows[name], aside[name])
            if problem:
                return f"{vars(dialect)}\n{name} {kinds}: {problem[:2000]}"
            totals.update(files=1, rows=len(rows[name]), aside=len(aside[name]),
                          values=len(rows[name]) * dialect.columns, polluted=bool(kinds))
        asked, problem = engine_differs(folder, dialect, files, rows)
        totals["engine"] += asked
        return problem and f"{vars(dialect)}\n{problem[:4000]}"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leat", required=True)
    parser.add_argument("--files", type=int, default=2_000)
    parser.add_argument("--seed", type=int, default=0)
    given = parser.parse_args()
    leat = os.path.abspath(given.leat)
    totals, differing = collections.Counter(), 0
    for seed in range(given.seed, given.seed + max(1, given.files // FILES_A_BATCH)):
        problem = batch(leat, seed, FILES_A_BATCH, totals)
        if problem:
            differing += 1
            print(f"batch {seed} differs: {problem}", file=sys.stderr, flush=True)
    print(f"{totals['files']} files, {totals['polluted']} of them polluted, {totals['rows']} rows of "
          f"{totals['values']} values, {totals['aside']} records set aside, {totals['engine']} files "
          f"also read by the engine; {differing} batches differ")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main())
