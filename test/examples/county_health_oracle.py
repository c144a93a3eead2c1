#!/usr/bin/env python3
"""Recomputes every cell of examples/county_health and compares it with what was published.

Independent on purpose: the inputs are read with Python's csv, gzip and re alone, headers are
found by their first name instead of by a line count, the fixed-width file is split by a pattern
instead of by columns, and air quality is matched by the county names of PLACES instead of those
of the census. duckdb and pyarrow (test/requirements.txt) only read what was published.

    county_health_oracle.py EXAMPLE DUCKDB_FILE PARQUET_FILE [--quarantine 'GLOB']
    county_health_oracle.py EXAMPLE --self-test

Ends with `N passed, N failed`; exit code 0 if nothing failed, 1 otherwise.
"""

import argparse
import csv
import glob
import gzip
import hashlib
import io
import json
import os
import re
import sys
import tempfile

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

STATES = {"AK", "AL", "CT", "MA", "NE", "RI"}
MEASURES = ["DIABETES", "OBESITY", "BPHIGH", "CHD", "STROKE", "CASTHMA", "DEPRESSION"]
INPUT_FILES = 11
PLACES_ROWS = 16058
COUNTIES = 217
PUBLISHED = 215
QUARANTINED = {"02063", "02066"}
AQI_COUNTIES = 57
TABLE = "county_health"
# In the order of the published columns, with the one Python type that a cell may have.
COLUMNS = {
    "county_fips": str,
    "state": str,
    "county_name": str,
    "population": int,
    "population_year": int,
    "population_2021": int,
    "poverty_rate": float,
    "median_income": int,
    "unemployment_rate": float,
    "economy_year": int,
    "labor_force_2007": int,
    "labor_force_2015": int,
    "employed_2015": int,
    "unemployed_2015": int,
    "unemployment_rate_2015": float,
    "aqi_days_2021": int,
    "aqi_good_days_2021": int,
    "aqi_unhealthy_days_2021": int,
    "aqi_median_2021": int,
    "diabetes": float,
    "obesity": float,
    "bphigh": float,
    "chd": float,
    "stroke": float,
    "casthma": float,
    "depression": float,
    "health_year": int,
}
DIFFERENCES_MAX = 60


# ---------------------------------------------------------------- the inputs, by plain Python


def text_of(path):
    """The file as text, decompressed, without a BOM, line ends untouched."""
    opener = gzip.open if path.endswith(".gz") else open
    with opener(path, "rb") as file:
        return file.read().decode("utf-8-sig")


def records(path, first_name=None):
    """CSV records as dicts; the header is the first record that starts with `first_name`."""
    rows = list(csv.reader(io.StringIO(text_of(path), newline="")))
    at = 0 if first_name is None else next(i for i, r in enumerate(rows) if r[0] == first_name)
    names = [name.strip() for name in rows[at]]
    for row in rows[at + 1 :]:
        if len(row) != len(names):
            raise ValueError(f"{path}: {len(row)} fields under {len(names)} names: {row}")
        yield {name: value.strip() for name, value in zip(names, row) if name}


def integer(text):
    digits = text.replace(",", "").replace("$", "").strip()
    return int(digits) if digits else None


def number(text):
    return float(text) if text else None


def read_places(folder):
    """(rows read, county_fips -> state, names, population, year and the seven measures)."""
    rows, counties = 0, {}
    for path in sorted(glob.glob(os.path.join(folder, "cdc_places", "*.csv*"))):
        for r in records(path):
            rows += 1
            if r["DataValueTypeID"] != "AgeAdjPrv" or r["MeasureId"] not in MEASURES:
                continue
            county = counties.setdefault(r["LocationID"].zfill(5), {})
            facts = {
                "state": r["StateAbbr"],
                "state_name": r["StateDesc"],
                "county_name": r["LocationName"],
                "population_2021": integer(r["TotalPopulation"]),
                "health_year": int(r["Year"]),
                r["MeasureId"].lower(): number(r["Data_Value"]),
            }
            for name, value in facts.items():
                if county.setdefault(name, value) != value:
                    raise ValueError(f"{path}: two values of {name} in {r['LocationID']}")
    return rows, counties


def read_population(folder):
    path = os.path.join(folder, "census_acs", "api_county_population_2015.csv")
    return {r["state"] + r["county"]: int(r["B01003_001E"]) for r in records(path)}


def read_economy(folder):
    """county_fips -> the columns that come from the two USDA files."""
    economy = {}
    path = os.path.join(folder, "usda_county", "poverty_2018.csv.gz")
    for r in records(path, "FIPStxt"):
        economy.setdefault(r["FIPStxt"], {})["poverty_rate"] = number(r["PCTPOVALL_2018"])
    path = os.path.join(folder, "usda_county", "unemployment_income_2007_2018.csv.gz")
    for r in records(path, "FIPS"):
        economy.setdefault(r["FIPS"], {}).update(
            median_income=integer(r["Median_Household_Income_2018"]),
            unemployment_rate=number(r["Unemployment_rate_2018"]),
            labor_force_2007=integer(r["Civilian_labor_force_2007"]),
        )
    return economy


def read_labor(folder):
    pattern = re.compile(
        r"CN\d+ +(\d\d) +(\d\d\d) +\S.*? +2015 +([\d,]+) +([\d,]+) +([\d,]+) +([\d.]+)"
    )
    labor = {}
    for line in text_of(os.path.join(folder, "bls_laus", "laucnty2015.txt.gz")).splitlines():
        if not line.startswith("CN"):
            continue
        state, county, force, employed, unemployed, rate = pattern.fullmatch(line).groups()
        labor[state + county] = {
            "labor_force_2015": integer(force),
            "employed_2015": integer(employed),
            "unemployed_2015": integer(unemployed),
            "unemployment_rate_2015": float(rate),
        }
    return labor


def read_air(folder):
    """(state name, county name) -> the columns that come from the AQI file."""
    bad = ["Unhealthy for Sensitive Groups", "Unhealthy", "Very Unhealthy", "Hazardous"]
    air = {}
    path = os.path.join(folder, "epa_aqi", "annual_aqi_by_county_2021.csv")
    for r in records(path):
        if r["Year"] != "2021":
            raise ValueError(f"{path}: a row of {r['Year']}")
        air[r["State"], r["County"]] = {
            "aqi_days_2021": int(r["Days with AQI"]),
            "aqi_good_days_2021": int(r["Good Days"]),
            "aqi_unhealthy_days_2021": sum(int(r[f"{kind} Days"]) for kind in bad),
            "aqi_median_2021": int(r["Median AQI"]),
        }
    return air


class Expected:
    """What the files say: `rows` are to be published, `quarantined` are to be set aside."""

    def __init__(self, example):
        self.folder = folder = os.path.join(example, "data")
        self.places_rows, self.counties = read_places(folder)
        population, economy = read_population(folder), read_economy(folder)
        labor, air = read_labor(folder), read_air(folder)
        names = {(c["state_name"], c["county_name"]) for c in self.counties.values()}
        states = {state for state, _ in names}
        self.air_lost = {key for key in air if key[0] in states} - names
        self.air_used = len(names & set(air))
        self.rows, self.quarantined = {}, set()
        for fips, county in self.counties.items():
            if fips not in population:
                self.quarantined.add(fips)
                continue
            cells = {
                **county,
                **economy.get(fips, {}),
                **labor.get(fips, {}),
                **air.get((county["state_name"], county["county_name"]), {}),
                "county_fips": fips,
                "population": population[fips],
                "population_year": 2015,
                "economy_year": 2018 if fips in economy else None,
            }
            self.rows[fips] = {name: cells.get(name) for name in COLUMNS}


# ---------------------------------------------------------------- what was published


def read_duckdb(path):
    with duckdb.connect(path, read_only=True) as connection:
        result = connection.execute(f"SELECT * FROM {TABLE}")
        names = [column[0] for column in result.description]
        return names, [dict(zip(names, row)) for row in result.fetchall()]


def read_parquet(path):
    table = pq.ParquetFile(path).read()
    return table.column_names, table.to_pylist()


def county_of(value, known):
    """The county_fips in one quarantined row, wherever the row keeps its payload."""
    if isinstance(value, dict):
        if value.get("county_fips") in known:
            return value["county_fips"]
        return next(filter(None, (county_of(v, known) for v in value.values())), None)
    if isinstance(value, (list, tuple)):
        if len(value) == 2 and value[0] == "county_fips":
            return value[1]
        return next(filter(None, (county_of(v, known) for v in value)), None)
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if not isinstance(value, str):
        return None
    try:
        parsed = json.loads(value)
        if isinstance(parsed, (dict, list)):
            return county_of(parsed, known)
    except ValueError:
        pass
    return next((c for c in re.findall(r"(?<!\d)\d{5}(?!\d)", value) if c in known), None)


# ---------------------------------------------------------------- the comparison


class Report:
    """Counts what passed and failed; prints each failure with its differences."""

    def __init__(self, silent=False):
        self.passed, self.failed, self.differences, self.silent = 0, 0, [], silent

    def check(self, what, differences):
        differences = list(differences)
        self.differences += differences
        self.passed += not differences
        self.failed += bool(differences)
        if self.silent:
            return
        print(f"{'FAIL' if differences else 'ok  '} {what}")
        for difference in differences[:DIFFERENCES_MAX]:
            print(f"       {difference}")
        if len(differences) > DIFFERENCES_MAX:
            print(f"       and {len(differences) - DIFFERENCES_MAX} more")

    def equal(self, what, expected, found):
        self.check(what, [] if expected == found else [f"expected {expected}, found {found}"])

    def close(self):
        print(f"{self.passed} passed, {self.failed} failed")
        return 1 if self.failed else 0


def same(expected, found):
    return type(expected) is type(found) and expected == found


def cell_differences(expected, rows):
    for row in rows:
        fips = row.get("county_fips")
        for name, cell in expected.get(fips, {}).items():
            if not same(cell, row.get(name)):
                yield f"{fips}.{name}: expected {cell!r}, published {row.get(name)!r}"


def check_files(report, folder):
    """The files are byte for byte those that data/LICENSES.md lists."""
    listed = re.findall(r"^\| `([^`]+)` \|.*\| `([0-9a-f]{64})` \|$", text_of(
        os.path.join(folder, "LICENSES.md")).split("## Source repositories")[0], re.MULTILINE)
    report.equal("inputs: files with a SHA-256", INPUT_FILES, len(listed))
    altered = []
    for name, digest in listed:
        with open(os.path.join(folder, *name.split("/")), "rb") as file:
            if hashlib.sha256(file.read()).hexdigest() != digest:
                altered.append(f"{name} is not the file that LICENSES.md lists")
    report.check("inputs: files unaltered", altered)


def check_inputs(report, expected):
    check_files(report, expected.folder)
    report.equal("inputs: rows of PLACES", PLACES_ROWS, expected.places_rows)
    report.equal("inputs: counties of PLACES", COUNTIES, len(expected.counties))
    report.equal("inputs: states", STATES, {c["state"] for c in expected.counties.values()})
    report.equal("inputs: counties to publish", PUBLISHED, len(expected.rows))
    report.equal("inputs: counties to set aside", QUARANTINED, expected.quarantined)
    report.equal("inputs: counties with air quality", AQI_COUNTIES, expected.air_used)
    report.equal("inputs: air quality that found no county", set(), expected.air_lost)
    report.check(
        "inputs: types of the expected cells",
        [
            f"{fips}.{name}: {cell!r} is no {COLUMNS[name].__name__}"
            for fips, row in expected.rows.items()
            for name, cell in row.items()
            if cell is not None and not isinstance(cell, COLUMNS[name])
        ],
    )


def check_output(report, kind, expected, names, rows):
    found = [row.get("county_fips") for row in rows]
    report.equal(f"{kind}: columns in order", list(COLUMNS), names)
    report.equal(f"{kind}: rows", PUBLISHED, len(rows))
    report.check(
        f"{kind}: each county once",
        [f"{fips} missing" for fips in sorted(set(expected) - set(found))]
        + [f"{fips} not expected" for fips in sorted(map(str, set(found) - set(expected)))]
        + [f"{fips} twice" for fips in sorted(set(f for f in found if found.count(f) > 1))],
    )
    report.check(
        f"{kind}: {len(expected) * len(COLUMNS)} cells", cell_differences(expected, rows)
    )


def check_quarantine(report, pattern, known):
    paths = sorted(glob.glob(pattern, recursive=True))
    report.check("quarantine: files", [] if paths else [f"no file matches {pattern}"])
    counties, reasons, repeated = set(), [], []
    for path in paths:
        rows = read_parquet(path)[1]
        here = [county_of(row, known) for row in rows]
        counties |= set(here)
        repeated += [f"{c} twice in {path}" for c in sorted(map(str, set(here)))
                     if list(map(str, here)).count(c) > 1]
        reasons += [f"{c} without not_null as the reason: {row}"
                    for c, row in zip(here, rows) if "not_null" not in str(row)]
    report.equal("quarantine: counties", QUARANTINED, counties)
    report.check("quarantine: each county once", repeated)
    report.check("quarantine: reason", reasons)


def compare(report, expected, duckdb_file, parquet_file, quarantine=None):
    check_inputs(report, expected)
    check_output(report, "duckdb", expected.rows, *read_duckdb(duckdb_file))
    check_output(report, "parquet", expected.rows, *read_parquet(parquet_file))
    if quarantine is not None:
        check_quarantine(report, quarantine, set(expected.counties))


# ---------------------------------------------------------------- the proof that it can fail


def other(name, cell):
    """A cell that is wrong by as little as the type allows."""
    if cell is None:
        return COLUMNS[name](0)
    if COLUMNS[name] is str:
        return cell[:-1] + chr(ord(cell[-1]) ^ 1)
    return cell + (1 if COLUMNS[name] is int else 1e-9)


def alterations(rows):
    """(what was done, how the difference must begin, the altered rows): one cell per column, a
    null for a value and a value for a null, a row less, twice, more."""

    def altered(at, name, cell):
        fips = rows[at]["county_fips"]
        named = f"{fips} missing" if name == "county_fips" else f"{fips}.{name}:"
        return f"{fips}.{name}", named, rows[:at] + [{**rows[at], name: cell}] + rows[at + 1 :]

    for i, name in enumerate(COLUMNS):
        at = (i * 37) % len(rows)
        yield altered(at, name, other(name, rows[at][name]))
    yield altered(0, "population", None)
    without_air = next(i for i, row in enumerate(rows) if row["aqi_days_2021"] is None)
    yield altered(without_air, "aqi_days_2021", 0)
    first, second = rows[0]["county_fips"], rows[1]["county_fips"]
    yield "a row missing", f"{first} missing", rows[1:]
    yield "a row twice", f"{first} twice", rows + rows[:1]
    yield "a row in another's place", f"{second} twice", rows[1:] + rows[1:2]
    yield "a row too many", "02063 not", rows + [{**rows[0], "county_fips": "02063"}]


def publish(rows, folder):
    """Writes rows as a run would: the DuckDB file and the Parquet file."""
    types = {str: pa.string(), int: pa.int64(), float: pa.float64()}
    schema = pa.schema([(name, types[kind]) for name, kind in COLUMNS.items()])
    paths = os.path.join(folder, "t.duckdb"), os.path.join(folder, "t.parquet")
    pq.write_table(pa.Table.from_pylist(rows, schema=schema), paths[1])
    with duckdb.connect(paths[0]) as connection:
        connection.execute(f"CREATE OR REPLACE TABLE {TABLE} AS FROM read_parquet(?)", [paths[1]])
    return paths


def set_aside(counties, reason, folder):
    path = os.path.join(folder, "quarantine.parquet")
    rows = [{"failed_checks": [reason], "raw": json.dumps({"county_fips": c})} for c in counties]
    pq.write_table(pa.Table.from_pylist(rows), path)
    return path


def tried(expected, files, aside):
    report = Report(silent=True)
    compare(report, expected, *files, aside)
    return report


def self_test(expected):
    """The unaltered table passes; each alteration fails by its name, in DuckDB and in Parquet."""
    report, good = Report(), list(expected.rows.values())
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as right:
        kept, aside = publish(good, right), set_aside(sorted(QUARANTINED), "not_null", right)
        report.equal("the unaltered table passes", 0, tried(expected, kept, aside).failed)
        for what, named, rows in alterations(good):
            altered = publish(rows, folder)
            for kind, files in (
                ("duckdb", (altered[0], kept[1])),
                ("parquet", (kept[0], altered[1])),
            ):
                found = tried(expected, files, aside)
                seen = found.failed > 0 and any(d.startswith(named) for d in found.differences)
                report.check(f"altered {kind}: {what}", [] if seen else [str(found.differences)])
        for what, counties, reason in (
            ("one county missing", ["02063"], "not_null"),
            ("one county too many", ["02063", "02066", "25001"], "not_null"),
            ("one county twice", ["02063", "02066", "02066"], "not_null"),
            ("another reason", ["02063", "02066"], "range"),
        ):
            found = tried(expected, kept, set_aside(counties, reason, folder))
            report.check(
                f"altered quarantine: {what}", [] if found.failed == 1 else ["it passed"]
            )
    return report.close()


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("example", help="the folder of the example")
    parser.add_argument("duckdb", nargs="?", help="the published DuckDB file")
    parser.add_argument("parquet", nargs="?", help="the published Parquet file")
    parser.add_argument("--quarantine", help="glob of the dataset's quarantine Parquet files")
    parser.add_argument("--self-test", action="store_true", help="prove that it can fail")
    arguments = parser.parse_args()
    expected = Expected(arguments.example)
    if arguments.self_test:
        return self_test(expected)
    if not arguments.duckdb or not arguments.parquet:
        parser.error("the DuckDB file and the Parquet file are needed")
    report = Report()
    compare(report, expected, arguments.duckdb, arguments.parquet, arguments.quarantine)
    return report.close()


if __name__ == "__main__":
    sys.exit(main())
