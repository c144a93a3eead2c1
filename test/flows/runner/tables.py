"""Rows: as a flow writes them, as Leat prints them, as an independent reader reads them."""
import contextlib
import csv
import gzip
import json
import pathlib
import re

from report import Mismatch


# An item of a list as the engine prints it: quoted where it has more than letters.
_ITEM = re.compile(r"'((?:[^'\\]|\\.)*)'|([^\[\],' ][^,\]]*)")


class Unavailable(Exception):
    """Something this machine lacks; the text says what."""


def cell(value):
    """A value as a flow writes it."""
    if value is None:
        return "NULL"
    if value is True or value is False:
        return "true" if value else "false"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() else repr(value)
    if isinstance(value, (list, tuple)):
        return ", ".join(cell(v) for v in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False)
    if value == "":
        return "(empty)"
    return re.sub(r"[\x00-\x1f\x7f]", lambda m: f"\\x{ord(m.group()):02x}", str(value))


def _tidy(text):
    """Runs of spaces inside a value cannot be written in a table; both sides lose them."""
    return re.sub(r" {2,}", " ", text.strip())


def compare_rows(found, expected, ordered):
    found = [[_tidy(cell(v)) for v in row] for row in found]
    if not ordered:
        found, expected = sorted(found), sorted(expected)
    if found == expected:
        return
    wanted = "\n".join("    " + "  ".join(r) for r in expected) or "    (no rows)"
    came = "\n".join("    " + "  ".join(r) for r in found) or "    (no rows)"
    raise Mismatch(f"other rows\n  expected:\n{wanted}\n  came:\n{came}")


def _typed(text, type_name):
    """Leat prints every value as text; numbers with decimals and lists are written in one way."""
    if text is None:
        return None
    if type_name in ("DOUBLE", "FLOAT"):
        return float(text)
    if type_name.endswith("[]"):
        return [m.group(1) or m.group(2) for m in _ITEM.finditer(text)]
    return text


def rows_of_json(document, columns=None):
    """The rows of `leat query -o json` or `leat quarantine show -o json`."""
    rows = document.get("rows")
    if rows is None:
        raise Mismatch(f"the answer has no rows: {json.dumps(document)[:300]}")
    heads = document.get("columns", [])
    as_lists = []
    for row in rows:
        named = {c["name"]: _typed(v, c["type"]) for c, v in zip(heads, row)}
        missing = [c for c in columns or [] if c not in named]
        if missing:
            raise Mismatch(f"the answer has no column {missing[0]}; it has {', '.join(named)}")
        as_lists.append([named[c] for c in columns] if columns else list(named.values()))
    return as_lists


def _open_text(path):
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8", newline="")
    return open(path, encoding="utf-8", newline="")


def _read_parquet(path):
    try:
        import pyarrow.parquet
    except ImportError as missing:
        raise Unavailable(f"pyarrow is not installed ({missing}); scripts/bootstrap test") from missing
    table = pyarrow.parquet.read_table(path)
    return [list(row.values()) for row in table.to_pylist()]


def _read_duckdb(path, table):
    try:
        import duckdb
    except ImportError as missing:
        raise Unavailable(f"duckdb is not installed ({missing}); scripts/bootstrap test") from missing
    with duckdb.connect(str(path), read_only=True) as connection:
        return [list(row) for row in connection.execute(f'FROM "{table}"').fetchall()]


def query_sqlite(path, sql):
    import sqlite3
    with contextlib.closing(sqlite3.connect(str(path))) as connection:
        return [list(row) for row in connection.execute(sql)]


def _read_arrow(path):
    try:
        import pyarrow
    except ImportError as missing:
        raise Unavailable(f"pyarrow is not installed ({missing}); scripts/bootstrap test") from missing
    with pyarrow.memory_map(str(path)) as source:
        reader = pyarrow.ipc.open_file(source) if path.read_bytes()[:6] == b"ARROW1" else \
            pyarrow.ipc.open_stream(source)
        table = reader.read_all()
        return [list(row.values()) for row in table.to_pylist()]


def _read_avro(path):
    try:
        import fastavro
    except ImportError as missing:
        raise Unavailable(f"fastavro is not installed ({missing}); scripts/bootstrap test") from missing
    with open(path, "rb") as file:
        return [list(row.values()) for row in fastavro.reader(file)]


def _read_xlsx(path):
    try:
        import openpyxl
    except ImportError as missing:
        raise Unavailable(f"openpyxl is not installed ({missing}); scripts/bootstrap test") from missing
    sheet = openpyxl.load_workbook(path).worksheets[0]
    return [list(row) for row in sheet.iter_rows(min_row=2, values_only=True)]


def _read_xml(path):
    """Fields in the order in which their names are met first."""
    import xml.etree.ElementTree
    records = [{f.tag: f.text or "" for f in record}
               for record in xml.etree.ElementTree.parse(path).getroot()]
    names = list(dict.fromkeys(name for record in records for name in record))
    return [[record.get(name) for name in names] for record in records]


def _read_hdf5(path, group):
    try:
        import h5py
    except ImportError as missing:
        raise Unavailable(f"h5py is not installed ({missing}); scripts/bootstrap test") from missing
    with h5py.File(path, "r", track_order=True) as file:
        table = file[group or "rows"]
        names = [n for n in table if n != "_missing"]
        columns = []
        for name in names:
            values = [v.decode() if isinstance(v, bytes) else v.item() for v in table[name][:]]
            if "_missing" in table and name in table["_missing"]:
                values = [None if gone else v for v, gone in zip(values, table["_missing"][name][:])]
            columns.append(values)
        return [list(row) for row in zip(*columns)]


def read_independently(path, table=""):
    """All rows of a published file, read by something that is not Leat; CSV with its header."""
    path = pathlib.Path(path)
    if not path.exists():
        raise Mismatch(f"{path.name} is not there")
    suffixes = "".join(path.suffixes)
    if ".parquet" in suffixes:
        return _read_parquet(path)
    if ".duckdb" in suffixes:
        return _read_duckdb(path, table)
    if ".db" in suffixes:
        return query_sqlite(path, f'SELECT * FROM "{table}"')
    if ".arrow" in suffixes:
        return _read_arrow(path)
    if ".avro" in suffixes:
        return _read_avro(path)
    if ".xlsx" in suffixes:
        return _read_xlsx(path)
    if ".xml" in suffixes:
        return _read_xml(path)
    if ".h5" in suffixes or ".hdf5" in suffixes:
        return _read_hdf5(path, table)
    if "json" in suffixes:
        return [list(json.loads(line).values()) for line in _open_text(path)]
    return list(csv.reader(_open_text(path)))
