"""Who includes whom: src/ against layers.txt."""
import fnmatch
import re

import cpp
from tree import Finding

_INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]+"([^"]+)"', re.MULTILINE)
_RULE = re.compile(r"^(\d+)\s+([\w/*]+):\s*(.*?)(\s+--.*)?$")


class Layers:
    def __init__(self, text):
        self.levels = {}
        self.allowed = {}
        self.problems = []
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip() or line.startswith("#"):
                continue
            rule = _RULE.match(line)
            if not rule:
                self.problems.append((number, f"not a rule: {line}"))
                continue
            self.levels[rule.group(2)] = int(rule.group(1))
            self.allowed[rule.group(2)] = (number, rule.group(3).split())
        self._check_levels()

    def _check_levels(self):
        for folder, (number, targets) in self.allowed.items():
            for target in targets:
                if target not in self.levels:
                    self.problems.append((number, f"{folder} may include {target}, which is no rule"))
                elif self.levels[target] > self.levels[folder]:
                    self.problems.append((number, f"{folder} may include {target}, a higher level"))
        edges = {f: targets for f, (_, targets) in self.allowed.items()}
        cycle = find_cycle(edges)
        if cycle:
            self.problems.append((1, "a cycle is allowed: " + " > ".join(cycle)))

    def folder_of(self, path):
        """The rule's folder of a path below src/: "connectors/csv"; None: no rule knows it."""
        parts = path.split("/")
        for depth in (2, 1):
            name = "/".join(parts[:depth])
            if len(parts) > depth and (name in self.levels or self._pattern(name)):
                return name
        return None

    def _pattern(self, name):
        return next((r for r in self.levels if "*" in r and fnmatch.fnmatch(name, r)), None)

    def may_include(self, folder, target):
        if folder == target:
            return True
        rule = folder if folder in self.allowed else self._pattern(folder)
        targets = self.allowed[rule][1]
        return any(fnmatch.fnmatch(target, t) for t in targets)


def find_cycle(edges):
    """One cycle of a graph, as a list of names that ends where it begins; None: there is none."""
    done, path = set(), []

    def visit(name):
        if name in path:
            return path[path.index(name):] + [name]
        if name in done:
            return None
        path.append(name)
        for target in edges.get(name, ()):
            cycle = visit(target)
            if cycle:
                return cycle
        path.pop()
        done.add(name)
        return None

    for name in sorted(edges):
        cycle = visit(name)
        if cycle:
            return cycle
    return None


def includes_of(text):
    """(line, path) of each #include "..." that is no comment."""
    code = cpp.strip(text, keep_strings=True)
    return [(code.count("\n", 0, m.start()) + 1, m.group(1)) for m in _INCLUDE.finditer(code)]


def _is_detail(path, folder):
    return path.startswith(f"{folder}/detail/")


def check(tree):
    rules_path = "test/tidy/layers.txt"
    layers = Layers(tree.text(rules_path))
    found = [Finding(rules_path, number, message) for number, message in layers.problems]
    folder_edges, header_edges = {}, {}
    for path in (p for p in tree.sources() if p.startswith("src/")):
        own = path[len("src/"):]
        folder = layers.folder_of(own)
        if folder is None:
            found.append(Finding(path, 1, "lies in a folder that layers.txt does not know"))
            continue
        for line, target in includes_of(tree.text(path)):
            if path.endswith(("_test.cpp", "_fuzz.cpp")) and tree.is_file("test/" + target):
                continue
            message = _judge(tree, layers, folder, target)
            if message:
                found.append(Finding(path, line, message))
            other = layers.folder_of(target)
            if other and other != folder:
                folder_edges.setdefault(folder, set()).add(other)
            header_edges.setdefault(own, []).append(target)
    for edges in (folder_edges, header_edges):
        cycle = find_cycle({k: sorted(v) for k, v in edges.items()})
        if cycle:
            found.append(Finding("src/" + cycle[0], 1, "include cycle: " + " > ".join(cycle)))
    return found


def _judge(tree, layers, folder, target):
    if not tree.is_file("src/" + target):
        return f'"{target}" is not in src/: write paths from src/, and <...> for libraries'
    other = layers.folder_of(target)
    if other is None:
        return f"{target} lies in a folder that layers.txt does not know"
    if not layers.may_include(folder, other):
        return f"{folder} may not include {other} (test/tidy/layers.txt)"
    if folder != other and _is_detail(target, other):
        return f"{target} is closed to other folders"
    return None
