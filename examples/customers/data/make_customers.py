#!/usr/bin/env python3
"""Writes the three exports of this example again, byte for byte. Nobody in them exists."""
import datetime
import pathlib
import random

FIRST = ["ada", "Grace", "ALAN", "edsger", "Barbara", "donald", "Radia", "ken", "Frances", "tony"]
LAST = ["Lovelace", "hopper", "TURING", "Dijkstra", "liskov", "Knuth", "Perlman", "thompson"]
CITIES = ["Oslo", "bern ", " KYIV", "new  york", "", "Porto", "  ", "rome"]
SEGMENTS = ["retail", "Wholesale ", "", "PUBLIC", "retail"]
HEADER = "Customer No;Full Name;E-Mail;Phone;City;Segment;Credit Limit;Signed Up;Updated"


def row(chance, number, day):
    first, last = chance.choice(FIRST), chance.choice(LAST)
    name = chance.choice(["{} {}", "  {}   {} ", "{} {}  "]).format(first, last)
    email = f"{first}.{last}{number}@Example.ORG"
    email = chance.choice([email, email.upper(), f" {email} ", "not-an-address" if number % 50 == 0
                           else email])
    digits = f"{chance.randrange(10**9, 10**10)}"
    phone = chance.choice([digits, f"({digits[:3]}) {digits[3:6]}-{digits[6:]}", f"+1 {digits}", "n/a"])
    credit = chance.choice([f"{chance.randrange(0, 9_999_999) / 100:,.2f}", "", "0"])
    signed = datetime.date(2020, 1, 1) + datetime.timedelta(days=number % 900)
    signed = f"{signed:%d/%m/%Y}" if number % 61 else "31/02/2023"
    updated = datetime.datetime.combine(day, datetime.time()) + datetime.timedelta(
        seconds=chance.randrange(86_400))
    return ";".join([chance.choice([f"C-{number:05}", f" c{number}", f"{number}"]), name, email, phone,
                     chance.choice(CITIES), chance.choice(SEGMENTS), credit, signed,
                     f"{updated:%Y-%m-%d %H:%M:%S}"])


def main():
    chance = random.Random(20240101)
    folder = pathlib.Path(__file__).parent
    for month, numbers in ((1, range(1, 401)), (2, range(200, 501)), (3, range(1, 601, 2))):
        day = datetime.date(2024, month, 1)
        lines = []
        for number in numbers:
            lines += [row(chance, number, day) for _ in range(chance.choice([1, 1, 1, 2, 3]))]
        chance.shuffle(lines)
        (folder / f"customers_2024-{month:02}.csv").write_text("\n".join([HEADER, *lines]) + "\n")


if __name__ == "__main__":
    main()
