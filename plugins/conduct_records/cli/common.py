"""What the commands share: the time, how they say what they found."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any

from conduct_records.settings import BEIJING


class WrongUse(ValueError):
    """The command cannot be carried out as given; the message says what to give."""


def now() -> datetime:
    """The time at which the command was given; its date is that of the people who give it."""
    return datetime.now(BEIJING)


def show(value: Any) -> None:
    """Print a value as JSON."""
    print(json.dumps(value, ensure_ascii=False, indent=2, default=str))
