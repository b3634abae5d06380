"""A new token key parts no person from their records: same addresses, same digest (decision 16, I5)."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import psycopg
import pytest

from conduct_records.intake.inbox import Lane
from conduct_records.records.build import Built, build, rebuild
from conduct_records.settings import Settings
from conduct_records.warehouse.ingest import ingest
from conduct_records.warehouse.persons import KeyChanged, link_persons
from tests.submissions import RESIDENT, as_csv, penalty, table

OTHER = "42010619900101001X"
FIRST, SECOND = "k" * 40, "m" * 40
KEPT = {"PERSON_TOKEN_KEY": FIRST}
ROTATED = {
    "PERSON_TOKEN_KEY": SECOND,
    "PERSON_TOKEN_KEY_VERSION": "2",
    "PERSON_TOKEN_OLD_KEYS": f"1:{FIRST}",
}
DROPPED = {"PERSON_TOKEN_KEY": SECOND, "PERSON_TOKEN_KEY_VERSION": "2"}


def person(number: str, resident: str, **more: str) -> dict[str, str]:
    return penalty(
        行政相对人名称="样例寅",
        行政相对人类别="自然人",
        行政处罚决定书文号=number,
        **{"行政相对人代码_1": "", "自然人证件类型": "身份证"},
        自然人证件号码=resident,
        违法事实=f"由样例寅（{RESIDENT}）销售",
        **more,
    )


NIGHTS = (
    (date(2019, 1, 28), [person("样例襄市监罚〔2018〕1号", RESIDENT)]),
    (
        date(2019, 1, 29),
        [person("样例襄市监罚〔2018〕2号", OTHER), person("样例襄市监罚〔2018〕3号", RESIDENT)],
    ),
    (date(2019, 1, 30), [person("样例襄市监罚〔2018〕1号", RESIDENT)]),
)


def night(place: int, warehouse: str, tmp_path: Path, keys: dict[str, str]) -> Built:
    """Take one file in under these keys, and build."""
    day, rows = NIGHTS[place]
    settings = Settings(
        {"WAREHOUSE_URL": warehouse, "CONDUCT_RECORDS_OUTBOX": str(tmp_path / "outbox"), **keys}
    )
    path = tmp_path / f"{day}.csv"
    path.write_bytes(as_csv(table(*rows)))
    lane = Lane(str(path), "420600", day, path.name, 1, path.name)
    assert ingest(lane, datetime(2019, 2, place + 1, tzinfo=UTC), settings).is_clean
    return build(day, datetime(2019, 2, place + 1, tzinfo=UTC), settings)


def read(url: str, query: str) -> list[tuple]:
    with psycopg.connect(url) as connection:
        return connection.execute(query).fetchall()


KEYS = "select document_no, subject_key, record_key from core.record order by 1"


@pytest.fixture
def unrotated(databases, template, tmp_path: Path):
    """Digest and keys of the same story under one key."""
    (tmp_path / "unrotated").mkdir()
    with databases.lent(template, "unrotated") as url:
        digests = [night(place, url, tmp_path / "unrotated", KEPT).digest for place in range(3)]
        yield digests[-1], read(url, KEYS)


def test_a_key_that_is_rotated_in_the_middle_changes_no_address_and_no_digest(
    warehouse: str, tmp_path: Path, unrotated
) -> None:
    digest, keys = unrotated
    assert len(keys) == 3
    built = [night(place, warehouse, tmp_path, (KEPT, ROTATED, ROTATED)[place]) for place in range(3)]
    assert (built[-1].digest, read(warehouse, KEYS)) == (digest, keys)
    settings = Settings({"WAREHOUSE_URL": warehouse})
    assert rebuild(datetime(2019, 2, 9, tzinfo=UTC), settings).digest == digest
    assert built[-1].counts["record_versions"] == 0
    assert read(warehouse, "select distinct substr(party_person_token, 1, 5) from evidence.penalty_decision"
                           " order by 1") == [("pid1-",), ("pid2-",)]  # fmt: skip


def test_an_old_key_can_be_dropped_once_the_persons_are_linked(warehouse: str, tmp_path: Path) -> None:
    night(0, warehouse, tmp_path, KEPT)
    before = read(warehouse, KEYS)
    assert (
        link_persons(Settings({"WAREHOUSE_URL": warehouse, **ROTATED}), datetime(2019, 2, 2, tzinfo=UTC)) == 1
    )
    assert read(warehouse, "select count(*) from vault.access") == [(1,)]
    built = night(2, warehouse, tmp_path, DROPPED)
    assert built.counts["record_versions"] == 0
    assert read(warehouse, KEYS) == before


def test_a_person_named_twice_is_one_subject_again_and_the_change_is_recorded(
    warehouse: str, tmp_path: Path
) -> None:
    night(0, warehouse, tmp_path, KEPT)
    night(1, warehouse, tmp_path, DROPPED)
    addresses = "select document_no, record_key from core.record order by 1"
    assert read(warehouse, "select count(distinct subject_key) from core.record") == [(3,)]
    before = read(warehouse, addresses)
    built = night(2, warehouse, tmp_path, ROTATED)
    assert read(warehouse, "select count(distinct subject_key) from core.record") == [(2,)]
    assert read(warehouse, addresses) == before
    assert read(warehouse, "select reason from core.rekey") == [("person_key_rotation",)]
    assert (
        rebuild(datetime(2019, 2, 9, tzinfo=UTC), Settings({"WAREHOUSE_URL": warehouse})).digest
        == built.digest
    )


def test_a_key_that_changes_under_its_old_version_is_refused(warehouse: str, tmp_path: Path) -> None:
    night(0, warehouse, tmp_path, KEPT)
    with pytest.raises(KeyChanged, match="version 1"):
        night(1, warehouse, tmp_path, {"PERSON_TOKEN_KEY": SECOND})
    assert read(warehouse, "select count(*) from landing.file") == [(1,)]


def test_a_key_that_is_too_short_is_refused() -> None:
    with pytest.raises(ValueError, match="PERSON_TOKEN_OLD_KEYS"):
        _ = Settings({"PERSON_TOKEN_OLD_KEYS": "1:short"}).older_person_keys
