#!/usr/bin/env python3
"""What must not compile does not, for the reason its first line names; its twin does.

  compile_fail.py COMPILER ENGINE_INCLUDE

Each .cpp beside this file is compiled twice: with REFUSED defined it must fail with an error that
matches `// error: <pattern>`, without it must pass.
"""
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
FLAGS = ["-std=c++20", "-fsyntax-only", "-Wall", "-Wextra", "-Werror", "-DFMT_HEADER_ONLY",
         "-I", str(HERE.parent.parent / "src")]


def compile_case(compiler, include, path, *extra):
    command = [compiler, *FLAGS, "-isystem", include, *extra, str(path)]
    return subprocess.run(command, capture_output=True, text=True, env={**os.environ, "LC_ALL": "C"})


def problems_of(compiler, include, path):
    wanted = re.match(r"// error: (.*)\n", path.read_text())
    if not wanted:
        return [f"{path.name}:1: no `// error: pattern` line"]
    problems = []
    twin = compile_case(compiler, include, path)
    if twin.returncode != 0:
        problems.append(f"{path.name}: the twin that must compile does not:\n{twin.stderr}")
    refused = compile_case(compiler, include, path, "-DREFUSED")
    if refused.returncode == 0:
        problems.append(f"{path.name}: compiles, and must not")
    elif not re.search(wanted.group(1), refused.stderr):
        problems.append(f"{path.name}: fails for another reason than "
                        f"{wanted.group(1)!r}:\n{refused.stderr}")
    return problems


def main(compiler, include):
    cases = sorted(HERE.glob("*.cpp"))
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
        results = list(pool.map(lambda p: problems_of(compiler, include, p), cases))
    failed = [problem for problems in results for problem in problems]
    print("\n".join(failed))
    print(f"compile_fail: {len(cases)} cases, {len(failed)} problems")
    return 1 if failed or not cases else 0


sys.exit(main(*sys.argv[1:]))
