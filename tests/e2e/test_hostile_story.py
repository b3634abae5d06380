"""The samples' story told with hostile texts and personal values: every output is walked, all is harmless.

Formulas, HTML and paths stand in texts, names, titles, case numbers and file names; ids, telephones and
names of persons stand in free text. Source: requirements B6, B9, E1.
"""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import zipfile
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as Xml

import pytest
import yaml

from conduct_records.disclosure.delivery import send
from conduct_records.disclosure.marts import publish_marts
from conduct_records.disclosure.outbox import enqueue
from conduct_records.disclosure.proof import prove
from conduct_records.disclosure.publish import publish_portal
from conduct_records.exchange.pulls import pull
from conduct_records.intake.inbox import waiting
from conduct_records.records.build import build
from conduct_records.reports.correction_list import write_correction_lists
from conduct_records.reports.pages import put
from conduct_records.reports.progress_files import write_drafts
from conduct_records.reports.referral_list import write_referral_lists
from conduct_records.reports.subject_notice import write_subject_notices
from conduct_records.reports.verification_report import write_verification_reports
from conduct_records.settings import Settings
from conduct_records.warehouse.ingest import ingest, sightings
from conduct_records.warehouse.suites import run_suites
from samples.make_samples import _TextLoader, make
from simulator.server import running
from tests.submissions import BOOK

SAMPLES = Path(__file__).parents[2] / "samples"
DAYS = [date(2019, 1, 28) + timedelta(number) for number in range(6)]
NOW = datetime(2019, 2, 2, 4, tzinfo=UTC)
CLIENT = ("hubei", "s" * 40)
MARK = "evil7331"
HOSTILE = (
    f'=HYPERLINK("http://{MARK}.example","x")<script>{MARK}()</script><img src=x onerror={MARK}()>'
    f"&\"'/../../../../{MARK}"
)
PATH = f"../../../../{MARK}"
PHONE, ID, NAME = "13871007331", "420106199001011235", "样例巳"
PERSONAL = f"样例当事人{NAME}，身份证{ID}，电话{PHONE}"
TEXTS = {
    "violation_type_name", "penalty_basis", "penalty_content", "facts", "cause", "clarification", "conduct",
    "procedure_name", "statement", "measure", "reason", "case_title", "verifier_name", "address",
    "subject_matter", "remarks", "corrected_content",
}  # fmt: skip
CELLS = ("=", "+", "-", "@", "\t", "\r")


@pytest.fixture
def settings(warehouse: str, tmp_path: Path) -> Iterator[Settings]:
    """Everything that one run over the hostile story leaves, in one folder."""
    story = yaml.load((SAMPLES / "story.yaml").read_text("utf-8"), Loader=_TextLoader)
    spoil(story)
    (tmp_path / "told").mkdir()
    (tmp_path / "told/story.yaml").write_text(yaml.safe_dump(story, allow_unicode=True), "utf-8")
    make(tmp_path / "state/inbox", BOOK, str(tmp_path / "told/story.yaml"))
    shutil.copytree(SAMPLES / "platform", tmp_path / "told/platform")
    for push in (tmp_path / "told/platform/pushed_cases").iterdir():
        push.write_text(json.dumps(spoiled(json.loads(push.read_text("utf-8")))), "utf-8")
    with running(tmp_path / "told/platform", tmp_path / "told/platform.sqlite", CLIENT) as platform:
        yield Settings(
            {
                "WAREHOUSE_URL": warehouse,
                "CONDUCT_RECORDS_STATE": str(tmp_path / "state"),
                "EXCHANGE_URL": platform.url,
                "EXCHANGE_CLIENT_ID": CLIENT[0],
                "EXCHANGE_CLIENT_SECRET": CLIENT[1],
                "PERSON_TOKEN_KEY": "k" * 40,
            }
        )


def spoil(story: dict[str, Any]) -> None:
    """Hostile texts in every row, an id with its telephone in the facts, hostile names of files."""
    for number, told in enumerate(story["files"]):
        folder, _, name = told["path"].rpartition("/")
        told["path"] = f"{folder}/=<img src=x onerror={MARK}()>&..{name}" if number % 2 else told["path"]
        for row in told["rows"]:
            row.update({field: HOSTILE + str(row[field]) for field in TEXTS & row.keys()})
            if "violation_facts" in row:
                row["violation_facts"] = PERSONAL
            if row.get("document_no", "").startswith("样例鄂市监罚〔2018〕6号"):
                row["party_name"] = f"=<b>{MARK}</b>{row['party_name']}"


def spoiled(cases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The pushed cases with hostile titles; the second appearance of case 5-1 has a path for its number."""
    return [
        each | {"案例标题": HOSTILE + each["案例标题"], "案例ID": each["案例ID"].replace("88", PATH)}
        for each in cases
    ]


def run(settings: Settings) -> None:
    """One run over all dates, with every output that the flows write."""
    for day in DAYS:
        for feed in ("pushed_cases", "evaluations"):
            pull(feed, day, NOW, settings)
        for lane in waiting(settings, day, sightings(settings)):
            ingest(lane, NOW, settings)
    last = DAYS[-1]
    run_suites(DAYS[:2], NOW, settings)
    build(last, NOW, settings)
    publish_marts(last, NOW, settings)
    publish_portal(last, NOW, settings)
    enqueue(last, NOW, settings)
    send(last, NOW, settings)
    prove(last, NOW, settings)
    for write in (
        write_referral_lists, write_correction_lists, write_verification_reports, write_subject_notices,
    ):  # fmt: skip
        assert write(settings, last), write.__name__
    assert write_drafts(settings, date(2019, 1, 1))


def test_nothing_in_any_output_runs_and_nobody_is_named(
    settings: Settings, tmp_path: Path, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level("INFO")
    run(settings)
    told = caplog.text + "".join(capfd.readouterr())
    state = settings.state
    assert {path.name for path in tmp_path.iterdir()} == {"told", "state"}
    outputs = [p for p in state.rglob("*") if p.is_file() and p.relative_to(state).parts[0] != "inbox"]
    looked = {look(path) for path in outputs}
    assert looked >= {".xlsx", ".html", ".csv", ".json", ".xml"}
    hostile = {path.suffix for path in outputs if MARK in text_of(path)}
    assert hostile >= {".xlsx", ".html", ".csv", ".json", ".xml"}, "the seeds reached every kind of output"
    leaving = [p for p in outputs if p.relative_to(state).parts[0] != "outbox"]
    values = {PHONE: "phone", ID: "id", NAME: "name"}
    for place, text in [("log", told), *((str(path), text_of(path)) for path in leaving)]:
        assert not [what for value, what in values.items() if value in text], place
    assert not [path for path in outputs if ID in text_of(path)], "no receipt or list repeats an id"


def test_a_name_from_outside_leads_to_no_other_folder(tmp_path: Path) -> None:
    settings = Settings({"CONDUCT_RECORDS_OUTBOX": str(tmp_path / "outbox")})
    written = put(settings, "420100", DAYS[0], f"{PATH}\\..\\{MARK}.html", b"")
    assert Path(written).parent == tmp_path / "outbox/420100/2019-01-28"
    assert Path(written).exists()


def look(path: Path) -> str:
    """Fail where one output could run; returns its kind."""
    {
        ".xlsx": look_into_workbook, ".html": look_into_page, ".csv": look_into_table, ".xml": Xml.parse,
        ".json": lambda each: json.loads(each.read_bytes()),
    }.get(path.suffix, lambda _: None)(path)  # fmt: skip
    return path.suffix


def look_into_workbook(path: Path) -> None:
    """No formula, no link but to another sheet, nothing from elsewhere, no program."""
    with zipfile.ZipFile(path) as book:
        for name in book.namelist():
            assert not re.search("vba|externalLink|embeddings|activeX", name), (path, name)
            text = book.read(name).decode(errors="replace")
            if name.startswith("xl/worksheets/"):
                assert not re.search(r"<f[ >]|<hyperlink[^>]*r:id", text), (path, name)
            assert 'TargetMode="External"' not in text, (path, name)


def look_into_table(path: Path) -> None:
    """No cell begins as a formula does."""
    rows = csv.reader(io.StringIO(path.read_text("utf-8-sig"), newline=""))
    cells = [cell for row in rows for cell in row]
    assert not [cell for cell in cells if cell.startswith(CELLS)], path


class Page(HTMLParser):
    """What a browser would make of a page: its scripts, and every attribute."""

    def __init__(self) -> None:
        super().__init__()
        self.attributes: list[tuple[str, str]] = []
        self.scripts: list[str] = []
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.inside = tag
        self.attributes += [(name, value or "") for name, value in attrs]

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside in ("script", "style"):
            self.scripts.append(data)


def look_into_page(path: Path) -> None:
    """Our text is in no script and in no attribute that acts."""
    page = Page()
    page.feed(path.read_text("utf-8"))
    assert not [script for script in page.scripts if MARK in script], path
    acting = [(name, value) for name, value in page.attributes if name.startswith("on") and MARK in value]
    assert not acting, path
    leading = [value for name, value in page.attributes if name in ("href", "src", "action")]
    assert not [
        value for value in leading if re.match(rf"javascript:|data:text|//|https?://{MARK}", value)
    ], path


def text_of(path: Path) -> str:
    """The text of an output and its name; of a workbook, that of its parts."""
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(path) as book:
            return "".join(book.read(name).decode(errors="replace") for name in book.namelist())
    return path.read_bytes().decode(errors="replace") + path.name
