#!/usr/bin/env python3
"""Every example of the JSON Schemas is valid by them: an editor must not mark what `check` takes.

  examples_fit_the_schema.py LEAT
"""
import json
import re
import subprocess
import sys

WORDS = {"true": True, "false": False, "null": None, "~": None}
NUMBER = re.compile(r"[-+]?(\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?$")
KEY = re.compile(r'("(?:[^"\\]|\\.)*"|[^\s,{}\[\]:]+)\s*:(?=\s|$)\s*')


def scalar(text):
    if text in WORDS:
        return WORDS[text]
    if not NUMBER.match(text):
        return text
    return float(text) if re.search("[.eE]", text) else int(text)


class Yaml:
    """What stands in one line of YAML."""

    def __init__(self, text):
        self.text, self.at = text, 0

    def skip(self):
        while self.at < len(self.text) and self.text[self.at].isspace():
            self.at += 1

    def items(self, close, one):
        self.at += 1
        found = []
        self.skip()
        while self.text[self.at] != close:
            found.append(one())
            self.skip()
            if self.text[self.at] == ",":
                self.at += 1
            self.skip()
        self.at += 1
        return found

    def pair(self):
        key = KEY.match(self.text, self.at)
        if not key:
            return scalar(self.plain()), None
        self.at = key.end()
        return json.loads(key[1]) if key[1][0] == '"' else key[1], self.value()

    def item(self):
        """Of a list; `[a: 1]` is a list of a map."""
        return dict([self.pair()]) if KEY.match(self.text, self.at) else self.value()

    def plain(self):
        end = re.compile(r"\s*([,\[\]{}]|$)").search(self.text, self.at).start()
        text, self.at = self.text[self.at:end].strip(), end
        return text

    def value(self):
        self.skip()
        first = self.text[self.at:self.at + 1]
        if first == "{":
            return dict(self.items("}", self.pair))
        if first == "[":
            return self.items("]", self.item)
        if first == '"':
            found = re.compile(r'"(?:[^"\\]|\\.)*"').match(self.text, self.at)
            self.at = found.end()
            return json.loads(found[0])
        if first == "'":
            found = re.compile(r"'((?:[^']|'')*)'").match(self.text, self.at)
            self.at = found.end()
            return found[1].replace("''", "'")
        return scalar(self.plain())


def node_of(example):
    """`csv: {path: a}` and `sql: SELECT 1`: what stands behind the name."""
    text = example.split(":", 1)[1].strip()
    return Yaml(text).value() if text[:1] in "{[\"'" else scalar(text)


TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None),
         "integer": int, "number": (int, float)}


def is_type(value, name):
    if isinstance(value, bool) and name in ("integer", "number"):
        return False
    return isinstance(value, TYPES[name])


def fits(value, schema):
    """The words of JSON Schema that ours use; another one is an error of this test."""
    known = {"description", "examples", "default", "title", "$schema"}
    for word, want in schema.items():
        if word in known:
            continue
        if word == "type":
            names = [want] if isinstance(want, str) else want
            good = any(is_type(value, name) for name in names)
        elif word == "enum":
            good = value in want
        elif word == "anyOf":
            good = any(fits(value, one) for one in want)
        elif word == "oneOf":
            good = sum(fits(value, one) for one in want) == 1
        elif word == "pattern":
            good = not isinstance(value, str) or re.search(want, value)
        elif word in ("minimum", "maximum"):
            sign = 1 if word == "minimum" else -1
            good = not is_type(value, "number") or sign * value >= sign * want
        elif word in ("minLength", "minItems", "minProperties"):
            good = not isinstance(value, (str, list, dict)) or len(value) >= want
        elif word in ("maxLength", "maxItems", "maxProperties"):
            good = not isinstance(value, (str, list, dict)) or len(value) <= want
        elif word == "required":
            good = not isinstance(value, dict) or all(key in value for key in want)
        elif word == "items":
            good = not isinstance(value, list) or all(fits(one, want) for one in value)
        elif word == "properties":
            good = not isinstance(value, dict) or all(
                fits(value[key], inner) for key, inner in want.items() if key in value)
        elif word == "additionalProperties":
            more = set(value) - set(schema.get("properties", {})) if isinstance(value, dict) else ()
            good = not more or (want is not False and all(fits(value[key], want) for key in more))
        else:
            sys.exit(f"a word of JSON Schema that this test does not know: {word}")
        if not good:
            return False
    return True


def keys_of(schema, path=""):
    for name, inner in schema.get("properties", {}).items():
        yield f"{path}/{name}", name, inner
        yield from keys_of(inner, f"{path}/{name}")
    for word in ("anyOf", "oneOf"):
        for form in schema.get(word, []):
            yield from keys_of(form, path)
    for word in ("items", "additionalProperties"):
        if isinstance(schema.get(word), dict):
            yield from keys_of(schema[word], f"{path}/*")


def schema_of(leat, what):
    return json.loads(subprocess.run([leat, "schema", what], capture_output=True, text=True,
                                     check=True).stdout)


def whole_files(pipeline):
    """A pipeline around the example of every connector and check."""
    sections = pipeline["properties"]
    for section in ("sources", "sinks"):
        for name, one in sections[section]["additionalProperties"]["properties"].items():
            for example in one.get("examples", []):
                if example.startswith(f"{name}:"):
                    node = {name: node_of(example)} | ({"from": "x"} if section == "sinks" else {})
                    yield example, {"pipeline": "x", section: {"y": node}}
    for name, one in sections["checks"]["additionalProperties"]["items"]["properties"].items():
        for example in one["examples"]:
            yield example, {"pipeline": "x", "checks": {"y": [{name: node_of(example)}]}}
    source = {"rows": [{"id": 1}], "when": True}
    yield "when: true", {"pipeline": "x", "sources": {"y": source}}


def main(leat):
    wrong, seen = [], 0
    pipeline = schema_of(leat, "pipeline")
    for example, file in whole_files(pipeline):
        seen += 1
        if not fits(file, pipeline):
            wrong.append(f"pipeline: {example}")
    for what in ("pipeline", "project", "contract"):
        for path, name, schema in keys_of(schema_of(leat, what)):
            for example in schema.get("examples", []):
                text = str(example)
                is_named = text.startswith(f"{name}: ")
                value = node_of(text) if is_named else Yaml(text).value()
                seen += 1
                if not fits(value, schema):
                    wrong.append(f"{what}{path}: {text}")
    wrong = sorted(set(wrong))
    print("\n".join(wrong))
    print(f"{seen} examples, {len(wrong)} that the schema refuses")
    return 1 if wrong or seen < 200 else 0


sys.exit(main(*sys.argv[1:]))
