#!/usr/bin/env python3
"""Runs examples/retail_orders in a copy, twice, and recomputes all that it published.

    retail_orders.py LEAT

Independent on purpose: the files are read with Python's csv and gzip alone, and what each day must
do to the targets is worked out row by row. duckdb and pyarrow only read what was published.
"""
import collections
import csv
import datetime
import decimal
import gzip
import hashlib
import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

import duckdb
import pyarrow.parquet

ROOT = pathlib.Path(__file__).resolve().parents[2]
DAYS, LINES = 95, 142_083


def read_day(path):
    with gzip.open(path, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            customer = row["CustomerID"]
            yield {"invoice": row["InvoiceNo"], "stock_code": row["StockCode"],
                   "quantity": int(row["Quantity"]), "price": decimal.Decimal(row["UnitPrice"]),
                   "at": datetime.datetime.fromisoformat(row["InvoiceDate"]),
                   "customer": int(customer.split(".")[0]) if customer else None,
                   "country": row["Country"] or None}


def expected(folder):
    """Per day: rows read, set aside, published; and what the customers' tables come to."""
    days, lines = [], collections.Counter()
    now, then = {}, collections.defaultdict(list)
    for path in sorted((folder / "data/orders").glob("*.csv.gz")):
        rows = list(read_day(path))
        good = [r for r in rows if r["price"] >= 0]
        for r in good:
            lines[(r["invoice"], r["stock_code"], r["quantity"], r["price"], r["at"],
                   r["quantity"] * r["price"], r["customer"], r["country"])] += 1
        newest = {}
        for r in sorted((r for r in good if r["customer"]), key=lambda r: r["country"], reverse=True):
            held = newest.get(r["customer"])
            if held is None or (r["at"], r["invoice"]) >= (held["at"], held["invoice"]):
                newest[r["customer"]] = r
        days.append({"read": len(rows), "lines": len(good), "customers": len(newest),
                     "inserted": sum(c not in now for c in newest)})
        for customer, r in newest.items():
            now[customer] = (r["country"], r["at"], r["invoice"])
            history = then[customer]
            if not history or history[-1][0] != r["country"]:
                history.append((r["country"], r["at"]))
    return days, lines, now, then


def published_lines(folder):
    lines = collections.Counter()
    for path in (folder / "out/orders").glob("year=*/month=*/data.parquet"):
        year, month = (int(p.split("=")[1]) for p in path.parts[-3:-1])
        for r in pyarrow.parquet.ParquetFile(path).read().to_pylist():
            at = r["ordered_at"]
            if (at.year, at.month) != (year, month):
                raise SystemExit(f"a row of {at} lies in {path}")
            lines[(r["invoice"], r["stock_code"], r["quantity"], r["unit_price"], at, r["amount"],
                   r["customer_id"], r["country"])] += 1
    return lines


def digests(folder):
    return {p: hashlib.sha256(p.read_bytes()).hexdigest()
            for p in sorted((folder / "out").rglob("*")) if p.is_file()}


class Judge:
    def __init__(self):
        self.passed = self.failed = 0

    def same(self, what, found, wanted):
        if found == wanted:
            self.passed += 1
            return
        self.failed += 1
        print(f"FAILED {what}: found {str(found)[:300]}, expected {str(wanted)[:300]}")


def run(leat, folder):
    done = subprocess.run([leat, "run", "pipelines/retail_orders.yml", "-o", "json"], cwd=folder,
                          capture_output=True, text=True)
    if done.returncode != 0:
        raise SystemExit(f"leat run ended with {done.returncode}\n{done.stdout}{done.stderr}")
    return json.loads(done.stdout)


def judge_receipts(judge, folder, days):
    ledger = (folder / "out/orders/_leat/commits.ndjson").read_text().splitlines()
    receipts = [json.loads(line)["receipt"] for line in ledger]
    judge.same("receipts of orders", len(receipts), DAYS)
    for day, receipt in zip(days, receipts):
        judge.same("a day's rows", (receipt["rows_read"], receipt["rows_published"],
                                    receipt["rows_quarantined"]),
                   (day["read"], day["lines"], day["read"] - day["lines"]))
    with duckdb.connect(str(folder / "out/retail.duckdb"), read_only=True) as base:
        rows = base.execute("SELECT receipt FROM _leat_commits WHERE table_name = 'customers' "
                            "ORDER BY counter").fetchall()
    judge.same("receipts of customers", len(rows), DAYS)
    for day, (text,) in zip(days, rows):
        changes = json.loads(text)["changes"]
        judge.same("a day's customers", (changes["inserted"], sum(changes.values())),
                   (day["inserted"], day["customers"]))


def judge_customers(judge, folder, now, then):
    with duckdb.connect(str(folder / "out/retail.duckdb"), read_only=True) as base:
        rows = base.execute("SELECT customer_id, country, last_order_at, last_invoice FROM customers "
                            "ORDER BY 1").fetchall()
        history = base.execute("SELECT customer_id, country, valid_from, valid_to, is_current FROM "
                               "customer_countries ORDER BY 1, 3").fetchall()
    judge.same("customers", rows, [(c, *now[c]) for c in sorted(now)])
    wanted = []
    for customer in sorted(then):
        versions = then[customer]
        ends = [since for _, since in versions[1:]] + [None]
        wanted += [(customer, country, since, end, end is None)
                   for (country, since), end in zip(versions, ends)]
    judge.same("countries of customers", history, wanted)
    judge.same("customers who moved", sum(len(v) > 1 for v in then.values()) > 0, True)


def main(leat):
    judge = Judge()
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work) / "example"
        shutil.copytree(ROOT / "examples/retail_orders", folder,
                        ignore=shutil.ignore_patterns("out", ".leat"))
        days, lines, now, then = expected(folder)
        judge.same("days and lines", (len(days), sum(d["read"] for d in days)), (DAYS, LINES))
        first = run(leat, folder)
        judge.same("publishes", {s["name"]: s["publishes"] for s in first["sinks"]},
                   dict.fromkeys(("orders", "customers_now", "customers_then"), DAYS))
        judge.same("order lines", published_lines(folder), lines)
        judge_receipts(judge, folder, days)
        judge_customers(judge, folder, now, then)
        before = digests(folder)
        second = run(leat, folder)
        judge.same("the second run publishes", [s["publishes"] for s in second["sinks"]], [0, 0, 0])
        judge.same("the second run changes", digests(folder), before)
    print(f"retail_orders: {judge.passed} passed, {judge.failed} failed; {len(days)} days, "
          f"{sum(lines.values())} lines, {len(now)} customers, "
          f"{sum(len(v) for v in then.values())} versions")
    return 1 if judge.failed else 0


if __name__ == "__main__":
    sys.exit(main(str(pathlib.Path(sys.argv[1]).resolve())))
