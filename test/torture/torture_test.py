#!/usr/bin/env python3
"""What the torture must find: rows that a run has lost, doubled or changed, and receipts and rows set aside that
are gone, though the same bytes are read but once. And that a world is as poor as it says, whatever the kill.

  torture_test.py --leat PROGRAM
"""
import argparse
import contextlib
import pathlib
import sqlite3
import sys
import tempfile
import unittest
from unittest import mock

import faults
import torture
import worlds

LEAT = ""


def _in_sqlite(sql):
    def change(target):
        with contextlib.closing(sqlite3.connect(target)) as connection:
            connection.execute(sql)
            connection.commit()
    return change


def _in_duckdb(sql):
    def change(target):
        import duckdb
        with duckdb.connect(str(target)) as connection:
            connection.execute(sql)
    return change


def _last_line_twice(target):
    lines = target.read_text().splitlines(keepends=True)
    target.write_text("".join([*lines, lines[-1]]))


def _one_cell(target):
    import openpyxl
    book = openpyxl.load_workbook(target)
    book.worksheets[0]["B2"] = 1
    book.save(target)


def _no_segment(target):
    kept = target.parent.parent / ".leat" / "artifacts" / "quarantine"
    next(iter(sorted(kept.rglob("*.parquet")))).unlink()


CHANGES = (
    ("sqlite", "append", _in_sqlite("DELETE FROM out WHERE id = 7"), "1 rows are missing, 0 too many"),
    ("sqlite", "append", _in_sqlite("DELETE FROM _leat_commits WHERE rowid = 1"), "does not follow"),
    ("duckdb", "append", _in_duckdb("INSERT INTO out SELECT * FROM out LIMIT 1"), "0 rows are missing, 1 too"),
    ("duckdb", "append", _in_duckdb("UPDATE out SET pop = 0 WHERE id = 7"), "1 rows are missing, 1 too many"),
    ("xlsx", "replace", _one_cell, "1 rows are missing, 1 too many"),
    ("csv", "append", _last_line_twice, "0 rows are missing, 1 too many"),
    ("parquet", "append", _no_segment, "segments"),
)


class Changes(unittest.TestCase):
    def test_are_found_after_trials_that_found_none(self):
        for sink, strategy, change, words in CHANGES:
            with self.subTest(sink=sink, words=words), tempfile.TemporaryDirectory() as folder:
                bench = torture.Bench(worlds.make_world(sink, strategy, False), LEAT, pathlib.Path(folder),
                                      torture.compile_hostile(folder, LEAT))
                trial = torture.Trial("point", f"{bench.arrivals[-1]}:1")
                for _ in range(2):
                    self.assertEqual(bench.carry_out(trial), "")
                recover = bench._recover

                def recover_and_change(at, of):
                    found = recover(at, of)
                    change(bench.world.target(at))
                    return found

                bench._recover = recover_and_change
                found = bench.carry_out(trial)
                self.assertNotEqual(found, "")
                self.assertIn(words, found)


class Faults(unittest.TestCase):
    def test_reach_the_program_and_are_told_by_it(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            bench = torture.Bench(worlds.make_world("sqlite", "append", False), LEAT, folder,
                                  torture.compile_hostile(folder, LEAT))
            for number, (name, codes) in enumerate((
                    ("full", {1}), ("read_only", {1}), ("sync", {1}), ("open", {1, 2, 6}), ("memory", {1}),
                    ("short_write", {0}), ("write_again", {0}), ("short_read", {0}), ("read_again", {0}))):
                at = folder / str(number)
                bench.world.copy(bench.base, at)
                with self.subTest(fault=name), mock.patch.object(worlds, "run_leat", wraps=worlds.run_leat) as run:
                    ended = []
                    run.side_effect = lambda *a, **k: ended.append(run._mock_wraps(*a, **k)) or ended[-1]
                    self.assertEqual(faults.fail(bench, at, f"{name}:1"), "")
                    self.assertIn(ended[0].returncode, codes, ended[0].stderr)

    def test_of_memory_are_of_our_own_code(self):
        """The engine asks for all of it while it starts; what it is told goes another way than what we are."""
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            bench = torture.Bench(worlds.make_world("csv", "append", False), LEAT, folder,
                                  torture.compile_hostile(folder, LEAT))
            for number in (5000, 10000, 20000, 30000):
                with self.subTest(number=number):
                    done = faults._run(bench, bench.base, LEAT_FAIL_KINDS="m", LEAT_FAIL_AT=str(number),
                                       LEAT_FAIL_CODE="12")
                    self.assertEqual(done.returncode, 1)
                    self.assertIn("the system gave no more memory", done.stderr)

    def test_are_found_where_a_run_says_that_it_has_published_what_is_not_there(self):
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            bench = torture.Bench(worlds.make_world("csv", "append", False), LEAT, folder,
                                  torture.compile_hostile(folder, LEAT))
            bench.rows_after = {}
            self.assertIn("its rows are not there", faults.fail(bench, bench.base, "short_write:1"))


class PoorFileSystems(unittest.TestCase):
    def test_are_poor_for_what_is_killed_at_a_random_time_too(self):
        linked = next(w for w in worlds.new_databases() if w.name.endswith("/linked"))
        with tempfile.TemporaryDirectory() as folder:
            folder = pathlib.Path(folder)
            bench = torture.Bench(linked, LEAT, folder, torture.compile_hostile(folder, LEAT))
            never = (bench.seconds + 1) * 5
            for lacks, is_made in ((linked.lacks, True), ({**linked.lacks, "LEAT_TEAR_NO_LINK": "1"}, False)):
                at = folder / str(is_made)
                linked.copy(bench.base, at)
                linked.lacks = lacks
                bench._kill_after(at, never)
                self.assertEqual(linked.target(at).exists(), is_made)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leat", required=True)
    options, rest = parser.parse_known_args()
    LEAT = str(pathlib.Path(options.leat).resolve())
    unittest.main(argv=[sys.argv[0], *rest])
