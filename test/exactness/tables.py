"""Random tables with nulls and the extremes of every type, and the files that carry them."""
import datetime
import decimal
import math

import pyarrow
import pyarrow.parquet

decimal.getcontext().prec = 100  # More than the widest sums have.

TYPES = {"id": "bigint", "i": "bigint", "k": "int", "d": "double", "m": "decimal(18,4)",
         "x": "decimal(38,18)",
         "s": "varchar", "w": "varchar", "day": "date", "at": "timestamp",
         "o": "double", "h_pct": "double", "l_count": "double"}

ARROW = {"bigint": pyarrow.int64(), "int": pyarrow.int32(), "double": pyarrow.float64(),
         "decimal(18,4)": pyarrow.decimal128(18, 4), "decimal(38,18)": pyarrow.decimal128(38, 18),
         "varchar": pyarrow.string(),
         "date": pyarrow.date32(), "timestamp": pyarrow.timestamp("us")}

BIGINTS = [0, 1, -1, 2, 3, 5, 100, 2**63 - 1, -2**63, 2**53 + 1]
DOUBLES = [0.0, -0.0, 1.0, -1.0, 0.1, 2.5, math.nan, math.inf, -math.inf, 5e-324,
           1.7976931348623157e308]
DECIMALS = [decimal.Decimal(t) for t in ("0.0000", "0.0001", "-0.0001", "1.0000", "99.5000",
                                         "99999999999999.9999", "-99999999999999.9999")]
WIDE = [decimal.Decimal(t) for t in ("0", "0.1", "1E-18", "-1E-18",
                                     "99999999999999999999.999999999999999999",
                                     "-99999999999999999999.999999999999999999")]
TEXTS = ["", " ", "\t", "a", "A", "b", "ab", "ä", "日本語", "it's", "x,y", 'say "so"', "NULL", "nan",
         "twelve bytes", "more than twelve bytes long", "line\nbreak"]
WORDS = ["0", "7", "-7", " 7 ", "007", "1.5", "2.0", "1e3", "3000000000", "9223372036854775808",
         "abc", "", "true", "2024-02-29", "2023-02-29", "2024-13-01", "1970-01-01",
         "2024-01-31 10:00:00", "2024-01-31T10:00:00Z", "10:00", "24:00", "2024-12",
         "a.b@example.org", "a@b", "a b@c.de", "https://example.org/x?y", "example.org",
         "123e4567-e89b-12d3-a456-426614174000", "1.2.3.4", "256.1.1.1", "01.2.3.4", "::1",
         "1::", "1:2:3:4:5:6:7:8", "1::2::3", "::ffff:1.2.3.4", "fe80::1", "12345::", "DE", "de",
         "XX", "DEU", "EUR", "EUX", "02139", "02139-4307", "2139", "+14155552671", "+0123",
         "1.2.3", "1.2.3-rc.1+b", "01.2.3", "{}", "[1, null]", "{a: 1}", "\"x\"", "[NaN]",
         "[1,]", "nan", "Infinity", "25001", "25000", "25", "03"]
DAYS = [datetime.date(*t) for t in ((1, 1, 1), (9999, 12, 31), (1969, 12, 31), (1970, 1, 1),
                                    (2024, 2, 29))]
TIMES = [datetime.datetime(*t) for t in ((1, 1, 1), (9999, 12, 31, 23, 59, 59, 999999),
                                         (1969, 12, 31, 23, 59, 59, 999999), (1970, 1, 1))]


class Table:
    """`rows` are dicts of Python values; `id` is the number of the record, from 1."""

    def __init__(self, name, rows):
        self.name, self.rows = name, rows

    def column(self, name):
        return [row[name] for row in self.rows]

    def write(self, folder, kind):
        if kind == "parquet":
            columns = {n: pyarrow.array(self.column(n), ARROW[t]) for n, t in TYPES.items()}
            pyarrow.parquet.write_table(pyarrow.table(columns), folder / f"{self.name}.parquet",
                                        row_group_size=50)
            return
        lines = [",".join(TYPES)]
        lines += [",".join(cell(row[c]) for c in TYPES) for row in self.rows]
        (folder / f"{self.name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")


def cell(value):
    """Texts are quoted, so that an empty one is told from a null."""
    if value is None:
        return ""
    if isinstance(value, str):
        return '"' + value.replace('"', '""') + '"'
    if isinstance(value, float):
        return repr(value)
    if isinstance(value, datetime.datetime):
        return value.isoformat(" ")
    return format(value, "f") if isinstance(value, decimal.Decimal) else str(value)


def some(rng, small, extremes, nulls, wild):
    if rng.random() < nulls:
        return None
    return rng.choice(extremes) if rng.random() < wild else small()


def make(rng, name):
    """A table of up to 120 rows; some are nearly all null, some all extremes, some well-behaved."""
    nulls = rng.choice([0, 0.1, 0.1, 0.3, 0.9])
    wild = rng.choice([0, 0.1, 0.3, 1])
    span = rng.choice([2, 5, 30])
    stride = rng.choice([1, 1, 1, 29, 30])
    rows = []
    for number in range(1, rng.choice([0, 1, 2, 5, 12, 40, 40, 120]) + 1):
        day = datetime.date(2024, 1, 25)
        rows.append({
            "id": number,
            "i": some(rng, lambda: rng.randrange(-2, span), BIGINTS, nulls, wild),
            "k": some(rng, lambda: rng.randrange(span), [0, 2**31 - 1, -2**31], nulls, wild),
            "d": some(rng, lambda: rng.choice([rng.randrange(span) / 4, rng.gauss(0, span)]),
                      DOUBLES, nulls, wild),
            "m": some(rng, lambda: decimal.Decimal(rng.randrange(-50, 50 * span) * 100).scaleb(-4),
                      DECIMALS, nulls, wild),
            "x": some(rng, lambda: decimal.Decimal(rng.randrange(-span, span)), WIDE, nulls, wild),
            "s": some(rng, lambda: rng.choice(TEXTS), TEXTS, nulls, 1),
            "w": some(rng, lambda: rng.choice(WORDS), WORDS, nulls, 1),
            "day": some(rng, lambda: day + datetime.timedelta(rng.randrange(span) * stride), DAYS,
                        nulls, wild),
            "at": some(rng, lambda: datetime.datetime(2024, 1, 31, 22)
                       + datetime.timedelta(rng.randrange(span) * stride if stride > 1 else 0,
                                            hours=rng.randrange(2 if stride > 1 else span)),
                       TIMES, nulls, wild),
        } | {name: some(rng, lambda low=low: rng.randrange(low, low + 3 * span) / 2, DOUBLES, nulls / 3,
                        wild / 3) for name, low in (("o", 3), ("h_pct", 6), ("l_count", 0))})
    return Table(name, rows)


def resembling(rng, table, name):
    """Another table that has most of the rows, in another order, some values a little off."""
    rows = [dict(row) for row in table.rows if rng.random() < 0.9]
    if rng.random() < 0.7:
        for row in rows:
            if row["d"] is not None:
                row["d"] = None if rng.random() < 0.05 else row["d"] * rng.uniform(0.95, 1.05)
    if rows and rng.random() < 0.3:
        rng.choice(rows)["i"] = 7
    rng.shuffle(rows)
    return Table(name, rows)
