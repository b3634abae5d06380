"""Check digits against the standards' samples, real codes and python-stdnum where that is right."""

from datetime import date

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import ric, uscc

from conduct_records.checkdigits import (
    USCC_ALPHABET,
    USCC_KINDS,
    USCC_WEIGHTS,
    is_registration_no,
    is_resident_id,
    is_uscc,
)
from conduct_records.validation.code_masks import (
    inner_org_code_mask,
    org_code_mask,
    registration_no_mask,
    uscc_mask,
)


def with_uscc_check(body: str) -> str:
    total = sum(
        USCC_ALPHABET.index(letter) * weight for letter, weight in zip(body, USCC_WEIGHTS, strict=True)
    )
    return body + USCC_ALPHABET[(31 - total % 31) % 31]


def column(*texts: str | None) -> pa.Array:
    return pa.array(texts, pa.string())


prefixes = st.sampled_from([d + c for d, categories in USCC_KINDS.items() for c in categories])
bodies = st.tuples(
    prefixes, st.text("0123456789", min_size=6, max_size=6), st.text(USCC_ALPHABET, min_size=9, max_size=9)
).map("".join)


@given(bodies)
def test_a_computed_check_passes_and_agrees_with_stdnum(body):
    code = with_uscc_check(body)
    assert is_uscc(code)
    if code[0] in "159":  # stdnum rejects letters first, and knows few departments
        assert uscc.is_valid(code)


@given(bodies, st.integers(0, 17), st.sampled_from(USCC_ALPHABET))
def test_one_wrong_character_is_found(body, place, letter):
    code = with_uscc_check(body)
    changed = code[:place] + letter + code[place + 1 :]
    assert is_uscc(changed) == (changed == code)


@pytest.mark.parametrize("code", ["N2420116MF1234567N", "Y1420116MF1234567H", "A1420100MF12345670"])
def test_departments_with_letters_are_valid(code):
    assert is_uscc(code)
    assert not uscc.is_valid(code)  # the reason why this project has its own check


@pytest.mark.parametrize("code", ["91420104177819655Y", "91429006033233172T"])
def test_issued_codes_may_fail_the_inner_check_alone(code):
    assert is_uscc(code)
    assert org_code_mask(column(code[8:17])).to_pylist() == [False]
    assert inner_org_code_mask(column(code, "91420106MA4KY00247")).to_pylist() == [False, True]


@pytest.mark.parametrize(
    "code", ["91420684179660622T", "914205281829140646", "91420000877585797Y", "91420100", ""]
)
def test_outer_failures_are_found(code):
    assert not is_uscc(code)


@given(st.text(max_size=20))
def test_no_other_text_is_an_id(text):
    assert not is_resident_id(text) or len(text) in {15, 18}


@given(
    st.sampled_from(["110105", "420106", "421126"]),
    st.dates(date(1900, 1, 1), date(2018, 12, 31)),
    st.integers(0, 999),
)
def test_resident_ids_agree_with_stdnum(region, birth, sequence):
    body = f"{region}{birth:%Y%m%d}{sequence:03d}"
    code = body + ric.calc_check_digit(body + "0")
    assert is_resident_id(code)
    wrong = body + ("0" if code[-1] != "0" else "1")
    assert not is_resident_id(wrong)


def test_the_sample_of_the_resident_standard():
    assert is_resident_id("11010519491231002X")
    assert is_resident_id("110105491231002")
    assert not is_resident_id("11010519491331002X")


@pytest.mark.parametrize(
    ("code", "valid"), [("420100000543212", True), ("420100000543213", False), ("1101082953931", False)]
)
def test_registration_numbers(code, valid):
    assert is_registration_no(code) is valid


def test_org_codes_with_all_kinds_of_check_characters():
    found = org_code_mask(column("MA4KY0024", "MA4KY0025", "000000000", None))
    assert found.to_pylist() == [True, False, True, False]


numbers = st.text("0123456789", min_size=15, max_size=15) | st.text("01A", min_size=15, max_size=15)
odd = st.tuples(prefixes | st.just("00"), st.text("01A", min_size=15, max_size=15)).map("".join)
checked = (bodies | odd).map(with_uscc_check)
codes_and_others = st.none() | st.text(max_size=20) | numbers | checked | odd.map(lambda body: body + "0")


@given(st.lists(codes_and_others))
def test_a_column_is_told_what_each_of_its_codes_is_told(codes):
    for mask, test in ((uscc_mask, is_uscc), (registration_no_mask, is_registration_no)):
        assert mask(column(*codes)).to_pylist() == [code is not None and test(code) for code in codes]
