"""Checks of single rows in plain Python: what each must set aside, written without a look at Leat's
code."""
import datetime
import decimal
import ipaddress
import json
import math
import re

import tables
from arithmetic import is_nan, total
from cases import Ready, RowCase

FINITE_BIG = [0, 1, -1, 5, 100]


def of_one(kind, column, options, fails, null_fails=False):
    def judge(row):
        return null_fails if row[column] is None else fails(row[column])
    return RowCase(kind, [column], options, judge)


def range_case(rng):
    column = rng.choice(["i", "k", "d", "m", "day", "at"])
    pool = {"i": FINITE_BIG, "k": FINITE_BIG, "d": [0.0, 1.0, -1.0, 0.1, 2.5],
            "m": tables.DECIMALS, "day": tables.DAYS + [datetime.date(2024, 1, 27)],
            "at": tables.TIMES + [datetime.datetime(2024, 2, 1)]}[column]
    low, high = sorted((rng.choice(pool), rng.choice(pool)), key=total)
    options = {"exclusive": rng.random() < 0.3}
    if rng.random() < 0.8:
        options["min"] = str(low)
    if rng.random() < 0.8 or "min" not in options:
        options["max"] = str(high)

    def fails(value):
        v, exclusive = total(value), options["exclusive"]
        below = "min" in options and (v < total(low) or exclusive and v == total(low))
        return below or "max" in options and (v > total(high) or exclusive and v == total(high))
    return of_one("range", column, options, fails)


def sign_case(rng, kind):
    positive = kind == "positive"
    column = rng.choice(["i", "k", "d", "m"])
    return of_one(kind, column, {},
                  lambda v: not (v > 0 if positive else v >= 0))


def values_case(rng, kind):
    column = rng.choice(["i", "s", "m", "day"])
    pool = {"i": tables.BIGINTS, "s": tables.TEXTS, "m": tables.DECIMALS, "day": tables.DAYS}[column]
    values = rng.sample(pool, rng.randrange(1, min(len(pool), 12)))
    refused = kind == "not_accepted_values"
    return of_one(kind, column,
                  {"values": [str(v) for v in values]}, lambda v: (v in values) == refused)


def pattern_case(rng, kind):
    pattern = rng.choice(["^[a-z]+$", "a", "^$", "[^a-z]", "^.{1,3}$", "b|日", "(?i)^A"])
    flags = re.IGNORECASE if pattern.startswith("(?i)") else 0
    plain = re.compile(pattern.replace("(?i)", "").replace("$", r"\Z"), flags)
    refused = kind == "not_pattern"
    return of_one(kind, "s", {"regex": pattern},
                  lambda v: (plain.search(v) is not None) == refused)


def length_case(rng):
    low, high = sorted((rng.randrange(0, 13), rng.randrange(0, 30)))
    options = rng.choice([{"min": low}, {"max": high}, {"min": low, "max": high}, {"equal": low}])

    def fails(value):
        if "equal" in options:
            return len(value) != options["equal"]
        return len(value) < options.get("min", 0) or len(value) > options.get("max", 10**9)
    return of_one("length", "s", options, fails)


def number_in(text):
    if not re.fullmatch(r"\s*[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?\s*", text):
        return None
    return decimal.Decimal(text.strip())


def whole_in(text, rounded):
    number = number_in(text)
    if number is None or not rounded and (re.search("[eE]", text) or number != int(number)):
        return False
    return -2**63 <= number.to_integral_value(decimal.ROUND_HALF_UP) < 2**63


def is_day(text):
    try:
        return bool(re.fullmatch(r"\d{4}-\d\d-\d\d", text)) and bool(
            datetime.date.fromisoformat(text))
    except ValueError:
        return False


def cast_case(rng, kind):
    lossless = kind == "type"
    if rng.random() < 0.5:
        return of_one(kind, "w", {"type": "bigint"}, lambda v: not whole_in(v, not lossless))
    if lossless:
        return of_one(kind, "d", {"type": "int"}, lambda v: not (
            math.isfinite(v) and v == int(v) and -2**31 <= v < 2**31))
    return of_one(kind, "w", {"type": "double"},
                  lambda v: number_in(v) is None and v not in ("nan", "Infinity"))


def is_ip(text, make):
    try:
        return "%" not in text and bool(make(text))
    except ValueError:
        return False


def is_json(text):
    def refuse(name):
        raise ValueError(name)
    try:
        json.loads(text, parse_constant=refuse)
        return True
    except ValueError:
        return False


FORMATS = {
    "date": is_day,
    "ipv4": lambda t: is_ip(t, ipaddress.IPv4Address),
    "ipv6": lambda t: is_ip(t, ipaddress.IPv6Address),
    "ip": lambda t: is_ip(t, ipaddress.ip_address),
    "json": is_json,
    "time": lambda t: bool(re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", t)),
    "month": lambda t: bool(re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])", t)),
    "email": lambda t: t == "a.b@example.org",
    "url": lambda t: t.startswith("https://"),
    "uuid": lambda t: t.count("-") == 4 and len(t) == 36,
    "country": lambda t: t == "DE",
    "country_alpha3": lambda t: t == "DEU",
    "currency": lambda t: t == "EUR",
    "zip": lambda t: bool(re.fullmatch(r"\d{5}(-\d{4})?", t)),
    "phone": lambda t: t == "+14155552671",
    "semver": lambda t: t in ("1.2.3", "1.2.3-rc.1+b"),
    "fips_state": lambda t: t == "25",
    "fips": lambda t: t in ("25", "25001", "02139"),
}


def format_case(rng):
    name = rng.choice(sorted(FORMATS))
    return of_one("format", "w", {"format": name}, lambda v: not FORMATS[name](v))


def expression_case(rng):
    bound = rng.choice([0, 1, 3])

    def fails(row):
        i, s = row["i"], row["s"]
        left = None if i is None else i >= bound
        right = None if s is None else s.encode() < b"b"
        return (left, right) in ((False, False),)
    sql = f"i >= {bound} OR s < 'b'"
    return RowCase("expression", [], {"sql": sql}, fails, about=sql)


def ohlc_case(rng):
    """Low is the least and high the greatest of four prices above 0; the volume is 0 or more."""
    prices = dict(zip(("open", "high", "low", "close"), ("o", "h_pct", "l_count", "d")))
    if rng.random() < 0.2:
        prices["close"] = "m"

    def above(lower, upper):
        def fails(row):
            both = row[lower] is not None and row[upper] is not None
            return both and total_of(row[lower]) > total_of(row[upper])
        return [lower, upper], fails, f"{lower} <= {upper}"

    def below_zero(column, sign, least):
        def fails(row):
            return row[column] is not None and not (row[column] > 0 if least else row[column] >= 0) \
                and not is_nan(row[column])
        return [column], fails, f"{column} {sign} 0"

    open_, high, low, close = prices.values()
    parts = [above(*pair) for pair in ((low, high), (open_, high), (close, high), (low, open_),
                                       (low, close))]
    parts += [below_zero(column, ">", True) for column in prices.values()]
    options = dict(prices)
    if rng.random() < 0.7:
        options["volume"] = "k"
        parts.append(below_zero("k", ">=", False))
    return Ready("ohlc", options, parts)


def total_of(value):
    """Numbers of several types in one order."""
    return total(float(value))


def measures_case(rng):
    """By their names: h_pct lies within 0 and 100, l_count is 0 or more, no other says anything."""
    options = rng.choice([{}, {"columns": ["*"]}, {"except": ["o"]}, {"columns": ["h_pct"]},
                          {"except": ["l_count"]}])
    parts = [(["h_pct"], lambda row: row["h_pct"] is not None
              and (is_nan(row["h_pct"]) or not 0 <= row["h_pct"] <= 100), "h_pct")]
    if "l_count" not in options.get("except", []) and options.get("columns") != ["h_pct"]:
        parts.append((["l_count"], lambda row: row["l_count"] is not None
                      and row["l_count"] < 0, "l_count"))
    return Ready("measures", options, parts)


def cases(rng):
    """One case of each check; a part of them judge some rows only."""
    made = [of_one("not_null", rng.choice(list(tables.TYPES)), {}, lambda v: False, True),
            of_one("not_empty", "s", {}, lambda v: not v.strip(" \t\n\v\f\r"), True)]
    made += [make(rng) for make in (range_case, length_case, format_case, expression_case)]
    made += [sign_case(rng, kind) for kind in ("positive", "non_negative")]
    made += [values_case(rng, kind) for kind in ("accepted_values", "not_accepted_values")]
    made += [pattern_case(rng, kind) for kind in ("pattern", "not_pattern")]
    made += [cast_case(rng, kind) for kind in ("castable", "type")]
    made += [ohlc_case(rng), measures_case(rng)]
    for case in made:
        if rng.random() < 0.3:
            case.only_where("k > 0 -- some", lambda row: row["k"] is not None and row["k"] > 0)
    return made
