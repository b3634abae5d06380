"""A package of the file mode: nothing that is in it raises anything but that it is not understood (E2)."""

from __future__ import annotations

import json
import zipfile
from base64 import b64encode
from io import BytesIO
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import example, given
from hypothesis import strategies as st

from conduct_records.exchange.errors import NotUnderstood
from conduct_records.exchange.packages import FORMAT, MANIFEST, SIGNATURE, pack, unpack

KEY = Ed25519PrivateKey.generate()
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


def signed(manifest: Any) -> bytes:
    """A package whose signature holds, whatever its manifest says."""
    told = json.dumps(manifest).encode()
    target = BytesIO()
    with zipfile.ZipFile(target, "w") as book:
        book.writestr(MANIFEST, told)
        book.writestr(SIGNATURE, b64encode(KEY.sign(told)))
    return target.getvalue()


@given(VALUES)
@example([])
@example({"format": FORMAT, "files": [1]})
@example({"format": FORMAT, "files": [{"name": []}]})
def test_a_signed_manifest_of_any_other_shape_is_not_understood(manifest: Any) -> None:
    with pytest.raises(NotUnderstood):
        unpack(KEY.public_key(), signed(manifest))


@given(st.binary(max_size=200))
def test_bytes_that_are_no_package_are_not_understood(content: bytes) -> None:
    with pytest.raises(NotUnderstood):
        unpack(KEY.public_key(), content)


@given(st.lists(st.dictionaries(st.text(), VALUES, max_size=3), max_size=4))
def test_what_was_packed_is_what_is_unpacked(rows: list[dict[str, Any]]) -> None:
    found = unpack(KEY.public_key(), pack(KEY, {"number": 1}, {"messages.jsonl": rows}))
    assert (found.manifest["number"], found.rows) == (1, {"messages.jsonl": rows})
