#!/usr/bin/env python3
"""What a machine can check of STYLE.md.

  tidy.py [RULE...]     rules: layers sizes names dead links headers; all when none is named

Prints file:line: message for each finding; the exit code says whether there are any.
"""
import pathlib
import sys

import dead
import headers
import layers
import links
import names
import sizes
from tree import Tree

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
RULES = {
    "layers": layers.check,
    "sizes": sizes.check,
    "names": names.check,
    "dead": dead.check,
    "links": links.check,
    "headers": lambda tree: headers.check(tree, cache=ROOT / "build" / "tidy"),
}


def main(chosen):
    unknown = [c for c in chosen if c not in RULES]
    if unknown:
        print(f"tidy: unknown rule {unknown[0]}; there are {', '.join(RULES)}", file=sys.stderr)
        return 2
    tree = Tree(ROOT)
    findings = sorted(f for name in chosen or RULES for f in RULES[name](tree))
    for finding in findings:
        print(finding)
    print(f"tidy: {len(findings)} findings in {len(tree.files)} files")
    return 1 if findings else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
