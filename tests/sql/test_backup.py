"""After backup, drop and restore everything is the same, and the next run goes on."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from conduct_records.local.programs import binaries
from conduct_records.settings import Settings
from conduct_records.upkeep.backup import backup, count_rows
from conduct_records.upkeep.manifest import DATA, NAME, UnfitBackup
from conduct_records.upkeep.restore import restore
from tests.databases import Databases
from tests.sql.story import HE, YUN, Story, change, file, penalty, registered

NOW = datetime(2019, 3, 1, tzinfo=UTC)
BEFORE = (
    file("registry_extract", "2019-01-28", "HB-AMR", registered(), registered(HE)),
    file("penalty_decision", "2019-01-28", "HB-AMR", penalty("罚1", "2018-06-01", fine_yuan="1234.50"),
         penalty("罚2", "2018-07-01", HE, violation_facts="制表\t换行\n反斜\\N")),
)  # fmt: skip
AFTER = (
    file("decision_change", "2019-02-01", "HB-AMR", change("撤1", "2019-02-01", "罚1")),
    file("penalty_decision", "2019-02-01", "HB-AMR", penalty("罚3", "2018-08-01", YUN)),
)


@pytest.fixture
def story(warehouse: str, tmp_path: Path) -> Story:
    told = Story(warehouse)
    place = {"WAREHOUSE_URL": warehouse, "CONDUCT_RECORDS_STATE": str(tmp_path), "PERSON_TOKEN_KEY": "k" * 40}
    told.settings = Settings.load(place)
    told.deliver(*BEFORE)
    told.build()
    with psycopg.connect(warehouse) as connection:
        connection.execute(
            "insert into vault.person_identifier (token, key_version, scheme, value, file_id, known_at)"
            " values ('pid1-x', '1', 'resident_id', '42010019800101123X', 'f', %s)",
            [NOW],
        )
    inbox = tmp_path / "inbox" / "2019-01-28" / "HB-AMR"
    inbox.mkdir(parents=True)
    (inbox / "处罚.csv").write_text("原件", encoding="utf-8")
    return told


def keep(story: Story, tmp_path: Path) -> Path:
    backup(tmp_path / "backup", NOW, story.settings, binaries())
    return tmp_path / "backup"


def lose(story: Story, databases: Databases) -> None:
    """Everything is gone but the name of the database."""
    name = urlsplit(story.url).path[1:]
    databases.drop(name)
    databases.create(name)


def test_the_next_run_goes_on_after_a_restore(story: Story, databases: Databases, tmp_path: Path) -> None:
    digest = story.build().digest
    kept = keep(story, tmp_path)
    vault = story.rows("select * from vault.person_identifier")
    versions = story.rows("select * from core.record_version order by record_key, version_no")
    story.deliver(*AFTER)
    undisturbed = story.build().digest

    lose(story, databases)
    (tmp_path / "inbox" / "2019-01-28" / "HB-AMR" / "处罚.csv").unlink()
    assert restore(kept, story.settings, binaries()).digest == digest
    assert story.rows("select * from vault.person_identifier") == vault
    assert story.rows("select * from core.record_version order by record_key, version_no") == versions
    assert (tmp_path / "inbox/2019-01-28/HB-AMR/处罚.csv").read_text(encoding="utf-8") == "原件"
    story.deliver(*AFTER)
    assert story.build().digest == undisturbed != digest
    assert story.state("罚1") == "revoked"


def test_a_backup_is_for_this_user_only(story: Story, tmp_path: Path) -> None:
    (tmp_path / "backup").mkdir(mode=0o755)
    kept = keep(story, tmp_path)
    assert kept.stat().st_mode & 0o077 == 0
    assert "k" * 40 not in (kept / NAME).read_text(encoding="utf-8")
    with pytest.raises(UnfitBackup, match="not empty"):
        backup(kept, NOW, story.settings, binaries())


def test_a_warehouse_in_use_is_not_touched(story: Story, tmp_path: Path) -> None:
    kept = keep(story, tmp_path)
    with psycopg.connect(story.url) as connection:
        before = count_rows(connection)
        with pytest.raises(UnfitBackup, match="holds rows: restore into a new database"):
            restore(kept, story.settings, binaries())
        assert count_rows(connection) == before


@pytest.mark.parametrize("damage", ["part", "manifest", "key", "schema"])
def test_what_does_not_fit_is_refused_in_one_line(
    damage: str, story: Story, databases: Databases, tmp_path: Path
) -> None:
    kept = keep(story, tmp_path)
    lose(story, databases)
    settings = story.settings
    match damage:
        case "part":
            (kept / DATA).write_bytes(b"PGDMP half")
        case "manifest":
            (kept / NAME).unlink()
        case "key":
            settings = Settings.load({**settings.environ, "PERSON_TOKEN_KEY": "z" * 40})
        case "schema":
            text = (kept / NAME).read_text(encoding="utf-8")
            (kept / NAME).write_text(text.replace('"schema_version": "', '"schema_version": "9'))
    with pytest.raises(UnfitBackup) as refused:
        restore(kept, settings, binaries())
    assert "\n" not in str(refused.value)
    assert story.one("select count(*) from pg_namespace where nspname = 'landing'") == 0
