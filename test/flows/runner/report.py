"""What `leat run -o json` said, and how a flow's count lines are held against it."""
import re

COUNTED = ("read", "published", "quarantined", "filtered", "deduplicated")
CHANGED = ("inserted", "updated", "deleted", "unchanged", "superseded")


class Mismatch(Exception):
    """What came is not what the flow expects."""


def _sum(entries, key):
    return sum(e.get(key) or 0 for e in entries)


class Report:
    def __init__(self, document):
        self.document = document
        self.nodes = document.get("nodes", [])
        self.sinks = {s["name"]: s for s in document.get("sinks", [])}

    def publish_id(self):
        return next((s["publish_id"] for s in self.sinks.values() if s.get("publish_id")), "")

    def run_id(self):
        return self.document.get("run_id", "")

    def counts(self, name=None):
        """The counts of one sink or node, or of the run where its sinks agree."""
        counts = {"read": _sum([n for n in self.nodes if n.get("kind") == "source"], "read"),
                  "quarantined": _sum(self.nodes, "quarantined")}
        if name is None:
            return {**counts, **self._agreed(list(self.sinks.values()))}
        if name in self.sinks:
            return {**counts, **self._agreed([self.sinks[name]])}
        node = next((n for n in self.nodes if n.get("name") == name), None)
        if node is None:
            raise Mismatch(f"the report knows no sink or node {name}")
        return node

    def _agreed(self, sinks):
        counts = {}
        for word in ("published", "filtered", "deduplicated") + CHANGED:
            values = {_of_sink(s, word) for s in sinks}
            if len(values) > 1:
                raise Mismatch(f"the sinks differ in {word}: name one, `SINK: {word} N`")
            counts[word] = values.pop() if values else 0
        return counts


def _of_sink(sink, word):
    """A count of a sink itself, of what it changed, or else of its last receipt."""
    if word in CHANGED:
        return sink.get("changes", {}).get(word, 0)
    return sink.get(word, sink.get("receipt", {}).get("rows_" + word)) or 0


def add_reports(reports):
    """One report for a run that was stopped after every slice and went on."""
    total = dict(reports[-1])
    for kind in ("nodes", "sinks"):
        sums = {}
        for entry in (e for report in reports for e in report.get(kind, [])):
            known = sums.get(entry["name"], {})
            added = {w: (known.get(w) or 0) + (entry[w] or 0) for w in COUNTED if w in entry}
            sums[entry["name"]] = {**known, **entry, **added}
            if "changes" in entry:
                before = known.get("changes", {})
                sums[entry["name"]]["changes"] = {w: before.get(w, 0) + n
                                                  for w, n in entry["changes"].items()}
        total[kind] = list(sums.values())
    return total


def check_counts(report, line):
    """`[SINK:] read 2  published 1 ...` against the report."""
    match = re.match(r"(?:([\w.]+):\s+)?(.*)$", line)
    words = match.group(2).split()
    if len(words) % 2 or any(not w.isdigit() for w in words[1::2]):
        raise Mismatch(f"not a line of counts: {line!r}")
    found = report.counts(match.group(1))
    for word, number in zip(words[::2], words[1::2]):
        if word not in found:
            raise Mismatch(f"the report has no count `{word}`")
        if found[word] != int(number):
            raise Mismatch(f"{word} is {found[word]}, expected {number}")
