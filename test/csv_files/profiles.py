"""What `leat profile` says of CSV files beside what their manifest says of their dirt.

  test/csv_files/profiles.py --leat build/dev/leat --manifest DATA/MANIFEST.csv --page docs/csv-profiles.md

The manifest is a CSV file with the columns `file` (relative to it) and `known_dirt`. Files of one
folder of which the same is said share a line."""
import argparse
import collections
import csv
import json
import pathlib
import re
import subprocess
import sys

ENDINGS = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".csv.zst", ".csv.bz2")
HEAD = """# What `leat profile` says of CSV files

Files of public data as their publishers made them, with what is known of their dirt. The page is
written by `test/csv_files/profiles.py` from files and a manifest that are named to it; the files are
no part of the project. Of a dialect only what differs from a comma, `"` around fields and one header
record is told; types are those that a first run would freeze into the contract, and of a column that
is text for one in ten values or fewer, which they are. Set aside are records that could not be read
so: ragged ones such as notes at the end, and values of another type; what stands above the records
is no record. Untold orders are columns of days of which none tells the day from the month: text.

"""


def profile(leat, path):
    done = subprocess.run([leat, "profile", str(path), "-o", "json"], capture_output=True, text=True,
                          errors="backslashreplace")
    try:
        said = json.loads(done.stdout)
    except ValueError:
        said = {"error": done.stderr.strip() or f"exit code {done.returncode}"}
    return said


def dialect_of(said):
    dialect = said["dialect"]
    usual = {"delimiter": ",", "quote": '"', "header": 1, "skip": 0, "decimal": ".", "thousands": "",
             "signs": [], "column_formats": {}, "untold_orders": {}, "escape": "",
             "nulls": [], "column_nulls": {}, "encoding": "",
             "notes_at_end": 0}
    parts = [f"{key} `{'tab' if dialect[key] == chr(9) else dialect[key]}`"
             for key, value in usual.items() if dialect[key] != value]
    return ", ".join(parts) or "as usual"


def types_of(said):
    counts = collections.Counter(column["type"] for column in said["columns"])
    near = [f"{column['name']} is text for `{column['near']['other'][:30]}`, one of "
            f"{column['near']['values'] - column['near']['fits']:,} that are no "
            f"{column['near']['type']}" for column in said["columns"] if "near" in column]
    return "; ".join([", ".join(f"{count} {name}" for name, count in counts.most_common()), *near])


def cells(leat, root, entry):
    said = profile(leat, root / entry["file"])
    dirt = entry.get("known_dirt") or "none is known"
    if "dialect" not in said or "columns" not in said:
        message = str(said.get("error", said)).replace(str(root) + "/", "")
        return ["—", "—", re.sub(r"\s+", " ", message)[:200], "—", dirt]
    dialect = said["dialect"]
    return [dialect_of(said), f"{dialect['confidence']:.2f}", types_of(said),
            f"{said['set_aside']:,}", dirt]


def lines_of(leat, root, entries):
    """One a file, or one for those of a folder that are alike."""
    alike = collections.defaultdict(list)
    for entry in entries:
        folder = str(pathlib.PurePosixPath(entry["file"]).parent)
        alike[(folder, *cells(leat, root, entry))].append(pathlib.PurePosixPath(entry["file"]).name)
    for (folder, *told), names in alike.items():
        name = f"{folder}/{names[0]}" + (f" and {len(names) - 1} more" if len(names) > 1 else "")
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in [name, *told]) + " |"


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--leat", required=True)
    parser.add_argument("--manifest", required=True, type=pathlib.Path)
    parser.add_argument("--page", required=True, type=pathlib.Path)
    given = parser.parse_args()
    with open(given.manifest, newline="") as text:
        entries = [row for row in csv.DictReader(text) if row["file"].endswith(ENDINGS)]
    root = given.manifest.resolve().parent
    head = ["file", "dialect", "confidence", "types", "set aside", "known dirt"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += lines_of(given.leat, root, entries)
    given.page.write_text(HEAD + f"{len(entries)} files.\n\n" + "\n".join(lines) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
