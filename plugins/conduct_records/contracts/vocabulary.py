"""Words that all kinds share: placeholders, date formats, legend markers, signs of damage."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import yaml

from conduct_records.contracts.rules import Strict


class Booleans(Strict):
    """Texts that mean yes and no."""

    yes: tuple[str, ...]
    no: tuple[str, ...]


class Amounts(Strict):
    """How money is written: scales, numbers in words, words that carry nothing, brackets of units.

    `before_amounts` are the characters with which a text goes on to an amount, `stops` those that part a noun
    from it, `particle` what may stand between an amount and its noun.
    """

    scales: dict[str, int]
    digits: dict[str, int]
    places: dict[str, int]
    before_amounts: str
    stops: str
    particle: str
    noise: tuple[str, ...]
    unit_brackets: str


class Vocabulary(Strict):
    """The content of include/schemas/vocabulary.yaml; `date_formats` are regular expressions with y, m, d."""

    placeholders: tuple[str, ...]
    open_ended: tuple[str, ...]
    date_formats: dict[str, str]
    time_of_day: str
    date_floor: date
    booleans: Booleans
    amounts: Amounts
    legend_markers: tuple[str, ...]
    figure: str
    header_marks: str
    ignored_headers: tuple[str, ...]
    no_template: str
    personal_headers: tuple[str, ...]
    code_separators: str
    weak_code_separators: str
    mojibake: str
    cell_error: str
    ditto: str
    scientific: str
    turned_into_date: str
    lost_character: str
    never_says: dict[str, str]
    opening_brackets: str
    closing_brackets: str


def read_vocabulary(path: Path) -> Vocabulary:
    """Read the vocabulary.

    Raises:
        pydantic.ValidationError: a word is missing or unknown.
    """
    return Vocabulary.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
