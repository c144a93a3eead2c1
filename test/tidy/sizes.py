"""Limits on files, functions and lines."""
import cpp
from tree import Finding

FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 60
LINE_COLUMNS_MAX = 100
NOLINT_MAX = 40


def check(tree):
    found, nolint = [], []
    for path in tree.sources():
        text = tree.text(path)
        lines = text.splitlines()
        if len(lines) > FILE_LINES_MAX:
            found.append(Finding(path, FILE_LINES_MAX, f"{len(lines)} lines; {FILE_LINES_MAX} allowed"))
        for number, line in enumerate(lines, 1):
            if len(line) > LINE_COLUMNS_MAX:
                found.append(Finding(path, number, f"{len(line)} columns; {LINE_COLUMNS_MAX} allowed"))
            if "NOLINT" in line:
                nolint.append(Finding(path, number, ""))
        for function in cpp.functions(text):
            if function.lines > FUNCTION_LINES_MAX:
                message = f"{function.name} has {function.lines} lines; {FUNCTION_LINES_MAX} allowed"
                found.append(Finding(path, function.first_line, message))
    if len(nolint) > NOLINT_MAX:
        last = nolint[-1]
        message = f"{len(nolint)} NOLINT comments; {NOLINT_MAX} allowed: cure one instead"
        found.append(Finding(last.path, last.line, message))
    return found
