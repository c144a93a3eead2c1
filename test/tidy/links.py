"""Relative links in Markdown lead somewhere."""
import os
import re

from tree import Finding

_LINK = re.compile(r"(?<!\!)\[[^\]\n]*\]\(([^)\s]+)\)|!\[[^\]\n]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^(```|~~~).*?^\1", re.MULTILINE | re.DOTALL)


def _anchors(text):
    for heading in re.findall(r"^#+\s+(.*?)\s*$", text, re.MULTILINE):
        slug = re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
        yield slug


def check(tree):
    found = []
    for path in (p for p in tree.files if p.endswith(".md")):
        text = _FENCE.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), tree.text(path))
        for match in _LINK.finditer(text):
            target = match.group(1) or match.group(2)
            if re.match(r"[a-z]+:", target):
                continue
            file, _, anchor = target.partition("#")
            full = os.path.normpath(os.path.join(os.path.dirname(path), file)) if file else path
            line = text.count("\n", 0, match.start()) + 1
            if full.startswith("..") or not tree.exists(full):
                found.append(Finding(path, line, f"the link {target} leads nowhere"))
            elif anchor and full.endswith(".md") and anchor not in _anchors(tree.text(full)):
                found.append(Finding(path, line, f"{full} has no heading #{anchor}"))
    return found
