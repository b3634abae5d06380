"""Of what one proof is: everything, or the subjects of which anything may have changed (decision 0009)."""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from conduct_records.disclosure.changes import AT_A_TIME, gate_hash
from conduct_records.warehouse.connection import Connection
from conduct_records.warehouse.statements import statement

log = logging.getLogger(__name__)
SMALL = 20_000  # items that are read as a whole each time


@dataclass(frozen=True)
class Scope:
    """What one proof is of: everything, or the subjects of which anything may have changed.

    `has_marts`: marts that were never published hold nothing to compare. `behind`: the audiences whose exit
    has not yet looked as of the open date, whose gate therefore says more than any exit could know.
    """

    is_whole: bool
    has_marts: bool
    behind: Sequence[str]
    version_no: int
    subject_keys: Sequence[str]

    @classmethod
    def of(cls, connection: Connection, *, is_whole: bool) -> Scope:
        """Everything, where that is little or asked for, or where the last proof was of another gate."""
        row = connection.execute(statement("checks/proof#proven")).fetchone()
        gate, since, version_no, count = row or (None, None, 0, 0)
        concerned = connection.execute(statement("checks/proof#concerned"), {"since": since or 0}).fetchall()
        little = max(SMALL, len(concerned) * 10)
        is_all = is_whole or gate != gate_hash() or count <= little
        has_marts = connection.execute(statement("marts/version#published")).fetchone() is not None
        values = {"has_marts": has_marts}
        (waiting,) = connection.execute(statement("checks/proof#waiting"), values).fetchone() or (0,)
        if waiting:
            log.info("%d subjects wait for an exit and are proved after it", waiting)
        behind = [audience for (audience,) in connection.execute(statement("checks/proof#behind"))]
        if behind:
            log.info("a data date is open that %s will follow: proved after it", " and ".join(behind))
        return cls(is_all, has_marts, behind, version_no, [key for (key,) in concerned])

    def missed(self, connection: Connection) -> Iterator[tuple[str, str]]:
        """Where the gate and the log disagree: audience, item."""
        behind = {"behind": self.behind}
        if self.is_whole:
            yield from connection.execute(statement("checks/proof#missed"), behind)
            return
        for values in self.parts():
            yield from connection.execute(statement("checks/proof#missed_of"), values | behind)

    def parts(self) -> Iterator[dict[str, Any]]:
        """The subjects, some thousands at a time."""
        for start in range(0, len(self.subject_keys), AT_A_TIME):
            yield {"subject_keys": self.subject_keys[start : start + AT_A_TIME]}

    def proved(self, connection: Connection) -> None:
        """Remember that all of it was proved; who is still due for an exit is looked at again.

        Where an exit is behind, all of it is.
        """
        if self.behind:
            if self.is_whole:
                connection.execute(statement("checks/proof#half_proved"))
            return
        for values in self.parts():
            due = values | {"has_marts": self.has_marts}
            connection.execute(statement("checks/proof#looked_at"), due)
        if self.is_whole or self.version_no:
            last = {"gate_hash": gate_hash(), "version_no": self.version_no}
            connection.execute(statement("checks/proof#proved"), last)
