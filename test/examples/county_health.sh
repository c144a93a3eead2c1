#!/usr/bin/env bash
# county_health.sh LEAT: runs the example in a copy and recomputes every published cell.
set -euo pipefail
leat=$(realpath "$1")
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cp -r "$root/examples/county_health" "$work/example"
cd "$work/example"
rm -rf out .leat
"$leat" check pipelines/county_health.yml
"$leat" run pipelines/county_health.yml
"$leat" quarantine list
"$leat" quarantine show county_health
"$root/scripts/python" "$root/test/examples/county_health_oracle.py" . out/county_health.duckdb \
  out/county_health.parquet --quarantine '.leat/artifacts/quarantine/*/county_health/*.parquet'
