"""What Python's csv module makes of a file: rows, and records that must be set aside."""
import csv
import re

LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+\Z")
STAND_IN = "\x1f"
LIMIT = 64_000
csv.field_size_limit(1 << 30)


def is_text(text):
    try:
        text.encode("latin-1").decode("utf-8")
        return True
    except UnicodeDecodeError:
        return False


def number(text):
    """None: null; False: no BIGINT."""
    text = text.strip(" \t")
    if not text:
        return None
    if not re.fullmatch(r"[+-]?[0-9]+", text) or not -2**63 <= int(text) < 2**63:
        return False
    return int(text)


class Expected:
    """Rows as tuples; of each record set aside its number, its line and its offset."""

    def __init__(self, data, dialect):
        self.rows, self.aside, self.records = [], [], 0
        # One byte is one character: what is no UTF-8 comes through as well.
        text = data.decode("latin-1")
        delimiter = dialect.delimiter.encode().decode("latin-1")
        if len(delimiter) > 1:
            assert STAND_IN not in text
            text = text.replace(delimiter, STAND_IN)
        self.delimiter = delimiter
        self.lines = LINE.findall(text)
        self.at = self.line = self.offset = 0
        self.form = {"quotechar": dialect.quote,
                     "delimiter": STAND_IN if len(delimiter) > 1 else delimiter}
        # Lenient as to what follows a closing quote, so that a record ends where it ends.
        self.reader = csv.reader(self.feed(), **self.form)
        self.names = dialect.names
        next(self.reader, None)
        while self.step():
            pass

    def feed(self):
        while self.at < len(self.lines):
            self.at += 1
            yield self.lines[self.at - 1]

    def original(self, text):
        return text.replace(STAND_IN, self.delimiter) if len(self.delimiter) > 1 else text

    def is_well_formed(self):
        """Does nothing follow a closing quote, and has each quote a partner?"""
        try:
            list(csv.reader(self.lines[self.line:self.at], strict=True, **self.form))
            return True
        except csv.Error:
            return False

    def step(self):
        while self.line < self.at:
            self.offset += len(self.original(self.lines[self.line]))
            self.line += 1
        place = (self.records + 1, self.line + 1, self.offset)
        try:
            fields = next(self.reader)
        except StopIteration:
            return False
        raw = "".join(self.lines[self.line:self.at])
        is_empty = raw.strip("\r\n") == ""
        if not self.is_well_formed():
            fields = None
        if is_empty and len(self.names) > 1:
            return True
        self.records += 1
        row = self.row_of(fields, raw)
        if row is None:
            self.aside.append(place)
        else:
            self.rows.append(row)
        return True

    def row_of(self, fields, raw):
        content = self.original(raw)
        ends = [end for end in ("\r\n", "\r", "\n") if content.endswith(end)]
        content = content[:len(content) - len(ends[0])] if ends else content
        if len(content) > LIMIT:
            return None
        if fields == []:
            fields = [""]
        if fields is None or len(fields) != len(self.names):
            return None
        fields = [self.original(field) for field in fields]
        first = number(fields[0])
        if first is False or not all(is_text(field) for field in fields):
            return None
        return (first, *(field.encode("latin-1").decode() for field in fields[1:]))
