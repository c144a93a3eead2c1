#!/usr/bin/env python3
"""Every key of the JSON Schemas has a description and an example: editors show both.

  schema_describes_every_key.py LEAT
"""
import json
import subprocess
import sys


def keys_of(schema, path=""):
    """(path, schema) of each key, nested ones too."""
    for name, inner in schema.get("properties", {}).items():
        yield f"{path}/{name}", inner
        yield from keys_of(inner, f"{path}/{name}")
    for word in ("anyOf", "oneOf"):
        for form in schema.get(word, []):
            yield from keys_of(form, path)
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            yield from keys_of(schema[word], f"{path}/*")


def main(leat):
    keys, lacking = 0, []
    for what in ("pipeline", "project"):
        text = subprocess.run([leat, "schema", what], capture_output=True, text=True,
                              check=True).stdout
        for path, schema in keys_of(json.loads(text)):
            keys += 1
            lacking += [f"{what}{path}: no {word}" for word in ("description", "examples")
                        if not schema.get(word)]
    lacking = sorted(set(lacking))
    print("\n".join(lacking))
    print(f"{keys} keys, {len(lacking)} without a description or an example")
    return 1 if lacking or keys < 100 else 0


sys.exit(main(*sys.argv[1:]))
