"""Natural persons' ids leave the data while it is read: a keyed token takes their place (decision 16)."""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from conduct_records.checkdigits import is_registration_no, is_resident_id, is_uscc
from conduct_records.validation.arrays import Mask, Strings, distinct_where, matches, none_of, per_distinct
from conduct_records.validation.normalise import plain_code

# as people type ids: full width, parted into place, birthday and number
_DIGIT = "[0-9０-９]"
_GAP = "[ \u00a0\u3000]?"
_BIRTHDAY = (
    rf"(?:[1１][89８９]|[2２][0０]){_DIGIT}{{2}}"
    rf"(?:[0０][1-9１-９]|[1１][0-2０-２])(?:[0０][1-9１-９]|[12１２]{_DIGIT}|[3３][01０１])"
)
_ID = rf"[1-9１-９]{_DIGIT}{{5}}{_GAP}{_BIRTHDAY}{_GAP}{_DIGIT}{{3}}[0-9０-９XxＸｘ]"
_IN_TEXT = re.compile(rf"(?<![0-9A-Za-z０-９])(?:{_ID})(?![0-9A-Za-z０-９])")
_MOBILE = rf"[1１][3-9３-９]{_DIGIT}[ -]?{_DIGIT}{{4}}[ -]?{_DIGIT}{{4}}"
_CALLED = re.compile(rf"(?<![0-9A-Za-z０-９./])((?:[+]?86[ -]?)?)({_MOBILE})(?![0-9A-Za-z０-９])")
_REMEMBERED = 100_000  # more than the chunks in flight can name
MAYBE_ID = rf"{_DIGIT}{{6}}{_GAP}{_DIGIT}{{8}}{_GAP}{_DIGIT}{{3}}"
TOKEN = re.compile(r"pid[0-9A-Za-z]*-[0-9a-f]{32}")


@dataclass(frozen=True)
class VaultEntry:
    """One id on its way to the vault; aliases are (key version, token), those of the oldest key first."""

    token: str
    key_version: str
    scheme: str
    value: str
    aliases: tuple[tuple[str, str], ...]


class Tokeniser:
    """Turns ids into tokens (HMAC-SHA256, 128 bits, key version kept) and collects what the vault must hold.

    The same person has the same token in every file read with the same key. The tokens under older keys are
    made as well, so that the vault knows the person again (`older`: version and key, oldest first).
    `entries` holds the ids met lately, by token: masks are made of them.
    """

    def __init__(self, key_version: str, key: bytes, older: Sequence[tuple[str, bytes]] = ()) -> None:
        self._keys = (*older, (key_version, key))
        self._made: dict[str, str] = {}
        self._fresh: list[VaultEntry] = []
        self.entries: dict[str, VaultEntry] = {}

    @classmethod
    def ephemeral(cls) -> Tokeniser:
        """A tokeniser whose tokens mean nothing elsewhere: for a department's own desk."""
        return cls("0", secrets.token_bytes(32))

    def token(self, value: str) -> str:
        """The token of one id; a token stays what it is."""
        if TOKEN.fullmatch(value):
            return value
        plain = plain_code(value) or ""
        if plain in self._made:
            return self._made[plain]
        aliases = tuple((version, f"pid{version}-{_digest(key, plain)}") for version, key in self._keys)
        version, token = aliases[-1]
        scheme = "resident_id" if is_resident_id(plain) else "other"
        self.entries[token] = VaultEntry(token, version, scheme, plain, aliases)
        self._made[plain] = token
        self._fresh.append(self.entries[token])
        return token

    def met(self) -> list[VaultEntry]:
        """What the vault must hold since the last call; of very many ids the oldest are forgotten."""
        fresh, self._fresh = self._fresh, []
        if len(self.entries) > _REMEMBERED:
            self.entries = dict(list(self.entries.items())[-_REMEMBERED // 2 :])
            self._made = {entry.value: token for token, entry in self.entries.items()}
        return fresh

    def fingerprints(self) -> list[tuple[str, str]]:
        """Version and fingerprint of each key: equal keys have equal ones, and nothing leads back."""
        return [(version, _digest(key, "fingerprint")) for version, key in self._keys]

    def masked(self, text: str) -> str:
        """The text with each token replaced by a mask: three first and two last characters of the id."""
        return TOKEN.sub(lambda match: self._mask(match[0]), text) if "pid" in text else text

    def column(self, values: Strings) -> tuple[Strings, Mask]:
        """A column of ids as tokens, and which of them are valid resident ids."""
        tokens = per_distinct(values, self.token, pa.string())
        valid = distinct_where(values, lambda text: is_resident_id(plain_code(text) or ""))
        return tokens, valid

    def scrub(self, values: Strings, among: Mask = None) -> tuple[Strings, Mask, Mask]:
        """A column that should hold no ids, without them; which cells were an id and no more; which held one.

        A unified code may look like an id; what passes its check stays. With `among`, only its rows may hold
        seventeen digits in a row.
        """
        suspects = matches(values, _ID, among)
        if not pc.any(suspects).as_py():
            return values, none_of(len(values)), none_of(len(values))
        places = np.flatnonzero(suspects.to_numpy(zero_copy_only=False))
        whole, inside = np.zeros(len(values), bool), np.zeros(len(values), bool)
        changed: list[str] = []
        for place, text in zip(places, values.filter(suspects).to_pylist(), strict=True):
            clean = self.clean(text)
            whole[place] = bool(TOKEN.fullmatch(clean.strip()))
            inside[place] = clean != text and not whole[place]
            changed.append(clean)
        cleaned = pc.replace_with_mask(values, suspects, pa.array(changed, pa.string()))
        return cleaned, pa.array(whole), pa.array(inside)

    def clean(self, text: str) -> str:
        """One text with every id in it replaced by its token."""
        return _IN_TEXT.sub(self._unless_code, text)

    def clean_cells(self, cells: Iterable[str | None]) -> list[str | None]:
        """The cells of a row whose columns are in doubt, without ids; ids of 15 digits count here as well."""
        return [None if cell is None else self._clean_cell(cell) for cell in cells]

    def _unless_code(self, match: re.Match[str]) -> str:
        return match[0] if _is_code(match[0]) else self.token(match[0])

    def _clean_cell(self, cell: str) -> str:
        bare = plain_code(cell) or ""
        old = len(bare) == 15 and is_resident_id(bare) and not is_registration_no(bare)
        return self.token(bare) if old else self.clean(cell)

    def _mask(self, token: str) -> str:
        entry = self.entries.get(token)
        if entry is None or len(entry.value) < 8:
            return "*" * 8
        return _masked(entry.value)


def masked_numbers(text: str) -> str:
    """The text with ids and mobile numbers masked, for what no vault keeps; a code may look like an id."""
    without_ids = _IN_TEXT.sub(lambda match: match[0] if _is_code(match[0]) else _masked(match[0]), text)
    return _CALLED.sub(lambda match: match[1] + _masked(match[2]), without_ids)


def _is_code(text: str) -> bool:
    return is_uscc(plain_code(text) or "")


def _masked(value: str) -> str:
    return value[:3] + "*" * (len(value) - 5) + value[-2:]


def _digest(key: bytes, text: str) -> str:
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()[:32]
