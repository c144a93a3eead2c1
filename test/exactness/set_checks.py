#!/usr/bin/env python3
"""Set checks against an independent implementation, on generated tables.

Every table gets every check: nulls, NaN, infinities, empty texts and the extremes of each type are
among its values, and some tables are empty. What Leat measured and said is compared with plain
Python: whole numbers and decimals exactly, floating-point numbers to 1e-9. Where a value is exact,
bounds that it just meets have to pass and bounds that it just misses have to fail.

    set_checks.py --leat build/dev/leat [--tables 2000] [--seed 1]
"""

import argparse
import datetime
import json
import math
import pathlib
import random
import statistics
import subprocess
import sys
import tempfile
from decimal import Decimal
from fractions import Fraction

import pyarrow as pa
import pyarrow.parquet as pq

TABLES_A_RUN = 40
SCHEMA = pa.schema([("k", pa.int32()), ("i", pa.int64()), ("d", pa.decimal128(18, 4)),
                    ("f", pa.float64()), ("t", pa.string()), ("day", pa.date32())])
I64 = (-(2**63), 2**63 - 1)


def numbers(dice, rows, kind):
    wild = dice.random() < 0.3
    scale = dice.choice([1, 10, 1000, 10**6])

    def one():
        if dice.random() < 0.12:
            return None
        if kind == "i":
            if wild and dice.random() < 0.1:
                return dice.choice([*I64, 0, -1, I64[0] + 1])
            return dice.randrange(-scale, scale + 1)
        if kind == "d":
            if wild and dice.random() < 0.1:
                return dice.choice([Decimal("99999999999999.9999"), Decimal("-99999999999999.9999")])
            return Decimal(dice.randrange(-scale * 100, scale * 100)).scaleb(-4)
        if wild and dice.random() < 0.04:
            return dice.choice([math.nan, math.inf, -math.inf, 1e300, -0.0, 5e-324])
        return dice.gauss(0, 1) * scale if dice.random() < 0.95 else dice.gauss(0, 1) * scale * 50

    return [one() for _ in range(rows)]


def table(dice):
    rows = dice.choice([0, 1, 2, 3, 5, 17, 64, 200])
    days = [None if dice.random() < 0.1 else
            datetime.date(2024, 1, 1) + datetime.timedelta(days=dice.randrange(0, 40))
            for _ in range(rows)]
    texts = [None if dice.random() < 0.1 else dice.choice(["", "a", "b", "zz", "Ä", "x" * 20])
             for _ in range(rows)]
    return {"k": list(range(rows)), "i": numbers(dice, rows, "i"), "d": numbers(dice, rows, "d"),
            "f": numbers(dice, rows, "f"), "t": texts, "day": days}


def other_table(dice, cells):
    """The same keys but for some, with values a little off."""
    keep = [n for n in range(len(cells["k"])) if dice.random() < 0.9]
    out = {name: [cells[name][n] for n in keep] for name in cells}
    if dice.random() < 0.7:
        out["f"] = [None if v is None or dice.random() < 0.05 else v * dice.uniform(0.9, 1.1)
                    for v in out["f"]]
    if dice.random() < 0.3 and keep:
        out["i"][0] = 7
    order = list(range(len(keep)))
    dice.shuffle(order)
    return {name: [out[name][n] for n in order] for name in out}


# ---------------------------------------------------------------- the independent implementation


def present(values):
    return [v for v in values if v is not None]


def distinct(values):
    seen = {("nan",) if isinstance(v, float) and math.isnan(v) else v for v in present(values)}
    return len(seen)


def ordered(values):
    """NaN is above every number."""
    return sorted(values, key=lambda v: (isinstance(v, float) and math.isnan(v), v))


def total(values):
    values = present(values)
    if not values:
        return None
    if not isinstance(values[0], float):
        return sum(values)
    if all(map(math.isfinite, values)):
        return math.fsum(values)
    return sum(values)


def mean(values):
    values = present(values)
    if not values:
        return None
    if isinstance(values[0], float):
        return total(values) / len(values)
    return float(Fraction(sum(map(Fraction, values))) / len(values))


def quantile(values, share):
    values = ordered([float(v) for v in present(values)])
    if not values:
        return None
    at = (len(values) - 1) * share
    low = math.floor(at)
    if at == low:
        return values[low]
    a, b = values[low], values[low + 1]
    if math.isinf(a) and math.isinf(b) and a != b:
        return math.nan
    return a if a == b else a + (b - a) * (at - low)


def stddev(values):
    values = [float(v) for v in present(values)]
    return statistics.stdev(values) if len(values) > 1 else None


def outliers(values, method, factor):
    values = [float(v) for v in present(values)]
    fine = [v for v in values if math.isfinite(v)]
    low = high = None
    if fine and method == "iqr":
        q1, q3 = quantile(fine, 0.25), quantile(fine, 0.75)
        low, high = q1 - factor * (q3 - q1), q3 + factor * (q3 - q1)
    elif len(fine) > 1 and method == "zscore":
        m, s = math.fsum(fine) / len(fine), statistics.stdev(fine)
        low, high = m - factor * s, m + factor * s
    elif fine and method == "mad":
        m = quantile(fine, 0.5)
        s = 1.4826 * quantile([abs(v - m) for v in fine], 0.5)
        low, high = m - factor * s, m + factor * s
    out = sum(not math.isfinite(v) for v in values)
    return out + (sum(v < low or v > high for v in fine) if low is not None else 0)


def pairs(ours, theirs):
    by_key = dict(zip(theirs["k"], theirs["f"]))
    return [(a, by_key[k]) for k, a in zip(ours["k"], ours["f"])
            if a is not None and by_key.get(k) is not None]


def rows_of(cells, names):
    def plain(v):
        if isinstance(v, float) and math.isnan(v):
            return "nan"
        return 0.0 if v == 0 and isinstance(v, float) else v

    return [tuple(plain(cells[n][r]) for n in names) for r in range(len(cells["k"]))]


def only_in_one(ours, theirs):
    rest = list(rows_of(theirs, ("k", "i", "t")))
    mine = 0
    for row in rows_of(ours, ("k", "i", "t")):
        if row in rest:
            rest.remove(row)
        else:
            mine += 1
    return mine + len(rest)


def covered_days(cells):
    days = set(present(cells["day"]))
    if not days:
        return None
    return len(days) / ((max(days) - min(days)).days + 1)


# ---------------------------------------------------------------- checks and expectations


class Expectation:
    """One check: its YAML, the value it must measure, and the verdict it must give."""

    def __init__(self, yaml, value, passes, exact=True):
        self.yaml, self.value, self.passes, self.exact = yaml, value, passes, exact


def bounds(options, value, dice, exact):
    """Bounds that the value meets, or misses, by as little as the type has."""
    meets = dice.random() < 0.5
    if value is None or (isinstance(value, float) and not math.isfinite(value)):
        least = -1e18  # Nothing meets a bound, NaN and infinity lie above every number.
        return f"{options}, min: {least}", value is not None and value != -math.inf
    if exact:
        step = Decimal("0.0001") if isinstance(value, Decimal) else 1
        if meets:
            return f"{options}, min: {value}, max: {value}", True
        if dice.random() < 0.5:
            return f"{options}, min: {value + step}", False
        return f"{options}, max: {value - step}", False
    room = max(abs(value) * 1e-9, 1e-300)
    if meets:
        return f"{options}, min: {value - room!r}, max: {value + room!r}", True
    return f"{options}, max: {value - room!r}", False


def aggregates(cells, dice):
    out = []

    def add(column, fn, value, exact, more=""):
        options, passes = bounds(f"column: {column}, fn: {fn}{more}", value, dice, exact)
        out.append(Expectation(f"aggregate: {{{options}}}", value, passes, exact))

    for column in ("i", "d", "f"):
        values = present(cells[column])
        is_float = column == "f"
        add(column, "min", ordered(values)[0] if values else None, not is_float)
        add(column, "max", ordered(values)[-1] if values else None, not is_float)
        add(column, "sum", total(values), not is_float)
        add(column, "mean", mean(values), False)
        add(column, "distinct", distinct(values), True)
        if all(math.isfinite(v) and abs(v) < 1e20 for v in values):
            deviation = stddev(values)
            if deviation is None or deviation > 1e-6 * float(max(map(abs, values))):
                add(column, "stddev", deviation and float(deviation), False)
        if not any(isinstance(v, float) and math.isnan(v) for v in values):
            add(column, "median", quantile(values, 0.5), False)
            share = dice.choice([0, 0.1, 0.25, 0.9, 1])
            add(column, "quantile", quantile(values, share), False, f", q: {share}")
        add(column, "distinct_share", distinct(values) / len(values) if values else None, False)
    return out


def shares(cells, dice):
    rows = len(cells["k"])
    out = []

    def add(yaml, key, value, upper):
        passes = dice.random() < 0.5 and value is not None
        edge = 0 if value is None else value + (1e-9 if passes == upper else -1e-9)
        if not 0 <= edge <= 1:
            edge = min(1, max(0, edge))
            passes = value is not None and (value <= edge if upper else value >= edge)
        if value is None:
            edge, passes = 0, False
        out.append(Expectation(f"{yaml}, {key}: {edge!r}}}", value, passes, False))

    nulls = {name: sum(v is None for v in cells[name]) for name in cells}
    for name in ("i", "f", "t"):
        add(f"null_rate: {{column: {name}", "max", nulls[name] / rows if rows else 0.0, True)
    cell_count = rows * len(cells)
    add("completeness: {", "min",
        1 - sum(nulls.values()) / cell_count if rows else 1.0, False)
    add("completeness: {columns: [t, day]", "min",
        1 - (nulls["t"] + nulls["day"]) / (2 * rows) if rows else 1.0, False)
    add("completeness: {expected_count: 50", "min", rows / 50, False)
    add("completeness: {date_coverage: {column: day}", "min", covered_days(cells), False)
    return out


def comparisons(cells, other, name, dice):
    out = []
    rows, others = len(cells["k"]), len(other["k"])

    def difference(a, b):
        return 0.0 if a == b else math.inf if b == 0 else float(abs(Fraction(a) - Fraction(b))
                                                                / abs(Fraction(b)))

    def reconcile(what, value):
        out.append(Expectation(f"reconcile: {{against: {name}, {what}}}", value, value == 0, False))

    reconcile("count: true", difference(rows, others))
    for column in ("i", "d"):
        reconcile(f"sum: {column}",
                  difference(total(cells[column]) or 0, total(other[column]) or 0))
    only = only_in_one(cells, other)
    reconcile("checksum: [k, i, t]", only / (rows + others) if only else 0.0)
    missing = [k for k in other["k"] if k not in cells["k"]]
    out.append(Expectation(f"completeness: {{key_coverage: {{of: {name}, key: [k]}}}}",
                           1 - len(missing) / others if others else 1.0, not missing, False))
    out.append(Expectation(f"row_count: {{equal_to: {name}}}", rows, rows == others))
    both = pairs(cells, other)
    if all(math.isfinite(a) and math.isfinite(b) and abs(a) < 1e50 for a, b in both):
        rmse = math.sqrt(math.fsum((a - b) ** 2 for a, b in both) / len(both)) if both else None
        options, passes = bounds("", rmse, dice, False)
        limit = 0 if rmse is None else rmse * (1 + 1e-9) if passes else rmse * (1 - 1e-9)
        out.append(Expectation(f"reference: {{to: {name}, on: k, column: f, max_rmse: {limit!r}}}",
                               rmse, rmse is not None and rmse <= limit, False))
        worst = max((difference(a, b) for a, b in both), default=None)
        out.append(Expectation(
            f"reference: {{to: {name}, on: k, column: f, max_relative_error: 0.05}}", worst,
            worst is not None and worst <= 0.05, False))
        spread = len(both) > 2 and min(statistics.pstdev(a for a, _ in both),
                                       statistics.pstdev(b for _, b in both)) > 1e-9
        if spread:
            r = statistics.correlation([a for a, _ in both], [b for _, b in both])
            if abs(r - 0.99) > 1e-9:
                out.append(Expectation(
                    f"reference: {{to: {name}, on: k, column: f, min_correlation: 0.99}}", r,
                    r >= 0.99, False))
    return out


def expectations(cells, other, name, dice):
    rows = len(cells["k"])
    out = aggregates(cells, dice) + shares(cells, dice) + comparisons(cells, other, name, dice)
    limit = rows + dice.choice([-1, 0, 1])
    out.append(Expectation(f"row_count: {{min: {max(limit, 0)}}}", rows, rows >= limit))
    for method, factor in (("iqr", 3), ("iqr", 1.5), ("zscore", 2), ("mad", 3.5)):
        for column in ("i", "d", "f"):
            if method == "zscore" and any(math.isfinite(v) and abs(v) > 1e150
                                          for v in map(float, present(cells[column]))):
                continue  # The variance is beyond a double, and the run says so.
            count = outliers(cells[column], method, factor)
            out.append(Expectation(
                f"outliers: {{column: {column}, method: {method}, factor: {factor}}}", count,
                count == 0))
    below = sum(v is not None and v < 0 for v in cells["i"])
    out.append(Expectation("sql: SELECT * FROM leat_rows WHERE i < 0", below, below == 0))
    days = present(cells["day"])
    old = (datetime.date.today() - datetime.date(2024, 1, 20)).days
    newest = max(days) if days else None
    if newest is None or abs((newest - datetime.date(2024, 1, 20)).days) > 1:
        out.append(Expectation(f"freshness: {{column: day, max_age: {old}d}}", newest,
                               newest is not None and newest > datetime.date(2024, 1, 20)))
    return out


# ---------------------------------------------------------------- runs


def pipeline(names, wanted):
    lines = ["pipeline: flow", "sources:"]
    for name in names:
        lines += [f"  {name}: {{parquet: {{path: {name}.parquet}}}}"]
    lines += ["checks:"]
    for name, list_of in wanted.items():
        lines.append(f"  {name}:")
        for one in list_of:
            if one.yaml.startswith("sql: "):
                lines.append(f'    - sql: {{sql: "{one.yaml[5:]}", on_fail: warn}}')
            else:
                lines.append("    - " + one.yaml[:-1] + ", on_fail: warn}")
    lines += ["policy: {profile: false}", "sinks:"]
    for name in wanted:
        lines.append(f"  out_{name}: {{parquet: {{path: out/{name}.parquet}}, from: {name}}}")
    return "\n".join(lines).replace("{, ", "{") + "\n"


def same(got, value, exact):
    if got.startswith(("≈", "between")):
        return True  # The statistics were certain of the verdict, which is compared.
    if value is None:
        return got == "null"
    if isinstance(value, datetime.date):
        return got == value.isoformat()
    if exact:
        return Decimal(got) == value
    return math.isclose(float(got), value, rel_tol=1e-9, abs_tol=1e-300) or (
        math.isnan(value) and got == "nan")


def run(leat, folder, dice, count, tally):
    names, wanted = [], {}
    for number in range(count):
        cells = table(dice)
        other = other_table(dice, cells)
        for name, content in ((f"t{number}", cells), (f"o{number}", other)):
            pq.write_table(pa.table(content, schema=SCHEMA), folder / f"{name}.parquet")
            names.append(name)
        wanted[f"t{number}"] = expectations(cells, other, f"o{number}", dice)
    (folder / "flow.yml").write_text(pipeline(names, wanted))
    done = subprocess.run([leat, "run", "flow.yml", "-o", "json"], cwd=folder, text=True,
                          capture_output=True)
    if done.returncode != 0:
        sys.exit(f"the run failed with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr}")
    nodes = {n["name"]: n for n in json.loads(done.stdout)["nodes"]}
    for name, list_of in wanted.items():
        for one, got in zip(list_of, nodes[name]["checks"], strict=True):
            kind = got["id"].split("(")[0].split("#")[0]
            tally[kind] = tally.get(kind, 0) + 1
            if same(got["value"], one.value, one.exact) and (got["verdict"] == "pass") == one.passes:
                continue
            tally["wrong"] = tally.get("wrong", 0) + 1
            if tally["wrong"] <= 20:
                print(f"{name} {one.yaml}: measured {got['value']}, {got['verdict']}; expected "
                      f"{one.value}, {'pass' if one.passes else 'not pass'}")


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--leat", required=True)
    options.add_argument("--tables", type=int, default=200)
    options.add_argument("--seed", type=int, default=1)
    options = options.parse_args()
    dice = random.Random(options.seed)
    leat, tally, left = pathlib.Path(options.leat).resolve(), {}, options.tables
    while left > 0:
        count = min(left, TABLES_A_RUN)
        with tempfile.TemporaryDirectory() as folder:
            run(leat, pathlib.Path(folder), dice, count, tally)
        left -= count
    wrong = tally.pop("wrong", 0)
    print(f"{options.tables} tables, {sum(tally.values())} verdicts, {wrong} wrong: "
          + ", ".join(f"{kind} {count}" for kind, count in sorted(tally.items())))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
