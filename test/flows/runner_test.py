#!/usr/bin/env python3
"""The flow runner notices what is wrong; a stand-in plays the program."""
import pathlib
import shutil
import sys
import tempfile
import textwrap
import unittest

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE / "runner")]

import carry_out  # noqa: E402
import flow_file  # noqa: E402
import report  # noqa: E402
import run_flows  # noqa: E402
import tables  # noqa: E402

STAND_IN = """#!/usr/bin/env python3
import json, os, sys
verb = sys.argv[1]
if verb == "run":
    print(json.dumps({"schema": "leat.run/1", "nodes": [
        {"name": "in", "kind": "source", "read": 2, "quarantined": 1}],
        "sinks": [{"name": "out", "published": 1, "publish_id": "p1"}]}))
    print("said so", file=sys.stderr)
    sys.exit(int(os.environ.get("EXIT", "0")))
if verb == "query":
    print(json.dumps({"columns": [
        {"name": "a", "type": "DOUBLE"}, {"name": "b", "type": "VARCHAR"}],
        "rows": [["2.0", "y  y"], ["1.0", None]]}))
if verb == "quarantine":
    print(json.dumps({"columns": [
        {"name": "line", "type": "BIGINT"}, {"name": "failed_checks", "type": "VARCHAR[]"}],
        "rows": [["3", "['a(b)', c]"]]}))
"""


class RunnerTest(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        self.leat = self.folder / "leat"
        self.leat.write_text(STAND_IN)
        self.leat.chmod(0o755)

    def carry_out(self, text):
        flow = flow_file.parse_flow("x.flow", textwrap.dedent(text))
        carry_out.FlowRun(flow, self.leat).carry_out()

    def passes(self, text):
        self.carry_out(text)

    def fails(self, text, pattern):
        with self.assertRaisesRegex(report.Mismatch, pattern):
            self.carry_out(text)

    def test_right_counts_pass_and_wrong_ones_fail_with_the_line(self):
        self.passes("run ok\n  read 2  published 1  quarantined 1  filtered 0\n")
        self.passes("run ok\n  out: published 1\n  in: read 2\n")
        self.fails("\nrun ok\n  read 2  published 2\n", "x.flow:2: published is 1, expected 2")
        self.fails("run ok\n  sold 2\n", "no count `sold`")
        self.fails("run ok\n  other: read 1\n", "no sink or node other")

    def test_the_exit_code_counts(self):
        self.passes("env EXIT=3\nrun held\n")
        self.fails("env EXIT=3\nrun ok\n", "exit code 3, expected 0")
        self.fails("run held\n", "exit code 0, expected 3")
        self.passes("env EXIT=5\nrun ok\n  exit 5\n")

    def test_what_is_said_is_compared(self):
        self.passes("run ok\n  error said so\n  without secret\n")
        self.fails("run ok\n  error said no\n", "nothing says 'said no'")
        self.fails("run ok\n  without said\n", "something says 'said'")

    def test_rows_are_compared_as_written(self):
        self.passes("run ok\nquery\nSELECT 1\n----\n1  NULL\n2  y y\n")
        self.fails("run ok\nquery\nSELECT 1\n----\n1  NULL\n", "other rows")
        self.fails("run ok\nquery\nSELECT 1 ORDER BY 1\n----\n1  NULL\n2  y y\n", "other rows")
        self.passes("run ok\nquarantine in: line failed_checks\n----\n3  a(b), c\n")
        self.fails("run ok\nquarantine in: place\n----\n3\n", "no column place")

    def test_files_are_written_as_told(self):
        self.passes("""\
            file a.csv crlf no-eol
              1,2
              3
            bytes b.bin
              a\\x00\\xff\\n
            sh
              printf '1,2\\r\\n3' | cmp - a.csv
              printf 'a\\000\\377\\n' | cmp - b.bin
            files
              a.csv
              b.*
            """)
        self.fails("sh touch x\nfiles\n  y\n", "too much: .'x'., missing: .'y'.")

    def test_ids_of_the_last_run_can_be_named(self):
        self.passes("run ok\nsh test {publish_id} = p1\n")

    def test_malformed_flows_are_refused(self):
        for text, pattern in [("run ok\nwalk\n", "x.flow:2: no step begins"),
                              ("query\nSELECT 1\n", "no `----`"),
                              ("file a\n", "runs nothing"),
                              ("run ok\nsweep threads\n", "a knob and its values")]:
            with self.assertRaisesRegex(flow_file.FlowError, pattern):
                flow_file.parse_flow("x.flow", text)

    def test_sweeps_are_read(self):
        flow = flow_file.parse_flow("x.flow", "run ok\nsweep threads 1 2\nsweep default\n")
        self.assertEqual(flow.sweeps, [(("threads", "1"),), (("threads", "2"),)])
        self.assertTrue(flow.sweeps_default)
        self.assertEqual(flow_file.parse_sweeps("# x\na 1 b 2\nc 3\n"),
                         [(("a", "1"), ("b", "2")), (("c", "3"),)])
        with self.assertRaises(flow_file.FlowError):
            flow_file.parse_sweeps("a 1 2\n")

    def test_knobs_that_a_flow_sweeps_itself_are_left_out_of_the_default_settings(self):
        flow = flow_file.parse_flow("x.flow", "run ok\nsweep a 5\nsweep default\n")
        defaults = flow_file.parse_sweeps("a 1 b 2\na 2 b 2\na 3\n")
        self.assertEqual(run_flows.settings_of(flow, True, defaults), [(("a", "5"),), (("b", "2"),)])
        self.assertEqual(run_flows.settings_of(flow, False, defaults), [()])

    def test_values_are_written_one_way(self):
        self.assertEqual([tables.cell(v) for v in (None, True, 1.0, 1.5, "", "a\nb", [1, "x"])],
                         ["NULL", "true", "1", "1.5", "(empty)", "a\\x0ab", "1, x"])

    def test_stopped_runs_add_up(self):
        one = {"nodes": [{"name": "in", "read": 1}], "sinks": [{"name": "out", "published": 1}]}
        two = {"nodes": [{"name": "in", "read": 2}], "sinks": [{"name": "out", "published": 3}]}
        last = {"nodes": [], "sinks": [{"name": "out", "published": 0}]}
        total = report.add_reports([one, two, last])
        self.assertEqual((total["nodes"][0]["read"], total["sinks"][0]["published"]), (3, 4))


if __name__ == "__main__":
    unittest.main()
