#!/usr/bin/env python3
"""The commands of each guide run, in their order, in an empty folder.

  guide_commands.py LEAT

A fenced block that begins with `# NAME` is written to that file; each line of a `sh` block is run.
`# exit code N` behind a command says with what it ends; without it that is 0. A guide that begins with
`<!-- needs postgres -->` gets a database of its own, which libpq's variables lead to.
"""
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import readme_commands

sys.path.insert(0, str(readme_commands.ROOT / "test" / "flows" / "runner"))

import postgres  # noqa: E402
import tables  # noqa: E402

GUIDES = readme_commands.ROOT / "docs" / "guides"
NEEDS_POSTGRES = "<!-- needs postgres -->"
NAME = re.compile(r"# ([\w./-]+\.\w+)\n")
CODE = re.compile(r"\s+# exit code (\d+)$")


def steps_of(text):
    """("file", name, content) and ("run", command, exit code), in their order."""
    for language, body in readme_commands.BLOCK.findall(text):
        name = NAME.match(body)
        if language == "sh":
            for line in body.replace("\\\n", " ").splitlines():
                code = CODE.search(line)
                if line.strip():
                    yield "run", CODE.sub("", line).strip(), int(code.group(1)) if code else 0
        elif name:
            yield "file", name.group(1), body[name.end():]


def run_guide(path, environment):
    """What went wrong, and how many commands ran."""
    if not path.read_text().startswith(NEEDS_POSTGRES):
        return run_commands(path, environment)
    try:
        database = postgres.Database.create()
    except tables.Unavailable as lacking:
        print(f"SKIPPED {path.name}: {lacking}")
        return [], 0
    try:
        return run_commands(path, {**environment, **database.environment()})
    finally:
        database.drop()


def run_commands(path, environment):
    wrong, ran = [], 0
    with tempfile.TemporaryDirectory() as work:
        for kind, what, more in steps_of(path.read_text()):
            if kind == "file":
                target = pathlib.Path(work) / what
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_text(more)
                continue
            ran += 1
            done = subprocess.run(["bash", "-c", what], cwd=work, env=environment, text=True,
                                  capture_output=True, stdin=subprocess.DEVNULL, timeout=60)
            if done.returncode != more:
                wrong.append(f"{path.name}: {what}\n  ended with {done.returncode}, not {more}\n"
                             + done.stdout[-1500:] + done.stderr[-1500:])
    return wrong, ran


def main(leat):
    folder = pathlib.Path(leat).resolve().parent
    environment = {**os.environ, "PATH": f"{folder}:{os.environ['PATH']}"}
    wrong, ran, guides = [], 0, sorted(GUIDES.glob("*.md"))
    for path in guides:
        more, count = run_guide(path, environment)
        wrong, ran = wrong + more, ran + count
    print("\n".join(wrong))
    print(f"guides: {ran} commands of {len(guides)} guides, {len(wrong)} wrong")
    return 1 if wrong or ran < 30 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
