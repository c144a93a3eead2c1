#!/usr/bin/env bash
# daily_prices.sh LEAT: runs the example in a copy and recomputes what every rule must say.
set -euo pipefail
leat=$(realpath "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp -r "$root/examples/daily_prices" "$work/example"
cd "$work/example"
rm -rf out .leat
mkdir made
"$root/scripts/python" generate.py made
diff -q made/prices.csv data/prices.csv
diff -q made/reference.csv data/reference.csv
diff -q made/backup.csv data/backup.csv
"$leat" check pipelines/daily_prices.yml
"$leat" run pipelines/daily_prices.yml -o json >report.json
"$root/scripts/python" "$root/test/examples/daily_prices_oracle.py" . report.json

# A feed that broke off in the middle: the gate closes, and the backup is published in its place.
rm -rf out .leat
head -n 400 made/prices.csv >data/prices.csv
"$leat" run pipelines/daily_prices.yml -o json >report.json
"$root/scripts/python" - <<'CHECK'
import json
report = json.load(open("report.json"))
said = [text for text in report["warnings"] if "prices is replaced by backup" in text]
assert len(said) == 1 and "completeness(rows) failed" in said[0], report["warnings"]
for sink in report["sinks"]:
    assert sink["published"] == 1032, sink["published"]
    ids = [check["id"] for check in sink["receipt"]["checks"]]
    assert "on_breach" in ids, ids
CHECK
# A feed that is not there.
rm -rf out .leat data/prices.csv
"$leat" run pipelines/daily_prices.yml -o json >report.json
grep -q '"on_error"' report.json
echo "daily_prices: the backup stands in for prices that broke off, and for none at all"
