#!/usr/bin/env python3
"""Measures Leat against what PostgreSQL does by itself, in turn, and proves each result.

  scripts/python bench/postgres.py --leat PROGRAM [--rows N] [--rounds N] [--folder FOLDER] [--only PART]...

Medians of wall and CPU seconds (of the processes that were started and of the server's), and the
ratio of each round's pair. The server is one of test/servers with shared_buffers of 2 GB, and ends
afterwards. 12 M rows need 12 GB in FOLDER and 15 GB where the server's data lie (TMPDIR).
"""
import argparse
import os
import pathlib
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "test" / "flows" / "runner"))
os.environ.setdefault("LEAT_SERVER_BUFFERS", "2GB")
os.environ.setdefault("LEAT_SERVER_IDLE_S", "7200")

import postgres  # pylint: disable=wrong-import-position

SERVER = "bench"
COLUMNS = {
    "id": "bigint", "part": "bigint", "supplier": "bigint", "line": "integer",
    "quantity": "numeric(15,2)", "price": "numeric(15,2)", "discount": "numeric(15,2)",
    "tax": "numeric(15,2)", "flag": "varchar", "status": "varchar", "shipped": "date",
    "committed": "date", "received": "date", "instruct": "varchar", "mode": "varchar",
    "comment": "varchar"}
ROW = ("i, i % 200000, i % 10000, (i % 7)::int, (i % 50)::numeric, (i % 9973) * 1.01, "
       "(i % 11) / 100.0, (i % 9) / 100.0, substr('ANR', (i % 3)::int + 1, 1), "
       "substr('OF', (i % 2)::int + 1, 1), date '1995-01-01' + (i % 2000)::int, "
       "date '1995-02-01' + (i % 2000)::int, date '1995-03-01' + (i % 2000)::int, "
       "'DELIVER IN PERSON', 'TRUCK', 'what is said of row ' || i")
TABLE = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
PROOF = "SELECT count(*), sum(hashtextextended(t::text, 0)::numeric) FROM {} AS t"
PARTS = ("load_csv", "copy_table", "to_parquet", "seal", "merge")
CHECKS = ("checks: {in: [{not_null: [id, price]}, {range: {column: discount, min: 0, max: 1}}, "
          "{accepted_values: {column: flag, values: [A, N, R]}}]}")


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.database = postgres.Database.create(SERVER)
        self.environment = {**os.environ, **self.database.environment()}
        self.columns = "{" + ", ".join(
            f"{n}: '{k.replace('numeric', 'decimal')}'" for n, k in COLUMNS.items()) + "}"

    def fill(self):
        rows = self.options.rows
        self.say(f"CREATE TABLE src ({TABLE}); INSERT INTO src SELECT {ROW} FROM "
                 f"generate_series(1::bigint, {rows}) AS i; VACUUM ANALYZE src; "
                 f"CREATE TABLE big ({TABLE}, PRIMARY KEY (id)); INSERT INTO big SELECT * FROM src; "
                 "VACUUM ANALYZE big")
        self.shell("psql -qc '\\copy src TO src.csv (FORMAT csv, HEADER)'")
        self.shell("psql -qc '\\copy src TO src.bin (FORMAT binary)'")
        self.wanted = self.database.query(PROOF.format("src"))

    def say(self, sql):
        for statement in sql.split("; "):
            self.database.say(statement)

    def shell(self, script):
        """Seconds by the clock, and of processors: our children's and the server's."""
        before, server = resource.getrusage(resource.RUSAGE_CHILDREN), self.server_cpu()
        began = time.monotonic()
        subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=self.folder, check=True,
                       env=self.environment, stdout=subprocess.DEVNULL)
        wall = time.monotonic() - began
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        return wall, cpu + self.server_cpu() - server

    def server_cpu(self):
        """Of all its processes, those that have ended among them."""
        (pid,), = self.database.query("SELECT pg_read_file('postmaster.pid', 0, 20)") or ((0,),)
        top = int(str(pid).split()[0])
        total, tick = 0, os.sysconf("SC_CLK_TCK")
        for entry in pathlib.Path("/proc").glob("[0-9]*/stat"):
            try:
                fields = entry.read_text().rsplit(")", 1)[1].split()
            except (OSError, IndexError):
                continue
            if int(entry.parent.name) == top:
                total += sum(int(f) for f in fields[11:15])
            elif int(fields[1]) == top:
                total += sum(int(f) for f in fields[11:13])
        return total / tick

    def empty(self):
        """A table as it was, and no memory of what was published."""
        self.say("DROP TABLE IF EXISTS out; DROP VIEW IF EXISTS pipeline_executions; "
                 f"DROP TABLE IF EXISTS _leat_commits, _leat_heads; CREATE TABLE out ({TABLE}); "
                 "CHECKPOINT")
        shutil.rmtree(self.folder / ".leat", ignore_errors=True)

    def pipeline(self, name, source, sink, checks=""):
        (self.folder / f"{name}.yml").write_text(
            f"pipeline: {name}\nsources: {{in: {source}}}\n{checks}\nsinks: {{out: {{{sink}, from: in}}}}\n")
        return f"{self.options.leat} run -q {name}.yml"

    def prove(self, table="out"):
        found = self.database.query(PROOF.format(table))
        if found != self.wanted:
            raise SystemExit(f"other rows in {table}: {found}, not {self.wanted}: no time counts")

    def compare(self, title, ours, theirs, prove):
        """`ours` and `theirs`: name -> script; each round all of them, one after the other, and each
        round another one first: 16.6 s became 13.7 by that."""
        scripts = [*ours.items(), *theirs.items()]
        costs = {name: [] for name, _ in scripts}
        for number in range(self.options.rounds):
            first = number % len(scripts)
            for name, script in (*scripts[first:], *scripts[:first]):
                self.empty()
                costs[name].append(self.shell(script))
                prove(name)
        print(f"\n## {title}\n")
        print("| what | wall s | CPU s |" + "".join(f" wall / {n} |" for n in theirs))
        print("|---|---:|---:|" + "---:|" * len(theirs))
        for name, taken in costs.items():
            ratios = [statistics.median(a[0] / b[0] for a, b in zip(taken, costs[other]))
                      for other in theirs]
            print(f"| {name} | {statistics.median(t[0] for t in taken):.2f} "
                  f"| {statistics.median(t[1] for t in taken):.2f} |"
                  + "".join(f" {r:.2f} |" for r in ratios), flush=True)

    def load_csv(self):
        source = f"{{csv: {{path: src.csv, columns: {self.columns}}}}}"
        leat = self.pipeline("load", source, "postgres: {table: out}, strategy: append", CHECKS)
        self.compare("CSV into a table that is there", {"leat": leat}, {
            "COPY binary": "psql -qc '\\copy out FROM src.bin (FORMAT binary)'",
            "\\copy csv": "psql -qc '\\copy out FROM src.csv (FORMAT csv, HEADER)'",
        }, lambda _: self.prove())

    def copy_table(self):
        source, sink = "{postgres: {table: src}}", "postgres: {table: out}, strategy: append"
        self.compare("PostgreSQL to PostgreSQL", {
            "leat with checks": self.pipeline("checked", source, sink, CHECKS),
            "leat, checks: none": self.pipeline("raw", source, sink, "checks: none"),
        }, {
            "two COPYs": "psql -qc 'COPY src TO STDOUT (FORMAT binary)' | "
                         "psql -qc 'COPY out FROM STDIN (FORMAT binary)'",
        }, lambda _: self.prove())

    def to_parquet(self):
        """The bound is two times: rows out of the server, and the engine's writing of them."""
        import duckdb
        leat = self.pipeline("parquet", "{postgres: {table: src}}", "parquet: {path: out.parquet}")
        kinds = ", ".join(f"'{n}': '{k}'" for n, k in COLUMNS.items())
        engine = duckdb.connect()
        engine.execute(f"CREATE TABLE t AS FROM read_csv('{self.folder}/src.csv', header = true, "
                       f"columns = {{{kinds}}})")
        taken = []
        for _ in range(self.options.rounds):
            self.empty()
            for path in self.folder.glob("out.parquet*"):
                path.unlink()
            ours = self.shell(leat)
            found = duckdb.sql(f"SELECT count(*), sum(price), sum(id) FROM '{self.folder}/out.parquet'")
            if found.fetchone() != engine.sql("SELECT count(*), sum(price), sum(id) FROM t").fetchone():
                raise SystemExit("other rows in the Parquet file: no time counts")
            out = self.shell("psql -qc 'COPY src TO STDOUT (FORMAT binary)' > /dev/null")
            began = time.monotonic()
            engine.execute(f"COPY t TO '{self.folder}/engine.parquet' (FORMAT parquet)")
            taken.append((ours[0], out[0], time.monotonic() - began))
        ours, out, written = (statistics.median(t[i] for t in taken) for i in range(3))
        ratio = statistics.median(t[0] / (t[1] + t[2]) for t in taken)
        print("\n## PostgreSQL to Parquet\n\n| leat s | COPY binary out s | engine writes s | ratio |\n"
              f"|---:|---:|---:|---:|\n| {ours:.2f} | {out:.2f} | {written:.2f} | {ratio:.2f} |", flush=True)

    def seal(self):
        """What it costs to keep an extract part by part, so that a killed one goes on."""
        def pipeline(name, seal):
            return self.pipeline(name, f"{{postgres: {{table: big}}{seal}}}",
                                 f"parquet: {{path: {name}.parquet}}")

        def prove(name):
            file = self.folder / f"{name}.parquet"
            (rows, ids), = duckdb.sql(f"SELECT count(*), sum(id) FROM '{file}'").fetchall()
            if (rows, ids) != (self.options.rows, self.options.rows * (self.options.rows + 1) // 2):
                raise SystemExit(f"other rows in {file}: no time counts")

        import duckdb
        self.compare("Sealed extract to Parquet",
                     {"sealed": pipeline("sealed", ", seal: {key: id, rows: 1000000}")},
                     {"unsealed": pipeline("unsealed", "")}, prove)

    def merge(self):
        rows = max(self.options.rows // 100, 1)
        names, step = ", ".join(COLUMNS), self.options.rows // rows
        leat = self.pipeline("merge", f"{{csv: {{path: batch.csv, columns: {self.columns}}}}}",
                             "postgres: {table: big}, strategy: merge, key: id")
        changes = ", ".join(f"{n} = excluded.{n}" for n in COLUMNS if n != "id")
        by_hand = (f"psql -q -v ON_ERROR_STOP=1 <<'END'\nBEGIN;\nCREATE TEMP TABLE b ({TABLE}) ON COMMIT DROP;\n"
                   "\\copy b FROM batch.csv (FORMAT csv, HEADER)\n"
                   f"INSERT INTO big ({names}) SELECT * FROM b ON CONFLICT (id) DO UPDATE SET {changes};\n"
                   "COMMIT;\nEND")
        taken = {"leat": [], "by hand": []}
        # Two to begin with, which find the table as it was filled; then each goes first in turn.
        order = ("leat", "by hand", "by hand", "leat")
        for number in range(-2, self.options.rounds * 2):
            name = order[number % 4]
            text = ROW.replace("'TRUCK'", f"'ROUND {number + 2}'")
            self.empty()
            self.shell(f"psql -qc \"\\copy (WITH b ({names}) AS (SELECT {text} FROM generate_series("
                       f"1::bigint, {rows * step}, {step}) AS i) SELECT * FROM b) TO batch.csv "
                       "(FORMAT csv, HEADER)\"")
            cost = self.shell(leat if name == "leat" else by_hand)
            if number >= 0:
                taken[name].append(cost)
            found = self.database.query(f"SELECT count(*) FROM big WHERE mode = 'ROUND {number + 2}'")
            if int(found[0][0]) != rows:
                raise SystemExit(f"{found} rows were merged, not {rows}: no time counts")
        ratio = statistics.median(a[0] / b[0] for a, b in zip(taken["leat"], taken["by hand"]))
        print(f"\n## Merge of {rows:,} rows into {self.options.rows:,}\n\n| what | wall s | CPU s |\n|---|---:|---:|")
        for name, costs in taken.items():
            print(f"| {name} | {statistics.median(c[0] for c in costs):.2f} "
                  f"| {statistics.median(c[1] for c in costs):.2f} |")
        print(f"\nleat / by hand: {ratio:.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--leat", required=True)
    parser.add_argument("--rows", type=int, default=12_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--folder", default=None, help="where the files go")
    parser.add_argument("--only", action="append", choices=PARTS, help="this part; may come more than once")
    options = parser.parse_args()
    options.leat = str(pathlib.Path(options.leat).resolve())
    print(f"# PostgreSQL, {options.rows:,} rows of {len(COLUMNS)} columns, {options.rounds} rounds")
    try:
        with tempfile.TemporaryDirectory(prefix="leat-bench-", dir=options.folder) as folder:
            bench = Bench(options, pathlib.Path(folder))
            bench.fill()
            for part in options.only or PARTS:
                getattr(bench, part)()
    finally:
        postgres.stop(SERVER)


if __name__ == "__main__":
    main()
