#!/usr/bin/env python3
"""Writes data/*.csv: made-up daily prices with seeded faults, a second vendor's closes, and a backup
of the prices without faults.

Deterministic: the same files on every machine. Nothing here is a real price.

    generate.py [FOLDER]
"""

import csv
import datetime
import os
import random
import sys

SYMBOLS = {"ALFA": 41.0, "BRVO": 87.5, "CHRL": 12.4, "DLTA": 230.0, "ECHO": 64.2, "FXTR": 18.9,
           "GOLF": 145.0, "HOTL": 33.3}
FIRST, LAST = datetime.date(2024, 1, 2), datetime.date(2024, 6, 28)
# How many rows get which fault; no row gets two.
FAULTS = {"high_below_low": 4, "close_above_high": 6, "zero_low": 3, "negative_volume": 5,
          "no_close": 7, "unreadable": 2, "twice": 9, "weekend": 3, "stranger": 4, "spike": 2}


def trading_days():
    day = FIRST
    while day <= LAST:
        if day.weekday() < 5:
            yield day
        day += datetime.timedelta(days=1)


def cents(value):
    return f"{value:.2f}"


def true_rows(dice):
    for symbol, price in SYMBOLS.items():
        for day in trading_days():
            opening = price
            price = max(1.0, price * (1 + dice.gauss(0.0003, 0.012)))
            high = max(opening, price) * (1 + abs(dice.gauss(0, 0.004)))
            low = min(opening, price) * (1 - abs(dice.gauss(0, 0.004)))
            yield {"date": day.isoformat(), "symbol": symbol, "open": cents(opening),
                   "high": cents(high), "low": cents(low), "close": cents(price),
                   "volume": str(dice.randrange(200_000, 900_000))}


def spoil(row, fault):
    bad = dict(row)
    if fault == "high_below_low":
        bad["high"], bad["low"] = cents(float(row["low"]) - 0.5), row["high"]
    elif fault == "close_above_high":
        bad["close"] = cents(float(row["high"]) + 1)
    elif fault == "zero_low":
        bad["low"] = "0.00"
    elif fault == "negative_volume":
        bad["volume"] = "-" + row["volume"]
    elif fault == "no_close":
        bad["close"] = ""
    elif fault == "unreadable":
        bad["open"] = "n/a"
    elif fault == "weekend":
        day = datetime.date.fromisoformat(row["date"])
        bad["date"] = (day + datetime.timedelta(days=5 - day.weekday())).isoformat()
    elif fault == "stranger":
        bad["symbol"] = "ZZZZ"
    elif fault == "spike":
        for name in ("open", "high", "low", "close"):
            bad[name] = cents(float(row[name]) * 40)
    return bad


def write(path, rows):
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def main(folder):
    dice = random.Random(20240102)
    rows = list(true_rows(dice))
    chosen = dice.sample(range(len(rows)), sum(FAULTS.values()))
    faults, at = {}, 0
    for fault, count in FAULTS.items():
        for index in chosen[at : at + count]:
            faults[index] = fault
        at += count
    prices = []
    for index, row in enumerate(rows):
        fault = faults.get(index)
        prices.append(spoil(row, fault) if fault else row)
        if fault == "twice":
            prices.append(dict(row))
    reference = [{"date": r["date"], "symbol": r["symbol"],
                  "close": cents(float(r["close"]) * (1 + dice.uniform(-0.001, 0.001)))}
                 for r in rows if dice.random() < 0.97]
    dice.shuffle(reference)
    write(os.path.join(folder, "prices.csv"), prices)
    write(os.path.join(folder, "reference.csv"), reference)
    write(os.path.join(folder, "backup.csv"), rows)


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else
         os.path.join(os.path.dirname(os.path.abspath(__file__)), "data"))
