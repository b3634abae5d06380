"""The marts hold what core says, move only when it changes, and are all that BI reads (I1)."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import psycopg
import pytest
import yaml

from conduct_records.contracts.dictionary import comments, mart_tables
from conduct_records.disclosure.marts import publish_marts
from conduct_records.disclosure.marts_checks import BoundViolated
from conduct_records.settings import ROOT, Settings
from conduct_records.warehouse.connection import connect
from tests.sql.story import (
    HE,
    SHAN,
    Delivery,
    Story,
    change,
    file,
    listed,
    objection,
    penalty,
    registered,
    repair,
    ruling,
)

ON = date(2019, 1, 28)
NUMBER = "样例罚〔2018〕1号"
PERSON = {"party_name": "样例寅", "party_code": None, "party_category_code": "natural_person"}
UPHELD = {"ruling_code": "upheld", "correction_code": "withdraw"}
FORMER = "襄樊样例河食品有限公司"
SUMMED = """
  select month_on, unit_code, sum(record_count), sum(on_time_count), sum(fine_yuan)
  from marts.{} group by 1, 2 order by 1, 2
"""
COLUMNS = """
  select c.relname, a.attname, format_type(a.atttypid, a.atttypmod)
  from pg_attribute as a
  inner join pg_class as c on c.oid = a.attrelid and c.relkind in ('r', 'v', 'm', 'p')
  where c.relnamespace = 'marts'::regnamespace and a.attnum > 0 and not a.attisdropped
  order by c.relname, a.attnum
"""
KEYS = """
  select c.conrelid::regclass::text, array_agg(a.attname order by k.place)::text[]
  from pg_constraint as c
  cross join lateral unnest(c.conkey) with ordinality as k (number, place)
  inner join pg_attribute as a on a.attrelid = c.conrelid and a.attnum = k.number
  where c.contype = 'p' and c.connamespace = 'marts'::regnamespace
  group by c.oid, c.conrelid
"""
# of ours: what an extension shows of itself, as Citus does, apart
RELATIONS = """
  select n.nspname, c.relname
  from pg_class as c inner join pg_namespace as n on n.oid = c.relnamespace
  where c.relkind in ('r', 'v', 'm', 'p') and n.nspname !~ '^(pg_|information_schema)'
    and not exists (select from pg_depend as d where d.objid = c.oid and d.deptype = 'e')
"""
# functions that bi_reader may call, those of PostgreSQL and its extensions apart
CALLABLE = """
  select p.oid::regprocedure::text
  from pg_proc as p inner join pg_namespace as n on n.oid = p.pronamespace
  where n.nspname not in ('pg_catalog', 'information_schema')
    and has_schema_privilege('bi_reader', n.oid, 'usage')
    and has_function_privilege('bi_reader', p.oid, 'execute')
    and not exists (select from pg_depend as d where d.objid = p.oid and d.deptype = 'e')
"""
REFUSED = (
    "insert into marts.dim_conduct_class values ('x', 'y')",
    "update marts.fact_record set state = 'active'",
    "create table marts.mine ()",
    "create table public.mine ()",
    "select core.key('a', 'b')",
    "select vault.reveal('a', 'b', 'c')",
    "select * from marts_next.month",
    "set role records_builder",
)


@pytest.fixture
def story(warehouse: str) -> Story:
    told = Story(warehouse)
    told.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", penalty(NUMBER, "2018-06-01")))
    told.build()
    return told


def contents(story: Story) -> dict[str, list[tuple]]:
    """Every row of every published table but the log of runs."""
    tables = [name for name, table in mart_tables().items() if table.scope and table.in_digest]
    return {name: sorted(story.rows(f"select t::text from marts.{name} as t")) for name in tables}


def test_a_mere_name_is_in_no_dimension_and_its_record_counts_all_the_same(story: Story) -> None:
    """E1: who is known by a name alone may be a person; the category that a template lacks is no proof."""
    bare = {"party_name": "阿迪力·买买提明", "party_code": None, "party_category_code": None}
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", penalty("罚2", "2018-06-01", **bare)))
    story.build()
    publish_marts(ON, story.tick(), story.settings)
    assert story.rows("select subject_name from marts.dim_subject") == [("武汉样例云商贸有限公司",)]
    assert story.one("select count(*) from marts.fact_record") == 2


def test_a_trader_whose_only_decision_turns_out_a_persons_leaves_the_dimension(story: Story) -> None:
    """E1: the trader's name is the person's; a registered trader is nobody's secret."""
    trader = {"party_name": "样例寅", "party_code": "92420100MA00000018"}
    subjects = "select subject_name from marts.dim_subject where subject_code = '92420100MA00000018'"

    def told(day: str, *evidence: Delivery) -> list[tuple]:
        story.deliver(*evidence)
        story.build()
        publish_marts(date.fromisoformat(day), story.tick(), story.settings)
        return story.rows(subjects)

    one = penalty("罚5", "2018-06-03", trader, party_category_code="sole_trader")
    again = penalty("罚5", "2018-06-03", **PERSON)
    assert told("2019-01-28", file("penalty_decision", "2019-01-28", "420600", one)) == [("样例寅",)]
    assert told("2019-01-29", file("penalty_decision", "2019-01-29", "420600", again)) == []
    known = file("registry_extract", "2019-01-30", "HB-AMR", registered(trader))
    assert told("2019-01-30", known) == [("样例寅",)]


def test_no_persons_number_that_a_text_names_reaches_an_analyst(story: Story) -> None:
    """E1: the marts are an exit as any other."""
    call = "13800000000"
    party = HE | {"party_name": f"样例河，张某{call}"}
    entry = listed("列", "2019-01-10", party, reason=call)
    story.deliver(file("list_decision", "2019-01-28", "HB-AMR", entry))
    story.build()
    publish_marts(ON, story.tick(), story.settings)
    assert story.one("select count(*) from marts.fact_list_entry") == 1
    assert not any(call in row for rows in contents(story).values() for (row,) in rows)


def test_an_objection_to_what_nobody_submitted_counts_with_the_unit_that_passed_it_on(story: Story) -> None:
    """H1: the bulletin's sums are those of the facts."""
    story.deliver(
        file("objection", "2019-01-28", "HB-DRC", objection("异1", "2019-01-28", NUMBER),
             objection("异2", "2019-01-28", "无此文书")),
        file("repair_ruling", "2019-01-28", "HB-DRC", repair("修", "2019-01-20", "无此文书")),
    )  # fmt: skip
    story.build()
    publish_marts(ON, story.tick(), story.settings)
    units = "select state, unit_code from marts.{} order by state"
    assert story.rows(units.format("fact_objection")) == [("open", "HB-AMR"), ("unmatched", "HB-DRC")]
    assert story.rows(units.format("fact_repair")) == [("unmatched", "HB-DRC")]
    counted = (
        "select unit_code, objection_count from marts.agg_unit_month where objection_count > 0 order by 1"
    )
    assert story.rows(counted) == [("HB-AMR", 1), ("HB-DRC", 1)]


def test_publishing_again_writes_no_row(story: Story) -> None:
    first = publish_marts(ON, story.tick(), story.settings)
    places = "select xmin::text, ctid::text, record_key from marts.fact_record order by record_key"
    before = story.rows(places)
    again = publish_marts(ON, story.tick(), story.settings)
    assert (again.version_no, again.digest) == (first.version_no, first.digest)
    assert {name for name, change in again.changes.items() if change.is_change} == {"fact_run"}
    assert len(before) == 1
    assert story.rows(places) == before


def test_a_revocation_moves_the_version(story: Story) -> None:
    first = publish_marts(ON, story.tick(), story.settings)
    story.deliver(
        file("decision_change", "2019-01-28", "HB-AMR", change("样例撤〔2019〕1号", "2019-01-20", NUMBER))
    )
    story.build()
    second = publish_marts(ON, story.tick(), story.settings)
    assert second.version_no == first.version_no + 1
    assert story.one("select state from marts.fact_record") == "revoked"
    assert story.rows("select state, record_count from marts.agg_record_month") == [("revoked", 1)]
    assert story.rows("select act from marts.fact_record_event") == [("revocation",)]


def test_only_changed_subjects_are_written_and_a_full_publication_finds_nothing_else(story: Story) -> None:
    publish_marts(ON, story.tick(), story.settings)
    story.deliver(
        file(
            "penalty_decision", "2019-01-29", "420600",
            penalty("样例罚〔2018〕2号", "2019-01-21", HE), penalty("样例罚〔2018〕3号", "2018-06-03", SHAN),
            penalty("样例罚〔2018〕4号", "2018-06-03", **PERSON),
        ),
        file("registry_extract", "2019-01-29", "HB-AMR", registered(HE, former_names=FORMER)),
        file("list_decision", "2019-01-29", "HB-AMR", listed("样例列〔2019〕1号", "2019-01-22")),
        file("objection", "2019-01-29", "HB-DRC", objection("异1", "2019-01-23", NUMBER)),
        file("objection_ruling", "2019-01-30", "HB-DRC", ruling("异1", "2019-01-25", NUMBER, **UPHELD)),
    )  # fmt: skip
    story.build()
    by_touch = publish_marts(date(2019, 1, 30), story.tick(), story.settings)
    assert by_touch.changes["fact_record"].added == 5  # four new, one revoked by the ruling
    kept = contents(story)
    in_full = publish_marts(date(2019, 1, 30), story.tick(), story.settings, full=True)
    assert (in_full.version_no, in_full.digest) == (by_touch.version_no, by_touch.digest)
    assert contents(story) == kept
    assert story.rows(SUMMED.format("agg_record_month")) == story.rows(SUMMED.format("fact_record"))
    assert story.rows("select subject_name from marts.dim_subject where not is_current") == [
        ("襄樊样例河食品有限公司",)
    ]
    assert not story.rows("select 1 from marts.dim_subject where subject_name = '样例寅'")
    assert story.rows(
        "select objection_count, ruled_count, upheld_count from marts.agg_unit_month where upheld_count > 0"
    ) == [(1, 1, 1)]


def test_freshness_counts_what_the_tables_hold(story: Story) -> None:
    publish_marts(ON, story.tick(), story.settings)
    story.deliver(
        file("penalty_decision", "2019-01-29", "420600", penalty("样例罚〔2018〕2号", "2019-01-21", HE))
    )
    story.build()
    publish_marts(ON, story.tick(), story.settings)
    for name, count, checksum in story.rows("select table_name, row_count, checksum from marts.freshness"):
        held = story.rows(
            f"select count(*), coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) from marts.{name} as t"
        )
        assert held == [(count, checksum)], name


def test_a_full_rebuild_leaves_the_marts_as_they_are(story: Story) -> None:
    first = publish_marts(ON, story.tick(), story.settings)
    story.build(full=True)
    assert publish_marts(ON, story.tick(), story.settings).digest == first.digest


def test_the_database_says_what_the_dictionary_says(story: Story) -> None:
    columns = story.rows(COLUMNS)
    names = {"timestamptz": "timestamp with time zone"}
    declared = [
        (name, each.name, names.get(each.type, each.type))
        for name, table in sorted(mart_tables().items())
        for each in table.columns
    ]
    assert columns == declared
    for table, column, text in comments():
        if column is None:
            assert story.one("select obj_description(%s::regclass, 'pg_class')", f"marts.{table}") == text
        else:
            position = "select attnum from pg_attribute where attrelid = %s::regclass and attname = %s"
            described = f"select col_description(%s::regclass, ({position}))"
            assert story.one(described, *[f"marts.{table}"] * 2, column) == text


def test_the_primary_keys_are_the_declared_grain(story: Story) -> None:
    keys = story.rows(KEYS)
    assert dict(keys) == {f"marts.{name}": list(table.key) for name, table in mart_tables().items()}


def test_bi_reads_marts_and_nothing_else(story: Story) -> None:
    publish_marts(ON, story.tick(), story.settings)
    relations = story.rows(RELATIONS)
    schemas = {schema for schema, _ in relations}
    assert schemas >= {"ops", "landing", "quarantine", "vault", "ref", "evidence", "core", "share", "marts"}
    readable = {schema for schema, name in relations if _reads(story, schema, name)}
    assert readable == {"marts"}
    assert all(_reads(story, schema, name) for schema, name in relations if schema == "marts")
    assert story.rows(CALLABLE) == []


@pytest.mark.parametrize("statement", REFUSED)
def test_bi_changes_and_calls_nothing(warehouse: str, statement: str) -> None:
    with psycopg.connect(warehouse) as connection:
        connection.execute("set session authorization bi_reader")  # as a BI tool logs in: no way back
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def _reads(story: Story, schema: str, name: str) -> bool:
    query = psycopg.sql.SQL("select 1 from {} limit 1").format(psycopg.sql.Identifier(schema, name))
    try:
        with connect(story.settings, "bi_reader") as connection:
            connection.execute(query)
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True


def test_a_failed_check_leaves_the_last_version_and_marks_it_stale(story: Story) -> None:
    first = publish_marts(ON, story.tick(), story.settings)
    severities = [severity for (severity,) in story.rows("select severity_code from marts.fact_record")]
    story.rows("delete from ref.code where list_code in ('region', 'region_history') returning 1")
    story.rows("update core.record set severity_code = 'minor' returning 1")
    story.rows("insert into core.unpublished_subject select subject_key from core.record returning 1")
    with pytest.raises(BoundViolated, match="dim_region"):
        publish_marts(ON, story.tick(), story.settings)
    held = story.rows("select version_no, digest, is_stale, stale_reason from marts.current_version")
    assert held == [(first.version_no, first.digest, True, "dim_region: 0, wanted at least 1")]
    with connect(story.settings, "bi_reader") as connection:
        read = connection.execute("select severity_code from marts.fact_record").fetchall()
        shown = yaml.safe_load((ROOT / "bi" / "superset.yaml").read_text(encoding="utf-8"))["datasets"]
        stale = f"select table_name, row_count, is_stale from ({shown['freshness']['sql']}) as f"
        fresh = connection.execute(f"{stale} where table_name in ('dim_region', 'fact_record')").fetchall()
    assert [severity for (severity,) in read] == severities != ["minor"]
    assert {name: (rows > 0, is_stale) for name, rows, is_stale in fresh} == {
        "dim_region": (True, True),
        "fact_record": (True, True),
    }
    runs = "select state, reason from ops.run where flow = 'publish_marts' order by known_at desc limit 1"
    assert story.rows(runs) == [("failed", "dim_region: 0, wanted at least 1")]
    assert story.rows("select count(*) from core.unpublished_subject") == [(1,)]


def test_a_bound_that_warns_is_said_and_stops_nothing(story: Story) -> None:
    publish_marts(ON, story.tick(), story.settings)
    story.deliver(
        file("penalty_decision", "2019-01-28", "NOBODY", penalty("样例罚〔2018〕9号", "2018-06-01"))
    )
    story.build()
    warned = publish_marts(ON, story.tick(), story.settings)
    assert warned.warnings == ("units_unknown: 1, wanted at most 0",)
    assert story.rows("select is_stale, warnings from marts.current_version") == [(False, warned.warnings[0])]


def test_each_publication_leaves_its_data_docs(story: Story, tmp_path: Path) -> None:
    known_at = story.tick()
    settings = Settings({**story.settings.environ, "CONDUCT_RECORDS_DATA_DOCS": str(tmp_path)})
    publish_marts(ON, known_at, settings)
    (folder,) = (tmp_path / "marts" / "2019-01-28").iterdir()
    assert (folder / "index.html").is_file()
    page = next(folder.rglob("validations/**/*.html")).read_text(encoding="utf-8")
    assert "fact_record" in page
    assert not re.findall(r"<(?:script|link|img)[^>]*https:[^>]*>", page)


def test_a_reader_in_a_long_query_sees_one_version_and_holds_nobody_up(story: Story) -> None:
    publish_marts(ON, story.tick(), story.settings)
    with psycopg.connect(story.url) as reader:
        reader.execute("set role bi_reader")
        reader.execute("set transaction isolation level repeatable read")
        before = reader.execute("select count(*) from marts.fact_record").fetchone()
        story.deliver(
            file("penalty_decision", "2019-01-29", "420600", penalty("样例罚〔2018〕2号", "2019-01-21", HE))
        )
        story.build()
        publish_marts(ON, story.tick(), story.settings)
        assert reader.execute("select count(*) from marts.fact_record").fetchone() == before == (1,)
    assert story.one("select count(*) from marts.fact_record") == 2
