"""One contestant of bench/submissions.py: `python -m bench.contestants NAME SUBMISSION TYPED`.

Its last line is JSON: seconds by figure, peak memory in MiB. Imports are made before the clock runs, as the
scheduler makes them before its tasks.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import time
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import psycopg

from bench.penalties import COLUMNS
from conduct_records.settings import Settings
from conduct_records.warehouse.distribute import is_coordinator

DAY = date(2019, 1, 28)
BLOCK = 1 << 20
Times = dict[str, float]


def main(name: str, submission: Path, typed: Path) -> None:
    """Prepare a clean warehouse, run, and say how long it took."""
    settings = Settings.load(os.environ | {"PERSON_TOKEN_KEY": "only for a bench, never for data"})
    contestant = CONTESTANTS[name]
    _clean(settings.warehouse_url)
    seconds = contestant(submission, typed, settings)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "peak_mib": peak}))


def floor(_: Path, typed: Path, settings: Settings) -> Times:
    """Raw COPY of the same rows, clean and typed, into a logged table with its primary key."""
    columns = ", ".join(f"{name} {kind}" for name, kind in COLUMNS.items())
    with psycopg.connect(settings.warehouse_url) as connection:
        connection.execute(
            f"create table public.bench ({columns}, primary key (document_no, authority_code))"
        )
        if is_coordinator(connection):
            connection.execute("select create_distributed_table('public.bench', 'document_no')")
        connection.commit()
        start = time.perf_counter()
        command = "copy public.bench from stdin (format csv)"
        with typed.open("rb") as file, connection.cursor() as cursor, cursor.copy(command) as copy:
            while block := file.read(BLOCK):
                copy.write(block)
        connection.commit()
        return {"floor": time.perf_counter() - start}


def evidence(submission: Path, _: Path, settings: Settings) -> Times:
    """File to evidence, issues, quarantine, both receipts, and the suite of Great Expectations."""
    import great_expectations  # noqa: F401

    from conduct_records.intake.inbox import Lane
    from conduct_records.warehouse.ingest import ingest
    from conduct_records.warehouse.suites import run_suites

    lane = Lane(str(submission), "HB-AMR", DAY, submission.name, 0, "bench")
    start = time.perf_counter()
    done = ingest(lane, datetime.now(UTC), settings)
    results = run_suites([DAY], datetime.now(UTC), settings)
    seconds = time.perf_counter() - start
    if done.state != "accepted" or done.counts["quarantined"] == 0 or [r.success for r in results] != [False]:
        raise RuntimeError(f"not what the bench is about: {done} {results}")
    return {"evidence": seconds}


def records(submission: Path, typed: Path, settings: Settings) -> Times:
    """The same, and the build of records with their versions."""
    from conduct_records.records.build import build

    seconds = evidence(submission, typed, settings)["evidence"]
    start = time.perf_counter()
    build(DAY, datetime.now(UTC), settings)
    return {"evidence": seconds, "built": seconds + time.perf_counter() - start}


def pandas_script(submission: Path, _: Path, settings: Settings) -> Times:
    """What a script does: read, check what pandas makes easy, to_sql."""
    import pandas as pd
    from sqlalchemy import create_engine, make_url

    engine = create_engine(make_url(settings.warehouse_url).set(drivername="postgresql+psycopg"))
    start = time.perf_counter()
    frame = pd.read_csv(submission, dtype="str", on_bad_lines="skip")
    frame.columns = pd.Index(COLUMNS)
    bad = _broken(frame)
    for name in ("decided_on", "display_until_on", "valid_until_on"):
        frame[name] = pd.to_datetime(frame[name], errors="coerce", format="mixed").dt.date
    frame[~bad].to_sql("bench_pandas", engine, schema="public", index=False, method="multi", chunksize=2_000)
    frame[bad].to_sql("bench_pandas_bad", engine, schema="public", index=False, chunksize=2_000)
    return {"pandas": time.perf_counter() - start}


def dlt_pipeline(submission: Path, _: Path, settings: Settings) -> Times:
    """dlt over the same checks."""
    import dlt  # type: ignore[import-not-found]
    import pandas as pd
    from sqlalchemy import make_url

    start = time.perf_counter()
    frame = pd.read_csv(submission, dtype="str", on_bad_lines="skip")
    frame.columns = pd.Index(COLUMNS)
    address = make_url(settings.warehouse_url)
    named = address.set(host=address.host or "localhost")  # a socket in its query goes before the name
    destination = dlt.destinations.postgres(named.render_as_string(hide_password=False))
    pipeline = dlt.pipeline("bench", destination=destination, dataset_name="bench_dlt")
    pipeline.run(frame[~_broken(frame)], table_name="penalties", write_disposition="append")
    return {"dlt": time.perf_counter() - start}


def _broken(frame):  # type: ignore[no-untyped-def]
    """The checks that a script has: presence, form and check digit of codes, dates, amounts, repeats."""
    import pandas as pd

    from conduct_records.checkdigits import is_uscc

    required = ["party_name", "document_no", "violation_facts", "penalty_content", "authority_code"]
    decided = pd.to_datetime(frame["decided_on"], errors="coerce", format="mixed")
    until = pd.to_datetime(frame["display_until_on"], errors="coerce", format="mixed")
    amount = pd.to_numeric(frame["fine_yuan"], errors="coerce")
    codes = {code: is_uscc(code) for code in frame["party_code"].dropna().unique()}
    return (
        frame[required].isna().any(axis=1)
        | ~frame["party_code"].map(codes).fillna(True).astype(bool)
        | decided.isna() | (decided > pd.Timestamp(DAY)) | (until < decided)
        | (frame["fine_yuan"].notna() & amount.isna())
        | frame.duplicated(["document_no", "authority_code"])
    )  # fmt: skip


def _clean(url: str) -> None:
    """The state before any contestant; written pages are settled, so that none pays for another."""
    with psycopg.connect(url, autocommit=True) as connection:
        tables = connection.execute(
            "select quote_ident(schemaname) || '.' || quote_ident(tablename) from pg_tables"
            " where schemaname in ('landing', 'evidence', 'quarantine', 'ops', 'vault', 'core')"
        ).fetchall()
        connection.execute("truncate " + ", ".join(name for (name,) in tables))
        for name in ("bench", "bench_pandas", "bench_pandas_bad"):
            connection.execute(f"drop table if exists public.{name}")
        connection.execute("drop schema if exists bench_dlt cascade")
        connection.execute("vacuum")
        connection.execute("checkpoint")


CONTESTANTS: dict[str, Callable[[Path, Path, Settings], Times]] = {
    "floor": floor,
    "evidence": evidence,
    "records": records,
    "pandas": pandas_script,
    "dlt": dlt_pipeline,
}

if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))
