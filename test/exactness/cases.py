"""One check with its arguments, and what must come of it on a table."""
import decimal
import math
from fractions import Fraction


class RowCase:
    """A check that judges rows. `fails(row)` says of a judged row whether it fails."""

    def __init__(self, kind, columns, options, fails, about=None):
        self.kind, self.columns, self.fails = kind, columns, fails
        self.options = dict(options, columns=columns) if columns else dict(options)
        self.id = f"{kind}({about or ', '.join(columns)})"
        self.on_fail = options.get("on_fail", "quarantine")
        self.judged = lambda row: True
        self.passes = None  # Where `mostly` decides.

    def yaml(self):
        return {self.kind: self.options}

    def only_where(self, sql, holds):
        before = self.judged
        self.options["where"] = sql
        self.judged = lambda row: holds(row) and before(row)

    def among(self, rows):
        """Numbers of the rows that fail among these, which are judged; None: nobody can tell."""
        return {row["id"] for row in rows if self.fails(row)}

    def needs_published(self):
        """Whether what must come of it is only known from the rows that were published."""
        return False

    def takes_mostly(self):
        return self.on_fail == "quarantine" and self.kind != "outliers"

    def mostly(self, rng, rows):
        """Asks for a share that the rows just reach, or just miss; what fails stays."""
        judged = [row for row in rows if self.judged(row)]
        failing = self.among(judged)
        if not failing:
            return
        percent = 100 * (1 - Fraction(len(failing), len(judged)))
        asked = Fraction(math.ceil(percent * 100) + rng.choice([-1, 0, 1]), 100)
        asked = min(max(asked, Fraction(0)), Fraction(100))
        self.options |= {"mostly": f"{float(asked):.2f}%", "on_fail": "warn"}
        self.on_fail, self.passes = "warn", percent >= asked

    def problems(self, rows, outcome, leaving):
        """`leaving` are rows that some check of single rows sets aside: all that they fail is told."""
        judged = [row for row in rows if self.judged(row)]
        failing = self.among(judged)
        check = outcome.checks.get(self.id)
        if check is None:
            yield f"is not in the report: {sorted(outcome.checks)}"
            return
        if (check["judged"], check["failed"]) != (len(judged), len(failing)):
            yield (f"judged {check['judged']}, failed {check['failed']}; expected {len(judged)} "
                   f"and {len(failing)}")
        aside = failing if self.on_fail == "quarantine" else failing & leaving
        if outcome.set_aside(self.id) != aside:
            yield f"set aside {sorted(outcome.set_aside(self.id))}, expected {sorted(aside)}"
        if self.passes is not None and (check["verdict"] == "pass") != self.passes:
            yield f"{check['verdict']}, expected {'pass' if self.passes else 'not pass'}"

    def leaving(self, rows):
        """Numbers of the rows that do not go on."""
        if self.on_fail == "warn":
            return set()
        return self.among([row for row in rows if self.judged(row)])


def leaving(cases, rows):
    return set().union(*(case.leaving(rows) for case in cases))


class Ready(RowCase):
    """A ready-made set of checks: one entry, several checks of their own names."""

    def __init__(self, kind, options, parts):
        super().__init__(kind, [], options, None)
        self.parts = [RowCase(kind, columns, options, fails, about) for columns, fails, about in parts]
        self.columns = sorted({column for part in self.parts for column in part.columns})

    def only_where(self, sql, holds):
        self.options["where"] = sql
        for part in self.parts:
            part.only_where(sql, holds)

    def takes_mostly(self):
        return False

    def problems(self, rows, outcome, leaving):
        for part in self.parts:
            for problem in part.problems(rows, outcome, leaving):
                yield f"{part.id}: {problem}"

    def leaving(self, rows):
        return leaving(self.parts, rows)


class Beside(RowCase):
    """A check that looks at a row beside others: those that the other kinds of checks leave."""

    def __init__(self, kind, columns, options, among, needed, needs_order=False):
        super().__init__(kind, columns, options, None)
        self.needs_order = needs_order  # Has no meaning for the rows of a model.
        self.published = set()          # What came of it, where Leat may choose.
        self.among = among
        self.judged = lambda row: all(row[c] is not None for c in needed)

    def needs_published(self):
        return self.kind.startswith("unique")


class SetCase:
    """A check that measures a table. An exact value is compared digit for digit, others within
    `slack`; a value of `...` is not compared."""

    def __init__(self, kind, options, value, passes, exact=False, slack=0):
        self.kind, self.value, self.passes = kind, value, passes
        self.exact, self.slack = exact, slack
        self.options = dict(options, on_fail="warn")
        self.columns = [options["column"]] if "column" in options else []

    def needs_published(self):
        return False

    def yaml(self):
        return {self.kind: self.options}

    def problem(self, check):
        if (check["verdict"] == "pass") == self.passes and self.is_measured(check["value"]):
            return None
        return (f"measured {check['value']}, {check['verdict']}; expected {self.value}, "
                f"{'pass' if self.passes else 'not pass'}")

    def is_measured(self, got):
        if self.value is ... or got.startswith(("≈", "between")):
            return True  # Statistics were certain of the verdict, which is compared.
        if self.value is None:
            return got == "null"
        if hasattr(self.value, "isoformat"):
            return got == self.value.isoformat()
        if self.exact:
            return decimal.Decimal(got) == self.value
        if isinstance(self.value, float) and math.isnan(self.value):
            return got == "nan"
        return math.isclose(float(got), self.value, rel_tol=1e-9,
                            abs_tol=max(1e-300, float(self.slack)))
