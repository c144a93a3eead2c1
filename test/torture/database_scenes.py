"""Worlds whose source is a database, and worlds where rows come back out of the quarantine into a
table. The source's database is one for all trials of a world, since nothing writes to it: so what
is read has the same place in all of them, as the position in the receipt says it."""
import collections
import json

import worlds

DAYS = ("2024-01-01", "2024-01-02", "2024-01-03", "2024-01-04")


def scenes():
    return [PgToPg(), PgToParquet(), PgSealed(), PgIntervals(),
            ReplayInto("postgres", "append"), ReplayInto("postgres", "delete_insert"),
            ReplayInto("sqlite", "append"), ReplayInto("duckdb", "delete_insert"),
            ReplayInto("duckdb", "scd2"), ReplayInto("postgres", "scd2")]


def _lanes(receipts):
    """Chains of (publish id, previous, counter), by lane; `receipts`: oldest first."""
    chains = collections.defaultdict(list)
    for lane, *receipt in receipts:
        chains[lane].append((receipt[0], receipt[1], int(receipt[2])))
    return [chains[lane] for lane in sorted(chains)]


class _FromPostgres:
    """Rows with ids 1 to `first` are read by a run that nobody kills, the others by the one that is
    killed."""
    MORE = 2000

    def fill(self, folder, leat):
        self.source = worlds.postgres.Database.create(self.server())
        self.source.say("CREATE TABLE src (id bigint PRIMARY KEY, pop bigint, name text, day date)")
        self.insert(1)
        pipeline = self.PIPELINE.replace("SOURCE", f"database: {self.source.name}")
        (folder / "torture.yml").write_text(pipeline)
        done = worlds.run_leat(leat, folder)
        if done.returncode != 0:
            raise RuntimeError(f"{self.name}: the first run failed\n{done.stdout}{done.stderr}")
        self.insert(self.MORE + 1)

    def insert(self, first):
        """Every 50th row breaks the check."""
        self.source.say(
            "INSERT INTO src SELECT i, CASE WHEN i % 50 = 0 THEN -i ELSE i * 7 END, 'name ' || i, "
            "date '2024-01-01' + (i % 4)::int FROM "
            f"generate_series({first}, {first + self.MORE - 1}) AS i")

    def keeps_quarantine(self):
        return False

    def server(self):
        return worlds.own_server()


class PgToPg(_FromPostgres, worlds.PostgresWorld):
    """A cursor, and appended: what is read twice would stand there twice."""
    PIPELINE = """\
pipeline: torture
sources: {in: {postgres: {SOURCE, table: src}, cursor: {column: id}}}
checks: {in: [{range: {column: pop, min: 0}}]}
sinks: {out: {postgres: {table: out}, from: in, strategy: append}}
"""

    def __init__(self):
        super().__init__("postgres", "append", False)
        self.name = "scene/pg_pg"

    def build(self, folder, leat):
        (folder / "out").mkdir(parents=True)
        self.prepare(folder)
        self.fill(folder, leat)


class PgToParquet(_FromPostgres, worlds.World):
    """The whole table, in one snapshot."""
    PIPELINE = """\
pipeline: torture
sources: {in: {postgres: {SOURCE, table: src}}}
checks: {in: [{range: {column: pop, min: 0}}]}
sinks: {out: {parquet: {path: out/out.parquet}, from: in}}
"""

    def __init__(self):
        super().__init__("parquet", "replace", False)
        self.name = "scene/pg_parquet"

    def build(self, folder, leat):
        (folder / "out").mkdir(parents=True)
        database = worlds.postgres.Database.create(self.server())
        (folder / "database").write_text(json.dumps(database.environment()))
        self.fill(folder, leat)


class PgSealed(_FromPostgres, worlds.PostgresWorld):
    """An extract that is kept part by part: what lies sealed is not read again, and the whole is
    published once."""
    PIPELINE = """\
pipeline: torture
sources: {in: {postgres: {SOURCE, table: src}, seal: {key: id, rows: 700}}}
checks: {in: [{range: {column: pop, min: 0}}]}
sinks: {out: {postgres: {table: out}, from: in}}
"""

    def __init__(self):
        super().__init__("postgres", "replace", False)
        self.name = "scene/pg_sealed"

    def build(self, folder, leat):
        (folder / "out").mkdir(parents=True)
        self.prepare(folder)
        self.fill(folder, leat)


class PgIntervals(_FromPostgres, worlds.PostgresWorld):
    """Days, each on its own lane; two of four are published when the program is killed."""
    PIPELINE = """\
pipeline: torture
interval: {unit: day, start: 2024-01-01, end: 2024-01-03}
sources: {in: {postgres: {SOURCE, query: "SELECT * FROM src WHERE day >= {{ interval.start }} AND day < {{ interval.end }}"}}}
checks: {in: [{range: {column: pop, min: 0}}]}
sinks: {out: {postgres: {table: out}, from: in, strategy: delete_insert, by: day}}
"""
    MORE = 600

    def __init__(self):
        super().__init__("postgres", "delete_insert", False)
        self.name = "scene/pg_intervals"
        self.parted = True

    def build(self, folder, leat):
        (folder / "out").mkdir(parents=True)
        self.prepare(folder)
        self.fill(folder, leat)
        done = worlds.run_leat(leat, folder, *self.arguments(folder))
        if done.returncode != 0:
            raise RuntimeError(f"{self.name}: the first days failed\n{done.stdout}{done.stderr}")
        path = folder / "torture.yml"
        path.write_text(path.read_text().replace("end: 2024-01-03", "end: 2024-01-05"))

    def arguments(self, folder):
        return ["run", "torture.yml", "--all"]

    def receipts(self, folder):
        return []

    def chains(self, folder):
        return _lanes(self.database(folder).query(
            "SELECT lane, publish_id, previous_publish_id, counter FROM _leat_commits "
            "ORDER BY publish_no"))


def ReplayInto(sink, strategy):
    """Rows that were set aside come back into a table, on the lane of replays."""
    return (_ReplayIntoPostgres if sink == "postgres" else _ReplayIntoFile)(sink, strategy)


class _Replay:
    KEYS = {"append": "", "delete_insert": "by: part, ", "scd2": "key: [id], version: day, "}
    PIPELINE = """\
pipeline: torture
sources: {in: {csv: {path: data/a.csv, columns: {id: bigint, pop: bigint, name: varchar, day: date, part: bigint}}}}
checks: {in: [{range: {column: pop, min: LEAST}}]}
sinks: {out: {OPTIONS, from: in, KEYSstrategy: STRATEGY}}
"""

    def __init__(self, sink, strategy):
        super().__init__(sink, strategy, False)
        self.name = f"scene/replay_{sink}_{strategy}"

    def build(self, folder, leat):
        (folder / "data").mkdir(parents=True)
        (folder / "out").mkdir()
        self.prepare(folder)
        options = ("postgres: {table: out}" if self.sink == "postgres" else
                   f"{self.sink}: {{path: out/out.{self.sink}, table: out}}")
        text = (self.PIPELINE.replace("OPTIONS", options).replace("STRATEGY", self.strategy)
                .replace("KEYS", self.KEYS[self.strategy]))
        worlds.write_rows(folder / "data" / "a.csv", 1, "2024-01-01")
        (folder / "torture.yml").write_text(text.replace("LEAST", "0"))
        done = worlds.run_leat(leat, folder)
        if done.returncode != 0:
            raise RuntimeError(f"{self.name}: the first run failed\n{done.stdout}{done.stderr}")
        (folder / "torture.yml").write_text(text.replace("LEAST", "-1000000"))

    def arguments(self, folder):
        return ["quarantine", "replay", "in", "--check", "range(pop)"]

    def keeps_quarantine(self):
        return False

    def reads_all(self):
        return False


class _ReplayIntoPostgres(_Replay, worlds.PostgresWorld):
    def chains(self, folder):
        return _lanes(self.database(folder).query(
            "SELECT lane, publish_id, previous_publish_id, counter FROM _leat_commits "
            "ORDER BY publish_no"))


class _ReplayIntoFile(_Replay, worlds.World):
    def chains(self, folder):
        return _lanes((r["lane"], r["publish_id"], r["previous_publish_id"], r["counter"])
                      for r in worlds.committed_receipts(self.target(folder)))
