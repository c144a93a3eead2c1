"""Runs many small datasets with their checks through Leat in one pipeline, and reads what came.

Each lies in a CSV or a Parquet file, is judged as a source or as a model over it, and is published
alone, with others, or only judged, as chance has it."""
import json
import pathlib
import re
import subprocess
import tempfile

import pyarrow.parquet

import tables


# What a model does with the rows of its source: it hands on all of them.
QUERIES = ("SELECT * FROM {0}", "FROM {0} ORDER BY id", "SELECT * FROM {0} WHERE id >= 0",
           "SELECT * FROM {0} WHERE id % 2 = 0 UNION ALL SELECT * FROM {0} WHERE id % 2 = 1")


class Dataset:
    """A table under some cases."""

    def __init__(self, rng, name, table, cases):
        self.name, self.table, self.cases = name, table, cases
        self.kind = rng.choice(["csv", "parquet"])
        self.way = rng.choices(["together", "alone", "verdict"], [70, 10, 20])[0]
        if self.way == "verdict" and any(case.needs_published() for case in cases):
            self.way = "together"
        ordered = any(getattr(case, "needs_order", False) for case in cases)
        self.query = None if ordered or rng.random() < 0.5 else rng.choice(QUERIES)

    @property
    def source(self):
        return self.name if self.query is None else f"from_{self.name}"

    def source_yaml(self):
        path = f"{self.table.name}.{self.kind}"
        return {self.kind: {"path": path} | (
            {"columns": tables.TYPES} if self.kind == "csv" else {})}


class Outcome:
    """What became of one dataset."""

    def __init__(self, node):
        self.counts = node
        self.listed = node["checks"]
        self.checks = {check["id"]: check for check in self.listed}
        self.failing = {}     # id of a check -> numbers of the rows it set aside
        self.published = set()

    def set_aside(self, check):
        return self.failing.get(check, set())


def run(leat, datasets):
    """Name -> Outcome."""
    with tempfile.TemporaryDirectory(prefix="leat_exactness_") as name:
        folder = pathlib.Path(name)
        for table, kind in {(d.table.name, d.kind): (d.table, d.kind) for d in datasets}.values():
            table.write(folder, kind)
        (folder / "flow.yml").write_text(json.dumps(pipeline(datasets)), encoding="utf-8")
        done = subprocess.run([leat, "run", "flow.yml", "-o", "json"], cwd=folder, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=600)
        if done.returncode != 0:
            raise SystemExit(f"exactness: leat run gave {done.returncode}\n{done.stdout[-3000:]}"
                             f"\n{done.stderr[-3000:]}")
        said = json.loads(done.stdout)
        outcomes = {node["name"]: Outcome(node)
                    for node in said["nodes"]
                    if node["name"] in {d.name for d in datasets}}
        read_quarantine(folder, outcomes)
        for row in pyarrow.parquet.read_table(folder / "out.parquet").to_pylist():
            outcomes[row["dataset"]].published.add(row["id"])
        for dataset in datasets:
            outcome = outcomes[dataset.name]
            if dataset.way == "alone":
                rows = pyarrow.parquet.read_table(folder / f"{dataset.name}_out.parquet",
                                                  columns=["id"])
                outcome.published = set(rows["id"].to_pylist())
            elif dataset.way == "verdict":
                outcome.published = only_judged(dataset, outcome, said)
        return outcomes


def only_judged(dataset, outcome, said):
    """Numbers of the rows that were not set aside, if they are as many as the verdict counts."""
    left = {row["id"] for row in dataset.table.rows}.difference(*outcome.failing.values())
    count = next(s["published"] for s in said["sinks"] if s["name"] == f"{dataset.name}_out")
    return left if count == len(left) else {f"{count} rows"}


def pipeline(datasets):
    """One sink takes the rows of most of them."""
    union = " UNION ALL ".join(f"SELECT '{d.name}' AS dataset, id FROM {d.name}" for d in datasets
                               if d.way == "together")
    return {
        "pipeline": "flow",
        "sources": {d.source: d.source_yaml() for d in datasets},
        "models": {d.name: {"query": d.query.format(d.source)} for d in datasets if d.query} | {
            "every_one": {"query": union}},
        "checks": {d.name: [c.yaml() for c in d.cases] for d in datasets if d.cases},
        "policy": {"profile": False},
        "sinks": {"out": {"parquet": {"path": "out.parquet"}, "from": "every_one"}} | {
            f"{d.name}_out": {**sink_yaml(d), "from": d.name}
            for d in datasets if d.way != "together"},
    }


def sink_yaml(dataset):
    return {"verdict": {}} if dataset.way == "verdict" else {
        "parquet": {"path": f"{dataset.name}_out.parquet"}}


def read_quarantine(folder, outcomes):
    for path in (folder / ".leat" / "artifacts" / "quarantine").rglob("*.parquet"):
        for row in pyarrow.parquet.read_table(path).to_pylist():
            # The rows of a model come from no place; their ids are in what they held.
            number = row["record_no"] or int(re.match(r'\{"id":(\d+)', row["raw"]).group(1))
            for check in row["failed_checks"]:
                failing = outcomes[row["dataset"]].failing
                failing.setdefault(check, set()).add(number)
