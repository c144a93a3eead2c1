#!/usr/bin/env python3
"""Recomputes what examples/daily_prices must come to, and compares it with the run's report.

Independent on purpose: plain Python over the CSV files, one function a rule. duckdb and pyarrow
only read what was published.

    daily_prices_oracle.py EXAMPLE REPORT_JSON
"""

import csv
import datetime
import glob
import json
import math
import os
import statistics
import sys
from decimal import Decimal

import duckdb
import pyarrow.parquet as pq

SYMBOLS = {"ALFA", "BRVO", "CHRL", "DLTA", "ECHO", "FXTR", "GOLF", "HOTL"}
PRICES = ("open", "high", "low", "close")
WEIGHTS = {"completeness": 30, "accuracy": 30, "consistency": 20, "timeliness": 10, "validity": 10}
failures = []


def expect(what, got, wanted):
    good = math.isclose(got, wanted, rel_tol=1e-9) if isinstance(wanted, float) else got == wanted
    if not good:
        failures.append(f"{what}: {got}, expected {wanted}")


def read(path):
    with open(path, newline="") as file:
        return list(csv.DictReader(file))


def decoded(row):
    """Nothing when a cell cannot be read."""
    try:
        out = {"date": datetime.date.fromisoformat(row["date"]), "symbol": row["symbol"],
               "volume": int(row["volume"])}
        for name in PRICES:
            out[name] = Decimal(row[name]) if row[name] else None
        return out
    except ArithmeticError:
        return None


def above(a, b):
    return a is not None and b is not None and a > b


ROW_RULES = {
    "not_null(close)": lambda r: r["close"] is None,
    "accepted_values(symbol)": lambda r: r["symbol"] not in SYMBOLS,
    "expression(isodow(date) < 6)": lambda r: r["date"].weekday() >= 5,
    "ohlc(low <= high)": lambda r: above(r["low"], r["high"]),
    "ohlc(open <= high)": lambda r: above(r["open"], r["high"]),
    "ohlc(close <= high)": lambda r: above(r["close"], r["high"]),
    "ohlc(low <= open)": lambda r: above(r["low"], r["open"]),
    "ohlc(low <= close)": lambda r: above(r["low"], r["close"]),
    "ohlc(low > 0)": lambda r: r["low"] <= 0,
    "ohlc(volume >= 0)": lambda r: r["volume"] < 0,
}


def judge_prices(rows):
    """(rows that go on, failures by rule)"""
    failed = dict.fromkeys(ROW_RULES, 0)
    failed["unique(symbol, date)"] = 0
    good, seen = [], set()
    for row in rows:
        broken = [rule for rule, is_broken in ROW_RULES.items() if is_broken(row)]
        if (row["symbol"], row["date"]) in seen:
            broken.append("unique(symbol, date)")
        seen.add((row["symbol"], row["date"]))
        for rule in broken:
            failed[rule] += 1
        if not broken:
            good.append(row)
    return good, failed


def quartile(values, share):
    values = sorted(values)
    at = (len(values) - 1) * share
    low = math.floor(at)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (at - low)


def outliers(values):
    q1, q3 = quartile(values, 0.25), quartile(values, 0.75)
    return sum(v < q1 - 3 * (q3 - q1) or v > q3 + 3 * (q3 - q1) for v in values)


def outcomes(report, node):
    entry = next(n for n in report["nodes"] if n["name"] == node)
    return entry, {c["id"]: c for c in entry["checks"]}


def check_prices(report, rows, unreadable, failed, good):
    entry, checks = outcomes(report, "prices")
    expect("prices read", entry["read"], len(rows) + unreadable)
    expect("prices undecodable", entry["undecodable"], unreadable)
    expect("prices passed on", entry["passed_on"], len(good))
    for rule, count in failed.items():
        expect(f"prices {rule}", checks.get(rule, {}).get("failed"), count)
    for rule in ("ohlc(open > 0)", "not_null(date)", "not_null(symbol)"):
        expect(f"prices {rule}", checks[rule]["failed"], 0)


def check_daily(report, published, far):
    entry, checks = outcomes(report, "daily")
    expect("daily quarantined", entry["quarantined"], far)
    expect("daily passed on", entry["passed_on"], len(published))
    pairs = [(float(r["close"]), float(r["reference"])) for r in published if r["reference"]]
    ours, theirs = [a for a, _ in pairs], [b for _, b in pairs]
    rmse = math.sqrt(math.fsum((a - b) ** 2 for a, b in pairs) / len(pairs))
    value = lambda name: float(checks[name]["value"])
    expect("correlation", value("reference(correlation of close)"),
           statistics.correlation(ours, theirs))
    expect("rmse", value("reference(rmse of close)"), rmse)
    expect("relative error", value("reference(relative error of close)"),
           max(abs(a - b) / b for a, b in pairs))
    for name in ("close", "volume"):
        expect(f"outliers {name}", int(checks[f"outliers({name})"]["value"]),
               outliers([float(r[name]) for r in published]))
    days = {r["date"] for r in published}
    day, wanted = datetime.date(2024, 1, 2), []
    while day <= datetime.date(2024, 6, 28):
        wanted += [day] if day.weekday() < 5 else []
        day += datetime.timedelta(days=1)
    expect("day coverage", value("completeness(weekdays of date)"),
           sum(d in days for d in wanted) / len(wanted))
    expect("row coverage", value("completeness(rows)"), len(published) / 1032)
    expect("symbols", checks["aggregate(distinct symbol)"]["verdict"], "pass")
    profile = entry["profile"]
    expect("profile total", profile["total"], len(published) + far)
    bad = invalid_rows(published)
    expect("profile invalid", profile["invalid"], far + bad)
    expect("profile valid", profile["valid"], len(published) - bad)


def invalid_rows(published):
    """Rows with an outlier in any number."""
    bad = set()
    for name in (*PRICES, "volume", "reference"):
        values = [float(r[name]) for r in published if r[name] is not None]
        q1, q3 = quartile(values, 0.25), quartile(values, 0.75)
        for index, row in enumerate(published):
            if row[name] is None:
                continue
            if not q1 - 3 * (q3 - q1) <= float(row[name]) <= q3 + 3 * (q3 - q1):
                bad.add(index)
    return len(bad)


def check_score(report):
    shares = {}
    for node in report["nodes"]:
        for check in node["checks"]:
            judged, failed = check["judged"], check["failed"]
            share = 1 - failed / judged if judged else float(failed == 0)
            shares.setdefault(check["dimension"], []).append(share)
    expect("dimensions", set(shares), set(WEIGHTS))
    by = {name: 100 * sum(values) / len(values) for name, values in shares.items()}
    for name, score in by.items():
        expect(f"score {name}", report["score"]["by_dimension"][name], score)
    expect("score", report["score"]["total"],
           sum(WEIGHTS[name] * score for name, score in by.items()) / 100)


def check_targets(example, published):
    wanted = sorted((r["date"], r["symbol"], r["close"], r["volume"]) for r in published)
    columns = "date, symbol, close, volume"
    with duckdb.connect(os.path.join(example, "out/prices.duckdb"), read_only=True) as db:
        found = db.execute(f"SELECT {columns} FROM daily_prices").fetchall()
    expect("rows of the table", sorted(found), wanted)
    table = pq.ParquetFile(os.path.join(example, "out/daily_prices.parquet")).read()
    found = [tuple(r[name] for name in columns.split(", ")) for r in table.to_pylist()]
    expect("rows of the file", sorted(found), wanted)
    check_lake(os.path.join(example, "out/lake"), wanted)


def check_lake(lake, wanted):
    """Each file holds the rows of its folder's year, month and symbol; all together are all."""
    found, places = [], {(r[0].year, r[0].month, r[1]) for r in wanted}
    for path in glob.glob(os.path.join(lake, "year=*/month=*/symbol=*/*.parquet")):
        year, month, symbol = (part.split("=")[1] for part in path.split(os.sep)[-4:-1])
        places.discard((int(year), int(month), symbol))
        for row in pq.ParquetFile(path).read().to_pylist():
            in_place = (row["date"].year, row["date"].month) == (int(year), int(month))
            expect(f"{path}: {row['date']}", in_place, True)
            found.append((row["date"], symbol, row["close"], row["volume"]))
    expect("rows of the lake", sorted(found), wanted)
    expect("partitions that are missing", places, set())


def main(example, report_path):
    with open(report_path) as file:
        report = json.load(file)
    raw = read(os.path.join(example, "data/prices.csv"))
    rows = [r for r in map(decoded, raw) if r is not None]
    good, failed = judge_prices(rows)
    trusted = {(r["date"], r["symbol"]): Decimal(r["close"])
               for r in read(os.path.join(example, "data/reference.csv"))}
    for row in good:
        row["reference"] = trusted.get((row["date"].isoformat(), row["symbol"]))
    published = [r for r in good if r["reference"] is None
                 or abs(r["close"] - r["reference"]) <= Decimal("0.05") * r["reference"]]
    expect("status", report["status"], "success")
    check_prices(report, rows, len(raw) - len(rows), failed, good)
    check_daily(report, published, len(good) - len(published))
    check_score(report)
    check_targets(example, published)
    for failure in failures:
        print(failure)
    print(f"{len(failures)} failed; {len(published)} rows published, by rule: {failed}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
