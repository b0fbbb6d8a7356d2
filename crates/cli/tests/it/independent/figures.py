#!/usr/bin/env python3
"""Reads the real files of sessions with nothing but the standard library, and writes the figures that a test compares with the program's.

    python3 figures.py FOLDER_OF_REAL_FILES > figures.json

It shares no code with Kerbwatt. What it takes for a session is written out below: energy from 0 to 1,000 kWh, an end that is not
before the start, and no row twice. Wall clock times are taken as they stand: within these files no session lies over a night in
which the clocks change and over the end of a month at the same time, so hours by month come out the same.
"""

import csv
import json
import sys
from collections import defaultdict
from datetime import datetime, timedelta
from itertools import chain
from pathlib import Path


def month_of(moment):
    return moment.strftime("%Y-%m")


def parts(start, end):
    """Month and seconds of each part of a session that falls in one month."""
    at = start
    while True:
        following = (at.replace(day=1, hour=0, minute=0, second=0) + timedelta(days=32)).replace(day=1)
        until = min(end, following)
        yield month_of(at), (until - at).total_seconds()
        at = until
        if at >= end:
            return


def dundee(path):
    with open(path, newline="", encoding="utf-8") as file:
        rows = list(csv.reader(file))
    head = [name.strip() for name in rows[0]]
    column = {name: head.index(name) for name in head if name}
    for row in rows[1:]:
        cell = lambda name: row[column[name]].strip()
        try:
            kwh = float(cell("Total kWh"))
            start = datetime.strptime(cell("Start Date") + " " + cell("Start Time"), "%d/%m/%Y %H:%M")
            end = datetime.strptime(cell("End Date") + " " + cell("End Time"), "%d/%m/%Y %H:%M")
        except ValueError:
            continue
        if 0 <= kwh <= 1000 and end >= start:
            driver = cell("User ID") if "User ID" in column else ""
            yield start, end, kwh, driver, float(cell("Cost")) if cell("Cost") else None


def boulder(path):
    seen = set()
    with open(path, newline="", encoding="utf-8-sig") as file:
        reader = csv.reader(file, delimiter=";")
        next(reader)
        for row in reader:
            station, date, time = row[0].strip(), row[5].strip(), row[6].strip()
            minutes, kwh = row[7].strip().replace(",", ""), row[8].strip()
            if not minutes.isdigit():
                continue
            # The month stands first, also where it looks like DD/MM/YYYY: read the other way, three days of each month of 2020
            # would have sessions, and none any other, while the file is of January 2018 to March 2020.
            month, day, year = (int(number) for number in date.split("/"))
            clock = datetime.strptime(time, "%I:%M %p")
            start = datetime(year, month, day, clock.hour, clock.minute)
            key = (station, start, minutes, kwh)
            if key not in seen:
                seen.add(key)
                yield start, start + timedelta(minutes=int(minutes)), float(kwh), "", None


def figures(sessions):
    months = defaultdict(lambda: {"sessions": 0, "energy_kwh": 0.0, "plugged_hours": 0.0, "pence": None, "drivers": set()})
    for start, end, kwh, driver, pounds in sessions:
        own = months[month_of(start)]
        own["sessions"] += 1
        if pounds is not None:
            own["pence"] = (own["pence"] or 0) + 100 * pounds
        if driver:
            own["drivers"].add(driver)
        length = (end - start).total_seconds()
        for month, seconds in parts(start, end):
            months[month]["plugged_hours"] += seconds / 3600
            months[month]["energy_kwh"] += kwh * (seconds / length if length else 1)
    return {
        month: {
            "sessions": found["sessions"],
            "energy_kwh": round(found["energy_kwh"], 6),
            "plugged_hours": round(found["plugged_hours"], 6),
            "revenue_gbp": None if found["pence"] is None else round(found["pence"] / 100, 6),
            "unique_drivers": len(found["drivers"]) or None,
        }
        for month, found in sorted(months.items())
    }


def main():
    folder = Path(sys.argv[1]) / "sessions"
    dundees = chain.from_iterable(dundee(folder / f"dundee-{months}.csv") for months in ("2017-12-to-2018-03", "2018-06-to-09"))
    both = {
        "gb-dcc": figures(dundees),
        "us-bou": figures(boulder(folder / "boulder-2018-to-2020.csv")),
    }
    json.dump(both, sys.stdout, indent=1)
    print()


if __name__ == "__main__":
    main()
