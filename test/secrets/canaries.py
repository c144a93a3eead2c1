#!/usr/bin/env python3
"""Plants twenty secrets and looks for them in everything that Leat says and writes.

  canaries.py LEAT

They stand where secrets belong (environment, secrets file, options of connections) and where they
are put by mistake (plain text in a file, a wrong option, broken YAML, the command line's variables).
Every command runs, those that fail included. No output, state file or artifact may hold one, as it
is, reversed, or encoded.
"""
import base64
import os
import pathlib
import subprocess
import sys
import tempfile
import urllib.parse

CANARIES = [f"canary+{n:02d}/{word}=Zq{n * 7919:x}" for n, word in enumerate(
    "amber birch cedar delta ember fjord grove haven inlet jetty karst larch mesa nadir orbit plaza "
    "quartz ridge slate tarn".split())]
IN_ENVIRONMENT, IN_FILE, BY_MISTAKE = CANARIES[:7], CANARIES[7:13], CANARIES[13:]


def encodings(secret):
    raw = secret.encode()
    yield from (raw, raw[::-1], raw.hex().encode(), raw.hex().upper().encode(),
                urllib.parse.quote(secret, safe="").encode(), secret.lower().encode())
    for lead in range(3):   # base64 of a text that holds it depends on where it begins
        encoded = base64.b64encode(b"\0" * lead + raw)
        yield encoded[4 if lead else 0:len(encoded) - 4]


def references(names):
    return ", ".join(f'o{i}: "${{secret:{name}}}"' for i, name in enumerate(names))


def world():
    """File name -> text. Each pipeline stands for one place where a secret may turn up."""
    env_names = [f"env_{i}" for i in range(len(IN_ENVIRONMENT))]
    file_names = [f"file_{i}" for i in range(len(IN_FILE))]
    good = "sources: {in: {rows: [{id: 1, x: 5}, {id: 2, x: -5}]}}\n" \
           "checks: {in: [{range: {column: x, min: 0}}]}\n" \
           "sinks: {out: {duckdb: {path: out.duckdb, table: out}, from: in}}\n"
    m = BY_MISTAKE
    return {
        "leat.yml": "project: canaries\nsecrets: [env, {file: .leat/secrets.yml}]\n",
        ".leat/secrets.yml": "".join(f'{n}: "{c}"\n' for n, c in zip(file_names, IN_FILE)),
        "good.yml": "pipeline: good\n" + good,
        "names_secrets.yml": "pipeline: names_secrets\n" + good.replace(
            "duckdb: {", f"duckdb: {{{references(env_names + file_names)}, "),
        "secret_in_path.yml": "pipeline: secret_in_path\nsources: {in: {csv: {path: "
                              "\"${secret:env_0}\"}}}\nsinks: {out: {csv: {path: "
                              "\"${secret:file_0}\"}, from: in}}\n",
        "secret_in_text.yml": "pipeline: secret_in_text\nsources: {in: {csv: {path: "
                              "\"a ${secret:env_1} b\"}}}\nsinks: {}\n",
        "unknown.yml": "pipeline: unknown\nsources: {in: {rows: [{id: \"${secret:nobody}\"}]}}\n",
        "plain.yml": f"pipeline: plain\nsources: {{in: {{csv: {{password: \"{m[0]}\"}}}}}}\n",
        "broken.yml": f"pipeline: broken\npassword: \"{m[1]}\n  x: [\n",
        "twice.yml": f"pipeline: twice\ntoken: \"{m[2]}\"\ntoken: \"{m[3]}\"\n",
        "connection/leat.yml": f"project: c\nconnections: {{dw: {{duckdb: {{password: \"{m[4]}\"}}}}}}\n",
        "connection/flow.yml": "pipeline: flow\n" + good,
        "bad_file/leat.yml": "project: b\nsecrets: [{file: secrets.yml}]\n",
        "bad_file/secrets.yml": f"a: \"{m[5]}\"\na: [\"{m[6]}\n",
        "bad_file/flow.yml": "pipeline: flow\nsources: {in: {csv: {path: \"${secret:a}\"}}}\n" + good[-60:],
    }


def commands(names):
    for name in names:
        for verb in ("check", "plan", "run", "show"):
            for tail in ([], ["-o", "json"], ["-v"]):
                yield [verb, name, *tail]
        yield ["show", name, "--resolved"]
    for words in (["runs"], ["doctor"], ["quarantine", "list"], ["quarantine", "show", "in"],
                  ["explain", "last"], ["report", "--out", "-"], ["publish"], ["schema", "pipeline"],
                  ["query", "FROM '.leat/secrets.yml'"], ["query", "SELECT * FROM nothing"]):
        yield words
        yield [*words, "-o", "json"]


def leaks_in(place, content, found):
    for number, secret in enumerate(CANARIES):
        for form in encodings(secret):
            if form in content:
                found.append(f"{place}: canary {number} as {form[:12]!r}…")


def main(leat):
    leat = str(pathlib.Path(leat).resolve())
    found, ran, succeeded = [], 0, 0
    with tempfile.TemporaryDirectory() as work:
        folder = pathlib.Path(work)
        for name, text in world().items():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).write_text(text)
        planted = {folder / name for name in world()}
        for secrets in folder.rglob("secrets.yml"):
            secrets.chmod(0o600)
        environment = {"PATH": os.environ["PATH"], "NO_COLOR": "1", "LC_ALL": "C.UTF-8",
                       **{f"LEAT_SECRET_ENV_{i}": c for i, c in enumerate(IN_ENVIRONMENT)}}
        pipelines = [n for n in world() if n.endswith(".yml") and not n.endswith(("leat.yml", "secrets.yml"))]
        for words in commands(pipelines):
            done = subprocess.run([leat, *words], cwd=folder, env=environment, capture_output=True,
                                  stdin=subprocess.DEVNULL, timeout=60)
            ran += 1
            succeeded += done.returncode == 0
            leaks_in("leat " + " ".join(words), done.stdout + done.stderr, found)
            if done.returncode not in (0, 1, 2, 3, 6, 7):
                found.append(f"leat {' '.join(words)} ended with {done.returncode}\n"
                             + done.stderr.decode(errors="replace")[-800:])
        for path in folder.rglob("*"):
            if path.is_file() and path not in planted:
                leaks_in(path.relative_to(folder), path.read_bytes(), found)
    print("\n".join(found))
    print(f"canaries: {ran} commands ({succeeded} succeeded), {len(CANARIES)} secrets, {len(found)} leaks")
    return 1 if found or not succeeded else 0


sys.exit(main(*sys.argv[1:]))
