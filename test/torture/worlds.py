"""Small worlds to kill Leat in: a sink, a strategy, and what its target holds afterwards."""
import collections
import csv
import hashlib
import json
import pathlib
import shutil
import subprocess
import tempfile

SINKS = ("duckdb", "parquet", "csv", "ndjson")
STRATEGIES = ("replace", "append")
ROWS = 3000

PIPELINE = """\
pipeline: torture
sources: {{in: {{csv: {{path: "data/*.csv", columns: {{id: bigint, pop: bigint, name: varchar}}}}}}}}
checks: {{in: [{{range: {{column: pop, min: 0}}}}]}}
sinks: {{out: {{{options}, from: in, strategy: {strategy}}}}}
"""


def _write_rows(path, first):
    """Every 50th row breaks the check, every 70th cannot be decoded."""
    with open(path, "w", encoding="utf-8") as file:
        file.write("id,pop,name\n")
        for number in range(first, first + ROWS):
            pop = "x" if number % 70 == 0 else -number if number % 50 == 0 else number * 7
            file.write(f"{number},{pop},name {number % 97}\n")


class World:
    """One folder with a pipeline. `before` is made once; trials work on copies of it."""

    def __init__(self, sink, strategy, fresh):
        self.sink, self.strategy, self.fresh = sink, strategy, fresh
        self.name = f"{sink}/{strategy}{'/fresh' if fresh else ''}"

    def build(self, folder, leat):
        """The state just before the run that will be killed."""
        (folder / "data").mkdir(parents=True)
        (folder / "out").mkdir()
        target = f"out/out.{self.sink}"
        options = (f"duckdb: {{path: {target}, table: out}}" if self.sink == "duckdb"
                   else f"{self.sink}: {{path: {target}}}")
        (folder / "torture.yml").write_text(PIPELINE.format(options=options, strategy=self.strategy))
        _write_rows(folder / "data" / "a.csv", 1)
        if self.fresh:
            return
        done = run_leat(leat, folder)
        if done.returncode != 0:
            raise RuntimeError(f"{self.name}: the first run failed\n{done.stdout}{done.stderr}")
        if self.strategy == "replace":
            (folder / "data" / "a.csv").unlink()
        _write_rows(folder / "data" / "b.csv", 100_001)

    def target(self, folder):
        return folder / "out" / f"out.{self.sink}"

    def rows(self, folder):
        """The visible rows as a multiset, read by anything but Leat; None: there is no target."""
        target = self.target(folder)
        if not target.exists():
            return None
        return collections.Counter(tuple(r) for r in _READERS[self.sink](target))

    def receipts(self, folder):
        """(publish id, previous publish id, counter) of what was committed, oldest first."""
        target = self.target(folder)
        if self.sink == "duckdb":
            texts = [row[0] for row in _query_copy(target, "SELECT receipt FROM _leat_commits")]
            receipts = [json.loads(text) for text in texts]
            return sorted(((r["publish_id"], r["previous_publish_id"], r["counter"])
                           for r in receipts), key=lambda r: r[2])
        return _committed(target)


def _committed(target):
    """The ledger of a file holds intents: the last with the file's digest was committed, and
    before it those that the committed ones name as their previous."""
    ledger = target.with_name(target.name + ".leat.ndjson")
    entries = [json.loads(line) for line in ledger.read_text().splitlines() if line]
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    wanted, found = None, []
    for entry in reversed(entries):
        receipt = entry["receipt"]
        if receipt["publish_id"] == wanted or (not found and entry["digest"] == digest):
            found.append((receipt["publish_id"], receipt["previous_publish_id"],
                          receipt["counter"]))
            wanted = entry["previous"]
    return found[::-1]


def run_leat(leat, folder, **environment):
    return subprocess.run([leat, "run", "torture.yml", "-o", "json"], cwd=folder,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
                          env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8", **environment})


def quarantine(leat, folder):
    """What `leat quarantine show` knows, without the ids of publishes."""
    done = subprocess.run([leat, "quarantine", "show", "in", "--limit", "1000000", "-o", "json"],
                          cwd=folder, capture_output=True, text=True, timeout=120)
    if done.returncode != 0:
        return f"exit {done.returncode}: {done.stderr}"
    document = json.loads(done.stdout)
    names = [c["name"] for c in document["columns"]]
    kept = [i for i, n in enumerate(names) if n in ("dataset", "file", "record", "line",
                                                     "byte_offset", "failed_checks", "raw")]
    return collections.Counter(tuple(row[i] for i in kept) for row in document["rows"])


def leftovers(folder):
    """Files of the target's folder, and the files of the artifacts but for their names."""
    found = sorted(p.name for p in (folder / "out").iterdir() if not p.name.endswith(".wal"))
    artifacts = folder / ".leat" / "artifacts"
    kinds = {str(p.parent.relative_to(artifacts)) for p in artifacts.rglob("*") if p.is_file()}
    return found, kinds


def segments(folder):
    """Publish ids that have a quarantine segment."""
    return {p.stem for p in (folder / ".leat" / "artifacts" / "quarantine").rglob("*.parquet")}


def _query_copy(database, sql):
    """Opens a copy, so that looking never repairs what the next run should repair itself."""
    import duckdb
    with tempfile.TemporaryDirectory() as folder:
        copy = pathlib.Path(folder) / "copy.duckdb"
        shutil.copy(database, copy)
        log = database.with_name(database.name + ".wal")
        if log.exists():
            shutil.copy(log, copy.with_name("copy.duckdb.wal"))
        with duckdb.connect(str(copy)) as connection:
            tables = {row[0] for row in connection.execute("SHOW TABLES").fetchall()}
            wanted = "_leat_commits" if "_leat_commits" in sql else "out"
            return connection.execute(sql).fetchall() if wanted in tables else []


def _read_parquet(path):
    import pyarrow.parquet
    return [tuple(r.values()) for r in pyarrow.parquet.read_table(path).to_pylist()]


def _read_csv(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.reader(file))


def _read_ndjson(path):
    return [tuple(json.loads(line).values()) for line in path.read_text().splitlines()]


_READERS = {"duckdb": lambda p: _query_copy(p, "SELECT * FROM out"), "parquet": _read_parquet,
            "csv": _read_csv, "ndjson": _read_ndjson}
