"""Reads C++ well enough to count: blanks out comments and strings, finds functions."""
import dataclasses
import re

_RAW = re.compile(r'R"([^()\\\s]{0,16})\(')
_SCOPE = re.compile(r"^(inline\s+)?(namespace|extern)\b|\b(class|struct|union|enum)\b")
_PREPROCESSOR = re.compile(r"^[ \t]*#(?:[^\n\\]|\\\n|\\.)*", re.MULTILINE)
_ACCESS = re.compile(r"(\s|\b(public|private|protected)\s*:)*")
_AFTER_PARAMETERS = {"const", "noexcept", "override", "final", "mutable", "try", "requires"}


@dataclasses.dataclass(frozen=True)
class Function:
    name: str
    first_line: int
    last_line: int

    @property
    def lines(self):
        return self.last_line - self.first_line + 1


def _blank(text):
    return "".join(c if c == "\n" else " " for c in text)


def _end_of_quoted(text, start):
    """Index behind the string or character literal that opens at `start`."""
    quote, at = text[start], start + 1
    while at < len(text) and text[at] != quote and text[at] != "\n":
        at += 2 if text[at] == "\\" else 1
    return min(at + 1, len(text))


def _end_of_piece(text, at):
    """Index behind the comment or literal at `at`; `at` itself when there is none."""
    if text.startswith("//", at):
        end = text.find("\n", at)
        return len(text) if end < 0 else end
    if text.startswith("/*", at):
        end = text.find("*/", at + 2)
        return len(text) if end < 0 else end + 2
    raw = _RAW.match(text, at)
    if raw:
        end = text.find(f"){raw.group(1)}\"", raw.end())
        return len(text) if end < 0 else end + len(raw.group(1)) + 2
    if text[at] == '"':
        return _end_of_quoted(text, at)
    if text[at] == "'" and not (at and text[at - 1].isalnum() and text[at + 1:at + 2].isalnum()
                                and re.search(r"\b[0-9][0-9a-fA-FxX']*$", text[max(0, at - 20):at])):
        return _end_of_quoted(text, at)
    return at


def strip(text, keep_strings=False):
    """The same text with comments and literals blanked; line numbers stay."""
    out, at = [], 0
    while at < len(text):
        end = _end_of_piece(text, at)
        if end == at:
            out.append(text[at])
            at += 1
            continue
        piece = text[at:end]
        is_comment = piece.startswith(("//", "/*"))
        out.append(piece if keep_strings and not is_comment else _blank(piece))
        at = end
    return "".join(out)


def _is_function_head(head):
    """Does what stands before a brace, outside of functions, begin a function's body?"""
    head = head.strip()
    if ")" not in head or head.endswith(("=", ",", "(")):
        return False
    last = re.search(r"(\w+|\S)\s*$", head).group(1)
    if last in _AFTER_PARAMETERS or last in ")>&*":
        return True
    tail = head[head.rfind(")") + 1:]
    if "->" in tail:
        return True
    # `: x_a(1), x_b` before a brace initialises a member; the body comes later.
    return not re.match(r"^\s*(noexcept\s*)?[:,]", tail) and not last.isidentifier()


def _name_of_head(head):
    found = re.findall(r"([~\w:]+|operator\s*\S+?)\s*\(", head)
    return found[0] if found else "?"


class _Scanner:
    def __init__(self, text):
        code = strip(text)
        self.code = _PREPROCESSOR.sub(lambda m: _blank(m.group()), code)
        self.found = []

    def line(self, index):
        return self.code.count("\n", 0, index) + 1

    def matching_brace(self, opening):
        depth, at = 0, opening
        for match in re.compile(r"[{}]").finditer(self.code, opening):
            depth += 1 if match.group() == "{" else -1
            at = match.end()
            if depth == 0:
                return at
        return at

    def scan(self):
        head_start, at = 0, 0
        for_parentheses = 0
        while at < len(self.code):
            char = self.code[at]
            if char in "()":
                for_parentheses += 1 if char == "(" else -1
            if char in ";}" and for_parentheses <= 0:
                head_start = at + 1
            elif char == "{":
                at, head_start = self._brace(at, head_start)
                continue
            at += 1
        return self.found

    def _brace(self, at, head_start):
        """Returns where to go on and where the next head begins."""
        head = self.code[head_start:at]
        bare = re.sub(r"\b(public|private|protected)\s*:", "", head)
        bare = re.sub(r"template\s*<[^{};]*?>\s*(?=class|struct|union)", "", bare)
        if _is_function_head(bare):
            end = self.matching_brace(at)
            first = head_start + _ACCESS.match(head).end()
            self.found.append(Function(_name_of_head(bare), self.line(first), self.line(end - 1)))
            return end, end
        if _SCOPE.search(bare.strip()) and "=" not in bare:
            return at + 1, at + 1
        return self.matching_brace(at), head_start


def functions(text):
    """Functions with a body; lambdas and local classes belong to the function around them."""
    return _Scanner(text).scan()
