#!/usr/bin/env python3
"""Runs examples/customers in a copy, twice, and recomputes every cell that it published.

    customers.py LEAT

Independent on purpose: the exports are read with Python's csv alone and cleaned by hand; the
history is worked out customer by customer. duckdb and pyarrow only read what was published.
"""
import collections
import csv
import datetime
import decimal
import json
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

import duckdb
import pyarrow.parquet

ROOT = pathlib.Path(__file__).resolve().parents[2]
COLUMNS = ("customer_id", "first_name", "last_name", "email", "phone", "city", "segment",
           "credit_limit", "signed_up", "updated_at")
COMPARED = (5, 6, 7)


def capital(word):
    return word[:1].upper() + word[1:].lower()


def a_date(text):
    day, month, year = (int(part) for part in text.split("/"))
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def clean(raw):
    """The cleaned row of an exported one, as a tuple in the order of COLUMNS."""
    words = raw["Full Name"].split()
    digits = re.sub(r"\D", "", raw["Phone"])
    city = " ".join(capital(w) for w in raw["City"].split()) or "Unknown"
    credit = decimal.Decimal(raw["Credit Limit"].replace(",", "") or "0").quantize(
        decimal.Decimal("0.01"))
    return (int(re.sub(r"\D", "", raw["Customer No"])), capital(words[0]), capital(words[1]),
            raw["E-Mail"].strip().lower(), digits[-10:] if len(digits) >= 10 else None, city,
            raw["Segment"].strip().upper() or "RETAIL", credit, a_date(raw["Signed Up"]),
            datetime.datetime.fromisoformat(raw["Updated"]))


def is_good(row):
    return row[8] is not None and re.fullmatch(r"[^@ ]+@[^@ ]+[.][a-z]+", row[3]) is not None


def newest_of(rows):
    """By time, then the smallest e-mail, city, segment and limit: what the model says."""
    newest = {}
    for row in sorted(rows, key=lambda r: (r[3], r[5], r[6], r[7])):
        held = newest.get(row[0])
        if held is None or row[9] > held[9]:
            newest[row[0]] = row
    return newest


def expected(folder):
    now, history, exports = {}, collections.defaultdict(list), []
    for path in sorted((folder / "data").glob("customers_*.csv")):
        with open(path, encoding="utf-8", newline="") as file:
            rows = [clean(raw) for raw in csv.DictReader(file, delimiter=";")]
        good = [row for row in rows if is_good(row)]
        newest = newest_of(good)
        counts = collections.Counter()
        for key, row in newest.items():
            counts["inserted" if key not in now else "updated"] += 1
            now[key] = row
            versions = history[key]
            if not versions or [versions[-1][i] for i in COMPARED] != [row[i] for i in COMPARED]:
                versions.append(row)
        exports.append((len(rows), len(rows) - len(good), len(newest), dict(counts)))
    return now, history, exports


def run(leat, folder):
    done = subprocess.run([leat, "run", "pipelines/customers.yml", "-o", "json"], cwd=folder,
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"leat run ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def judge(folder, report):
    """(what, found, expected) of everything that can be compared."""
    now, history, exports = expected(folder)
    rows = pyarrow.parquet.ParquetFile(folder / "out/customers.parquet").read().to_pylist()
    yield "customers", sorted(tuple(r[c] for c in COLUMNS) for r in rows), sorted(now.values())
    with duckdb.connect(str(folder / "out/customers.duckdb"), read_only=True) as base:
        found = base.execute(f"SELECT {', '.join(COLUMNS)}, valid_from, valid_to, is_current FROM "
                             "history ORDER BY customer_id, valid_from").fetchall()
    wanted = []
    for key in sorted(history):
        ends = [row[9] for row in history[key][1:]] + [None]
        wanted += [(*row, row[9], end, end is None) for row, end in zip(history[key], ends)]
    yield "history", found, wanted
    ledger = (folder / "out/customers.parquet.leat.ndjson").read_text().splitlines()
    receipts = [json.loads(line)["receipt"] for line in ledger]
    yield "receipts", [(r["rows_read"], r["rows_quarantined"], r["rows_published"],
                        {w: n for w, n in r["changes"].items() if n}) for r in receipts], exports
    yield "publishes", [s["publishes"] for s in report["sinks"]], [len(exports)] * 2
    yield "the example is not trivial", (len(now) > 400, len(wanted) > len(now),
                                         sum(e[1] for e in exports) > 10), (True, True, True)


def main(leat):
    failed = passed = 0
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work) / "example"
        shutil.copytree(ROOT / "examples/customers", folder,
                        ignore=shutil.ignore_patterns("out", ".leat", "__pycache__"))
        judged = list(judge(folder, run(leat, folder)))
        again = run(leat, folder)
        judged.append(("the second run publishes", [s["publishes"] for s in again["sinks"]], [0, 0]))
        for what, found, wanted in judged:
            passed, failed = passed + (found == wanted), failed + (found != wanted)
            if found != wanted:
                odd = [(f, w) for f, w in zip(found, wanted) if f != w][:2] or (len(found), len(wanted))
                print(f"FAILED {what}: {odd}")
    print(f"customers: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve())))
