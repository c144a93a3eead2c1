#!/usr/bin/env python3
"""The commands of README.md run, in their order, in a fresh clone.

  readme_commands.py LEAT

A fenced block that begins with `# NAME` in its first line and is no shell is written to that file;
each line of a `sh` block is run by bash. `make run` is played with the program that is given, to
save a second build, and `make test` is skipped: it is what runs this.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)
NAME = re.compile(r"# ([\w./-]+\.\w+)\n")


def clone(folder):
    """What is committed, plus what is changed and not yet committed."""
    subprocess.run(["git", "clone", "-q", ROOT, folder], check=True)
    listed = subprocess.run(["git", "ls-files", "-mo", "--exclude-standard"], cwd=ROOT,
                            capture_output=True, text=True, check=True).stdout.split("\n")
    for path in filter(None, listed):
        if (ROOT / path).is_file():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_bytes((ROOT / path).read_bytes())


def script_of(readme, leat):
    """One bash script for all blocks; each command is shown before it runs."""
    lines = ["set -euo pipefail"]
    for language, body in BLOCK.findall(readme):
        name = NAME.match(body)
        if language == "sh":
            for line in body.replace("\\\n", " ").splitlines():
                command = line.strip()
                if command == "make run":
                    command = f"scripts/run_example {leat}"
                if command and command != "make test" and not command.startswith("#"):
                    lines += [f"echo {_quoted('$ ' + command)}", command]
        elif name:
            content = body[name.end():].rstrip("\n")
            lines += [f"cat > {name.group(1)} <<'END-OF-BLOCK'", content, "END-OF-BLOCK"]
    return "\n".join(lines) + "\n"


def _quoted(text):
    return "'" + text.replace("'", "'\\''") + "'"


def main(leat):
    leat = pathlib.Path(leat).resolve()
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work) / "leat"
        clone(folder)
        script = script_of((folder / "README.md").read_text(), leat)
        if "leat run" not in script:
            print("readme_commands: the README runs nothing")
            return 1
        done = subprocess.run(["bash", "-c", script], cwd=folder, stdin=subprocess.DEVNULL,
                              env={**os.environ, "PATH": f"{leat.parent}:{os.environ['PATH']}"})
    print(f"readme_commands: exit code {done.returncode}")
    return 1 if done.returncode else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
