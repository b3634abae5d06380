"""A report as one page that needs no network: tables, charts drawn by pygal, notes, and every query."""

from __future__ import annotations

import re
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from conduct_records.reports.progress import Part, Report, template
from conduct_records.reports.progress_values import label, notes, number, text
from conduct_records.settings import TEMPLATES

SURPLUS = re.compile(r"<!--.*?-->|<script.*?</script>", re.DOTALL)  # pygal writes today's date, and script
FITTING = 45  # characters that stand side by side under a chart
FONT = '"Noto Sans CJK SC", "Source Han Sans SC", "Microsoft YaHei", "PingFang SC", sans-serif'


def page(report: Report) -> bytes:
    """The report as HTML; equal figures give equal bytes. Text is escaped."""
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.globals.update(chart=chart, notes=notes, text=text)
    content = environment.get_template("progress.html").render(report=report, words=template())
    return content.encode()


def chart(part: Part) -> Markup:
    """One chart as SVG; Markup, since pygal escapes what it is given."""
    declared = part.declared
    drawn = _shape(part)
    if declared["shape"] == "pie":
        (series,) = declared["series"]
        for row in part.shown:
            drawn.add(label(part, row), number(row[series["field"]]))
    else:
        drawn.x_labels = [label(part, row) for row in part.shown]
        for series in declared["series"]:
            drawn.add(series["name"], [number(row[series["field"]]) for row in part.shown])
    drawn.no_data_text = template()["no_data"]
    drawn.uuid = part.code  # pygal would draw one by lot
    return Markup(SURPLUS.sub("", drawn.render(is_unicode=True)))  # noqa: S704


def _shape(part: Part) -> Any:
    import pygal
    from pygal.style import Style

    declared = part.declared
    colours = [series["colour"] for series in declared["series"]]
    if declared["shape"] == "pie":
        colours = ["#2f6fab", "#7fb2dd", "#d9822b"]
    style = Style(
        background="white", plot_background="white", font_family=FONT, colors=tuple(colours),
        label_font_size=12, major_label_font_size=12, legend_font_size=13, value_font_size=12,
        no_data_font_size=20, guide_stroke_color="#e4e4e4", major_guide_stroke_color="#e4e4e4",
        guide_stroke_dasharray="none", major_guide_stroke_dasharray="none", opacity=".9", transition="0s",
    )  # fmt: skip
    form = declared.get("format")
    width = sum(len(label(part, row)) for row in part.shown)
    kinds = {"stacked": pygal.StackedBar, "bar": pygal.Bar, "line": pygal.Line, "pie": pygal.Pie}
    return kinds[declared["shape"]](
        style=style, js=[], width=900, height=360, legend_at_bottom=True, show_legend=True, print_values=True,
        print_zeroes=False, x_label_rotation=25 if width > FITTING else 0, disable_xml_declaration=True,
        formatter=lambda value: text(value, form), value_formatter=lambda value: text(value, form or "short"),
        include_x_axis=True,
        margin=12, spacing=14,
    )  # fmt: skip
