"""Reads a .flow file into steps. README.md of test/flows describes the format."""
import dataclasses
import pathlib
import re

KEYWORDS = ("file", "bytes", "project", "pipeline", "env", "needs", "run", "leat", "query", "read",
            "quarantine", "files", "sh", "sweep")
TABLES = ("query", "read", "quarantine")
_KEYWORD = re.compile(r"(%s)(?:\s+(.*))?$" % "|".join(KEYWORDS))


class FlowError(Exception):
    """A flow that is written wrongly; the text names file and line."""


@dataclasses.dataclass
class Step:
    word: str
    rest: str          # what stands behind the word, on its line
    line: int
    body: list = dataclasses.field(default_factory=list)   # lines, without common indentation
    rows: list = dataclasses.field(default_factory=list)   # of a table: lists of cells
    has_rows: bool = False


@dataclasses.dataclass
class Flow:
    path: pathlib.Path
    steps: list
    sweeps: list       # settings: each a tuple of (knob, value) pairs
    sweeps_default: bool


def _dedent(lines):
    while lines and not lines[-1].strip():
        lines.pop()
    margins = [len(l) - len(l.lstrip(" ")) for l in lines if l.strip()]
    margin = min(margins, default=0)
    return [l[margin:] for l in lines]


def cells_of(line):
    """Cells of a row of a table: separated by two or more spaces."""
    return re.split(r" {2,}", line.strip())


class _Reader:
    def __init__(self, path, text):
        self.path = path
        self.lines = text.split("\n")
        self.at = 0
        self.steps = []

    def fail(self, message):
        raise FlowError(f"{self.path}:{self.at}: {message}")

    def read(self):
        while self.at < len(self.lines):
            line = self.lines[self.at]
            self.at += 1
            if not line.strip() or line.startswith("#"):
                continue
            match = _KEYWORD.match(line)
            if not match:
                self.fail(f"no step begins like this: {line!r}; steps are {', '.join(KEYWORDS)}")
            step = Step(match.group(1), (match.group(2) or "").strip(), self.at)
            self.steps.append(step)
            if step.word in TABLES:
                self._read_table(step)
            else:
                self._read_body(step)
        return self.steps

    def _read_body(self, step):
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if line.strip() and not line.startswith("  "):
                break
            step.body.append(line)
            self.at += 1
        step.body = _dedent(step.body)

    def _read_table(self, step):
        """SQL or nothing up to `----`, then rows up to an empty line or the next step."""
        while self.at < len(self.lines) and self.lines[self.at].strip() != "----":
            if step.word == "quarantine" and self.lines[self.at].strip():
                self.fail("`----` expected")
            step.body.append(self.lines[self.at])
            self.at += 1
        if self.at == len(self.lines):
            self.fail(f"the table of line {step.line} has no `----`")
        self.at += 1
        step.has_rows = True
        while self.at < len(self.lines):
            line = self.lines[self.at]
            if not line.strip() or _KEYWORD.match(line):
                break
            step.rows.append(cells_of(line))
            self.at += 1
        step.body = _dedent(step.body)


def sweeps_of(words, fail):
    if len(words) < 2:
        fail("sweep KNOB VALUE...: a knob and its values")
    return [((words[0], value),) for value in words[1:]]


def parse_flow(path, text):
    reader = _Reader(path, text)
    steps, sweeps, default = [], [], False
    for step in reader.read():
        if step.word != "sweep":
            steps.append(step)
        elif step.rest == "default":
            default = True
        else:
            reader.at = step.line
            sweeps += sweeps_of(step.rest.split(), reader.fail)
    if not any(s.word in ("run", "leat", "sh") for s in steps):
        raise FlowError(f"{path}:1: runs nothing")
    return Flow(pathlib.Path(path), steps, sweeps, default)


def parse_sweeps(text):
    """test/sweeps.txt: one setting a line, of one or more `knob value`."""
    found = []
    for line in text.splitlines():
        words = line.split()
        if not words or line.startswith("#"):
            continue
        if len(words) % 2:
            raise FlowError(f"sweeps.txt: a value is missing in `{line}`")
        found.append(tuple(zip(words[::2], words[1::2])))
    return found
