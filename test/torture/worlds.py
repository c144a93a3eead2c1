"""Small worlds to kill Leat in: a sink, a strategy, and what its target holds afterwards."""
import collections
import contextlib
import functools
import hashlib
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "flows" / "runner"))

import postgres
import tables

SINKS = ("duckdb", "sqlite", "postgres", "parquet", "arrow", "avro", "hdf5", "xlsx", "xml", "csv",
         "ndjson")
TABLES = ("duckdb", "sqlite", "postgres")
# In these rows do not meet: they are replaced and appended to.
PLAIN = ("arrow", "avro", "hdf5", "xlsx", "xml")
WHOLE = ("xlsx",)  # Nothing is appended to these.
STRATEGIES = ("replace", "append", "merge", "delete_insert", "scd2")
# The same into a folder of partitions; what is seen meanwhile is judged partition by partition.
PARTED = ("parts_replace", "parts_append", "parts_delete_insert")
ROWS = 3000
LOGS = (".wal", "-wal", "-journal")   # Beside a file of a database, and a part of it.
PLACE = ("file", "record_no", "line_no", "byte_offset")
KEYS = {"merge": "key: [id], version: day, ", "scd2": "key: [id], version: day, ",
        "delete_insert": "by: part, "}

PIPELINE = """\
pipeline: torture
sources: {{in: {{csv: {{path: "data/*.csv", columns: {{id: bigint, pop: bigint, name: varchar, day: date, part: bigint}}}}}}}}
checks: {{in: [{{range: {{column: pop, min: 0}}}}]}}
sinks: {{out: {{{options}, from: in, {keys}strategy: {strategy}}}}}
"""


def sinks_and_strategies():
    for sink in SINKS:
        able = (("replace",) if sink in WHOLE else ("replace", "append") if sink in PLAIN
                else STRATEGIES)
        yield from ((sink, strategy) for strategy in able)
        if sink not in TABLES and sink not in PLAIN:
            yield from ((sink, strategy) for strategy in PARTED)


@functools.cache
def workshop():
    """Where trials are made: in memory where there is room. To a killed process that is the same
    as a disk, since the kernel keeps what was written either way; and it is quicker."""
    memory = pathlib.Path("/dev/shm")
    if memory.is_dir() and os.access(memory, os.W_OK) and shutil.disk_usage(memory).free > 1 << 28:
        return memory
    return None


def write_rows(path, first, day):
    """Every 50th row breaks the check, every 70th cannot be decoded, every 3rd is what it was."""
    with open(path, "w", encoding="utf-8") as file:
        file.write("id,pop,name,day,part\n")
        for number in range(first, first + ROWS):
            pop = "x" if number % 70 == 0 else -number if number % 50 == 0 else number * 7
            name = f"name {number % 97}" + (f" of {day}" if number % 3 else "")
            file.write(f"{number},{pop},{name},{day},{number // 500}\n")


class World:
    """One folder with a pipeline. `before` is made once; trials work on copies of it. `lacks`: of the file
    system, as tear.c says it."""

    lacks = {}

    def __init__(self, sink, strategy, fresh):
        self.sink, self.strategy, self.fresh = sink, strategy, fresh
        self.name = f"{sink}/{strategy}{'/fresh' if fresh else ''}"
        self.parted = strategy.startswith("parts_")

    def prepare(self, folder):
        """What has to be there before anything can be published."""

    def copy(self, base, folder):
        """All of it, the target included."""
        shutil.copytree(base, folder, dirs_exist_ok=True)

    def remove(self, folder):
        shutil.rmtree(folder, ignore_errors=True)

    def wait(self, folder):
        """Until whatever was broken along with the program is whole again."""

    def leftovers(self, folder):
        """What lies about the target, and the files of the artifacts but for their names."""
        return leftovers(folder)

    def build(self, folder, leat):
        """The state just before the run that will be killed."""
        (folder / "data").mkdir(parents=True)
        (folder / "out").mkdir()
        self.prepare(folder)
        target = f"out/out.{self.sink}"
        options = ("postgres: {table: out}" if self.sink == "postgres" else
                   f"{self.sink}: {{path: {target}, table: out}}" if self.sink in TABLES
                   else f"{self.sink}: {{path: {target}"
                        f"{', partition_by: [part]' if self.parted else ''}}}")
        strategy = self.strategy.removeprefix("parts_")
        (folder / "torture.yml").write_text(PIPELINE.format(
            options=options, strategy=strategy, keys="" if self.parted else KEYS.get(strategy, "")))
        write_rows(folder / "data" / "a.csv", 1, "2024-01-01")
        if self.fresh:
            return
        done = run_leat(leat, folder)
        if done.returncode != 0:
            raise RuntimeError(f"{self.name}: the first run failed\n{done.stdout}{done.stderr}")
        if self.reads_all():
            (folder / "data" / "a.csv").unlink()
        # Half of the keys and parts are there already, but for the strategies that know no keys.
        write_rows(folder / "data" / "b.csv", 100_001 if self.strategy in ("replace", "append")
                    else 1501, "2024-02-01")

    def run(self, leat, folder, **environment):
        """What is killed, and what goes on from there."""
        return run_leat(leat, folder, *self.arguments(folder), **environment)

    def arguments(self, folder):
        return ["run", "torture.yml"]

    def ends(self):
        """Exit codes of runs that nothing happens to."""
        return (0,)

    def meanwhile(self, folder):
        """What happens between a run that is killed and the next one. True: so it does in the reference, which
        has a next one then."""
        return False

    def go_on(self, leat, folder):
        """What somebody does when a run has ended by itself."""

    def right_for(self, rows, rows_at_end, quarantine):
        """What there should be in the end, where these rows are there."""
        return rows_at_end, quarantine

    def keeps_quarantine(self):
        """Each publish of it sets rows aside."""
        return True

    def strays(self, segments, publishes):
        """Segments that nobody explains."""
        return segments - publishes

    def set_aside(self, leat, folder, publishes):
        """The rows that these publishes have set aside."""
        return kept_quarantine(folder, publishes)

    def is_shared(self):
        """Another project may run the same: it needs the data, the target and the artifacts alone."""
        return True

    def may_read_another(self):
        """A source that cannot be read is replaced by another one, so that other rows are right then."""
        return False

    def speaks_to_server(self):
        return False

    def chains(self, folder):
        """The receipts that follow one another: a target has as many as sinks publish to it."""
        return [self.receipts(folder)]

    def reads_all(self):
        """A committed publish may be done again: it changes nothing."""
        return self.strategy.endswith("replace")

    def may_be_seen(self, rows, before, after):
        """After a kill, before the next run: all from before or all from after."""
        if not self.parted:
            return rows in (before, after) or (not rows and not before)
        rows, before, after = (_by_part(r) for r in (rows, before, after))
        return all(rows.get(p) in (before.get(p), after.get(p))
                   for p in {*rows, *before, *after})

    def target(self, folder):
        return folder / "out" / f"out.{self.sink}"

    def rows(self, folder):
        """The visible rows as a multiset, read by anything but Leat; None: there is no target."""
        target = self.target(folder)
        if not target.exists():
            return None
        if self.parted:
            return collections.Counter(
                (*r, p.parent.name) for p in target.glob(f"*/data.{self.sink}")
                for r in read_any(p))
        return collections.Counter(read_any(target))

    def receipts(self, folder):
        """(publish id, previous publish id, counter) of what was committed, oldest first."""
        target = self.target(folder)
        if self.sink in TABLES:
            return _committed(target)
        if self.parted:
            lines = (target / "_leat" / "commits.ndjson").read_text().splitlines()
            receipts = [json.loads(line)["receipt"] for line in lines]
            return [(r["publish_id"], r["previous_publish_id"], r["counter"]) for r in receipts]
        return _committed(target)


SERVER_BYTES = 2 << 30


def own_server():
    """One of the torture's own: it is broken on the way. In memory where there is room, as the trials: to drop a
    database takes a checkpoint, and to come back after a kill takes two."""
    memory = workshop()
    if memory and shutil.disk_usage(memory).free > SERVER_BYTES:
        os.environ.setdefault("LEAT_SERVER_HOME", str(memory))
    return f"torture-{os.getpid()}"


class PostgresWorld(World):
    """Its target is a database; the folder says which."""

    def server(self):
        return own_server()

    def prepare(self, folder):
        database = postgres.Database.create(self.server())
        (folder / "database").write_text(json.dumps(database.environment()))

    def copy(self, base, folder):
        super().copy(base, folder)
        database = self.database(base).copy()
        (folder / "database").write_text(json.dumps(database.environment()))

    def remove(self, folder):
        if (folder / "database").exists():
            self.database(folder).drop()
        super().remove(folder)

    def database(self, folder):
        return postgres.Database.of(json.loads((folder / "database").read_text()))

    def wait(self, folder):
        self.database(folder).wait()

    def speaks_to_server(self):
        return True

    def rows(self, folder):
        database = self.database(folder)
        if not database.query("SELECT to_regclass('public.out')")[0][0]:
            return None
        return collections.Counter(tuple(r) for r in database.query("SELECT * FROM out"))

    def receipts(self, folder):
        database = self.database(folder)
        if not database.query("SELECT to_regclass('public._leat_commits')")[0][0]:
            return []
        found = database.query("SELECT publish_id, previous_publish_id, counter FROM _leat_commits "
                               "ORDER BY publish_no")
        return [(r[0], r[1], int(r[2])) for r in found]

    def leftovers(self, folder):
        tables_there = self.database(folder).query(
            "SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace "
            "ORDER BY 1")
        return leftovers(folder), tables_there


class NewDuckdb(World):
    """A file that is made: where an empty one is, or by a file system that cannot do all."""

    def __init__(self, what, is_empty, lacks):
        super().__init__("duckdb", "replace", True)
        self.name += f"/{what}"
        self.is_empty, self.lacks = is_empty, {name: "1" for name in lacks}

    def build(self, folder, leat):
        super().build(folder, leat)
        if self.is_empty:
            self.target(folder).touch()


def new_databases():
    return [NewDuckdb("empty", True, ()), NewDuckdb("empty_linked", True, ("LEAT_TEAR_NO_RENAME_NEW",)),
            NewDuckdb("empty_unlinked", True, ("LEAT_TEAR_NO_LINK",)),
            NewDuckdb("linked", False, ("LEAT_TEAR_NO_RENAME_NEW",)),
            NewDuckdb("unlinked", False, ("LEAT_TEAR_NO_LINK",))]


def make_world(sink, strategy, fresh):
    return (PostgresWorld if sink == "postgres" else World)(sink, strategy, fresh)


def stop_servers():
    postgres.stop(own_server())


def environment_of(folder):
    named = folder / "database"
    return json.loads(named.read_text()) if named.exists() else {}


def _by_part(rows):
    parts = collections.defaultdict(collections.Counter)
    for row, count in (rows or {}).items():
        parts[row[-1]][row] += count
    return parts


def _committed(target):
    return [(r["publish_id"], r["previous_publish_id"], r["counter"])
            for r in committed_receipts(target)]


def committed_receipts(target):
    """The ledger of a file holds intents: the last with the file's digest was committed, and
    before it those that the committed ones name as their previous. A database's knows no others."""
    if target.suffix[1:] in TABLES:
        texts = _once_read(target, _READERS[target.suffix[1:]])["_leat_commits"]
        return sorted((json.loads(text) for text, in texts), key=lambda receipt: receipt["counter"])
    ledger = target.with_name(target.name + ".leat.ndjson")
    entries = [json.loads(line) for line in ledger.read_text().splitlines() if line]
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    wanted, found = None, []
    for entry in reversed(entries):
        receipt = entry["receipt"]
        if receipt["publish_id"] == wanted or (not found and entry["digest"] == digest):
            found.append(receipt)
            wanted = entry["previous"]
    return found[::-1]


def read_any(target):
    """Its rows as tuples, by anything but Leat."""
    found = _once_read(target, _READERS.get(target.suffix[1:], _read_independently))
    return found["out"] if isinstance(found, dict) else found


_read_before = collections.OrderedDict()
READ_BEFORE_MAX = 64


def _once_read(path, reader):
    """What a reader makes of a file. The same bytes are read once: most kills leave the bytes from before, and
    most runs end with those of the reference."""
    digest = hashlib.sha256()
    for suffix in ("", *LOGS):
        part = path.with_name(path.name + suffix)
        digest.update(b"%d " % part.stat().st_size + part.read_bytes() if part.exists() else b"none")
    key = (reader, path.suffix, digest.digest())
    found = _read_before.pop(key, None)
    if found is None:
        found = reader(path)
    _read_before[key] = found
    if len(_read_before) > READ_BEFORE_MAX:
        _read_before.popitem(last=False)
    return found


def run_leat(leat, folder, *arguments, **environment):
    return subprocess.run([leat, *(arguments or ("run", "torture.yml")), "-o", "json"], cwd=folder,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120,
                          env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8",
                               **environment_of(folder), **environment})


def shown_quarantine(leat, folder, dataset="in"):
    """What `leat quarantine show` knows, without the ids of publishes."""
    done = subprocess.run([leat, "quarantine", "show", dataset, "--limit", "1000000", "-o", "json"],
                          cwd=folder, capture_output=True, text=True, timeout=120)
    if f"nothing of `{dataset}` is in quarantine" in done.stderr:
        return collections.Counter()
    if done.returncode != 0:
        raise RuntimeError(f"exit {done.returncode}: {done.stderr}")
    document = json.loads(done.stdout)
    names = [c["name"] for c in document["columns"]]
    kept = [names.index(n) for n in (*PLACE, "failed_checks", "raw")]
    return collections.Counter(tuple(row[i] for i in kept) for row in document["rows"])


def kept_quarantine(folder, publishes):
    """The rows of the segments of these publishes as `shown_quarantine` has them."""
    rows = collections.Counter()
    for path in (folder / ".leat" / "artifacts" / "quarantine").rglob("*.parquet"):
        if path.stem in publishes:
            rows.update(_once_read(path, _rows_of_segment))
    return rows


def _rows_of_segment(path):
    import pyarrow.parquet
    return [tuple(str(row[n]) for n in PLACE) + (_list_text(row["failed_checks"]), row["raw"])
            for row in pyarrow.parquet.ParquetFile(path).read().to_pylist()]


def _list_text(names):
    """As the engine writes a list of texts."""
    return "[" + ", ".join(f"'{n}'" if "(" in n else n for n in names) + "]"


def leftovers(folder):
    """Files of the target's folder, and the files of the artifacts but for their names."""
    found = sorted(str(p.relative_to(folder / "out")) for p in (folder / "out").rglob("*")
                   if not p.name.endswith((*LOGS, "-shm")))
    artifacts = folder / ".leat" / "artifacts"
    kinds = {str(p.parent.relative_to(artifacts)) for p in artifacts.rglob("*") if p.is_file()}
    return found, kinds


def segments(folder):
    """Publish ids that have a quarantine segment."""
    return {p.stem for p in (folder / ".leat" / "artifacts" / "quarantine").rglob("*.parquet")}


@functools.cache
def _engine():
    """To start one takes as long as a run."""
    import duckdb
    return duckdb.connect()


def _tables_of_duckdb(database):
    """Of a copy, so that looking never repairs what the next run should repair itself."""
    if database.stat().st_size == 0:
        return _tables(lambda sql: [], "")
    with tempfile.TemporaryDirectory(dir=workshop()) as folder:
        copy = pathlib.Path(folder) / "copy.duckdb"
        shutil.copy(database, copy)
        log = database.with_name(database.name + ".wal")
        if log.exists():
            shutil.copy(log, copy.with_name("copy.duckdb.wal"))
        connection = _engine()
        connection.execute(f"ATTACH '{copy}' AS copy; USE copy")
        try:
            return _tables(lambda sql: connection.execute(sql).fetchall(), "SHOW TABLES")
        finally:
            connection.execute("USE memory; DETACH copy")


def _tables_of_sqlite(database):
    import sqlite3
    with tempfile.TemporaryDirectory(dir=workshop()) as folder:
        for suffix in ("", "-wal", "-journal"):
            part = database.with_name(database.name + suffix)
            if part.exists():
                shutil.copy(part, pathlib.Path(folder) / f"copy.db{suffix}")
        with contextlib.closing(sqlite3.connect(pathlib.Path(folder) / "copy.db")) as connection:
            return _tables(lambda sql: connection.execute(sql).fetchall(),
                           "SELECT name FROM sqlite_schema")


def _tables(rows_of, names_sql):
    names = {row[0] for row in rows_of(names_sql)}
    return {"out": rows_of("SELECT * FROM out") if "out" in names else [],
            "_leat_commits": rows_of("SELECT receipt FROM _leat_commits")
                             if "_leat_commits" in names else []}


def _read_parquet(path):
    import pyarrow.parquet
    return [tuple(r.values()) for r in pyarrow.parquet.ParquetFile(path).read().to_pylist()]


def _read_independently(path):
    return [tuple(row) for row in tables.read_independently(path)]


_READERS = {"duckdb": _tables_of_duckdb, "sqlite": _tables_of_sqlite, "parquet": _read_parquet}
