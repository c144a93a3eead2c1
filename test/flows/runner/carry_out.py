"""Carries out the steps of one flow in a folder of its own."""
import fnmatch
import json
import os
import pathlib
import re
import shlex
import shutil
import subprocess
import sys
import tempfile

import postgres
import report
import tables
from report import Mismatch
from tables import Unavailable

EXITS = {"ok": 0, "fail": 1, "config": 2, "held": 3, "partial": 4, "busy": 6, "refused": 7,
         "internal": 70}
KNOBS = {"batch_rows": "LEAT_TEST_BATCH_ROWS", "block_bytes": "LEAT_TEST_BLOCK_BYTES"}
SLICES_MAX = 10_000
FIXTURES = pathlib.Path(__file__).resolve().parents[2] / "fixtures"
NOBODY = 65534


class FlowRun:
    """One flow under one setting of the knobs.

    `carry_out` raises Mismatch with the line of the step, or Unavailable when the machine lacks
    what the flow needs.
    """

    def __init__(self, flow, leat, setting=(), timeout_s=300):
        self.flow = flow
        self.leat = str(pathlib.Path(leat).resolve())
        self.setting = dict(setting)
        self.timeout_s = timeout_s
        self.last_report = None
        self.pipeline = "flow.yml"
        self.environment = {
            **{k: v for k, v in os.environ.items() if not k.startswith("LEAT_")},
            "PATH": os.path.dirname(self.leat) + ":" + os.environ["PATH"], "NO_COLOR": "1",
            "LC_ALL": "C.UTF-8", "TZ": "UTC", "HOME": "/nonexistent", "PYTHON": sys.executable,
            "FIXTURES": str(FIXTURES), "SUPPORT": str(FIXTURES.parent / "support")}
        self.environment |= {KNOBS[k]: value for k, value in setting if k in KNOBS}

    def carry_out(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="leat-flow-"))
        self.database = None
        try:
            for step in self.flow.steps:
                try:
                    getattr(self, "do_" + step.word)(step)
                except Mismatch as mismatch:
                    raise Mismatch(f"{self.flow.path}:{step.line}: {mismatch}") from None
        finally:
            self._clear_away()

    def _clear_away(self):
        if self.database:
            self.database.end()
        mounts = [line.split()[1] for line in open("/proc/mounts", encoding="utf-8")]
        for mount in mounts:
            if mount.startswith(f"{self.folder}/"):
                subprocess.run(["umount", "--lazy", mount], capture_output=True)
        subprocess.run(["chmod", "-R", "u+rwX", self.folder], capture_output=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    # ---- what there is ------------------------------------------------------------------------

    def write(self, name, content):
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def do_file(self, step):
        name, *how = step.rest.split()
        ending = b"\r\n" if "crlf" in how else b"\n"
        content = ending.join(line.encode() for line in step.body)
        self.write(name, content + (b"" if "no-eol" in how or not step.body else ending))

    def do_bytes(self, step):
        escaped = "".join(step.body).encode("latin-1", "backslashreplace")
        self.write(step.rest, escaped.decode("unicode_escape").encode("latin-1"))

    def do_project(self, step):
        self.write("leat.yml", ("\n".join(step.body) + "\n").encode())

    def do_pipeline(self, step):
        name = step.rest or "flow"
        text = "\n".join(step.body) + "\n"
        if not re.search(r"^pipeline:", text, re.MULTILINE):
            text += f"pipeline: {name}\n"
        self.pipeline = f"{name}.yml"
        self.write(self.pipeline, text.encode())

    def do_env(self, step):
        for assignment in shlex.split(step.rest):
            name, _, value = assignment.partition("=")
            self.environment[name] = value.replace("{folder}", str(self.folder))

    def do_needs(self, step):
        for need in step.rest.split():
            if need == "root" and os.geteuid() != 0:
                raise Unavailable("needs root")
            if need == "tmpfs" and not _can_mount(self.folder):
                raise Unavailable("needs to mount a tmpfs")
            if need in ("postgres", "own-postgres"):
                own = f"flow-{os.getpid()}-{id(self)}" if need == "own-postgres" else ""
                self.database = postgres.Database.create(own)
                self.environment.update(self.database.environment())
            if need not in ("root", "tmpfs", "postgres", "own-postgres") and not shutil.which(need):
                raise Unavailable(f"needs the program {need}")

    # ---- what runs ----------------------------------------------------------------------------

    def call(self, arguments, as_nobody=False):
        user = {}
        if as_nobody and os.geteuid() == 0:
            os.chmod(self.folder, 0o777)
            user = {"user": NOBODY, "group": NOBODY}
        try:
            return subprocess.run([self.leat, *arguments], cwd=self.folder, env=self.environment,
                                  stdin=subprocess.DEVNULL, capture_output=True, text=True,
                                  errors="backslashreplace", timeout=self.timeout_s, **user)
        except subprocess.TimeoutExpired:
            raise Mismatch(f"`leat {' '.join(arguments)}` ran longer than {self.timeout_s} s") from None

    def filled(self, text):
        known = self.last_report
        names = {"publish_id": known.publish_id() if known else "",
                 "run_id": known.run_id() if known else "", "folder": str(self.folder)}
        return re.sub(r"\{(publish_id|run_id|folder)\}", lambda m: names[m.group(1)], text)

    def do_run(self, step):
        outcome, *arguments = shlex.split(self.filled(step.rest))
        if outcome not in EXITS:
            raise Mismatch(f"run {outcome}: the outcomes are {', '.join(EXITS)}")
        as_nobody = "as-nobody" in arguments
        arguments = [a for a in arguments if a != "as-nobody"]
        if not arguments or arguments[0].startswith("-"):
            arguments.insert(0, self.pipeline)
        if "threads" in self.setting:
            arguments += ["--threads", self.setting["threads"]]
        done = self._run_in_slices(["run", *arguments, "-o", "json"], as_nobody)
        self._check_process(step, done, EXITS[outcome])

    def _run_in_slices(self, command, as_nobody):
        if "stop_after_slice" not in self.setting:
            done = self.call(command, as_nobody)
            self.last_report = _report_of(done)
            return done
        self.environment["LEAT_TEST_STOP_AFTER_SLICE"] = "1"
        documents = []
        for _ in range(SLICES_MAX):
            done = self.call(command, as_nobody)
            document = _document_of(done)
            if document is not None:
                documents.append(document)
            if done.returncode != 0 or not (document or {}).get("slices"):
                break
        self.last_report = report.Report(report.add_reports(documents)) if documents else None
        return done

    def do_leat(self, step):
        arguments = shlex.split(self.filled(step.rest))
        as_nobody = "as-nobody" in arguments
        done = self.call([a for a in arguments if a != "as-nobody"], as_nobody)
        self._check_process(step, done, 0)

    def do_sh(self, step):
        script = "set -euo pipefail\n" + self.filled("\n".join([step.rest] + step.body))
        done = subprocess.run(["bash", "-c", script], cwd=self.folder, env=self.environment,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              errors="backslashreplace", timeout=self.timeout_s)
        if done.returncode != 0:
            raise Mismatch(f"the script ended with {done.returncode}\n{done.stdout}{done.stderr}")

    def _check_process(self, step, done, expected_exit):
        said = done.stdout + done.stderr
        told = f"\n--- stdout\n{done.stdout[-3000:]}\n--- stderr\n{done.stderr[-3000:]}"
        for line in step.body:
            word, _, rest = line.partition(" ")
            rest = self.filled(rest.strip())
            if word == "exit":
                expected_exit = int(rest)
            elif word in ("error", "output"):
                if rest not in (said if word == "error" else done.stdout):
                    raise Mismatch(f"nothing says {rest!r}{told}")
            elif word == "without":
                if rest in said:
                    raise Mismatch(f"something says {rest!r}{told}")
        if done.returncode != expected_exit:
            raise Mismatch(f"exit code {done.returncode}, expected {expected_exit}{told}")
        for line in step.body:
            if line.strip() and line.split()[0] not in ("exit", "error", "output", "without", "#"):
                if self.last_report is None:
                    raise Mismatch(f"there is no report to count in{told}")
                try:
                    report.check_counts(self.last_report, self.filled(line))
                except Mismatch as mismatch:
                    raise Mismatch(f"{mismatch}{told}") from None

    # ---- what came ----------------------------------------------------------------------------

    def _rows(self, arguments, columns=None):
        done = self.call(arguments)
        document = _document_of(done)
        if done.returncode != 0 or document is None:
            raise Mismatch(f"`leat {' '.join(arguments)}` ended with {done.returncode}\n"
                           f"{done.stdout[-2000:]}{done.stderr[-2000:]}")
        return tables.rows_of_json(document, columns)

    def do_query(self, step):
        sql = " ".join(step.body)
        arguments = shlex.split(self.filled(step.rest))
        databases = sorted(self.folder.glob("*.duckdb"))
        if not arguments and len(databases) == 1:
            arguments = [databases[0].name]
        if arguments == ["postgres"]:
            rows = self.database.query(sql)
        elif arguments and arguments[0].endswith(".db"):
            rows = tables.query_sqlite(self.folder / arguments[0], sql)
        else:
            named = arguments and not arguments[0].startswith("-")
            database = ["--db", *arguments] if named else arguments
            rows = self._rows(["query", *database, sql, "-o", "json"])
        tables.compare_rows(rows, step.rows, ordered="ORDER BY" in sql.upper())

    def do_read(self, step):
        words = self.filled(step.rest).split()
        rows = tables.read_independently(self.folder / words[0], *words[1:])
        tables.compare_rows(rows, step.rows, ordered=False)

    def do_quarantine(self, step):
        """quarantine DATASET [options]: columns"""
        head, _, columns = step.rest.partition(":")
        arguments = shlex.split(self.filled(head))
        rows = self._rows(["quarantine", "show", *arguments, "-o", "json"], columns.split())
        tables.compare_rows(rows, step.rows, ordered=False)

    def do_files(self, step):
        """files FOLDER: exactly these names, patterns allowed."""
        folder = self.folder / (step.rest or ".")
        found = sorted(os.listdir(folder)) if folder.is_dir() else []
        wanted = sorted(line.strip() for line in step.body if line.strip())
        left = [f for f in found if not any(fnmatch.fnmatch(f, w) for w in wanted)]
        missing = [w for w in wanted if not any(fnmatch.fnmatch(f, w) for f in found)]
        if left or missing:
            raise Mismatch(f"in {step.rest or '.'} too much: {left}, missing: {missing}")


def _document_of(done):
    try:
        return json.loads(done.stdout)
    except ValueError:
        return None


def _report_of(done):
    document = _document_of(done)
    return report.Report(document) if isinstance(document, dict) else None


def _can_mount(folder):
    if os.geteuid() != 0:
        return False
    point = folder / ".mount-probe"
    point.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", point],
                             capture_output=True).returncode == 0
    if mounted:
        subprocess.run(["umount", point], check=True)
    point.rmdir()
    return mounted
