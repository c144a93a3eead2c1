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
"$leat" check pipelines/daily_prices.yml
"$leat" run pipelines/daily_prices.yml -o json >report.json
"$root/scripts/python" "$root/test/examples/daily_prices_oracle.py" . report.json
