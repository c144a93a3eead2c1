"""Checks of rows beside others in plain Python: what each must set aside, written without a look at
Leat's code."""
import calendar
import datetime
import decimal

import arithmetic
from arithmetic import key_of, total
from cases import Beside


def by_key(rows, columns):
    groups = {}
    for row in rows:
        groups.setdefault(key_of(row, columns), []).append(row)
    return groups.values()


def unique_case(rng, kind):
    many = [1, 1, 2] if kind == "unique" else [2, 2, 3]
    columns = rng.sample(["i", "k", "d", "s", "day", "m"], rng.choice(many))
    keep = rng.choice(["any", "first", "latest"])
    by = rng.choice([None, "at", "d", "s"]) if keep != "any" else None
    options = {"keep": keep}
    if by:
        options["by"] = by
    if rng.random() < 0.3:
        options["on_fail"] = "deduplicate"

    def among(rows):
        failing = set()
        for group in by_key(rows, columns):
            if by:
                known = [r for r in group if r[by] is not None] or group
                value = (lambda r: total(r[by])) if known[0][by] is not None else (lambda r: 0)
                edge = (max if keep == "latest" else min)(value(r) for r in known)
                tied = [r for r in known if value(r) == edge]
            else:
                tied = group
            kept = tied[-1] if keep == "latest" else tied[0]
            if keep == "any":  # Then Leat says which, one of each key.
                stayed = [r for r in group if r["id"] in case.published]
                kept = stayed[0] if len(stayed) == 1 else kept
            failing |= {r["id"] for r in group if r is not kept}
        return failing
    case = Beside(kind, columns, options, among, columns, keep != "any" and not by)
    return case


def sequence_case(rng, kind):
    columns = [rng.choice(["i", "d", "s", "day", "m"])]
    if kind == "ordered" and rng.random() < 0.6:
        columns = rng.sample(["k", "d", "s", "day"], 2)
    by = rng.choice([[], [], ["at"], ["k", "d"]])
    parts = rng.choice([[], ["k"]])
    strict = rng.random() < 0.4
    options = {"by": by, "partition_by": parts, "strict": strict}
    options = {k: v for k, v in options.items() if v}

    def among(rows):
        failing = set()
        for group in by_key(rows, parts):
            edge = None
            for row in sorted(group, key=lambda r: [total(r[c]) for c in by]):
                value = [total(row[c]) for c in columns]
                if any(row[c] != row[c] for c in columns):
                    failing.add(row["id"])
                    continue
                if edge is None:
                    edge = value
                    continue
                down = kind == "decreasing"
                ahead = value < edge if down else value > edge
                if not (ahead or not strict and value == edge):
                    failing.add(row["id"])
                edge = min(edge, value) if down else max(edge, value)
        return failing
    return Beside(kind, columns, options, among, columns + by, not by)


def months_on(value, months, to_end=False):
    """The same day of a later month, or its last day where it is shorter; `to_end`: where `value`
    is the last day of its month, the last day of that one."""
    index = value.year * 12 + value.month - 1 + months
    year, month = index // 12, index % 12 + 1
    if year > datetime.MAXYEAR:
        raise OverflowError
    length = calendar.monthrange(year, month)[1]
    is_end = value.day == calendar.monthrange(value.year, value.month)[1]
    day = length if to_end and is_end else min(value.day, length)
    return value.replace(year=year, month=month, day=day)


def gaps_case(rng):
    column, step, add = rng.choice([
        ("day", "1 month", 1), ("day", "1 year", 12), ("at", "2 months", 2), ("at", "1 month", 1),
        ("i", None, lambda v: v + 1), ("i", "3", lambda v: v + 3), ("k", "2", lambda v: v + 2),
        ("m", "0.25", lambda v: v + decimal.Decimal("0.25")),
        ("day", None, lambda v: v + datetime.timedelta(1)),
        ("day", "1 week", lambda v: v + datetime.timedelta(7)),
        ("at", "2 hours", lambda v: v + datetime.timedelta(hours=2))])
    strict = rng.random() < 0.4
    parts = rng.choice([[], ["s"]])
    options = {"strict": strict}
    if step:
        options["step"] = step
    if parts:
        options["partition_by"] = parts

    def reach_of(value):
        """The first and the last value to which a step leads; None: there is none."""
        try:
            if isinstance(add, int):
                return months_on(value, add), months_on(value, add, to_end=True)
            return add(value), add(value)
        except OverflowError:
            return None

    def fits(before, value):
        reach = reach_of(before)
        if not strict:
            return reach is None or value <= reach[1]
        time = value.time() == before.time() if isinstance(value, datetime.datetime) else True
        return reach is not None and reach[0] <= value <= reach[1] and (
            time or not isinstance(add, int))

    def among(rows):
        failing = set()
        for group in by_key(rows, parts):
            group = sorted(group, key=lambda r: (r[column], r["id"]))
            for before, row in zip(group, group[1:]):
                if not fits(before[column], row[column]):
                    failing.add(row["id"])
        return failing
    return Beside("no_gaps", [column], options, among, [column])


def relation_case(rng, kind, others):
    """The key is among those of the dataset `others`, a table without checks."""
    one = kind == "accepted_values"
    columns = rng.sample(["i", "k", "d", "s", "day"], 1 if one else rng.choice([1, 2]))
    theirs = [{"i": rng.choice("ik"), "k": rng.choice("ik")}.get(c, c) for c in columns]
    known = {key_of(row, theirs) for row in others.rows if all(row[c] is not None for c in theirs)}

    def among(rows):
        return {row["id"] for row in rows if key_of(row, columns) not in known}
    options = ({"from": f"{others.name}.{theirs[0]}"} if one
               else {"to": {"node": others.name, "columns": theirs}})
    return Beside(kind, columns, options, among, columns)


def outliers_case(rng):
    column = rng.choice(["i", "k", "d", "m"])
    method, factor = rng.choice(["iqr", "zscore", "mad"]), rng.choice([1, 1.5, 3])

    def among(rows):
        out = arithmetic.outliers([float(row[column]) for row in rows], method, factor)
        return None if out is None else {rows[i]["id"] for i in out}
    return Beside("outliers", [column],
                  {"method": method, "factor": factor, "on_fail": "quarantine"}, among, [column])


def cases(rng, others):
    """One case of each check, each for a dataset of its own."""
    made = [gaps_case(rng), outliers_case(rng)]
    made += [unique_case(rng, kind) for kind in ("unique", "unique_combination")]
    made += [sequence_case(rng, kind) for kind in ("increasing", "decreasing", "ordered")]
    made += [relation_case(rng, kind, others) for kind in ("relationship", "accepted_values")]
    for case in made:
        if rng.random() < 0.3:
            case.only_where("i > 0", lambda row: row["i"] is not None and row["i"] > 0)
    return made
