"""Why a file as a whole is not taken (B9)."""

from __future__ import annotations


class Refused(Exception):
    """A file that cannot be taken. `code` is an issue code; `detail` and `value` complete its message."""

    def __init__(self, code: str, detail: str = "", value: str = "") -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail
        self.value = value
