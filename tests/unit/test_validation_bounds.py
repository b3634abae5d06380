"""What keeps memory flat gives the same answers as what does not."""

import random

import numpy as np
import pyarrow as pa
from pyarrow.feather import write_feather

from conduct_records.intake.ahead import ahead
from conduct_records.validation import keys, suite
from conduct_records.validation.vault import Tokeniser


def test_repeats_are_found_in_whatever_run_the_first_stands(monkeypatch):
    monkeypatch.setattr(keys, "_LONGEST", 500)
    chance, index, first = random.Random(1), keys.KeyIndex(), {}
    for start in range(1, 6_001, 100):
        names = [str(chance.randrange(3_000)) for _ in range(100)]
        contents = [chance.randrange(2) for _ in names]
        rows = list(range(start, start + 100))
        earlier, same = index.take(pa.array(names), np.array(rows), np.array(contents, np.int32))
        for name, content, row, found, is_same in zip(names, contents, rows, earlier, same, strict=True):
            row_before, content_before = first.setdefault(name, (row, content))
            assert found == (0 if row_before == row else row_before)
            assert not found or bool(is_same) == (content_before == content)
    assert len(index.runs) > 3
    assert sum(map(len, index.runs)) == len(first)


def test_a_suite_in_several_frames_says_what_it_says_in_one(monkeypatch, tmp_path):
    paths = [tmp_path / "one.arrow", tmp_path / "two.arrow"]
    write_feather(pa.table({"a": [True, True, False], "b": [True] * 3}), paths[0])
    write_feather(pa.table({"a": [False, True], "c": [True] * 2}), paths[1])
    whole = suite.run_suite("any", suite.rule_columns(paths))
    monkeypatch.setattr(suite, "FRAME_CELLS", 2)
    assert suite.run_suite("any", suite.rule_columns(paths)) == whole
    assert (whole.success, whole.row_count, whole.failing) == (False, 5, {"a": 2, "b": 0, "c": 0})


def test_an_empty_suite_is_no_success(tmp_path):
    write_feather(pa.table({"a": pa.array([], pa.bool_())}), tmp_path / "empty.arrow")
    for paths in ([], [tmp_path / "empty.arrow"]):
        assert suite.run_suite("any", suite.rule_columns(paths)).success is False


def test_ids_are_handed_over_once_and_many_are_forgotten(monkeypatch):
    monkeypatch.setattr("conduct_records.validation.vault._REMEMBERED", 4)
    tokeniser = Tokeniser("1", b"k" * 32)
    tokens = [tokeniser.token(f"person{number}") for number in range(6)]
    assert [entry.token for entry in tokeniser.met()] == tokens
    assert list(tokeniser.entries) == tokens[4:]
    assert tokeniser.met() == []
    assert tokeniser.token("person0") == tokens[0]
    assert [entry.token for entry in tokeniser.met()] == tokens[:1]


def test_working_ahead_keeps_order_and_raises_in_place():
    def items():
        yield from range(5)
        raise ValueError("the sixth")

    taken = []
    try:
        for item in ahead(items()):
            taken.append(item)
    except ValueError as error:
        taken.append(str(error))
    assert taken == [0, 1, 2, 3, 4, "the sixth"]
