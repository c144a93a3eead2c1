#!/usr/bin/env python3
"""Asks of every entry of the catalog what every entry owes.

  conformance.py LEAT

The list comes from `leat schema pipeline`, so a new connector or check is found by itself: its
example passes `leat check`, an unknown key is refused at its place, a misspelt one with the right
name, every option says what it is for, and a flow runs it.
"""
import json
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
TYPES = ("varchar", "bigint", "double", "date")


class Entry:
    """One source, sink or check: its name, example (YAML of one node) and option schema."""

    def __init__(self, kind, name, schema):
        self.kind, self.name = kind, name
        self.schema = next((f for f in schema.get("anyOf", [schema]) if "properties" in f), schema)
        self.summary = schema.get("description", "")
        self.example = next(iter(schema.get("examples", [])), "")

    def options(self):
        return self.schema.get("properties", {})

    def pipelines(self, node):
        """Pipelines around a node; for a check one for each type its columns may have."""
        if self.kind == "source":
            yield f"sources: {{in: {{{node}}}}}\nsinks: {{out: {{ndjson: {{path: o}}, from: in}}}}\n"
        elif self.kind == "sink":
            yield f"sources: {{in: {{rows: [{{id: 1}}]}}}}\nsinks: {{out: {{{node}, from: in}}}}\n"
        else:
            words = sorted(set(re.findall(r"[A-Za-z_]\w*", self.example)) - {self.name})
            for type_name in TYPES:
                columns = ", ".join(f"{w}: {type_name}" for w in words)
                read = f"{{csv: {{path: a.csv, columns: {{{columns}}}}}}}"
                yield (f"sources: {{in: {read}, other: {read}}}\n"
                       f"checks: {{in: [{{{node}}}]}}\n"
                       "sinks: {out: {ndjson: {path: o}, from: in}}\n")


def catalog_of(schema):
    sections = schema["properties"]
    for kind in ("source", "sink"):
        node = sections[kind + "s"]["additionalProperties"]
        for choice in node["oneOf"]:
            name = choice["required"][0]
            yield Entry(kind, name, node["properties"][name])
    checks = sections["checks"]["additionalProperties"]["items"]["properties"]
    for name, entry in checks.items():
        yield Entry("check", name, entry)


class Conformance:
    def __init__(self, leat, folder):
        self.leat, self.folder = leat, folder
        self.problems = []
        self.asked = 0

    def make_data(self):
        """Files for examples whose columns can only be known from one."""
        (self.folder / "make.yml").write_text(
            "pipeline: make\nsources: {in: {rows: [{id: 1}]}}\nsinks:\n"
            "  a: {parquet: {path: data/a.parquet}, from: in}\n"
            "  b: {sqlite: {path: data/a.db, table: rows}, from: in}\n"
            "  c: {arrow: {path: data/a.arrow}, from: in}\n"
            "  d: {avro: {path: data/a.avro}, from: in}\n"
            "  e: {hdf5: {path: data/a.h5}, from: in}\n"
            "  f: {duckdb: {path: data/a.duckdb, table: rows}, from: in}\n")
        subprocess.run([self.leat, "run", "make.yml"], cwd=self.folder, check=True,
                       capture_output=True)

    def say(self, entry, problem):
        self.problems.append(f"{entry.kind} {entry.name}: {problem}")

    def check(self, text):
        (self.folder / "flow.yml").write_text("pipeline: flow\n" + text)
        return subprocess.run([self.leat, "check", "flow.yml"], cwd=self.folder, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=60)

    def ask(self, entry):
        self.asked += 1
        self.has_help(entry)
        self.example_passes(entry)
        self.unknown_keys_are_refused(entry)
        self.has_a_flow(entry)

    def has_help(self, entry):
        if not entry.summary or not entry.example:
            self.say(entry, "has no summary or no example")
        for path, option in _walk(entry.options()):
            if not option.get("description"):
                self.say(entry, f"option {path} does not say what it is for")

    def example_passes(self, entry):
        results = [self.check(p) for p in entry.pipelines(entry.example)]
        if not any(r.returncode == 0 for r in results):
            self.say(entry, f"its example does not pass: {entry.example}\n{results[0].stderr}")

    def unknown_keys_are_refused(self, entry):
        if not entry.options():
            return
        known = max(entry.options(), key=len)
        misspelt = known[:-2] + known[-1]
        for key, word in (("zzzzqqqq", "unknown key `zzzzqqqq`"),
                          (misspelt, f"did you mean `{known}`")):
            done = self.check(next(iter(entry.pipelines(f"{entry.name}: {{{key}: 1}}"))))
            if done.returncode != 2 or word not in done.stderr:
                self.say(entry, f"key {key}: exit {done.returncode}, nothing says {word!r}\n"
                                + done.stderr)
            elif not re.search(r"flow\.yml:\d+:\d+: error", done.stderr):
                self.say(entry, f"key {key}: the complaint has no place\n{done.stderr}")

    def has_a_flow(self, entry):
        flows = ROOT / "test" / "flows"
        if entry.kind == "check":
            missing = [n for n in ("pass", "warn", "hold", "fail", "wrong")
                       if not list((flows / "checks" / entry.name).glob(f"{n}*.flow"))
                       and not (n == "pass" and (flows / "checks" / entry.name / "source.flow").exists())]
            if missing:
                self.say(entry, f"no flow in test/flows/checks/{entry.name} for {', '.join(missing)}")
            return
        texts = [p.read_text() for p in flows.rglob("*.flow")]
        if not any(re.search(rf"\b{entry.name}: ", t) for t in texts):
            self.say(entry, "no flow uses it")


def _walk(options, prefix=""):
    for name, option in options.items():
        yield prefix + name, option
        yield from _walk(option.get("properties", {}), f"{prefix}{name}.")


def main(leat):
    leat = str(pathlib.Path(leat).resolve())
    schema = json.loads(subprocess.run([leat, "schema", "pipeline"], capture_output=True, text=True,
                                       check=True).stdout)
    with tempfile.TemporaryDirectory() as folder:
        conformance = Conformance(leat, pathlib.Path(folder))
        conformance.make_data()
        for entry in catalog_of(schema):
            conformance.ask(entry)
    print("\n".join(conformance.problems))
    print(f"conformance: {conformance.asked} entries, {len(conformance.problems)} problems")
    return 1 if conformance.problems or conformance.asked < 10 else 0


sys.exit(main(*sys.argv[1:]))
