"""Runs many small datasets with their checks through Leat in one pipeline, and reads what came."""
import json
import pathlib
import subprocess
import tempfile

import pyarrow.parquet

import tables


class Dataset:
    """A table under some cases."""

    def __init__(self, name, table, cases):
        self.name, self.table, self.cases = name, table, cases


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
        for table in {d.table.name: d.table for d in datasets}.values():
            table.write(folder)
        (folder / "flow.yml").write_text(json.dumps(pipeline(datasets)), encoding="utf-8")
        done = subprocess.run([leat, "run", "flow.yml", "-o", "json"], cwd=folder, text=True,
                              capture_output=True, stdin=subprocess.DEVNULL, timeout=600)
        if done.returncode != 0:
            raise SystemExit(f"exactness: leat run gave {done.returncode}\n{done.stdout[-3000:]}"
                             f"\n{done.stderr[-3000:]}")
        outcomes = {node["name"]: Outcome(node)
                    for node in json.loads(done.stdout)["nodes"] if node["kind"] == "source"}
        read_quarantine(folder, outcomes)
        for row in pyarrow.parquet.read_table(folder / "out.parquet").to_pylist():
            outcomes[row["dataset"]].published.add(row["id"])
        return outcomes


def pipeline(datasets):
    """One sink takes the rows of all of them."""
    union = " UNION ALL ".join(f"SELECT '{d.name}' AS dataset, id FROM {d.name}" for d in datasets)
    return {
        "pipeline": "flow",
        "sources": {d.name: {"csv": {"path": d.table.name + ".csv", "columns": tables.TYPES}}
                    for d in datasets},
        "models": {"every_one": {"query": union}},
        "checks": {d.name: [c.yaml() for c in d.cases] for d in datasets if d.cases},
        "policy": {"profile": False},
        "sinks": {"out": {"parquet": {"path": "out.parquet"}, "from": "every_one"}},
    }


def read_quarantine(folder, outcomes):
    for path in (folder / ".leat" / "artifacts" / "quarantine").rglob("*.parquet"):
        for row in pyarrow.parquet.read_table(path).to_pylist():
            for check in row["failed_checks"]:
                failing = outcomes[row["dataset"]].failing
                failing.setdefault(check, set()).add(row["record_no"])
