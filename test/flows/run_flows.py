#!/usr/bin/env python3
"""Runs flow tests.

  run_flows.py --leat PROGRAM [--jobs N] [--sweeps] [FLOW or FOLDER...]

--sweeps runs each flow once for every setting of its `sweep` lines, and, where a flow says
`sweep default`, of test/sweeps.txt, instead of once as it stands.
"""
import argparse
import concurrent.futures
import pathlib
import sys
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE / "runner"))

import carry_out  # noqa: E402
import flow_file  # noqa: E402
from report import Mismatch  # noqa: E402
from tables import Unavailable  # noqa: E402


def find_flows(names):
    for name in names or [HERE]:
        path = pathlib.Path(name)
        if not path.exists():
            path = HERE / name
        yield from [path] if path.suffix == ".flow" else sorted(path.rglob("*.flow"))


def settings_of(flow, sweeps, defaults):
    if not sweeps:
        return [()]
    own = {knob for setting in flow.sweeps for knob, _ in setting}
    rest = [tuple(s for s in d if s[0] not in own) for d in (defaults if flow.sweeps_default else [])]
    return flow.sweeps + [r for r in dict.fromkeys(rest) if r]


def run_one(flow, setting, leat, timeout_s):
    """(name, "" | what went wrong, "" | why it was skipped)"""
    name = str(flow.path.relative_to(HERE) if flow.path.is_relative_to(HERE) else flow.path)
    if setting:
        name += f" [{' '.join(word for pair in setting for word in pair)}]"
    try:
        carry_out.FlowRun(flow, leat, setting, timeout_s).carry_out()
    except Mismatch as mismatch:
        return name, str(mismatch), ""
    except Unavailable as lacking:
        return name, "", str(lacking)
    return name, "", ""


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--leat", required=True)
    parser.add_argument("--jobs", type=int, default=1)
    parser.add_argument("--sweeps", action="store_true")
    parser.add_argument("--timeout", type=int, default=120)
    parser.add_argument("flows", nargs="*")
    options = parser.parse_args()
    if not pathlib.Path(options.leat).exists():
        print(f"run_flows: {options.leat} is not there; build it first")
        return 1
    started = time.monotonic()
    defaults = flow_file.parse_sweeps((HERE.parent / "sweeps.txt").read_text())
    try:
        flows = [flow_file.parse_flow(p, p.read_text()) for p in find_flows(options.flows)]
    except flow_file.FlowError as error:
        print(error)
        return 1
    work = [(f, s) for f in flows for s in settings_of(f, options.sweeps, defaults)]
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        results = list(pool.map(lambda w: run_one(*w, options.leat, options.timeout), work))
    failed = [r for r in results if r[1]]
    skipped = [r for r in results if r[2]]
    for name, problem, _ in failed:
        print(f"FAILED {name}\n{problem}\n")
    for name, _, reason in skipped:
        print(f"SKIPPED {name}: {reason}")
    print(f"flows: {len(results) - len(failed) - len(skipped)} passed, {len(failed)} failed, "
          f"{len(skipped)} skipped in {time.monotonic() - started:.1f} s")
    return 1 if failed or not results else 0


if __name__ == "__main__":
    sys.exit(main())
