"""The files that the rules look at, and what a rule answers with."""
import dataclasses
import functools
import os
import pathlib
import subprocess

SKIPPED_FOLDERS = {".git", ".leat", "build", "out", "__pycache__"}


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}"


class Tree:
    """One checkout. Paths are relative to its root and use slashes."""

    def __init__(self, root):
        self.root = pathlib.Path(root)

    @functools.cached_property
    def files(self):
        if (self.root / ".git").exists():
            command = ["git", "ls-files", "-co", "--exclude-standard"]
            listed = subprocess.run(command, cwd=self.root, capture_output=True, text=True)
            if listed.returncode == 0:
                return sorted(p for p in set(listed.stdout.splitlines()) if self.is_file(p))
        return sorted(self._walk())

    def _walk(self):
        for folder, below, names in os.walk(self.root):
            below[:] = [b for b in below if b not in SKIPPED_FOLDERS]
            for name in names:
                yield os.path.relpath(os.path.join(folder, name), self.root)

    def is_file(self, path):
        return (self.root / path).is_file()

    def exists(self, path):
        return (self.root / path).exists()

    @functools.lru_cache(maxsize=None)
    def text(self, path):
        return (self.root / path).read_bytes().decode("utf-8", "replace")

    def sources(self, *endings):
        """The C++ files of src/, bench/ and test/."""
        endings = endings or (".cpp", ".hpp", ".h")
        tops = ("src/", "bench/", "test/")
        return [p for p in self.files if p.endswith(endings) and p.startswith(tops)]
