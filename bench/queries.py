"""Times Kerbwatt beside DuckDB on the same rows, checks that both give the same figures, and writes one table."""

import argparse
import datetime as dt
import json
import math
import os
import pathlib
import re
import shutil
import statistics
import subprocess
import sys
import time
import urllib.parse
import zoneinfo
from dataclasses import dataclass, field

import duckdb

from folders import KEY_FIGURES, measure_drop, measure_sizes
from server import Server, spread, timed

ROOT = pathlib.Path(__file__).resolve().parent.parent
ZONE = zoneinfo.ZoneInfo("Europe/London")
METRICS = ("sessions", "energy_kwh", "plugged_hours")
TOLERANCE = 1e-6
INTAKES = 15  # of each the median is told; one time in ten is disturbed


@dataclass
class Ask:
    """One query of the dashboard, over whole months unless days are cut off."""

    title: str
    by: tuple[str, ...] = ()
    where: dict[str, str] = field(default_factory=dict)
    bucket: str | None = None
    all_years: bool = False
    cut_days: int = 0
    figures: dict[str, str] = field(default_factory=dict)  # metrics with their SQL over sessions that start in the period
    is_raw: bool = False  # only single sessions can tell

    @property
    def metrics(self) -> tuple[str, ...]:
        return tuple(self.figures) or METRICS


GOAL_MS, GOAL_RATIO, GOAL_RAW, GOAL_ROWS = 25, 20, 1.2, 500_000  # the design's speed table


def goals(reached: dict[str, bool]) -> str:
    """Cell of a table: each goal in words, and whether it is reached."""
    return "; ".join(f"{words}: {'yes' if is_reached else '**no**'}" for words, is_reached in reached.items())


MEDIANS = {"energy_per_session_median": "median(kwh)", "duration_per_session_median": "median((e - s) / 60.0)"}


def asks(borough: str, operator: str, evse: str) -> list[Ask]:
    """Ten queries for a borough, an operator and an EVSE, two of them again over days that cut months, and three that only sessions answer."""
    return [
        Ask("Key figures, all of London, 12 months"),
        Ask("By borough, 12 months", by=("borough",)),
        Ask("By operator, 12 months", by=("operator",)),
        Ask("By month, all years", by=("month",), bucket="month", all_years=True),
        Ask("By day, 12 months", by=("day",), bucket="day"),
        Ask("Hour of the week, 12 months", by=("hour_of_week",), bucket="hour"),
        Ask("One borough by site, 12 months", by=("location",), where={"borough": borough}),
        Ask("One operator by EVSE, 12 months", by=("evse",), where={"operator": operator}),
        Ask("One EVSE by day, 12 months", by=("day",), where={"evse": evse}, bucket="day"),
        Ask("Power band by month, all years", by=("band", "month"), bucket="month", all_years=True),
        Ask("Hour of the week, 12 months less 9 days", by=("hour_of_week",), bucket="hour", cut_days=9),
        Ask("One borough by site, 12 months less 9 days", by=("location",), where={"borough": borough}, cut_days=9),
        Ask("Medians of a session by operator, 12 months", by=("operator",), figures=MEDIANS, is_raw=True),
        Ask("Medians of a session by site in one borough, 12 months", by=("location",), where={"borough": borough}, figures=MEDIANS, is_raw=True),
        Ask("One borough by site and hour of the day, 12 months", by=("location", "hour_of_day"), where={"borough": borough}, bucket="hour", is_raw=True),
    ]


def busiest(db: duckdb.DuckDBPyConnection, column: str) -> str:
    where = f"{column} IS NOT NULL AND {column} <> ''"
    return db.execute(f"SELECT {column} FROM sessions WHERE {where} GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1").fetchone()[0]


# --- Kerbwatt ---------------------------------------------------------------------------------------------------------


def path_of(ask: Ask, first: dt.date, last: dt.date) -> str:
    query = {"metric": ",".join(ask.metrics), **({"by": ",".join(ask.by)} if ask.by else {}), "from": first, "to": last, **ask.where}
    return "/query?" + urllib.parse.urlencode(query)


def figures_of(ask: Ask, body: bytes) -> dict:
    """Rows of an answer by what they are about."""
    def text(row: dict, name: str) -> str:
        value = row.get("power_band" if name == "band" and name not in row else name)
        return "" if value is None else str(value)

    return {tuple(text(row, name) for name in ask.by): [row[metric] or 0 for metric in ask.metrics] for row in json.loads(body)["rows"]}


# --- DuckDB -----------------------------------------------------------------------------------------------------------


def live_files(table: pathlib.Path) -> list[str]:
    """Parquet files of a Delta table's latest version."""
    logs = sorted((table / "_delta_log").glob("*.json"))
    if not logs or int(logs[0].stem) != 0:
        sys.exit(f"{table}: the log no longer begins at version 0; remove the folder and run again")
    live = {}
    for log in logs:
        for line in log.read_text().splitlines():
            action = json.loads(line)
            if "add" in action:
                live[action["add"]["path"]] = True
            if "remove" in action:
                live.pop(action["remove"]["path"], None)
    return [str(table / urllib.parse.unquote(path)) for path in live]


def instant(day: dt.date) -> int:
    """Epoch second at which a local day begins."""
    return int(dt.datetime(day.year, day.month, day.day, tzinfo=ZONE).timestamp())


def load_sessions(db: duckdb.DuckDBPyConnection, lake: pathlib.Path) -> None:
    """One flat table of raw sessions with the dimensions beside each row and local buckets worked out beforehand."""
    for name in ("sessions", "evses"):
        db.execute(f"CREATE VIEW lake_{name} AS SELECT * FROM read_parquet($files, hive_partitioning = true)".replace("$files", repr(live_files(lake / name))))
    versions, evses = db.execute("SELECT count(*), count(DISTINCT evse) FROM lake_evses").fetchone()
    if versions != evses:
        sys.exit("an EVSE has several register versions; the benchmark's flat table needs one")
    local = lambda column: f"({column} AT TIME ZONE 'Europe/London')"
    day = lambda column: f"date_diff('day', DATE '1970-01-01', {local(column)}::DATE)::INTEGER"
    month = lambda column: f"(year({local(column)}) * 12 + month({local(column)}) - 1)::INTEGER"
    db.execute(f"""
        CREATE TABLE sessions AS
        SELECT e.operator, e.evse_id AS evse, e.location, e.borough, e.band, s.energy_kwh AS kwh,
               epoch(s.plug_in)::BIGINT AS s, epoch(s.plug_out)::BIGINT AS e,
               epoch(least(coalesce(s.charging_end, s.plug_out), s.plug_out))::BIGINT AS c,
               {day('s.plug_in')} AS day_in, {day('s.plug_out')} AS day_out,
               {month('s.plug_in')} AS month_in, {month('s.plug_out')} AS month_out,
               (epoch(s.plug_in)::BIGINT // 3600)::INTEGER AS hour_in, (epoch(s.plug_out)::BIGINT // 3600)::INTEGER AS hour_out
        FROM lake_sessions s JOIN lake_evses e USING (evse)""")


def load_buckets(db: duckdb.DuckDBPyConnection) -> None:
    """Local days, months and hours with the epoch seconds at which they begin and end."""
    first, last = db.execute("SELECT min(day_in), max(day_out) FROM sessions").fetchone()
    days = [dt.date(1970, 1, 1) + dt.timedelta(number) for number in range(first - 1, last + 3)]
    months = sorted({day.replace(day=1) for day in days})
    hours = range(instant(days[0]) // 3600, instant(days[-1]) // 3600)
    local = [dt.datetime.fromtimestamp(hour * 3600, ZONE) for hour in hours]
    rows = {
        "day": [(first - 1 + at, str(day), instant(day), instant(days[at + 1])) for at, day in enumerate(days[:-1])],
        "month": [(one.year * 12 + one.month - 1, str(one)[:7], instant(one), instant(two)) for one, two in zip(months, months[1:] + [days[-1]])],
        "hour": [(hour, str(at.weekday() * 24 + at.hour), hour * 3600, hour * 3600 + 3600) for hour, at in zip(hours, local)],
    }
    for name, values in rows.items():
        db.execute(f"CREATE TABLE {name}s (number INTEGER, name VARCHAR, first BIGINT, last BIGINT)")
        list_of = lambda at: repr([value[at] for value in values])
        db.execute(f"INSERT INTO {name}s SELECT unnest({list_of(0)}), unnest({list_of(1)}), unnest({list_of(2)}), unnest({list_of(3)})")


def sql_of(ask: Ask, first: dt.date, last: dt.date) -> str:
    """The same figures from raw sessions: counted by start, time and energy clipped to period and bucket."""
    begin, end = instant(first), instant(last + dt.timedelta(1))
    if ask.figures:
        where = [f"s >= {begin}", f"s < {end}", *(f"{name} = '{value}'" for name, value in ask.where.items())]
        return f"SELECT {', '.join([*ask.by, *ask.figures.values()])} FROM sessions WHERE {' AND '.join(where)} GROUP BY {', '.join(ask.by)}"
    where = [f"s < {end}", f"(e > {begin} OR s >= {begin})", *(f"{name} = '{value}'" for name, value in ask.where.items())]
    source = f"SELECT * FROM sessions WHERE {' AND '.join(where)}"
    low, high, started = str(begin), str(end), f"s >= {begin} AND s < {end}"
    if ask.bucket:
        source = f"""SELECT p.*, greatest(b.first, {begin}) AS low, least(b.last, {end}) AS high, b.name AS bucket
            FROM (SELECT *, unnest(range({ask.bucket}_in, {ask.bucket}_out + 1)) AS number FROM ({source})) p
            JOIN {ask.bucket}s b USING (number) WHERE b.first < {end} AND b.last > {begin}"""
        low, high, started = "low", "high", "s >= low AND s < high"
    buckets = {"day": "bucket", "month": "bucket", "hour_of_week": "bucket", "hour_of_day": "(bucket::INTEGER % 24)::VARCHAR"}
    dimensions = [buckets.get(name, name) for name in ask.by]
    part = lambda stop: f"greatest(least({stop}, {high}) - greatest(s, {low}), 0)"
    columns = [
        f"count(*) FILTER ({started})",
        f"coalesce(sum(CASE WHEN c <= s THEN CASE WHEN {started} THEN kwh ELSE 0 END ELSE kwh * {part('c')} / (c - s) END), 0)",
        f"coalesce(sum({part('e')}) / 3600.0, 0)",
    ]
    group = f" GROUP BY {', '.join(dimensions)}" if dimensions else ""
    return f"SELECT {', '.join([*dimensions, *columns])} FROM ({source}){group}"


def compare(ask: Ask, ours: dict, rows: list[tuple]) -> None:
    """Ends the run where a figure differs by more than one part in a million."""
    size = len(ask.by)
    theirs = {tuple("" if value is None else str(value) for value in row[:size]): [float(value or 0) for value in row[size:]] for row in rows}
    for key in ours.keys() | theirs.keys():
        nothing = [0] * len(ask.metrics)
        for metric, a, b in zip(ask.metrics, ours.get(key, nothing), theirs.get(key, nothing)):
            if not math.isclose(a, b, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
                sys.exit(f"{ask.title}: {metric} of {key}: Kerbwatt says {a}, DuckDB says {b}")


# --- Measuring --------------------------------------------------------------------------------------------------------


def months_on(day: dt.date, months: int) -> dt.date:
    """The first of the month so many months on."""
    number = day.year * 12 + day.month - 1 + months
    return dt.date(number // 12, number % 12 + 1, 1)


def period_of(ask: Ask, run: int, start: dt.date, final: dt.date) -> tuple[dt.date, dt.date]:
    """Each run goes back by one more month, up to a year."""
    after = months_on(final + dt.timedelta(1), -(run % 12))
    first = start if ask.all_years else months_on(after, -12)
    return first, after - dt.timedelta(1 + ask.cut_days)


def measure_queries(server: Server, db: duckdb.DuckDBPyConnection, runs: int) -> list[str]:
    data = json.loads(server.get("/catalogue"))["data"]
    start, final = (dt.date.fromisoformat(data[name]) for name in ("first_day", "last_day"))
    lines = []
    for ask in asks(*(busiest(db, column) for column in ("borough", "operator", "evse"))):
        ours, theirs = [], []
        for run in range(runs + 1):
            first, last = period_of(ask, run, start, final)
            a, body = timed(lambda: server.get(path_of(ask, first, last)))
            b, rows = timed(lambda: db.execute(sql_of(ask, first, last)).fetchall())
            compare(ask, figures_of(ask, body), rows)
            if run > 0:  # The first run warms both up.
                ours.append(a)
                theirs.append(b)
        (a, a95), (b, b95) = spread(ours), spread(theirs)
        of_views = {f"p95 ≤ {GOAL_MS} ms": a95 <= GOAL_MS, f"≥ {GOAL_RATIO} ×": b / a >= GOAL_RATIO}
        reached = goals({f"≤ {GOAL_RAW} × DuckDB’s time": a <= GOAL_RAW * b} if ask.is_raw else of_views)
        lines.append(f"| {ask.title} | {a:.1f} ms, p95 {a95:.1f} ms | {b:.1f} ms, p95 {b95:.1f} ms | {b / a:.1f} × | {reached} |")
        print(lines[-1], file=sys.stderr)
    return lines


def views(server: Server) -> list:
    """The queries that rollups answer, for another folder: title, and path of a run."""
    data = json.loads(server.get("/catalogue"))["data"]
    start, final = (dt.date.fromisoformat(data[name]) for name in ("first_day", "last_day"))

    def most(by: str) -> str:
        rows = json.loads(server.get(f"/query?metric=energy_kwh&by={by}&from={start}&to={final}"))["rows"]
        return max((row for row in rows if row[by]), key=lambda row: row["energy_kwh"] or 0)[by]

    path = lambda ask: lambda run: path_of(ask, *period_of(ask, run, start, final))
    shown = [ask for ask in asks(most("borough"), most("operator"), "") if not ask.is_raw and "evse" not in ask.where]
    # A site over a cut month takes single sessions.
    return [(ask.title, path(ask)) for ask in shown if not (ask.cut_days and "location" in ask.by)]


def measure_intake(kerbwatt: str, db: duckdb.DuckDBPyConnection, folder: pathlib.Path, rows: int) -> str:
    """One large return of the last quarter in Kerbwatt's layout: checked, apportioned and rolled up here, read into a table there."""
    quarter = "plug_in > (SELECT max(plug_in) - INTERVAL 90 DAY FROM lake_sessions)"
    file, register, data = folder / "large.csv", folder / "large-register.csv", folder / "intake"
    text = lambda column: f"strftime({column} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ')"
    uid = "replace(e.evse_id, ':', '-')"
    db.execute(f"""COPY (SELECT 'n' || row_number() OVER () AS session_id, {uid} AS evse, {uid} AS device, '1' AS connector,
        {text('plug_in')} AS plug_in, {text('plug_out')} AS plug_out, {text('charging_end')} AS charging_end,
        round(energy_kwh, 3) AS energy_kwh, round(fee_pence)::INTEGER AS fee_pence, NULL AS driver
        FROM lake_sessions s JOIN lake_evses e USING (evse) WHERE {quarter} LIMIT {rows}) TO '{file}' (HEADER)""")
    db.execute(f"""COPY (SELECT {uid} AS evse, {uid} AS device, replace(location, ':', '-') AS location, location_name, NULL AS address,
        NULL AS postcode, latitude, longitude, siting, rated_kw, "current", NULL AS connectors, live_first AS commissioned, NULL AS decommissioned
        FROM lake_evses e WHERE registered) TO '{register}' (HEADER)""")
    first, last = db.execute(f"SELECT min(plug_in)::DATE, max(plug_in)::DATE FROM lake_sessions WHERE {quarter}").fetchone()
    shutil.rmtree(data, ignore_errors=True)
    to = ["--data", str(data), "--operator", "gb-big"]
    period = ["--period", f"{first}..{last}", "--json"]
    run = lambda *command: subprocess.run([kerbwatt, *map(str, command)], check=True, capture_output=True, text=True).stdout
    checks, lakes, figures, theirs = [], [], [], []
    for _ in range(INTAKES):
        run("register", "import", register, *to)
        checks.append(timed(lambda: run("check", file, *period))[0])
        whole, answer = timed(lambda: run("submit", file, *to, *period, "--accept"))
        result = json.loads(answer)
        lakes.append(result["seconds"]["in_lake"])
        figures.append(whole)
        read_csv = f"CREATE OR REPLACE TABLE large AS SELECT * FROM read_csv('{file}')"
        theirs.append(timed(lambda: db.execute(read_csv))[0])
        shutil.rmtree(data)
    count = db.execute("SELECT count(*) FROM large").fetchone()[0]
    if result["rows_read"] != count:
        sys.exit(f"intake: Kerbwatt read {result['rows_read']} rows, DuckDB {count}")
    size, cores = file.stat().st_size, len(os.sched_getaffinity(0))
    db.execute("DROP TABLE large")
    duck = statistics.median(theirs)
    say = lambda seconds: f"{seconds:.2f} s: {count / seconds / cores:,.0f} rows/s a core, {size / seconds / 1e6:.0f} MB/s"
    reached = lambda seconds: goals({f"≥ {GOAL_ROWS:,} rows/s a core": count / seconds / cores >= GOAL_ROWS, "≥ 1 ×": duck >= seconds})
    line = lambda title, seconds, goal: f"| {title} | {say(seconds)} | {say(duck)} | {duck / seconds:.2f} × | {goal(seconds)} |"
    return "\n".join([
        line(f"Checking {count:,} rows, {size / 1e6:.0f} MB", statistics.median(checks), lambda _: ""),
        line("The same rows checked and in the lake", statistics.median(lakes), reached),
        line("The same rows in the figures, rollups included", statistics.median(figures), reached),
    ])


def machine() -> str:
    cpu = re.search(r"model name\s*: (.+)", pathlib.Path("/proc/cpuinfo").read_text())
    memory = int(re.search(r"MemTotal:\s+(\d+)", pathlib.Path("/proc/meminfo").read_text())[1]) / 1024**2
    return f"{len(os.sched_getaffinity(0))} cores ({cpu[1] if cpu else 'unnamed'}), {memory:.0f} GiB of memory"


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("kerbwatt", "size", "data"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("runs", "rows"):
        parser.add_argument(f"--{name}", type=int, required=True)
    given = parser.parse_args()
    folder = pathlib.Path(given.data)
    sample = folder / "sample"
    Server(given.kerbwatt, "demo", "--size", given.size, "--data", str(sample)).stop()

    (folder / "duck.db").unlink(missing_ok=True)
    db = duckdb.connect(str(folder / "duck.db"))
    load_sessions(db, sample / "lake")
    load_buckets(db)
    sessions = db.execute("SELECT count(*) FROM sessions").fetchone()[0]
    evses = db.execute("SELECT count(*) FROM lake_evses").fetchone()[0]

    server = Server(given.kerbwatt, "serve", "--data", str(sample))
    server.get(KEY_FIGURES)
    ready = time.perf_counter() - server.begun
    lines = measure_queries(server, db, given.runs)
    now, peak = server.memory()
    server.stop()
    intake = measure_intake(given.kerbwatt, db, folder, given.rows)
    drops = measure_drop(given.kerbwatt, db, sample, folder) if given.size == "london" else []
    sizes = measure_sizes(given.kerbwatt, db, sample, folder, views, given.runs, live_files) if given.size == "london" else ""
    write(given, sessions, evses, sizes, [intake, *drops, *lines, f"| Start to first answer | {ready:.2f} s | | | {goals({'≤ 1 s': ready <= 1})} |", f"| Memory of the server | {now:.0f} MiB, at most {peak:.0f} MiB | | | {goals({'≤ 1 GB': peak * 1.048576 <= 1000})} |"])


def write(given: argparse.Namespace, sessions: int, evses: int, sizes: str, lines: list[str]) -> None:
    table = "\n".join([f"| | Kerbwatt | DuckDB {duckdb.__version__} | DuckDB’s time ÷ Kerbwatt’s | Goal |", "|---|---|---|---|---|", *lines])
    text = (ROOT / "bench" / "benchmarks.md.in").read_text()
    again = "make bench" if given.size == "london" else f"BENCH_SIZE={given.size} make bench"
    for name, value in {"SAMPLE": f"{given.size}: {sessions:,} sessions of {evses:,} EVSEs", "MACHINE": machine(), "RUNS": str(given.runs), "AGAIN": again, "TABLE": table, "SIZES": f"The views at other sizes:\n\n{sizes}" if sizes else ""}.items():
        text = text.replace(f"@{name}@", value)
    target = ROOT / "docs" / "benchmarks.md"
    target.parent.mkdir(exist_ok=True)
    target.write_text(text)
    print(table, sizes, sep="\n\n")


main()
