"""Faults that no kill is: calls to the system that fail, a runner that is stopped while another one publishes, and
a network that cuts, halves and delays. Each returns "" where all is as it should be right after it, else what is not.
"""
import collections
import contextlib
import dataclasses
import errno
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))

import cutting_proxy
import worlds

# Published, or a step failed, not even begun, to be tried again, or refused: never a crash, never "a bug of ours".
ENDS = (0, 1, 2, 4, 6, 7)
NAMED_WITHIN_S = 5
HOWS = ("after", "before", "half", "reset", "gone:0.2", "slow:0.3")
OUR_CODE = re.compile("_ZZ?NK?4leat")            # Mangled; what is inlined into it is ours as well.
ENGINE_CODE = re.compile(r"_ZZ?NK?\d+duckdb|duckdb_")
BYTES_MAX = 6000   # Of a connection; what is cut behind more is cut nowhere.


@dataclasses.dataclass(frozen=True)
class Fault:
    """`letters`: as fail.c has them; `code`: nought stands for a call that does a part; `words`: one of them is
    told to whoever ran it; `of_target`: of calls below its folder alone, and no run may end well after it."""
    letters: str
    code: int
    goes_on: bool = False
    words: tuple = ()
    within_s: float = NAMED_WITHIN_S
    of_target: bool = False


FAULTS = {
    "full": Fault("w", errno.ENOSPC, True, ("disk is full", "No space left", "disk full")),
    "read_only": Fault("cwn", errno.EROFS, True, ("read-only", "readonly", "Read-only"),
                       15),   # SQLite by itself asks ten seconds for the index of a log that it cannot write.
    "write": Fault("w", errno.EIO),
    "short_write": Fault("w", 0),
    "write_again": Fault("w", errno.EINTR),
    "sync": Fault("s", errno.EIO),
    "sync_target": Fault("s", errno.EIO, True, of_target=True),
    "name": Fault("n", errno.EIO),
    "open": Fault("oc", errno.EMFILE),
    "read": Fault("r", errno.EIO),
    "short_read": Fault("r", 0),
    "read_again": Fault("r", errno.EINTR),
    "send": Fault("t", errno.EPIPE),
    "short_send": Fault("t", 0),
    "send_again": Fault("t", errno.EINTR),
    "receive": Fault("v", errno.ECONNRESET),
    "short_receive": Fault("v", 0),
    "receive_again": Fault("v", errno.EINTR),
    "memory": Fault("m", errno.ENOMEM),
}


def compile_fail(folder):
    """What makes calls fail, loaded before the program."""
    made = pathlib.Path(folder) / "fail.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", made,
                    pathlib.Path(__file__).with_name("fail.c"), "-ldl"], check=True)
    return str(made)


def requests_of(leat, folder):
    """Where memory for C++ is asked for, and whose code asks, as fail.c wants it; empty where the program has no
    symbols."""
    symbols = []
    for line in subprocess.run(["nm", "-nS", leat], capture_output=True, text=True, check=True).stdout.splitlines():
        words = line.split()
        if len(words) == 4 and words[2] in "tTwW":
            symbols.append((int(words[0], 16), int(words[0], 16) + int(words[1], 16), words[3]))
    asked = next((f"{begin:x}:{end:x}" for begin, end, name in symbols if name == "_Znwm"), "")
    if not asked:
        return {}
    listed = pathlib.Path(folder) / "code"
    listed.write_text("".join(f"{begin:x}:{end:x}:{int(is_ours)}\n" for begin, end, is_ours in _parts(symbols)))
    return {"LEAT_FAIL_NEW": asked, "LEAT_FAIL_CODE_OF": str(listed)}


def _parts(symbols):
    """Ours and the engine's, by address; what follows its like is one part with it."""
    parts = []
    for begin, end, name in symbols:
        owner = True if OUR_CODE.match(name) else False if ENGINE_CODE.match(name) else None
        if parts and parts[-1][2] == owner:
            parts[-1] = (parts[-1][0], max(end, parts[-1][1]), owner)
        else:
            parts.append((begin, end, owner))
    return [part for part in parts if part[2] is not None]


def count_calls(bench, folder, **environment):
    """Calls of each letter that a run makes which nothing happens to."""
    listed = folder.with_name("calls")
    _run(bench, folder, LEAT_FAIL_LIST=str(listed), **environment)
    calls = collections.Counter(listed.read_text())
    listed.unlink()
    return calls


def below_target(folder):
    return os.path.realpath(folder / "out")


def fault_trials(calls, calls_of_target, count, chance):
    """`count` of each fault, as names and numbers of calls."""
    for name, fault in FAULTS.items():
        counted = calls_of_target if fault.of_target else calls
        most = sum(counted[letter] for letter in fault.letters)
        for number in sorted(chance.sample(range(1, most + 1), min(count, most))):
            yield f"{name}:{number}"


def network_trials(count, chance):
    for _ in range(count):
        way = chance.choice((*HOWS, "bytes", "answer", "trickle"))
        yield {"bytes": f"bytes:{chance.randrange(BYTES_MAX)}", "answer": f"answer:{chance.randrange(BYTES_MAX)}",
               "trickle": f"trickle:{chance.randrange(1, 50)}"}.get(way, way)


def fail(bench, folder, at):
    """R5 and R6: the n-th call fails, or all from it on."""
    name, number = at.split(":")
    fault = FAULTS[name]
    mark = folder.with_name(folder.name + ".failed")
    environment = {"LEAT_FAIL_KINDS": fault.letters, "LEAT_FAIL_AT": number, "LEAT_FAIL_CODE": str(fault.code),
                   "LEAT_FAIL_MARK": str(mark)}
    if fault.goes_on:
        environment["LEAT_FAIL_ON"] = "1"
    if fault.of_target:
        environment["LEAT_FAIL_BELOW"] = below_target(folder)
    began = time.monotonic()
    done = _run(bench, folder, **environment)
    took = time.monotonic() - began
    has_failed = mark.exists()
    mark.unlink(missing_ok=True)
    said = done.stdout + done.stderr
    if not has_failed:   # Calls come in another order, and sometimes fewer: then nothing may happen at all.
        expected = bench.world.ends()
        return "" if done.returncode in expected else f"nothing failed, and it ended with {done.returncode}\n{said}"
    if took > fault.within_s + 10 * bench.seconds:
        return f"took {took:.1f} s"
    problem = _judge_end(bench, folder, [done.returncode], said)
    if not problem and fault.of_target and done.returncode == 0:
        return f"says that it is published\n{said}"
    fails_anyway = done.returncode in (0, *bench.world.ends())
    if not problem and not fails_anyway and fault.words and not any(words in said for words in fault.words):
        return f"does not say what failed: {said}"
    return problem


def _run(bench, folder, **environment):
    preload = ":".join(filter(None, [bench.fail, bench.lacking().get("LD_PRELOAD", "")]))
    return bench.world.run(bench.leat, folder, **{
        **bench.lacking(), "LD_PRELOAD": preload, "LEAT_FAIL_BELOW": os.path.realpath(folder),
        **bench.requests, **environment})


def _judge_end(bench, folder, codes, said):
    """Whoever says that it is published is right."""
    if any(code not in (*ENDS, *bench.world.ends()) for code in codes):
        return f"ended with {codes}\n{said}"
    if 0 in codes and bench.world.rows(folder) != bench.rows_after:
        return f"ended with {codes}, and its rows are not there\n{said}"
    return ""


def stop(bench, folder, at):
    """R10: stopped at any moment; another one, on a machine of its own, runs meanwhile; it wakes up too late."""
    first = bench.start(folder, subprocess.PIPE)
    time.sleep(float(at))
    with contextlib.suppress(ProcessLookupError):
        first.send_signal(signal.SIGSTOP)
    other = _other_project(folder)
    try:
        second = bench.world.run(bench.leat, other, **bench.lacking())
        first.send_signal(signal.SIGCONT)
        said, errors = first.communicate(timeout=120)
    finally:
        first.kill()
        first.wait()
        shutil.rmtree(other)
    return _judge_end(bench, folder, [first.returncode, second.returncode],
                      said.decode() + errors.decode() + second.stdout + second.stderr)


def _other_project(folder):
    """The same pipeline, data, target and artifacts, and a state that knows of nothing."""
    other = pathlib.Path(tempfile.mkdtemp(prefix="leat-torture-", dir=worlds.workshop()))
    for entry in folder.iterdir():
        if entry.name in ("data", "out"):
            (other / entry.name).symlink_to(entry)
        elif entry.is_file():
            shutil.copy(entry, other)
    (folder / ".leat" / "artifacts").mkdir(parents=True, exist_ok=True)
    (other / ".leat").mkdir()
    (other / ".leat" / "artifacts").symlink_to(folder / ".leat" / "artifacts")
    return other


def cut(bench, folder, at):
    """R3 and R7: what lies between the program and the server cuts, halves, resets or delays."""
    database = bench.world.database(folder)
    with socket.create_server(("127.0.0.1", 0)) as listener:
        proxy = cutting_proxy.Proxy((database.host, int(database.port)), at)
        threading.Thread(target=_serve, args=(proxy, listener), daemon=True).start()
        done = bench.world.run(bench.leat, folder, **bench.lacking(), PGSSLMODE="disable",
                               PGPORT=str(listener.getsockname()[1]))
        listener.shutdown(socket.SHUT_RDWR)
    return _judge_end(bench, folder, [done.returncode], done.stdout + done.stderr)


def _serve(proxy, listener):
    with contextlib.suppress(OSError):
        proxy.serve(listener)
