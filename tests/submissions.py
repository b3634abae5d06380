"""What the tests of submissions share: small files on the spot, and a file's issues as plain tuples."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

from conduct_records.contracts.book import ContractBook, load_contracts
from conduct_records.intake.refusal import Refused
from conduct_records.validation.check import check
from conduct_records.validation.checked import Checked
from conduct_records.validation.results import Chunk
from conduct_records.validation.vault import Tokeniser

BOOK = load_contracts()
DAY = date(2019, 1, 29)
SAMPLES = Path(__file__).resolve().parents[1] / "samples"
FOOD = "91420600MA4KY00249"
AUTHORITY = "11420600YL2000024N"
PENALTY = {
    "行政相对人名称": "襄阳样例食品有限公司",
    "行政相对人类别": "法人及非法人组织",
    "行政相对人代码_1(统一社会信用代码)": FOOD,
    "行政相对人代码_2(工商注册号)": "",
    "行政相对人代码_3(组织机构代码)": "",
    "法定代表人": "样例乙",
    "自然人证件类型": "",
    "自然人证件号码": "",
    "行政处罚决定书文号": "样例襄市监罚〔2018〕1号",
    "违法行为类型": "标签不符合规定",
    "违法事实": "食品标签未标明生产日期",
    "处罚依据": "《中华人民共和国食品安全法》第一百二十五条",
    "处罚类别": "罚款",
    "处罚内容": "罚款2000元",
    "罚款金额(万元)": "0.2",
    "处罚决定日期": "2018-07-02",
    "公示截止期": "2019-07-02",
    "处罚机关": "襄阳市市场监督管理局",
    "处罚机关统一社会信用代码": AUTHORITY,
    "数据来源单位": "襄阳市市场监督管理局",
    "数据来源单位统一社会信用代码": AUTHORITY,
    "备注": "",
}
RESIDENT = "42060619000102002X"


def penalty(**changes: str) -> dict[str, str]:
    """A good penalty row under the template's headers, changed; a header may be given by how it begins."""
    row = dict(PENALTY)
    for start, value in changes.items():
        [header] = [name for name in row if name == start] or [name for name in row if name.startswith(start)]
        row[header] = value
    return row


def table(*rows: dict[str, str]) -> list[list[str]]:
    """Rows as a table with its header."""
    return [list(rows[0]), *(list(row.values()) for row in rows)]


def as_csv(lines: Sequence[Sequence[str]], encoding: str = "utf-8", delimiter: str = ",") -> bytes:
    """Lines as CSV."""
    text = io.StringIO(newline="")
    csv.writer(text, delimiter=delimiter).writerows(lines)
    return text.getvalue().encode(encoding)


@dataclass
class Outcome:
    """A file after its check."""

    checked: Checked
    chunks: list[Chunk] = field(default_factory=list)

    @property
    def refusal(self) -> str | None:
        return self.checked.refusal.code if self.checked.refusal else None

    @property
    def issues(self) -> list[tuple[int | None, str | None, str]]:
        """(row, field, issue), sorted; notices about missing optional columns left out."""
        rows = [row for chunk in self.chunks for row in chunk.issues.to_pylist()]
        rows += self.checked.file_issues.to_pylist()
        found = [(row["row_no"], row["field"], row["issue_code"]) for row in rows]
        return sorted(
            (one for one in found if one[2] != "missing_column"), key=lambda one: (one[0] or 0, str(one))
        )

    @property
    def codes(self) -> list[str]:
        return [issue for _, _, issue in self.issues]

    @property
    def evidence(self) -> list[dict[str, Any]]:
        return [row for chunk in self.chunks for row in chunk.evidence.to_pylist()]

    @property
    def quarantine(self) -> list[dict[str, Any]]:
        return [row for chunk in self.chunks for row in chunk.quarantine.to_pylist()]

    @property
    def counts(self) -> tuple[int, int, int, int]:
        totals = self.checked.totals
        return totals.accepted, totals.quarantined, totals.duplicates, totals.skipped


def examine(
    path: Path,
    *,
    book: ContractBook = BOOK,
    kind: str | None = None,
    unit: str = "420600",
    day: date = DAY,
    tokeniser: Tokeniser | None = None,
    name: str | None = None,
) -> Outcome:
    """Check a file to its end."""
    checked = check(
        path, path.name if name is None else name, unit, day, book, kind=kind, tokeniser=tokeniser
    )
    outcome = Outcome(checked)
    try:
        outcome.chunks = list(checked.chunks())
    except Refused:
        outcome.chunks = []
    return outcome


def examine_bytes(tmp_path: Path, content: bytes, name: str = "submission.csv", **more: Any) -> Outcome:
    """Check bytes as a file of this name."""
    path = tmp_path / name
    path.write_bytes(content)
    return examine(path, **more)


def examine_rows(tmp_path: Path, *rows: dict[str, str], **more: Any) -> Outcome:
    """Check rows as a CSV file."""
    return examine_bytes(tmp_path, as_csv(table(*rows)), **more)
