"""Folders made from the sample: some that take a quarter's return in, and some of other sizes."""

import datetime as dt
import json
import os
import pathlib
import re
import shutil
import sqlite3
import statistics
import subprocess
import urllib.parse

import duckdb

from server import Server, spread, timed

KEY_FIGURES = "/metrics?metric=sessions,energy_kwh,utilisation_time,evses,evses_unused&compare=1"
DROPS = 5  # of each the median is told
LONDONS = (1 / 33, 4 / 33, 1, 11)  # boroughs of 33, and how often all of them


def copied(sample: pathlib.Path, target: pathlib.Path, parts: tuple[str, ...]) -> None:
    """A copy of a data folder, whose large parts share their files with it: they are never changed."""
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    for part in parts:
        shutil.copytree(sample / part, target / part, copy_function=os.link)
    for file in sample.iterdir():
        if file.is_file():
            shutil.copy2(file, target)


def a_quarter(db: duckdb.DuckDBPyConnection, file: pathlib.Path, rows: int) -> tuple[str, str]:
    """Writes the busiest operator's last sessions as if they were of the three months after; gives the operator and the period."""
    operator = db.execute("SELECT operator FROM sessions GROUP BY 1 ORDER BY count(*) DESC, 1 LIMIT 1").fetchone()[0]
    text = lambda column: f"strftime(({column} + INTERVAL 3 MONTH) AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ')"
    db.execute(f"""COPY (SELECT 'q' || row_number() OVER () AS session_id, split_part(evse_id, ':', 2) AS evse,
        split_part(device, ':', 2) AS device, '1' AS connector, {text('plug_in')} AS plug_in, {text('plug_out')} AS plug_out,
        {text('charging_end')} AS charging_end, round(energy_kwh, 3) AS energy_kwh, round(fee_pence)::INTEGER AS fee_pence, NULL AS driver
        FROM lake_sessions s JOIN lake_evses e USING (evse) WHERE e.operator = '{operator}'
        AND plug_in > (SELECT max(plug_in) - INTERVAL 90 DAY FROM lake_sessions) LIMIT {rows}) TO '{file}' (HEADER)""")
    first, last = db.execute(f"SELECT min(plug_in)::DATE, max(plug_in)::DATE FROM '{file}'").fetchone()
    return operator, f"{first}..{last}"


def register_of(db: duckdb.DuckDBPyConnection, operator: str, file: pathlib.Path) -> None:
    uid = lambda column: f"split_part({column}, ':', 2)"
    db.execute(f"""COPY (SELECT {uid('evse_id')} AS evse, {uid('device')} AS device, {uid('location')} AS location, location_name, NULL AS address,
        NULL AS postcode, latitude, longitude, siting, rated_kw, "current", NULL AS connectors, live_first AS commissioned, NULL AS decommissioned
        FROM lake_evses e WHERE registered AND operator = '{operator}') TO '{file}' (HEADER)""")


def of_last_year(kerbwatt: str, db: duckdb.DuckDBPyConnection, data: pathlib.Path, folder: pathlib.Path) -> None:
    """A data folder that holds the sample's last year: the same city with a fifth of the history."""
    shutil.rmtree(data, ignore_errors=True)
    last = db.execute("SELECT max(plug_in)::DATE FROM lake_sessions").fetchone()[0]
    first = (last - dt.timedelta(days=364)).isoformat()
    text = lambda column: f"strftime({column} AT TIME ZONE 'UTC', '%Y-%m-%dT%H:%M:%SZ')"
    file = folder / "year.csv"
    for (operator,) in db.execute("SELECT DISTINCT operator FROM lake_evses ORDER BY 1").fetchall():
        to = ["--data", str(data), "--operator", operator]
        register_of(db, operator, file)
        subprocess.run([kerbwatt, "register", "import", str(file), *to], check=True, capture_output=True)
        db.execute(f"""COPY (SELECT session_id, split_part(evse_id, ':', 2) AS evse, split_part(device, ':', 2) AS device, connector,
            {text('plug_in')} AS plug_in, {text('plug_out')} AS plug_out, {text('charging_end')} AS charging_end, energy_kwh, fee_pence,
            NULL AS driver FROM lake_sessions s JOIN lake_evses e USING (evse) WHERE e.operator = '{operator}'
            AND (plug_in AT TIME ZONE 'Europe/London')::DATE BETWEEN '{first}' AND '{last}') TO '{file}' (HEADER)""")
        period = ["--period", f"{first}..{last}"]
        subprocess.run([kerbwatt, "submit", str(file), *to, *period, "--accept"], check=True, capture_output=True)
    file.unlink()


def version(server: Server) -> int:
    return json.loads(server.get("/catalogue"))["data"]["data_version"]


def dropped(kerbwatt: str, data: pathlib.Path, file: pathlib.Path, operator: str, period: str) -> float:
    """Seconds from the first byte of a file sent to the running server until the key figures with it are in."""
    server = Server(kerbwatt, "serve", "--data", str(data))
    server.get(KEY_FIGURES)
    before = version(server)
    given = urllib.parse.urlencode({"operator": operator, "file": file.name, "period": period, "accept": "true"})
    body = file.read_bytes()

    def drop() -> None:
        (result,) = server.post(f"/submissions?{given}", body)["results"]
        if result["state"] != "accepted":
            raise SystemExit(f"{file}: {result}")
        server.get(KEY_FIGURES)

    seconds, _ = timed(drop)
    if version(server) <= before:
        raise SystemExit("the figures are not those with the return")
    server.stop()
    return seconds


def measure_drop(kerbwatt: str, db: duckdb.DuckDBPyConnection, sample: pathlib.Path, folder: pathlib.Path) -> list[str]:
    """A quarter's return of 100,000 rows, sent to a server whose folder has five years, one year, or nothing but the register."""
    file, register, data, year = (folder / name for name in ("quarter.csv", "quarter-register.csv", "dropped", "year"))
    operator, period = a_quarter(db, file, 100_000)
    register_of(db, operator, register)
    of_last_year(kerbwatt, db, year, folder)
    full, short, empty = [], [], []
    for _ in range(DROPS):
        copied(sample, data, ("lake", "vault"))
        with sqlite3.connect(data / "ledger.sqlite") as ledger:  # Invented returns and others do not mix; these are all invented.
            ledger.execute("UPDATE settings SET sample = 0")
        ledger.close()
        full.append(dropped(kerbwatt, data, file, operator, period))
        copied(year, data, ("lake", "vault"))
        short.append(dropped(kerbwatt, data, file, operator, period))
        shutil.rmtree(data)
        to = ["--data", str(data), "--operator", operator]
        subprocess.run([kerbwatt, "register", "import", str(register), *to], check=True, capture_output=True)
        empty.append(dropped(kerbwatt, data, file, operator, period))
        shutil.rmtree(data)
    shutil.rmtree(year)
    line = lambda title, seconds, goal="": f"| {title} | {statistics.median(seconds):.2f} s (at most {max(seconds):.2f} s) | | | {goal} |"
    reached = f"≤ 2 s: {'yes' if max(full) <= 2 else '**no**'}"
    return [
        line("A quarter’s return of 100,000 rows, dropped in → on the dashboard", full, reached),
        line("The same after one year instead of five", short),
        line("The same where there is no history", empty),
    ]


# --- Other sizes ------------------------------------------------------------------------------------------------------


def scaled(db: duckdb.DuckDBPyConnection, sample: pathlib.Path, target: pathlib.Path, londons: float, live_files) -> int:
    """A folder whose rollups are those of some boroughs, or of several Londons side by side; no single sessions. Gives how many it sums up."""
    copied(sample, target, ())
    lake = target / "lake"
    boroughs = "SELECT DISTINCT borough FROM lake_evses WHERE borough IS NOT NULL AND borough <> '' ORDER BY 1"
    if londons < 1:
        boroughs += f" LIMIT {round(londons * 33)}"
    versions = f"SELECT version FROM lake_evses WHERE borough IN ({boroughs})" if londons < 1 else "SELECT version FROM lake_evses"
    cities = range(max(1, round(londons)))
    evses = db.execute("SELECT max(greatest(abs(version), evse)) FROM lake_evses").fetchone()[0]  # Numbers of each London follow those of the one before.
    other = lambda column, city: f"{column} + sign({column}) * {city * evses}"
    named = lambda column, city: f"CASE WHEN {column} = '' THEN '' ELSE {column} || '{'' if city == 0 else f'-{city}'}' END"
    last = db.execute(f"SELECT max(p_month) FROM read_parquet({live_files(sample / 'lake' / 'evse_month')!r}, hive_partitioning = true)").fetchone()[0]
    db.execute("SET partitioned_write_max_open_files = 2000")
    for table in ("evses", "labels", "cube_month", "cube_day", "cube_month_how", "cube_day_how", "evse_month"):
        rows = f"SELECT * FROM read_parquet({live_files(sample / 'lake' / table)!r}, hive_partitioning = true)"
        if table == "cube_day_how":  # of more than a hundred million rows the queries ask for those of a year
            rows = f"SELECT * FROM ({rows}) WHERE p_month >= '{int(last[:4]) - 1}{last[4:]}'"
        parts = []
        for city in cities:
            changed = {"version": f"({other('version', city)})::INTEGER"} if table != "labels" else {}
            if table == "evses":
                changed["evse"] = f"(evse + {city * evses})::INTEGER"
                changed |= {name: named(name, city) for name in ("evse_id", "device", "location", "borough")}
            replaced = ", ".join(f"{value} AS {name}" for name, value in changed.items())
            chosen = f" WHERE version IN ({versions})" if changed else ""
            parts.append(f"SELECT * {f'REPLACE ({replaced})' if changed else ''} FROM ({rows}){chosen}")
            if not changed:
                break
        write(db, " UNION ALL ".join(parts), lake / table, sample / "lake" / table)
    log = sample / "lake" / "sessions" / "_delta_log" / f"{0:020}.json"
    (lake / "sessions" / "_delta_log").mkdir(parents=True)
    shutil.copy2(log, lake / "sessions" / "_delta_log")
    with sqlite3.connect(target / "ledger.sqlite") as ledger:
        number, tables = ledger.execute("SELECT number, tables FROM data_version ORDER BY number DESC LIMIT 1").fetchone()
        now = {table: 0 if table == "sessions" else 1 for table in json.loads(tables)}
        ledger.execute("UPDATE data_version SET tables = ? WHERE number = ?", (json.dumps(now), number))
    ledger.close()
    return db.execute(f"SELECT sum(sessions) FROM read_parquet('{lake}/evse_month/**/*.parquet')").fetchone()[0]


def write(db: duckdb.DuckDBPyConnection, rows: str, table: pathlib.Path, like: pathlib.Path) -> None:
    """Writes the first version of a Delta table that is made as another."""
    log = table / "_delta_log"
    log.mkdir(parents=True)
    shutil.copy2(like / "_delta_log" / f"{0:020}.json", log)
    is_parted = '"partitionColumns":[]' not in (log / f"{0:020}.json").read_text()
    if is_parted:
        db.execute(f"""COPY ({rows}) TO '{table}' (FORMAT parquet, COMPRESSION zstd, PARTITION_BY (p_operator, p_month),
            OVERWRITE_OR_IGNORE, FILENAME_PATTERN 'part-{{i}}')""")
    else:
        db.execute(f"COPY ({rows}) TO '{table}/part.parquet' (FORMAT parquet, COMPRESSION zstd)")
    counts = dict(db.execute(f"SELECT file_name, num_rows FROM parquet_file_metadata('{table}/**/*.parquet')").fetchall())
    lines = []
    for name, count in counts.items():
        path = pathlib.Path(name).relative_to(table)
        values = dict(re.fullmatch(r"(\w+)=(.*)", part).groups() for part in path.parts[:-1])
        lines.append(json.dumps({"add": {
            "path": str(path), "partitionValues": values, "size": pathlib.Path(name).stat().st_size, "modificationTime": 0,
            "dataChange": True, "stats": json.dumps({"numRecords": count}), "tags": {"kerbwatt.rows": str(count)},
        }}))
    (log / f"{1:020}.json").write_text("\n".join(lines))


def measure_sizes(kerbwatt: str, db: duckdb.DuckDBPyConnection, sample: pathlib.Path, folder: pathlib.Path, queries, runs: int, live_files) -> str:
    """Latency of the views at several sizes: title and path by run of each query, of a folder's own catalogue."""
    sizes, times = [], {}
    for londons in LONDONS:
        data = folder / "scaled"
        sessions = scaled(db, sample, data, londons, live_files)
        server = Server(kerbwatt, "serve", "--data", str(data))
        sizes.append(f"{sessions / 1e6:.1f} million")
        for title, path in queries(server):
            seconds = [timed(lambda: server.get(path(run)))[0] for run in range(runs + 1)][1:]
            times.setdefault(title, []).append(spread(seconds))
        times.setdefault("Memory of the server", []).append(server.memory())
        server.stop()
        shutil.rmtree(data)
    cell = lambda title, pair: f"{pair[0]:.0f} MiB" if title.startswith("Memory") else f"{pair[0]:.1f} ms, p95 {pair[1]:.1f} ms"
    lines = [f"| {title} | " + " | ".join(cell(title, pair) for pair in pairs) + " |" for title, pairs in times.items()]
    return "\n".join([f"| Sessions | {' | '.join(sizes)} |", f"|---{'|---' * len(sizes)}|", *lines])
