"""Text files as people send them: a dialect for a batch of files, and for each its size and its dirt."""

DELIMITERS = [",", ";", "\t", "|", "||", "~|~", "¦"]
ENDS = ["\n", "\r\n", "\r"]
DIRT = ["stray quotes", "open quote", "other delimiter", "missing cells", "extra cells",
        "header again", "empty lines", "another table", "bad encoding", "long line", "mixed ends",
        "nul bytes", "no last end"]


class Dialect:
    """What all files of one batch have in common."""

    def __init__(self, rng):
        self.delimiter = rng.choice(DELIMITERS)
        self.quote = rng.choice(['"', '"', "'"])
        self.end = rng.choice(ENDS)
        self.mark = rng.random() < 0.3
        self.encoding = rng.choice(["utf-8"] * 4 + ["utf-16"])
        self.columns = rng.choice([1, 2, 3, 3, 5, 12])

    @property
    def names(self):
        return [f"c{i}" for i in range(self.columns)]

    def yaml(self):
        return {"delimiter": self.delimiter, "quote": self.quote, "max_record_bytes": "64kB",
                "columns": {name: "varchar" for name in self.names} | {"c0": "bigint"},
                "hive": {"file": "string"}}


def cell(rng, dialect):
    kind = rng.random()
    if kind < 0.15:
        return ""
    if kind < 0.3:
        return dialect.quote * 2
    text = rng.choice(["word", "two words", "é€😀", " blank ", "12", "#", "\\", "x" * 70,
                       "it" + ("'" if dialect.quote == '"' else '"') + "s"])
    if kind < 0.6 and dialect.delimiter not in text:
        return text
    text += rng.choice(["", dialect.delimiter, "\n", "\r\n", "\r", dialect.quote, dialect.delimiter[0]])
    return dialect.quote + text.replace(dialect.quote, dialect.quote * 2) + dialect.quote


def record(rng, dialect, columns):
    first = [rng.choice([str(rng.randrange(-10**6, 10**6)), str(rng.getrandbits(62)), "", "n/a"])]
    return dialect.delimiter.join(
        (first + [cell(rng, dialect) for _ in range(columns - 1)])[:columns])


def soup(rng, dialect):
    return "".join(rng.choice(["a", "7", " ", dialect.delimiter, dialect.delimiter[0], dialect.quote,
                               dialect.end]) for _ in range(rng.randrange(1, 25)))


def dirty(rng, dialect, dirt):
    """What stands in the place of a record."""
    quote, columns = dialect.quote, dialect.columns
    if dirt == "stray quotes":
        return soup(rng, dialect)
    if dirt == "open quote":
        return quote + record(rng, dialect, columns)
    if dirt == "other delimiter":
        other = rng.choice([d for d in DELIMITERS if d != dialect.delimiter])
        return record(rng, dialect, columns).replace(dialect.delimiter, other)
    if dirt in ("missing cells", "extra cells"):
        return record(rng, dialect, max(1, columns + rng.choice([-2, -1] if dirt[0] == "m" else [1, 4])))
    if dirt == "header again":
        return dialect.delimiter.join(dialect.names)
    if dirt == "empty lines":
        return dialect.end * rng.randrange(3)
    if dirt == "another table":
        return dialect.end.join(["", "Total", dialect.delimiter.join(["x"] * (columns + 1)), ""])
    if dirt == "bad encoding":
        return "1" + dialect.delimiter + "\udcff\udcc3"
    if dirt == "long line":
        return "y" * rng.choice([63_990, 64_000, 64_001, 200_000])
    if dirt == "mixed ends":
        return record(rng, dialect, columns) + rng.choice(ENDS) + record(rng, dialect, columns)
    return "\0" + dialect.delimiter + "\0"


def file(rng, dialect):
    """The text of one file, as bytes of UTF-8, and its dirt."""
    kinds = rng.sample(DIRT, rng.choice([0, 1, 1, 2, 4]))
    if dialect.encoding != "utf-8":
        kinds = [kind for kind in kinds if kind != "bad encoding"]
    count = rng.choice([0, 1, 3, 8, 20, 20, 60])
    if rng.random() < 0.002:
        count = 5_000
    kinds_of_record = [kind for kind in kinds if kind != "no last end"]
    lines = [dialect.delimiter.join(dialect.names)]
    for _ in range(count):
        is_dirty = kinds_of_record and rng.random() < 0.15
        lines.append(dirty(rng, dialect, rng.choice(kinds_of_record)) if is_dirty
                     else record(rng, dialect, dialect.columns))
    text = dialect.end.join(lines) + ("" if "no last end" in kinds else dialect.end)
    return text.encode("utf-8", "surrogateescape"), kinds
