"""Where things are and which secrets this process holds, read from the environment once."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[2]
INCLUDE = ROOT / "include"
SQL = INCLUDE / "sql"
SCHEMAS = INCLUDE / "schemas"
TEMPLATES = INCLUDE / "templates"
BEIJING = ZoneInfo("Asia/Shanghai")
"""The clock that days are counted by (J1)."""


class SettingMissing(RuntimeError):
    """A setting that has no default is absent; the message is one line that names it."""


@dataclass(frozen=True)
class Settings:
    """One process's settings. Secrets never appear in its representation.

    Source: requirements J1, J2 (only environment variables differ between deployments).
    """

    environ: Mapping[str, str] = field(repr=False)

    @classmethod
    def load(cls, environ: Mapping[str, str] | None = None) -> Settings:
        """Read the settings of this process, or those of `environ` where a test gives one."""
        return cls(dict(os.environ if environ is None else environ))

    def require(self, name: str) -> str:
        """The value of one variable.

        Raises:
            SettingMissing: it is absent or empty.
        """
        value = self.environ.get(name, "")
        if not value:
            raise SettingMissing(f"{name} is not set: see .env.example for what it means")
        return value

    @property
    def state(self) -> Path:
        """The folder of everything that is made while running; never in git."""
        return Path(self.environ.get("CONDUCT_RECORDS_STATE") or ROOT / ".local")

    @property
    def warehouse_url(self) -> str:
        """The libpq address of the warehouse (embedded, a server or a Citus coordinator)."""
        return self.require("WAREHOUSE_URL")

    @property
    def inbox(self) -> str:
        """Folder or bucket URL of submissions: <inbox>/<YYYY-MM-DD>/<unit code>/<file>."""
        return self.environ.get("CONDUCT_RECORDS_INBOX") or str(self.state / "inbox")

    @property
    def exchange_folder(self) -> str | None:
        """Folder or bucket URL of the exchange with the platform by files; None where it goes over HTTP."""
        return self.environ.get("EXCHANGE_FOLDER") or None

    @property
    def outbox(self) -> str:
        """Folder or bucket URL of what units and departments get: receipts, referral lists."""
        return self.environ.get("CONDUCT_RECORDS_OUTBOX") or str(self.state / "outbox")

    @property
    def reports(self) -> Path:
        """The folder of bulletins and reports to the provincial office: draft/ and released/."""
        return Path(self.environ.get("CONDUCT_RECORDS_REPORTS") or self.state / "reports")

    @property
    def data_docs(self) -> Path | None:
        """The folder of Great Expectations' pages, one set per run; None where they are off."""
        value = self.environ.get("CONDUCT_RECORDS_DATA_DOCS")
        return None if value == "off" else Path(value or self.state / "data_docs")

    @property
    def portal(self) -> Path:
        """The folder that the public web server serves."""
        return Path(self.environ.get("CONDUCT_RECORDS_PORTAL") or self.state / "portal")

    @property
    def person_key(self) -> tuple[str, bytes]:
        """Version and secret of the key that turns a natural person's id into a token.

        Raises:
            SettingMissing: the key is absent.
            ValueError: it is shorter than 32 characters.
        """
        version = self.environ.get("PERSON_TOKEN_KEY_VERSION") or "1"
        return _person_key("PERSON_TOKEN_KEY", version, self.require("PERSON_TOKEN_KEY"))

    @property
    def older_person_keys(self) -> tuple[tuple[str, bytes], ...]:
        """Keys that were PERSON_TOKEN_KEY before, oldest first, as `version:key version:key`.

        Raises:
            ValueError: one of them is too short.
        """
        given = self.environ.get("PERSON_TOKEN_OLD_KEYS", "").split()
        return tuple(_person_key("PERSON_TOKEN_OLD_KEYS", *one.split(":", 1)) for one in given)

    @property
    def deadline(self) -> timedelta:
        """How long after it is queued a run must be over, or people are told; three hours by default."""
        return timedelta(minutes=float(self.environ.get("CONDUCT_RECORDS_DEADLINE_MINUTES") or 180))

    @property
    def sign_off(self) -> timedelta:
        """How long drafts of reports wait for a sign-off, then count as rejected; three days by default."""
        return timedelta(hours=float(self.environ.get("CONDUCT_RECORDS_SIGN_OFF_HOURS") or 72))

    @property
    def schedule_until(self) -> date | None:
        """The last data date that the schedule serves; None for no end (the sample run sets one)."""
        value = self.environ.get("CONDUCT_RECORDS_SCHEDULE_UNTIL")
        return date.fromisoformat(value) if value else None


def _person_key(name: str, version: str, secret: str = "") -> tuple[str, bytes]:
    if len(secret) < 32 or not version.isalnum():
        raise ValueError(
            f"{name} holds a key of fewer than 32 characters, or one whose version is no plain word"
        )
    return version, secret.encode()
