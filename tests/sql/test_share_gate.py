"""What the gate takes out of free text, and what each role may read (E1)."""

from __future__ import annotations

from itertools import product

import psycopg
import pytest

from conduct_records.settings import Settings
from conduct_records.warehouse.connection import connect
from conduct_records.warehouse.distribute import is_coordinator
from tests.sql.story import Story, file, penalty

WITHHELD = "（原文含个人信息，不予公示）"
TOKEN = "pid1-" + "0123456789abcdef" * 2


@pytest.mark.parametrize(
    "person",
    [
        "11010519491231002X", "110105194912310021", "110105491231002", TOKEN,
        "１１０１０５１９４９１２３１００２Ｘ",
        "138******34", "110*************2X",
        "13800000000", "138 0000 0000", "138-0000-0000", "+86 13800000000", "１３８００００００００",
    ],
)  # fmt: skip
def test_a_text_with_an_id_or_a_mobile_number_gives_way(warehouse: str, person: str) -> None:
    for before, after in product(("", "张某，电话", "（"), ("", "，", "。另")):
        assert masked(warehouse, before + person + after) == WITHHELD


@pytest.mark.parametrize(
    "text",
    [
        "罚款20000元", "代码91420100MA00000017", "鄂市监罚〔2018〕12号",
        "2018年12月4日至2019年1月4日", "注册号420100000012345",
        "于2018-12-04 10:00:00检查", "",
    ],
)  # fmt: skip
def test_codes_amounts_and_dates_stay(warehouse: str, text: str) -> None:
    assert masked(warehouse, text) == text


def test_a_fixed_line_number_goes_by_itself(warehouse: str) -> None:
    assert masked(warehouse, "联系（027）87654321，地址武汉") == "联系（电话已隐去），地址武汉"


def test_what_names_no_place_is_the_declared_provinces(story: Story) -> None:
    story.deliver(file("penalty_decision", "2019-01-28", "HB-AMR", penalty("罚1", "2018-06-01")))
    story.build()
    story.execute("update core.record set region_code = null")
    story.execute(
        """update ref.code set attributes = attributes || '{"region_code": "990000"}'
           where list_code = 'department' and (attributes ->> 'is_lead')::boolean"""
    )
    assert (
        story.rows("select region_code, content ->> 'region_code' from share.disclosable")
        == [("990000", "990000")] * 2
    )


def masked(warehouse: str, text: str) -> str:
    with psycopg.connect(warehouse) as connection:
        row = connection.execute("select share.masked(%s)", [text]).fetchone()
    return str(row[0]) if row else ""


def test_each_role_reads_its_own_columns_and_no_others(warehouse: str) -> None:
    """Every relation of the warehouse, as each role: what may be read is stated here and nowhere else."""
    settings = Settings({"WAREHOUSE_URL": warehouse})
    with psycopg.connect(warehouse) as connection:
        relations = connection.execute(
            """select n.nspname, c.relname from pg_class as c join pg_namespace as n on c.relnamespace = n.oid
               where c.relkind in ('r', 'v', 'm', 'p')
               and n.nspname in
                 ('ops', 'landing', 'quarantine', 'vault', 'ref', 'evidence', 'core', 'share', 'marts')"""
        ).fetchall()
        also = BEHIND_THE_GATE if is_coordinator(connection) else set()
    readable = {role: {each for each in relations if reads(settings, role, *each)} for role in ROLES}
    assert {schema for schema, _ in readable["bi_reader"]} == {"marts"}
    assert {each for each in readable["records_sharer"] if each[0] == "core"} == also
    assert {schema for schema, _ in readable["records_sharer"] - also} == {"share", "ref", "ops"}
    assert {name for schema, name in readable["records_sharer"] if schema == "ops"} == SHARER_OPS
    assert not {name for schema, name in readable["records_sharer"] if name in INNER}
    assert ("vault", "person_identifier") not in set().union(*readable.values())


ROLES = ("bi_reader", "records_sharer", "records_builder", "records_loader")
SHARER_OPS = {"run", "issue", "open_date", "alert"}  # it raises alerts of its own
INNER = {"standing_record"}
# On a Citus coordinator who asks a view needs the right to what it reads there: include/sql/distribute.sql.
BEHIND_THE_GATE = {("core", "target"), ("core", "verification"), ("core", "conduct_case")}


def reads(settings: Settings, role: str, schema: str, name: str) -> bool:
    """Whether the role can read a row of the relation."""
    query = psycopg.sql.SQL("select * from {} limit 1").format(psycopg.sql.Identifier(schema, name))
    try:
        with connect(settings, role) as connection:
            connection.execute(query)
    except psycopg.errors.InsufficientPrivilege:
        return False
    return True
