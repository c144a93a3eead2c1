#!/usr/bin/env python3
"""Compares every check with a plain Python version of it, on random tables.

  exactness.py --leat build/dev/leat [--tables 100] [--seed 1] [--batch 150]

Each table comes with one case of every check of single rows, once more for each check that looks at
rows beside others, and once more with every set check; as CSV or Parquet, as a source or a model, as
chance has it. The rows set aside, the counts, the rows
published, the values measured and the verdicts must be those that Python names. A mismatch prints
the table and the check, and the seed repeats it.
"""
import argparse
import collections
import random
import sys
import time

import batch
import beside_checks
import cases
import row_checks
import set_checks
import tables


def no_problem(dataset, outcome, tally):
    """Nothing is set aside of a table without checks."""
    if outcome.published != {row["id"] for row in dataset.table.rows}:
        yield None, "lost rows"


def row_problems(dataset, outcome, tally):
    """The checks of single rows come first; one of rows beside others, which comes alone or last,
    is judged among the rows that they leave."""
    rows, single = dataset.table.rows, [c for c in dataset.cases if not is_beside(c)]
    gone = cases.leaving(single, rows)
    left = [row for row in rows if row["id"] not in gone]
    beside = [case for case in dataset.cases if is_beside(case)]
    for case in beside:
        case.published = outcome.published
    if any(case.among([row for row in left if case.judged(row)]) is None for case in beside):
        return
    for case in dataset.cases:
        tally[case.kind] += 1
        for problem in case.problems(left if case in beside else rows, outcome, gone):
            yield case, problem
    left = {row["id"] for row in left} - cases.leaving(beside, left)
    if outcome.published != left:
        yield dataset.cases[-1], f"published {sorted(outcome.published)}, expected {sorted(left)}"


def set_problems(dataset, outcome, tally):
    for case, check in zip(dataset.cases, outcome.listed, strict=True):
        tally[case.kind + (" of a set" if case.kind == "outliers" else "")] += 1
        if problem := case.problem(check):
            yield case, problem


def is_beside(case):
    return isinstance(case, cases.Beside)


def datasets_of(rng, number):
    """Each with the function that judges its outcome."""
    table = tables.make(rng, f"t{number}")
    others = tables.make(rng, f"o{number}")
    alike = tables.resembling(rng, table, f"v{number}")
    yield batch.Dataset(rng, others.name, others, []), no_problem
    yield batch.Dataset(rng, alike.name, alike, []), no_problem
    families = [row_checks.cases(rng)]
    for case in beside_checks.cases(rng, others):
        before = [row_checks.range_case(rng)] if rng.random() < 0.3 else []
        families.append([*before, case])
    for index, family in enumerate(families):
        for case in family:
            if len(family) != 2 and case.takes_mostly() and rng.random() < 0.2:
                case.mostly(rng, table.rows)
        yield batch.Dataset(rng, f"d{number}_{index}", table, family), row_problems
    yield batch.Dataset(rng, f"s{number}", table, list(set_checks.cases(rng, table, alike))), set_problems


def compare(leat, waiting, tally):
    """How many went wrong; says which, over which values."""
    outcomes = batch.run(leat, [dataset for dataset, _ in waiting])
    wrong = 0
    for dataset, judge in waiting:
        for case, problem in judge(dataset, outcomes[dataset.name], tally):
            wrong += 1
            print(f"exactness: {dataset.name} {case and case.yaml()}: {problem}")
            for column in case.columns if case else []:
                print("   ", column, dataset.table.column(column))
    return wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--leat", required=True)
    parser.add_argument("--tables", type=int, default=100)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--from", type=int, default=0, dest="first", help="tables to pass by")
    parser.add_argument("--batch", type=int, default=150, help="datasets of one run")
    args = parser.parse_args()
    leat = str(batch.pathlib.Path(args.leat).resolve())
    began = time.monotonic()
    rng = random.Random(args.seed)
    wrong, datasets, tally, waiting = 0, 0, collections.Counter(), []
    places, ways = collections.Counter(), collections.Counter()
    for number in range(args.tables):
        made = list(datasets_of(rng, number))
        waiting += made if number >= args.first else []
        if len(waiting) < args.batch and number + 1 < args.tables:
            continue
        wrong += compare(leat, waiting, tally)
        places.update((d.kind, "model" if d.query else "source") for d, _ in waiting)
        ways.update(d.way for d, _ in waiting)
        datasets += len(waiting)
        waiting = []
        if wrong > 20:
            break
    print(f"exactness: seed {args.seed}, {args.tables} tables, {datasets} datasets, "
          f"{tally.total()} cases, {wrong} wrong, {time.monotonic() - began:.1f} s\n  "
          + ", ".join(f"{kind} {place}s {count}" for (kind, place), count in sorted(places.items()))
          + "; " + ", ".join(f"{way} {count}" for way, count in sorted(ways.items())) + "\n  "
          + ", ".join(f"{kind} {count}" for kind, count in sorted(tally.items())))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
