"""Set checks in plain Python: what each must measure and say, written without a look at Leat's code.

Where a value is exact, bounds that it just meets have to pass and bounds that it just misses have
to fail.
"""
import collections
import datetime
import math
import statistics
from decimal import Decimal
from fractions import Fraction

import arithmetic
import tables
from cases import SetCase

NUMBERS = ("i", "m", "d")
PIVOT = datetime.date(2024, 2, 5)


def present(values):
    return [v for v in values if v is not None]


def written(value):
    return format(value, "f") if isinstance(value, Decimal) else repr(value)


def bounded(rng, kind, options, value, exact, slack=0):
    """Bounds that the value meets, or misses, by as little as its type has."""
    if value is None or isinstance(value, float) and not math.isfinite(value):
        # Nothing meets a bound; NaN and infinity lie above every number.
        return SetCase(kind, dict(options, min="-1e18"), value,
                       value is not None and value != -math.inf, exact)
    meets, side = rng.random() < 0.5, rng.choice(["min", "max"])
    if exact:
        step = Decimal("0.0001") if isinstance(value, Decimal) else 1
    else:
        step = max(abs(value) * 1e-9, float(slack), 1e-300)
        if not math.isfinite(2 * (abs(value) + step)):
            return SetCase(kind, dict(options, min="-1.7976931348623157e308"), value,
                           True, exact, slack)
    if meets:
        room = 0 if exact else step
        limits = {"min": written(value - room), "max": written(value + room)}
    else:
        limits = {side: written(value + (step if side == "min" else -step) * (1 if exact else 2))}
    return SetCase(kind, dict(options, **limits), value, meets, exact, slack)


def bounded_mean(rng, options, mean):
    """Bounds around a mean that may go on for ever, of so many digits that only it lies between."""
    unit = Fraction(1, 10**30)
    below = mean // unit * unit
    ends = below == mean
    meets = rng.random() < 0.5
    low, high = (arithmetic.as_decimal(b) for b in (below, below if ends else below + unit))
    limits = {"min": written(low), "max": written(high)}
    if not meets:
        off = arithmetic.as_decimal(unit if ends else Fraction(0))
        limits = rng.choice([{"min": written(high + off)}, {"max": written(low - off)}])
    return SetCase("aggregate", dict(options, fn="mean", **limits), float(mean), meets, False,
                   1e-17)


def sum_of(values):
    """None: there is none. NotImplemented: a float cannot hold it on the way."""
    if not values:
        return None
    if not isinstance(values[0], float):
        return sum(values)
    finite = [Fraction(v) for v in values if math.isfinite(v)]
    if sum(map(abs, finite)) > 1e307:
        return NotImplemented
    return float(sum(finite)) + sum(v for v in values if not math.isfinite(v))


def aggregates(rng, rows, options):
    for column in (*NUMBERS, "x"):
        values = present(row[column] for row in rows)
        floats = [float(v) for v in values]
        is_float = column == "d"
        size = max(map(abs, filter(math.isfinite, floats)), default=0)
        slack = 1e-12 * size * len(values)

        def case(fn, value, exact=False, slack=slack, **more):
            return bounded(rng, "aggregate", dict(options, column=column, fn=fn, **more), value,
                           exact, slack)

        ordered = sorted(values, key=arithmetic.total)
        yield case("min", ordered[0] if values else None, not is_float, 0)
        yield case("max", ordered[-1] if values else None, not is_float, 0)
        total = sum_of(values)
        if total is not NotImplemented:
            yield case("sum", total, not is_float)
            finite = values and all(map(math.isfinite, values))
            if finite and not is_float:
                yield bounded_mean(rng, dict(options, column=column), arithmetic.mean(values))
            else:
                yield case("mean", float(arithmetic.mean(values)) if finite else total)
        different = len(set(map(arithmetic.plain, values)))
        yield case("distinct", different, True)
        yield case("distinct_share", different / len(values) if values else None, slack=0)
        if all(map(math.isfinite, floats)) and size < 1e20:
            spread = arithmetic.deviation(floats)
            if spread is None or spread > 1e-6 * size:
                yield case("stddev", spread and float(spread), slack=0)
        if not any(map(math.isnan, floats)) and size < 1e307:
            for fn, share, more in (("median", 0.5, {}), ("quantile", None, {})):
                if share is None:
                    share = rng.choice([0, 0.1, 0.25, 0.9, 1])
                    more = {"q": share}
                share = Fraction(str(share))
                if not values:
                    yield case(fn, None, **more)
                elif is_float:
                    yield case(fn, float(arithmetic.quantile(sorted(floats), share)), **more)
                else:
                    exact = arithmetic.quantile(sorted(map(Fraction, values)), share)
                    yield case(fn, arithmetic.as_decimal(Fraction(exact)), True, 0, **more)


def shares(rng, rows, options):
    count = len(rows)

    def share(kind, options, key, value):
        upper, passes = key == "max", rng.random() < 0.5 and value is not None
        edge = 0 if value is None else value + (1e-9 if passes == upper else -1e-9)
        if not 0 <= edge <= 1:
            edge = min(1, max(0, edge))
            passes = value is not None and (value <= edge if upper else value >= edge)
        return SetCase(kind, dict(options, **{key: written(edge)}), value,
                       passes and value is not None)

    def nulls(columns):
        return sum(row[c] is None for row in rows for c in columns)

    for column in ("i", "d", "s"):
        yield share("null_rate", dict(options, column=column), "max",
                    nulls([column]) / count if count else 0.0)
    for columns in (list(tables.TYPES), ["s", "day"]):
        named = {} if len(columns) > 2 else {"columns": columns}
        yield share("completeness", dict(options, **named), "min",
                    1 - nulls(columns) / (count * len(columns)) if count else 1.0)
    yield share("completeness", dict(options, expected_count=50), "min", count / 50)
    days = set(present(row["day"] for row in rows))
    yield share("completeness", dict(options, date_coverage={"column": "day"}), "min",
                len(days) / ((max(days) - min(days)).days + 1) if days else None)


def shapes(rng, rows):
    """Of the columns and the number of rows."""
    names, count = list(tables.TYPES), len(rows)
    for key, holds in (("min", lambda a, b: a >= b), ("max", lambda a, b: a <= b),
                       ("equal", lambda a, b: a == b)):
        for kind, size in (("row_count", count), ("column_count", len(names))):
            limit = max(0, size + rng.choice([-1, 0, 1]))
            yield SetCase(kind, {key: limit}, size, holds(size, limit), True)
    some = rng.sample(names, rng.randrange(1, len(names)))
    for ordered in (True, False):
        asked = some + rng.choice([[], ["no_such_column"]])
        order = [names.index(n) for n in some]
        yield SetCase("columns", {"contains": asked, "ordered": ordered}, ...,
                      asked == some and (not ordered or order == sorted(order)))
        asked = rng.choice([names, names[::-1], names[1:], names + ["more"]])
        yield SetCase("columns", {"equal": asked, "ordered": ordered}, ...,
                      asked == names if ordered else sorted(asked) == sorted(names))


def relative(a, b):
    if a == b:
        return 0.0
    return math.inf if b == 0 else float(abs(Fraction(a) - Fraction(b)) / abs(Fraction(b)))


def comparisons(rng, rows, other):
    name, theirs = other.name, other.rows

    def reconcile(what, value):
        return SetCase("reconcile", dict(what, against=name), value, value == 0)

    yield reconcile({"count": True}, relative(len(rows), len(theirs)))
    for column in ("i", "m"):
        ours, others = (sum(present(r[column] for r in side)) for side in (rows, theirs))
        yield reconcile({"sum": column}, relative(ours, others))
    sides = [collections.Counter(arithmetic.key_of(r, ("id", "i", "s")) for r in side)
             for side in (rows, theirs)]
    only = ((sides[0] - sides[1]) + (sides[1] - sides[0])).total()
    yield reconcile({"checksum": ["id", "i", "s"]}, only / (len(rows) + len(theirs)) if only else 0.0)
    ids = {row["id"] for row in rows}
    missing = sum(row["id"] not in ids for row in theirs)
    yield SetCase("completeness", {"key_coverage": {"of": name, "key": ["id"]}},
                  1 - missing / len(theirs) if theirs else 1.0, not missing)
    yield SetCase("row_count", {"equal_to": name}, len(rows), len(rows) == len(theirs), True)
    yield from references(rng, rows, other)


def references(rng, rows, other):
    by_id = {row["id"]: row["d"] for row in other.rows}
    both = [(row["d"], by_id[row["id"]]) for row in rows
            if row["d"] is not None and by_id.get(row["id"]) is not None]
    if not all(math.isfinite(a) and math.isfinite(b) and abs(a) < 1e50 for a, b in both):
        return

    def case(options, value, passes):
        return SetCase("reference", dict(options, to=other.name, on="id", column="d"), value,
                       value is not None and passes)

    rmse = math.sqrt(math.fsum((a - b) ** 2 for a, b in both) / len(both)) if both else None
    limit = 0 if rmse is None else rmse * (1 + rng.choice([-1e-9, 1e-9]))
    yield case({"max_rmse": repr(limit)}, rmse, rmse is not None and rmse <= limit)
    worst = max((relative(a, b) for a, b in both), default=None)
    yield case({"max_relative_error": 0.05}, worst, worst is not None and worst <= 0.05)
    if len(both) > 2 and all(statistics.pstdev(side) > 1e-9 for side in zip(*both)):
        r = statistics.correlation(*zip(*both))
        if abs(r - 0.99) > 1e-9:
            yield case({"min_correlation": 0.99}, r, r >= 0.99)


def outliers(rows, options):
    for column in NUMBERS:
        numbers = [float(v) for v in present(row[column] for row in rows)]
        for method, factor in (("iqr", 3), ("iqr", 1.5), ("zscore", 2), ("mad", 3.5)):
            found = arithmetic.outliers(numbers, method, factor)
            if found is not None:
                yield SetCase("outliers", dict(options, column=column, method=method,
                                               factor=factor), len(found), not found, True)


def others(rows):
    below = sum(row["i"] is not None and row["i"] < 0 for row in rows)
    yield SetCase("sql", {"sql": "SELECT * FROM leat_rows WHERE i < 0"}, below, below == 0, True)
    newest = max(present(row["day"] for row in rows), default=None)
    if newest is None or abs((newest - PIVOT).days) > 1:
        age = (datetime.date.today() - PIVOT).days
        yield SetCase("freshness", {"column": "day", "max_age": f"{age}d"}, newest,
                      newest is not None and newest > PIVOT)


def cases(rng, table, other):
    """Every set check over a table; `other` has mostly the same rows."""
    rows, options = table.rows, {}
    if rng.random() < 0.3:
        rows, options = [row for row in rows if row["k"] is not None and row["k"] > 0], {
            "where": "k > 0 -- some"}
    yield from aggregates(rng, rows, options)
    yield from shares(rng, rows, options)
    yield from outliers(rows, options)
    yield from shapes(rng, table.rows)
    yield from comparisons(rng, table.rows, other)
    yield from others(table.rows)
