"""Worlds of more than one sink, slice, run or pipeline: where a row could be lost or doubled between
them. Each is judged as the others are: after a kill every file's rows are in a target whole or not
at all, and after the next run all is as if nobody had killed anything."""
import collections

import worlds

COLUMNS = "columns: {id: bigint, name: varchar}"
ROWS = 40


def scenes():
    return [Slices(), Held(), Fallback(), Two(), Again(), Replay(), ReplayAside(), OneFails("first"),
            OneFails("second"), FailsAndFilesGo(), OneIsHeld()]


def _write(folder, name, first, value=lambda number: 7):
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("id,name\n" + "".join(f"{n},{value(n)}\n" for n in range(first, first + ROWS)))


class Scene(worlds.World):
    """`TARGETS`: name below out/, and the sinks that publish to it. Rows are told by their target
    and by the hundred that their id is of, so that each file is a part of its own."""
    NAME, TARGETS = "", {}

    def __init__(self):
        super().__init__("csv", "append", False)
        self.name = f"scene/{self.NAME}"
        self.parted = True

    def build(self, folder, leat):
        (folder / "out").mkdir(parents=True)
        (folder / "torture.yml").write_text(self.PIPELINE)
        self.prepare(folder, leat)

    def must(self, leat, folder, expected, *arguments):
        done = worlds.run_leat(leat, folder, *arguments)
        if done.returncode != expected:
            raise RuntimeError(f"{self.name}: {arguments}\n{done.stdout}{done.stderr}")

    def rows(self, folder):
        found = collections.Counter()
        for name in self.TARGETS:
            target = folder / "out" / name
            for row in worlds.read_any(target) if target.exists() else []:
                part = int(row[0]) // 100 if str(row[0]).isdigit() else row[0]
                found[(*row, f"{name} {part}")] += 1
        return found

    def chains(self, folder):
        return [chain for name, lanes in self.TARGETS.items()
                for chain in _lanes_of(folder / "out" / name, lanes)]

    def keeps_quarantine(self):
        return False

    def is_shared(self):
        return False


def _lanes_of(target, lanes):
    """By sink; a file's ledger goes on across them."""
    if not target.exists():
        return [[] for _ in lanes]
    receipts = worlds.committed_receipts(target)
    return [[(r["publish_id"], r["previous_publish_id"], r["counter"]) for r in receipts
             if f"{r['pipeline']}.{r['sink']}" == lane] for lane in lanes]


class Slices(Scene):
    """Three files, a slice each, for two sinks; one of them lags."""
    NAME = "slices"
    TARGETS = {"a.csv": ["torture.a"], "b.ndjson": ["torture.b"]}
    PIPELINE = f"""\
pipeline: torture
slice: {{rows: 1}}
sources: {{src: {{csv: {{path: "data/*.csv", {COLUMNS}}}}}}}
models: {{m: {{query: "SELECT id, name FROM src"}}}}
sinks:
  a: {{csv: {{path: out/a.csv}}, from: src, strategy: append}}
  b: {{ndjson: {{path: out/b.ndjson}}, from: m, strategy: append}}
"""

    def prepare(self, folder, leat):
        _write(folder, "data/a.csv", 100)
        (folder / "torture.yml").write_text(self.PIPELINE.split("  b:")[0])
        self.must(leat, folder, 0)
        (folder / "torture.yml").write_text(self.PIPELINE)
        _write(folder, "data/b.csv", 200)
        _write(folder, "data/c.csv", 300)


class Held(Scene):
    """Rows that were held and go out when a person says so."""
    NAME = "held"
    TARGETS = {"a.csv": ["torture.a"]}
    PIPELINE = f"""\
pipeline: torture
sources: {{src: {{csv: {{path: "data/*.csv", {COLUMNS}}}}}}}
checks: {{src: [{{row_count: {{max: {ROWS - 1}, on_fail: hold}}}}]}}
sinks: {{a: {{csv: {{path: out/a.csv}}, from: src, strategy: append}}}}
"""

    def prepare(self, folder, leat):
        _write(folder, "data/a.csv", 100)
        self.must(leat, folder, 3)
        self.made_in = str(folder)

    def leftovers(self, folder):
        """What cannot be removed of rows that wait no more is in nobody's way."""
        of_target, kinds = super().leftovers(folder)
        return of_target, {kind for kind in kinds if not kind.startswith("held/")}

    def arguments(self, folder):
        """Where nothing waits any more a run says so, and changes nothing."""
        held = folder / ".leat" / "artifacts" / "held"
        waiting = [path.parent.name for path in held.glob("*/held.json")]
        # It remembers where its pipeline lay when the rows were held.
        for path in held.glob("*/*.json"):
            path.write_text(path.read_text().replace(self.made_in + "/", f"{folder}/"))
        return ["publish", waiting[0]] if waiting else ["run", "torture.yml"]


class Fallback(Scene):
    """The gate of one sink closes, and another source is read for it."""
    NAME = "fallback"

    def may_read_another(self):
        return True

    TARGETS = {"good.csv": ["torture.good"], "bad.csv": ["torture.bad"]}
    PIPELINE = f"""\
pipeline: torture
sources:
  src: {{csv: {{path: data/a.csv, {COLUMNS}}}, on_error: "fallback:spare"}}
  spare: {{csv: {{path: data/spare.csv, {COLUMNS}}}}}
models: {{m: {{query: "SELECT id, name FROM src"}}}}
checks: {{m: [row_count: {{min: {ROWS + 1}, on_fail: hold}}]}}
policy: {{on_breach: "fallback:spare"}}
sinks:
  good: {{csv: {{path: out/good.csv}}, from: src}}
  bad: {{csv: {{path: out/bad.csv}}, from: m}}
"""

    def prepare(self, folder, leat):
        _write(folder, "data/a.csv", 100)
        path = folder / "data" / "spare.csv"
        path.write_text("id,name\n" + "".join(f"{n},7\n" for n in range(200, 200 + ROWS + 1)))

    def reads_all(self):
        return True


class Two(Scene):
    """A pipeline appends to the target of another one, which has appended before and since."""
    NAME = "two"
    TARGETS = {"a.csv": ["torture.a", "other.a"]}
    PIPELINE = f"""\
pipeline: torture
sources: {{src: {{csv: {{path: "data/*.csv", {COLUMNS}}}}}}}
sinks: {{a: {{csv: {{path: out/a.csv}}, from: src, strategy: append}}}}
"""

    def prepare(self, folder, leat):
        other = self.PIPELINE.replace("pipeline: torture", "pipeline: other").replace("data/", "more/")
        (folder / "other.yml").write_text(other)
        _write(folder, "more/a.csv", 100)
        self.must(leat, folder, 0, "run", "other.yml")
        _write(folder, "data/a.csv", 200)
        self.must(leat, folder, 0)
        _write(folder, "more/b.csv", 300)
        self.must(leat, folder, 0, "run", "other.yml")
        _write(folder, "data/b.csv", 400)


class Again(Scene):
    """Numbers that lie so far apart that a Parquet file is written twice."""
    NAME = "again"
    TARGETS = {"a.parquet": ["torture.a"]}
    PIPELINE = """\
pipeline: torture
sources: {src: {csv: {path: "data/*.csv", columns: {id: bigint, name: int}}}}
sinks: {a: {parquet: {path: out/a.parquet}, from: src, strategy: append}}
"""

    def prepare(self, folder, leat):
        for name, first in (("a", 100), ("b", 200)):
            _write(folder, f"data/{name}.csv", first)
            path = folder / "data" / f"{name}.csv"
            path.write_text("id,name\n" + "".join(
                f"{n},{2147483647 if n % 2 else -2147483648}\n" for n in range(first, first + ROWS)))
            if name == "a":
                self.must(leat, folder, 0)



class Replay(Scene):
    """Rows that were set aside come back to two sinks, by a lane of their own."""
    NAME = "replay"
    TARGETS = {"a.csv": ["torture.a"], "b.parquet": ["torture.b"]}
    CHECKS = "[{range: {column: id, max: 199}}]"
    LATER = "[{range: {column: id, max: 500}}]"
    PIPELINE = f"""\
pipeline: torture
sources: {{src: {{csv: {{path: "data/*.csv", {COLUMNS}}}}}}}
models: {{m: {{query: "SELECT id, name FROM src"}}}}
checks: {{src: CHECKS}}
sinks:
  a: {{csv: {{path: out/a.csv}}, from: src, strategy: append}}
  b: {{parquet: {{path: out/b.parquet}}, from: m}}
"""

    def prepare(self, folder, leat):
        _write(folder, "data/a.csv", 100)
        _write(folder, "data/b.csv", 200)
        _write(folder, "data/c.csv", 300)
        (folder / "torture.yml").write_text(self.PIPELINE.replace("CHECKS", self.CHECKS))
        self.must(leat, folder, 0)
        (folder / "torture.yml").write_text(self.PIPELINE.replace("CHECKS", self.LATER))

    def arguments(self, folder):
        """Those that fail another check now stay there."""
        return ["quarantine", "replay", "src", "--check", "range(id)"]

    def chains(self, folder):
        chains = []
        for name, sinks in self.TARGETS.items():
            target = folder / "out" / name
            receipts = worlds.committed_receipts(target)
            for sink in sinks:
                for lane in ("main", "replay"):
                    chains.append([(r["publish_id"], r["previous_publish_id"], r["counter"])
                                   for r in receipts if f"{r['pipeline']}.{r['sink']}" == sink
                                   and r["lane"] == lane])
        return chains


class ReplayAside(Replay):
    """Some of them fail again, and are in quarantine again by the replay."""
    NAME = "replay_aside"
    TARGETS = {"a.csv": ["torture.a"]}
    LATER = "[{accepted_values: {column: id, values: [201, 202, 203, 204]}}]"
    PIPELINE = Replay.PIPELINE.split("  b:")[0]


class Uneven(Scene):
    """Of two sinks that rest on the same bad rows one publishes and the other one does not. One segment has the
    bad rows for both, by the name of the first: so all that `leat quarantine show` knows of is compared."""
    TARGETS = {"a.sqlite": ["torture.a"], "b.csv": ["torture.b"]}
    BAD_BEHIND = 230
    CHECKS = f"src: [{{range: {{column: id, max: {BAD_BEHIND}}}}}]"

    def prepare(self, folder, leat):
        self.write(folder, "a", 100)
        (folder / "torture.yml").write_text(self.MENDED)
        self.must(leat, folder, 0)
        (folder / "torture.yml").write_text(self.PIPELINE)
        self.write(folder, "b", 200)

    def write(self, folder, name, first):
        """One row of the second file has no name."""
        _write(folder, f"data/{name}.csv", first, lambda n: "" if n == 201 else f"n{n}")

    def mend(self, leat, folder):
        (folder / "torture.yml").write_text(self.MENDED)
        self.must(leat, folder, 0)
        (folder / "torture.yml").write_text(self.PIPELINE)

    def strays(self, segments, publishes):
        return set()

    def set_aside(self, leat, folder, publishes):
        """Two segments may have the same rows, so that one could go unseen: each that a receipt lists is there."""
        there = {path.name for path in (folder / ".leat" / "artifacts").rglob("*.parquet")}
        for name in self.TARGETS:
            for receipt in worlds.committed_receipts(folder / "out" / name):
                for listed in receipt["quarantine"]:
                    if listed["segment"] not in there:
                        raise RuntimeError(f"{name} lists {listed}, of {there}")
        return worlds.shown_quarantine(leat, folder, "src")


class OneFails(Uneven):
    """One cannot publish, which its target says at the commit: a row without a key. Then somebody mends it."""

    def __init__(self, which):
        self.NAME = f"{which}_fails"
        sinks = ["a: {sqlite: {path: out/a.sqlite, table: out}, from: src, strategy: merge, key: KEY}",
                 "b: {csv: {path: out/b.csv}, from: src, strategy: append}"]
        pipeline = f"""\
pipeline: torture
sources: {{src: {{csv: {{path: "data/*.csv", {COLUMNS}}}}}}}
checks: {{{self.CHECKS}}}
sinks:
  {sinks[which == "second"]}
  {sinks[which == "first"]}
"""
        self.MENDED, self.PIPELINE = pipeline.replace("KEY", "id"), pipeline.replace("KEY", "name")
        super().__init__()

    def ends(self):
        """In part, or not at all where the other one has done its part."""
        return (1, 4)

    def go_on(self, leat, folder):
        self.mend(leat, folder)


class FailsAndFilesGo(OneFails):
    """And the next run finds other files: only the sink that has published knows of those bad rows."""

    def __init__(self):
        super().__init__("first")
        self.name = "scene/files_go"

    def ends(self):
        return (0, 4)

    def meanwhile(self, folder):
        (folder / "data" / "b.csv").unlink(missing_ok=True)
        self.write(folder, "c", 0)
        return True

    def go_on(self, leat, folder):
        pass

    def right_for(self, rows, rows_at_end, quarantine):
        """A file that went away before anybody had published it is lost with its bad rows."""
        if any(row[-1] == "b.csv 2" for row in rows):
            return rows_at_end, quarantine
        return ({row: count for row, count in rows_at_end.items() if row[-1] != "b.csv 2"},
                {row: count for row, count in quarantine.items() if "b.csv" not in row[0]})

    def chains(self, folder):
        """As many as there were files when it ran."""
        return []

    def leftovers(self, folder):
        """The segment of that file is there, or not."""
        return super().leftovers(folder)[0]


class OneIsHeld(Uneven):
    """The gate of one closes, and somebody discards what is held: the other one's bad rows stay."""
    NAME = "one_held"
    TARGETS = {"a.csv": ["torture.a"], "b.csv": ["torture.b"]}
    MENDED = f"""\
pipeline: torture
sources: {{src: {{csv: {{path: "data/*.csv", {COLUMNS}}}}}}}
models: {{m: {{query: "SELECT id, name FROM src"}}}}
checks: {{{Uneven.CHECKS}}}
sinks:
  a: {{csv: {{path: out/a.csv}}, from: m, strategy: append}}
  b: {{csv: {{path: out/b.csv}}, from: src, strategy: append}}
"""
    PIPELINE = MENDED.replace("checks: {", f"checks: {{m: [{{row_count: {{max: 9, on_fail: hold}}}}], ")

    def ends(self):
        """Held, or refused as long as nobody has decided."""
        return (3, 7)

    def go_on(self, leat, folder):
        """A kill may have come between the one that is held and the other one."""
        self.discard(leat, folder)
        self.must(leat, folder, 3)
        self.discard(leat, folder)
        self.mend(leat, folder)

    def discard(self, leat, folder):
        for held in (folder / ".leat" / "artifacts" / "held").glob("*/held.json"):
            self.must(leat, folder, 0, "discard", held.parent.name)
