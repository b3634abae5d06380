"""A report as a workbook: figures in cells, native charts over them, notes, and every query."""

from __future__ import annotations

from io import BytesIO
from typing import Any

import xlsxwriter

from conduct_records.reports.progress import Part, Report, template
from conduct_records.reports.progress_values import NUMBER_FORMATS, label, notes, number, text
from conduct_records.reports.sheets import CREATED, OPTIONS

TOP = 3  # rows above the header: title, link to the query, blank
SHAPES = {
    "stacked": {"type": "column", "subtype": "stacked"},
    "bar": {"type": "column"},
    "line": {"type": "line"},
    "pie": {"type": "pie"},
}


def workbook(report: Report) -> bytes:
    """One sheet a part and one of all queries; equal figures give equal bytes. No cell runs as a formula."""
    target = BytesIO()
    with xlsxwriter.Workbook(target, OPTIONS) as book:
        book.set_properties({"created": CREATED, "title": report.title})
        writer = _Writer(book, report)
        for part in report.parts:
            writer.write(part)
        writer.write_queries()
    return target.getvalue()


class _Writer:
    """Writes the sheets of one workbook."""

    def __init__(self, book: Any, report: Report) -> None:
        self.book, self.report = book, report
        self.places = {name: row for row, name in enumerate(report.queries, start=TOP)}
        self.title = book.add_format({"bold": True, "font_size": 14})
        self.head = book.add_format({"bold": True, "text_wrap": True, "border": 1, "bg_color": "#eef3f8"})
        self.words = book.add_format({"text_wrap": True, "valign": "top", "border": 1})
        self.link = book.add_format({"font_color": "#2f6fab", "underline": 1})
        self.numbers = {
            form: book.add_format({"num_format": shown, "border": 1})
            for form, shown in NUMBER_FORMATS.items()
        }

    def write(self, part: Part) -> None:
        """One part as a sheet of its own."""
        sheet = self.book.add_worksheet(part.title[:31].translate(str.maketrans("[]:*?/\\", "      ~")))
        title = template()["part_title"].format(report=self.report.title, part=part.title)
        sheet.write_string(0, 0, title, self.title)
        place = f"internal:'{template()['sources_title']}'!A{self.places[part.declared['query']] + 1}"
        source = template()["source"].format(query=part.declared["query"])
        sheet.write_url(1, 0, place, self.link, source)
        getattr(self, f"_{part.declared['form']}")(sheet, part)
        sheet.set_landscape()
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)

    def write_queries(self) -> None:
        """Every query, as anyone may run it as bi_reader."""
        sheet = self.book.add_worksheet(template()["sources_title"])
        sheet.write_string(0, 0, template()["sources_note"])
        sheet.set_column(0, 0, 16)
        sheet.set_column(1, 1, 130)
        for name, row in self.places.items():
            sheet.write_string(row, 0, name, self.words)
            sheet.write_string(row, 1, self.report.queries[name], self.words)

    def _facts(self, sheet: Any, part: Part) -> None:
        sheet.set_column(0, 0, 34)
        sheet.set_column(1, 3, 12)
        now, before = self.report.period.name, template()["previous"]
        for column, header in enumerate(("", now, before, "")):
            sheet.write_string(TOP, column, header, self.head)
        for row, declared in enumerate(part.declared["columns"], start=TOP + 1):
            sheet.write_string(row, 0, declared["header"], self.words)
            for column, figures in enumerate((part.rows[0], part.previous[0]), start=1):
                self._cell(sheet, row, column, figures[declared["field"]], declared.get("format"))
            sheet.write_string(row, 3, declared.get("unit", ""), self.words)

    def _table(self, sheet: Any, part: Part) -> None:
        for column, declared in enumerate(part.declared["columns"]):
            sheet.set_column(column, column, declared["width"])
            sheet.write_string(TOP, column, declared["header"], self.head)
            for row, figures in enumerate(part.rows, start=TOP + 1):
                self._cell(sheet, row, column, figures[declared["field"]], declared.get("format"))
        sheet.freeze_panes(TOP + 1, 1)
        sheet.repeat_rows(TOP)

    def _notes(self, sheet: Any, part: Part) -> None:
        sheet.set_column(0, 0, 120)
        for row, note in enumerate(notes(part), start=TOP):
            sheet.write_string(row, 0, note, self.words)

    def _chart(self, sheet: Any, part: Part) -> None:
        series = part.declared["series"]
        sheet.set_column(0, 0, 30)
        for column, each in enumerate(series, start=1):
            sheet.write_string(TOP, column, each["name"], self.head)
        for row, figures in enumerate(part.shown, start=TOP + 1):
            sheet.write_string(row, 0, label(part, figures), self.words)
            for column, each in enumerate(series, start=1):
                self._cell(sheet, row, column, figures[each["field"]], part.declared.get("format"))
        if part.shown:
            self._draw(sheet, part)
        else:
            sheet.write_string(TOP + 1, 0, template()["no_data"], self.words)

    def _draw(self, sheet: Any, part: Part) -> None:
        drawn = self.book.add_chart(SHAPES[part.declared["shape"]])
        last = TOP + len(part.shown)
        for column, each in enumerate(part.declared["series"], start=1):
            drawn.add_series(
                {
                    "name": [sheet.name, TOP, column],
                    "categories": [sheet.name, TOP + 1, 0, last, 0],
                    "values": [sheet.name, TOP + 1, column, last, column],
                    "data_labels": {"value": True},
                }
                | ({} if part.declared["shape"] == "pie" else _coloured(part, each["colour"]))
            )
        drawn.set_title({"name": part.title, "name_font": {"size": 12}})
        drawn.set_legend({"position": "bottom"})
        drawn.set_size({"width": 860, "height": 400})
        sheet.insert_chart(TOP, len(part.declared["series"]) + 2, drawn)

    def _cell(self, sheet: Any, row: int, column: int, value: Any, form: str | None) -> None:
        if value is None or isinstance(value, str) or form == "flag":
            sheet.write_string(row, column, text(value, form), self.words)
        else:
            sheet.write_number(row, column, number(value), self.numbers[form])


def _coloured(part: Part, colour: str) -> dict[str, Any]:
    return {"line" if part.declared["shape"] == "line" else "fill": {"color": colour}}
