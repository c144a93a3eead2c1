#!/usr/bin/env python3
"""Makes the mistakes of mistakes.txt and reads what the program says to each.

  mistakes.py LEAT              each answer says what the list wants, and names no file of ours
  mistakes.py LEAT --page FILE  writes them, with the whole answers, as a page in Markdown
"""
import pathlib
import re
import subprocess
import sys
import tempfile

LIST = pathlib.Path(__file__).resolve().parent / "mistakes.txt"
PEOPLE = "id,name,age,joined\n1,Ann,41,2019-03-01\n2,Ben,35,2020-07-15\n3,Cem,28,2021-01-09\n"
COMMAND = re.compile(r"\$ (.*?) => (\d+)$")
PAGE_HEAD = """# What a newcomer gets wrong, and what Leat says

The 60 likeliest mistakes, each with the answer it gets. Each is a test
([test/newcomer/mistakes.txt](../test/newcomer/mistakes.txt)); `make docs` writes this page again.
`people.csv` holds `id,name,age,joined` and three rows.
"""


class Mistake:
    def __init__(self, title):
        self.title, self.files, self.commands = title, {}, []

    def __repr__(self):
        return self.title


def read_list(text):
    """The mistakes in their order."""
    mistakes, into = [], None
    for line in text.splitlines():
        if line.startswith("#"):
            continue
        if line.startswith("= "):
            mistakes.append(Mistake(line[2:]))
        elif match := COMMAND.match(line):
            into = []
            mistakes[-1].commands.append((match.group(1), int(match.group(2)), into))
        elif line.endswith(":") and not line.startswith(" "):
            into = mistakes[-1].files.setdefault(line[:-1], [])
        elif line.startswith("  "):
            into.append(line[2:].replace("\\t", "\t"))
        elif line.strip():
            raise ValueError(f"mistakes.txt: what is this? {line}")
    return mistakes


def answer_to(leat, mistake):
    """(command, exit code, answer, what is wrong with it) of each command."""
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work)
        (folder / "people.csv").write_text(PEOPLE)
        for name, lines in mistake.files.items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text("\n".join(lines) + "\n")
        for command, code, wanted in mistake.commands:
            done = subprocess.run(["bash", "-c", command.replace("leat", leat, 1)], cwd=folder,
                                  capture_output=True, text=True, timeout=60)
            said = (done.stdout + done.stderr).replace(str(folder.resolve()), "/data")
            wrong = [f"does not say: {w}" for w in wanted if w not in said]
            if done.returncode != code:
                wrong.append(f"exit code {done.returncode}, not {code}")
            if left := sorted(p.name for p in folder.glob("out*")):
                wrong.append(f"left {left}")
            yield command, done.returncode, said, wrong


def section(number, mistake, answers):
    text = f"\n## {number}. {mistake.title}\n"
    for name, lines in mistake.files.items():
        body = "\n".join(lines).replace("\t", "→       ")
        text += f"\n```yaml\n# {name}\n{body}\n```\n"
    for command, code, said, _ in answers:
        text += f"\n```text\n$ {command}\n{said.rstrip()}\n```\n\nExit code {code}.\n"
    return text


def main(leat, *page):
    leat = str(pathlib.Path(leat).resolve())
    mistakes, failed, text = read_list(LIST.read_text()), 0, PAGE_HEAD
    for number, mistake in enumerate(mistakes, 1):
        answers = list(answer_to(leat, mistake))
        text += section(number, mistake, answers)
        for command, _, said, wrong in answers:
            if wrong:
                failed += 1
                print(f"{number}. {mistake}\n  $ {command}\n    " + "\n    ".join(wrong)
                      + "\n  said:\n" + "".join(f"    {l}\n" for l in said.splitlines()))
    if page:
        pathlib.Path(page[1]).write_text(text)
    print(f"newcomer: {len(mistakes)} mistakes, {failed} with an answer that falls short")
    return 1 if failed or len(mistakes) < 60 else 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
