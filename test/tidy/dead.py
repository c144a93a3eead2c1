"""Files that nothing reaches."""
import os
import re

import layers
from tree import Finding

_FOLDER_LINE = re.compile(r"\bleat_(?:module|connector|check)\(")


def _folders_in_build(tree):
    """Folders below src/ whose CMakeLists.txt names them and that src/CMakeLists.txt adds."""
    added = re.findall(r"add_subdirectory\(([\w/]+)\)", tree.text("src/CMakeLists.txt"))
    built = {}
    for folder in added:
        path = f"src/{folder}/CMakeLists.txt"
        if tree.is_file(path) and _FOLDER_LINE.search(tree.text(path)):
            built["src/" + folder] = tree.text(path)
    return built


def check(tree):
    found = []
    built = _folders_in_build(tree)
    included = set()
    for path in tree.sources():
        included |= {target for _, target in layers.includes_of(tree.text(path))}
    for path in (p for p in tree.files if p.startswith("src/")):
        folder = os.path.dirname(path)
        while folder not in built and folder != "src":
            folder = os.path.dirname(folder)
        if path.endswith(".cpp"):
            inside = os.path.relpath(path, folder)
            if folder == "src":
                found.append(Finding(path, 1, "no leat_module() line builds this file"))
            elif "/" in inside and os.path.dirname(inside) not in built[folder]:
                found.append(Finding(path, 1, f"{folder}/CMakeLists.txt does not name this subfolder"))
        elif path.endswith((".hpp", ".h")) and path[len("src/"):] not in included:
            registered = re.search(r"\bleat_(connector|check)\(", built.get(folder, ""))
            if not (registered and path.endswith("/describe.hpp")):
                found.append(Finding(path, 1, "nobody includes this header"))
    return found
