"""Random histories of made-up subjects, many in one warehouse.

A history is all that happens to one subject. Acts are drawn without regard to sense: a revocation may come
before its decision or without one, two changes may contradict each other, a party may be known by name alone.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta
from random import Random

from tests.sql.story import (
    Delivery,
    Row,
    change,
    listed,
    objection,
    penalty,
    recognised,
    registered,
    repair,
    ruling,
    verified,
)

DAYS = [date(2019, 1, 28) + timedelta(number) for number in range(6)]
UNITS = ("HB-AMR", "HB-AMR", "HB-AMR", "420100", "HB-DRC", "HB-HEALTH")
ACT_DAYS = (
    "2018-06-01",
    "2018-06-01",
    "2018-12-01",
    "2019-01-29",
    "2019-01-31",
    "2019-02-02",
    "2019-03-01",
    "1900-01-01",
)
DECIDED = (
    "2015-03-02",
    "2017-12-01",
    "2018-01-30",
    "2018-02-02",
    "2018-06-01",
    "2018-06-01",
    "2019-01-30",
    "2099-01-01",
)
CODES = ("fine", "warning", "licence", "fine;confiscation", "suspension", "other")
Act = Callable[[int, Random], tuple[str, Row]]


def code(subject: int) -> str:
    """The credit code of a history's subject."""
    return f"91420100MH{subject:08d}"


def registration(subject: int) -> str:
    """The registration number that the register states for it."""
    return f"4201{subject:011d}"


def name(subject: int) -> str:
    """Its name; one in four bears the name of its neighbour."""
    return f"武汉样例{subject - 1 if subject % 4 == 1 else subject}商贸有限公司"


def number(subject: int, chance: Random) -> str:
    """One of the few decisions that a history is about."""
    return f"史罚〔2018〕{subject}-{chance.randrange(2)}号"


def party(subject: int, chance: Random) -> Row:
    """The subject as a department may write it: mostly by its code, at times by less or by another."""
    whole = {"party_name": name(subject), "party_code": code(subject)}
    return chance.choice(
        [whole] * 7
        + [whole | {"party_name": f"曾用{name(subject)}"}, {"party_name": name(subject), "party_code": None}]
        + [whole | {"party_code": code(subject + 500_000)}]
    )


def decided(subject: int, chance: Random) -> tuple[str, Row]:
    by = party(subject, chance)
    if chance.random() < 0.1:
        by = {"party_name": name(subject), "party_code": None, "party_org_code": code(subject)[8:17]}
    elif chance.random() < 0.1:
        by = {"party_name": name(subject), "party_code": None, "party_registration_no": registration(subject)}
    elif chance.random() < 0.08:
        by = {"party_name": f"样例人{subject}", "party_code": None, "party_person_token": f"person{subject}"}
        by |= {"party_category_code": "natural_person"}
    more: Row = {"procedure_code": "simple"} if chance.random() < 0.1 else {}
    status = chance.choices([None, "revoked", "normal", "objection"], [82, 6, 8, 4])[0]
    more |= {"status_code": status} if status else {}
    return "penalty_decision", penalty(
        number(subject, chance), chance.choice(DECIDED), by, penalty_category_codes=chance.choice(CODES),
        fine_yuan=chance.choice([20000, 20000, 30000, 2_000_000]), **more,
    )  # fmt: skip


def changed(subject: int, chance: Random) -> tuple[str, Row]:
    more: Row = {}
    if chance.random() < 0.6:
        more = {"change_code": "modified", "fine_yuan": chance.choice([1, 2]), "changed_content": "变更"}
    to = number(subject, chance)
    on = chance.choice(ACT_DAYS)
    return "decision_change", change(
        f"史变{subject}-{chance.randrange(3)}", on, to, party(subject, chance), **more
    )


def objected(subject: int, chance: Random) -> tuple[str, Row]:
    to = number(subject, chance)
    return "objection", objection(
        f"史异{subject}-{chance.randrange(2)}", chance.choice(ACT_DAYS), to, party(subject, chance)
    )


def ruled(subject: int, chance: Random) -> tuple[str, Row]:
    more = chance.choice([
        {}, {"ruling_code": "upheld", "correction_code": "withdraw"},
        {"ruling_code": "upheld", "correction_code": "correct", "fine_yuan": 7, "corrected_content": "更正"},
    ])  # fmt: skip
    to = number(subject, chance)
    return "objection_ruling", ruling(
        f"史异{subject}-{chance.randrange(2)}", chance.choice(ACT_DAYS), to, party(subject, chance), **more
    )


def repaired(subject: int, chance: Random) -> tuple[str, Row]:
    more = {"ruling_code": "refused"} if chance.random() < 0.2 else {}
    to = number(subject, chance)
    return "repair_ruling", repair(
        f"史修{subject}", chance.choice(ACT_DAYS), to, party(subject, chance), **more
    )


def list_decided(subject: int, chance: Random) -> tuple[str, Row]:
    whole = {"party_name": name(subject), "party_code": code(subject)}
    if chance.random() < 0.4:
        more = {"action_code": "removed", "listed_document_no": f"史列{subject}"}
        return "list_decision", listed(f"史移{subject}", chance.choice(ACT_DAYS), whole, **more)
    return "list_decision", listed(f"史列{subject}", chance.choice(ACT_DAYS), whole)


def register(subject: int, chance: Random) -> tuple[str, Row]:
    more = {"former_names": f"曾用{name(subject)}"} if chance.random() < 0.4 else {}
    bears = chance.choice([name(subject)] * 3 + [f"新{name(subject)}"])
    return "registry_extract", registered(
        {"party_name": bears, "party_code": code(subject)}, approved_on=chance.choice(ACT_DAYS),
        party_registration_no=registration(subject), **more,
    )  # fmt: skip


def verify(subject: int, chance: Random) -> tuple[str, Row]:
    verdict = chance.choice(["confirmed", "confirmed", "not_confirmed"])
    whole = {"party_name": name(subject), "party_code": code(subject)}
    on = chance.choice(ACT_DAYS)
    return "verification_result", verified(f"史{subject}", on, whole, verdict_code=verdict)


def recognise(subject: int, chance: Random) -> tuple[str, Row]:
    whole = {"party_name": name(subject), "party_code": code(subject)}
    return "recognition", recognised(f"史认{subject}", chance.choice(ACT_DAYS), f"史{subject}", whole)


def shield(subject: int, chance: Random) -> tuple[str, Row]:
    until = chance.choice([None, "2019-01-30", "2019-12-31"])
    return "reorganisation_shield", {
        "document_no": f"史破{subject}", "party_name": name(subject), "party_code": code(subject),
        "authority_name": "样例法院", "approved_on": "2019-01-28", "shielded_on": chance.choice(ACT_DAYS),
        "until_on": until,
    }  # fmt: skip


ACTS: tuple[Act, ...] = (
    decided, decided, decided, changed, changed, objected, ruled, repaired, list_decided, register, register,
    verify, recognise, shield,
)  # fmt: skip


def deliveries(subjects: Iterable[int], day: date, chance: Random) -> Iterator[Delivery]:
    """One act of each subject on one data date, as the files of the units that send them."""
    acts = [(*chance.choice(ACTS)(subject, chance), chance.choice(UNITS)) for subject in subjects]
    acts.sort(key=lambda act: (act[0], act[2]))
    for (kind, unit), rows in itertools.groupby(acts, key=lambda act: (act[0], act[2])):
        yield Delivery(kind, day, unit, tuple(row for _, row, _ in rows), sequence=chance.randrange(2))
