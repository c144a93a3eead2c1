#!/usr/bin/env python3
"""Kills Leat with signal 9 at every crash point, within its writes and at random times, fails its calls to
the system, stops it while another one runs, cuts its network, runs it again, and compares.

  torture.py --leat PROGRAM [--random N] [--only SINK/STRATEGY[/fresh]] [--seed N] [--jobs N]

After each of them the target must show the rows from before or from after, never a part; after the
next run its rows, its receipts, the quarantine and the files left behind must be those of a run
that nobody killed. A failure prints the command that repeats it.
"""
import argparse
import collections
import concurrent.futures
import dataclasses
import functools
import multiprocessing
import os
import pathlib
import pickle
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import traceback

import database_scenes
import faults
import scenes
import worlds

ARRIVALS_MAX = 4   # of a point that is passed often: the first ones and the last
BRIEF_ARRIVALS_MAX = 1
BRIEF_TWICE = 4    # second kills of a world
TEARS_MAX = 60     # writes of a run that are torn in two
BRIEF_TEARS = 6
BRIEF_FAULTS = 3   # of a world
FAULTS = {"fail": faults.fail, "stop": faults.stop, "cut": faults.cut}
SHARES = (2, 50, 95)   # of a torn write that have happened, in hundredths


@dataclasses.dataclass(frozen=True)
class Trial:
    kind: str        # point, twice, random, server, tear, fail, stop, cut
    at: str          # name:n, or seconds, or number of a write:share, or how the network is cut
    then: str = ""   # second kill, during recovery


class Bench:
    """One world with its reference, and the trials that are made of it."""

    def __init__(self, world, leat, folder, hostile):
        self.world, self.leat = world, leat
        self.tear, self.fail, self.requests = hostile
        self.base = folder / "base"
        world.build(self.base, leat)
        self.rows_before = world.rows(self.base)
        reference = folder / "reference"
        world.copy(self.base, reference)
        points = folder / "points"
        writes = folder / "writes"
        started = time.monotonic()
        done = self._run(reference, LEAT_CRASH_LIST=str(points),
                         **self._torn(reference, LEAT_TEAR_LIST=str(writes)))
        self.seconds = time.monotonic() - started
        if done.returncode not in world.ends():
            raise RuntimeError(f"{world.name}: the reference run failed\n{done.stdout}{done.stderr}")
        self.arrivals = points.read_text().split()
        self.writes = writes.stat().st_size
        self.rows_after = world.rows(reference)
        if world.meanwhile(reference):
            self._run(reference)
        world.go_on(leat, reference)
        self.rows_at_end = world.rows(reference)
        chains = world.chains(reference)
        self.receipts = [len(chain) for chain in chains]
        self.quarantine = self._kept_quarantine(reference, chains)
        shown = worlds.shown_quarantine(leat, reference)
        if world.keeps_quarantine() and not (shown and shown == self.quarantine):
            kept = self.quarantine
            self.quarantine = shown
            raise RuntimeError(f"{world.name}: in the segments {_difference(kept, self.quarantine)}")
        self.leftovers = world.leftovers(reference)
        self.calls, self.calls_of_target = self._counted_calls(folder / "counted")

    def _counted_calls(self, folder):
        """Of a run, and below its target where files are that; a database looks after its own."""
        self.world.copy(self.base, folder)
        calls = faults.count_calls(self, folder)
        if self.world.sink in worlds.TABLES:
            return calls, collections.Counter()
        again = folder.with_name("again")
        self.world.copy(self.base, again)
        return calls, faults.count_calls(self, again, LEAT_FAIL_BELOW=faults.below_target(again))

    def point_trials(self, chance, brief):
        names = sorted(set(self.arrivals))
        for name in names:
            count = self.arrivals.count(name)
            first = min(count, BRIEF_ARRIVALS_MAX if brief else ARRIVALS_MAX)
            for arrival in sorted({*range(1, first + 1), count}):
                yield Trial("point", f"{name}:{arrival}")
        for name in chance.sample(names, BRIEF_TWICE) if brief else names:
            yield Trial("twice", f"{name}:1", f"{chance.choice(names)}:1")

    def _run(self, folder, **environment):
        return self.world.run(self.leat, folder, **{**self.lacking(), **environment})

    def lacking(self):
        return {"LD_PRELOAD": self.tear, **self.world.lacks} if self.world.lacks else {}

    def _torn(self, folder, **environment):
        return {"LD_PRELOAD": self.tear, "LEAT_TEAR_BELOW": os.path.realpath(folder), **environment}

    def tear_trials(self, chance, brief):
        count = min(self.writes, BRIEF_TEARS if brief else TEARS_MAX)
        for number in sorted(chance.sample(range(1, self.writes + 1), count)):
            yield Trial("tear", f"{number}:{chance.choice(SHARES)}")

    def random_trials(self, count, chance):
        for _ in range(count):
            yield Trial("random", f"{chance.uniform(0, self.seconds * 1.1):.6f}")

    def server_trials(self, count, chance):
        if self.world.sink != "postgres":
            return
        for _ in range(count):
            yield Trial("server", f"{chance.uniform(0, self.seconds * 1.1):.6f}")

    def fault_trials(self, count, chance):
        """As many of each, where `count` is not of all of them."""
        for at in faults.fault_trials(self.calls, self.calls_of_target, count, chance):
            if not (self.world.may_read_another() and at.startswith(("read:", "open:"))):
                yield Trial("fail", at)

    def stop_trials(self, count, chance):
        if not self.world.is_shared():
            return
        for _ in range(count):
            yield Trial("stop", f"{chance.uniform(0, self.seconds * 1.1):.6f}")

    def cut_trials(self, count, chance):
        if self.world.speaks_to_server():
            yield from (Trial("cut", at) for at in faults.network_trials(count, chance))

    def carry_out(self, trial):
        """"" when all is as it should be, else what is not."""
        folder = pathlib.Path(tempfile.mkdtemp(prefix="leat-torture-", dir=worlds.workshop()))
        try:
            self.world.copy(self.base, folder)
            return self._kill(folder, trial) or self._recover(folder, trial) or self._compare(folder, trial)
        except Exception:   # what cannot be read is a finding as well, and its trial is to be told
            return traceback.format_exc()
        finally:
            self.world.remove(folder)

    def _kill(self, folder, trial):
        if trial.kind in FAULTS:
            problem = FAULTS[trial.kind](self, folder, trial.at)
            if problem:
                return problem
        elif trial.kind == "server":
            self._kill_server(folder, float(trial.at))
        elif trial.kind == "random":
            self._kill_after(folder, float(trial.at))
        elif trial.kind == "tear":
            number, share = trial.at.split(":")
            done = self._run(folder, **self._torn(folder, LEAT_TEAR_AT=number, LEAT_TEAR_SHARE=share))
            # Writes come in another order, and sometimes one less.
            if done.returncode not in (*self.world.ends(), -signal.SIGKILL):
                return f"was not killed but ended with {done.returncode}\n{done.stderr}"
        else:
            done = self._run(folder, LEAT_CRASH_AT=trial.at)
            if done.returncode != -signal.SIGKILL:
                return f"was not killed but ended with {done.returncode}\n{done.stderr}"
        return self._check_visible(folder, self.rows_after)

    def _kill_after(self, folder, seconds):
        process = self.start(folder)
        time.sleep(seconds)
        process.kill()
        process.wait()

    def _kill_server(self, folder, seconds):
        """A process of the server dies while the program speaks to it, and takes all others along."""
        process = self.start(folder)
        time.sleep(seconds)
        self.world.database(folder).kill_backend()
        process.wait(timeout=120)
        self.world.wait(folder)

    def start(self, folder, says_to=subprocess.DEVNULL):
        environment = {**os.environ, **worlds.environment_of(folder), **self.lacking()}
        return subprocess.Popen([self.leat, *self.world.arguments(folder)], cwd=folder, env=environment,
                                stdin=subprocess.DEVNULL, stdout=says_to, stderr=says_to)

    def _check_visible(self, folder, after):
        rows = self.world.rows(folder)
        if self.world.may_be_seen(rows, self.rows_before, after):
            return ""
        return f"right after the kill {_difference(rows, after)}"

    def _recover(self, folder, trial):
        self.world.meanwhile(folder)
        if trial.then:
            self._run(folder, LEAT_CRASH_AT=trial.then)
            visible = self._check_visible(folder, self.rows_at_end)
            if visible:
                return visible
        done = self._run(folder)
        if done.returncode not in self.world.ends():
            return f"the next run ended with {done.returncode}\n{done.stdout}{done.stderr}"
        self.world.go_on(self.leat, folder)
        return ""

    def _compare(self, folder, trial):
        rows = self.world.rows(folder)
        expected, quarantine = self.world.right_for(rows, self.rows_at_end, self.quarantine)
        if rows != expected:
            return _difference(rows, expected)
        chains = self.world.chains(folder)
        if problem := self._judge_receipts(chains):
            return f"{problem}: {chains}"
        segments, ids = worlds.segments(folder), {r[0] for chain in chains for r in chain}
        # A publish that failed leaves what it set aside to look at; one that was killed does not.
        stray = self.world.strays(segments, ids) if trial.kind not in ("server", *FAULTS) else set()
        if stray or (self.world.keeps_quarantine() and not ids <= segments):
            return f"segments {segments} of the receipts {chains}"
        found = self._kept_quarantine(folder, chains)
        if found != quarantine:
            return f"in the quarantine {_difference(found, quarantine)}"
        if self.world.leftovers(folder) != self.leftovers:
            return f"left behind: {self.world.leftovers(folder)}, expected {self.leftovers}"
        return ""

    def _kept_quarantine(self, folder, chains):
        """Of a world that reads all again, the last publish stands for those before."""
        standing = [r for chain in chains for r in (chain[-1:] if self.world.reads_all() else chain)]
        return self.world.set_aside(self.leat, folder, {r[0] for r in standing})

    def _judge_receipts(self, chains):
        """Each one chain; what takes new rows alone is never done again, a replace may be."""
        for receipts, expected in zip(chains, self.receipts, strict=True):
            before = "00000000-0000-0000-0000-000000000000"
            for number, (publish_id, previous, counter) in enumerate(receipts, 1):
                if previous != before or counter != number:
                    return f"receipt {number} does not follow the one before"
                before = publish_id
            enough = (len(receipts) >= expected if self.world.reads_all()
                      else len(receipts) == expected)
            if not enough:
                return f"{len(receipts)} receipts, expected {expected}"
        return ""


def _difference(found, expected):
    found, expected = found or {}, expected or {}
    missing = [r for r in expected if found.get(r, 0) < expected[r]]
    doubled = [r for r in found if expected.get(r, 0) < found[r]]
    return (f"{len(missing)} rows are missing, {len(doubled)} too many; "
            f"for example {missing[:1]} {doubled[:1]}")


@functools.lru_cache(maxsize=1)
def _bench_in(path):
    return pickle.loads(path.read_bytes())


def _carry_out(path, trial):
    """In a process of its own among several: to compare rows is work of Python's, which has one thread."""
    return _bench_in(path).carry_out(trial)


def run_world(world, options, pool):
    """Returns how many trials there were of each kind in one world, and how many failures."""
    chance = random.Random(f"{options.seed} {world.name}")
    with tempfile.TemporaryDirectory(prefix="leat-torture-", dir=worlds.workshop()) as folder:
        bench = Bench(world, options.leat, pathlib.Path(folder), options.hostile)
        trials = list(bench.point_trials(chance, options.brief))
        if options.sample and options.sample < len(trials):
            trials = chance.sample(trials, options.sample)
        trials += bench.tear_trials(chance, options.brief)
        if not world.fresh or world.lacks:
            trials += bench.random_trials(options.random, chance)
            trials += bench.server_trials((options.random + 8) // 10, chance)
        trials += hostile_trials(bench, options, chance)
        if options.kinds:
            trials = [t for t in trials if t.kind in options.kinds.split(",")]
        if options.trial:
            trials = [Trial(*options.trial.split(","))]
        # What breaks the server breaks it for all.
        alone = [t for t in trials if t.kind == "server"]
        trials = [t for t in trials if t.kind != "server"] + alone
        kept = pathlib.Path(folder) / "bench"
        kept.write_bytes(pickle.dumps(bench))
        beside = trials[:len(trials) - len(alone)]
        found = [*pool.map(functools.partial(_carry_out, kept), beside),
                 *map(bench.carry_out, alone)]
        failures = [(t, f) for t, f in zip(trials, found) if f]
    for trial, problem in failures:
        print(f"FAILED {world.name} {trial}: {problem}\n  again: test/torture/torture.py --leat "
              f"{options.leat} --only {world.name} --seed {options.seed} --trial {','.join(dataclasses.astuple(trial))}")
    counts = collections.Counter(t.kind for t in trials)
    print(f"{world.name}: {_counted(counts)}, {len(failures)} failures ({len(set(bench.arrivals))} crash "
          f"points, {bench.writes} writes, a run takes {bench.seconds * 1000:.0f} ms)", flush=True)
    return counts, len(failures)


def _counted(counts):
    return ", ".join(f"{count} {kind}" for kind, count in counts.items()) or "nothing to do"


def hostile_trials(bench, options, chance):
    count = (options.random + 99) // 100
    if options.brief:   # The same each time: those that nobody has seen are for `make torture`.
        chance = random.Random(bench.world.name)
    trials = list(bench.fault_trials(count, chance))
    if options.brief:
        # Requests for memory come in another order each time, so none of them is the same.
        trials = chance.sample([t for t in trials if not t.at.startswith("memory")], BRIEF_FAULTS)
        if syncs := bench.calls_of_target["s"]:   # The last one, behind which nothing is to be done any more.
            trials.append(Trial("fail", f"sync_target:{syncs}"))
    return [*trials, *bench.stop_trials(count, chance), *bench.cut_trials(2 * count, chance)]


def compile_hostile(folder, leat):
    """What is loaded before the program, and where and by whom memory is asked for."""
    return compile_tear(folder), faults.compile_fail(folder), faults.requests_of(leat, folder)


def compile_tear(folder):
    """What kills the program within a write, loaded before it."""
    made = pathlib.Path(folder) / "tear.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", made,
                    pathlib.Path(__file__).with_name("tear.c"), "-ldl"], check=True)
    return str(made)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--leat", required=True)
    parser.add_argument("--random", type=int, default=100, help="kills at random times a world; of each fault a hundredth of it")
    parser.add_argument("--kinds", default="", help="of trials, with commas; all where it is not given")
    parser.add_argument("--brief", action="store_true",
                        help="every point once and last, few second kills, new targets only with replace")
    parser.add_argument("--sample", type=int, default=0, help="so many of the kills at points, by chance")
    parser.add_argument("--only", default="", help="SINK/STRATEGY[/fresh], or several with commas")
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--trial", default="", help="one trial, as a failure printed it")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 2)
    options = parser.parse_args()
    options.leat = str(pathlib.Path(options.leat).resolve())
    chosen = [worlds.make_world(sink, strategy, fresh)
              for sink, strategy in worlds.sinks_and_strategies() for fresh in (False, True)
              if not (fresh and options.brief and strategy != "replace")]
    chosen += worlds.new_databases() + scenes.scenes() + database_scenes.scenes()
    only = options.only.split(",")
    chosen = [w for w in chosen if not options.only or w.name in only
              or w.name.startswith(tuple(o + "/" for o in only)) and not options.trial]
    print(f"torture: seed {options.seed}")
    try:
        with tempfile.TemporaryDirectory(prefix="leat-tear-") as folder, \
                concurrent.futures.ProcessPoolExecutor(
                    options.jobs, multiprocessing.get_context("spawn")) as pool:
            options.hostile = compile_hostile(folder, options.leat)
            results = [run_world(w, options, pool) for w in chosen]
    except worlds.tables.Unavailable as lacking:
        print(f"SKIPPED {options.only}: {lacking}")
        return 77
    finally:
        worlds.stop_servers()
    counts = sum((r[0] for r in results), collections.Counter())
    failures = sum(r[1] for r in results)
    print(f"torture: {counts.total()} trials ({_counted(counts)}), {failures} failures")
    return 1 if failures or not counts else 0


if __name__ == "__main__":
    sys.exit(main())
