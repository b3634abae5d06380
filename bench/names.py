"""Made-up names of enterprises, and the ways in which submissions damage them (domain facts 7)."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

WORDS: dict[str, Any] = yaml.safe_load((Path(__file__).parent / "names.yaml").read_text(encoding="utf-8"))
BRAND = "".join(WORDS["brand"])
PLACES = list(WORDS["codes"])
BRANCH_SHARE = 0.05
ENTERPRISES_SEED = 2019
PAIRS_SEED = 4


@dataclass(frozen=True)
class Named:
    """One enterprise: its place, what is its own, its legal form, its branch (mostly none)."""

    place: str
    core: str
    form: str
    branch: str = ""
    bracketed: bool = False

    @property
    def name(self) -> str:
        """The name as registered."""
        if self.bracketed:
            return f"{self.core}({self.place}){self.form}{self.branch}"
        return f"{self.place}{self.core}{self.form}{self.branch}"

    @property
    def region(self) -> str:
        """Region code of the prefecture."""
        return str(WORDS["codes"][self.place])


@dataclass(frozen=True)
class Pair:
    """A damaged name in a region and the enterprise that it means; None where no registered one is meant."""

    name: str
    region: str
    damage: str
    means: str | None


def enterprises(count: int) -> list[Named]:
    """`count` enterprises with names of their own; the first of a size are the first of every larger one."""
    chance = random.Random(ENTERPRISES_SEED)  # noqa: S311
    found: dict[str, Named] = {}
    while len(found) < count:
        made = _enterprise(chance)
        found.setdefault(made.name, made)
        if chance.random() < BRANCH_SHARE and len(found) < count and not made.bracketed:
            branch = Named(made.place, made.core, made.form, chance.choice(WORDS["branch"]))
            found.setdefault(branch.name, branch)
    return list(found.values())


def labelled(registered: list[Named], count: int) -> list[Pair]:
    """`count` pairs: a registered name damaged in one of the ways, or a trap that means none of them."""
    chance = random.Random(PAIRS_SEED)  # noqa: S311
    names = {each.name for each in registered}
    pairs: list[Pair] = []
    ways = list(DAMAGES.items())
    while len(pairs) < count:
        way, damage = ways[len(pairs) % len(ways)]
        meant = chance.choice(registered)
        damaged = damage(meant, chance)
        if way in TRAPS and damaged not in names:
            pairs.append(Pair(damaged, meant.region, way, None))
        elif way not in TRAPS and (damaged not in names or damaged == meant.name):
            pairs.append(Pair(damaged, meant.region, way, meant.name))
    return pairs


def _enterprise(chance: random.Random) -> Named:
    brand = "".join(chance.choices(BRAND, k=chance.choice((2, 2, 2, 3))))
    if chance.random() < 0.02:
        brand += chance.choice(WORDS["letters"])
    core = brand + chance.choice(WORDS["trade"])
    form = chance.choices(WORDS["form"], (8, 3, 1))[0]
    return Named(chance.choices(PLACES, _weights())[0], core, form, bracketed=chance.random() < 0.02)


def _weights() -> Iterator[int]:
    return (40 if number == 0 else 4 for number, _ in enumerate(PLACES))


def _longer_place(meant: Named, chance: random.Random) -> str:
    place = chance.choice((WORDS["province"] + meant.place, WORDS["full"][meant.place]))
    return meant.name.replace(meant.place, place, 1)


def _without_place(meant: Named, _: random.Random) -> str:
    return f"{meant.core}{meant.form}{meant.branch}"


def _former_place(meant: Named, chance: random.Random) -> str:
    for now, once in WORDS["former"].items():
        if now in meant.name:
            return meant.name.replace(now, once, 1)
    return _longer_place(meant, chance)


def _form(meant: Named, chance: random.Random) -> str:
    return meant.name.replace(meant.form, chance.choice(WORDS["suffix_damage"][meant.form]), 1)


def _brackets(meant: Named, chance: random.Random) -> str:
    left, right = chance.choice(WORDS["brackets"])
    return f"{meant.core}{left}{meant.place}{right}{meant.form}{meant.branch}"


def _at(meant: Named, chance: random.Random) -> int:
    """A place inside the name's own part."""
    return meant.name.index(meant.core) + chance.randrange(len(meant.core))


def _misprint(meant: Named, chance: random.Random) -> str:
    at = _at(meant, chance)
    return f"{meant.name[:at]}{chance.choice(BRAND)}{meant.name[at + 1 :]}"


def _place_misprint(meant: Named, chance: random.Random) -> str:
    at = meant.name.index(meant.place) + chance.randrange(len(meant.place))
    return f"{meant.name[:at]}{chance.choice(BRAND)}{meant.name[at + 1 :]}"


def _left_out(meant: Named, chance: random.Random) -> str:
    at = _at(meant, chance)
    return meant.name[:at] + meant.name[at + 1 :]


def _doubled(meant: Named, chance: random.Random) -> str:
    at = _at(meant, chance)
    return meant.name[:at] + meant.name[at] + meant.name[at:]


def _swapped(meant: Named, chance: random.Random) -> str:
    at = meant.name.index(meant.core) + chance.randrange(len(meant.core) - 1)
    return meant.name[:at] + meant.name[at + 1] + meant.name[at] + meant.name[at + 2 :]


def _variants(meant: Named, _: random.Random) -> str:
    name = meant.name
    for usual, variant in WORDS["variants"].items():
        name = name.replace(usual, variant)
    return name


def _marks(meant: Named, chance: random.Random) -> str:
    at = _at(meant, chance)
    mark, end = chance.choice("\u3000\xa0\ue5c5 "), chance.choice(("", "\ue5c5"))
    return meant.name[:at] + mark + meant.name[at:] + end


def _two_at_once(meant: Named, chance: random.Random) -> str:
    return _form(meant, chance).replace(meant.place, WORDS["full"][meant.place], 1)


def _head_office_of_a_branch(meant: Named, chance: random.Random) -> str:
    """A branch that nobody registered: its head office is not meant."""
    return f"{meant.place}{meant.core}{meant.form}{chance.choice(WORDS['branch'])}"


def _one_more_word(meant: Named, chance: random.Random) -> str:
    return f"{meant.place}{meant.core}{chance.choice(WORDS['trade'])}{meant.form}{meant.branch}"


DAMAGES: dict[str, Callable[[Named, random.Random], str]] = {
    "longer_place": _longer_place,
    "without_place": _without_place,
    "former_place": _former_place,
    "legal_form": _form,
    "brackets": _brackets,
    "misprint": _misprint,
    "place_misprint": _place_misprint,
    "left_out": _left_out,
    "doubled": _doubled,
    "swapped": _swapped,
    "variants": _variants,
    "marks": _marks,
    "form_and_place": _two_at_once,
    "unregistered_branch": _head_office_of_a_branch,
    "one_more_word": _one_more_word,
}
TRAPS = {"unregistered_branch", "one_more_word"}
