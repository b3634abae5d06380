"""Normalisers: what they change, that they are idempotent, and the types that follow."""

from datetime import date
from decimal import Decimal

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from conduct_records.validation.convert import converted
from conduct_records.validation.normalise import normalised
from tests.submissions import BOOK

FIELDS = BOOK.contracts["penalty_decision"].fields
texts = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from("〔〕[]（）【】 \u3000\xa0\u200b\u202e/无—ＡＢ１２-2018号"),
    ),
    max_size=24,
)


def normal(field, *values):
    return normalised(pa.array(values, pa.string()), FIELDS[field], BOOK.vocabulary).to_pylist()


def read(field, *values):
    prop = FIELDS[field]
    text = normalised(pa.array(values, pa.string()), prop, BOOK.vocabulary)
    return converted(text, prop, BOOK).values.to_pylist()


@pytest.mark.parametrize(
    "field", ["party_name", "party_code", "document_no", "party_org_code", "party_tax_no", "remarks"]
)
@given(st.lists(texts, min_size=1, max_size=5))
@settings(max_examples=60)
def test_normalising_twice_changes_nothing(field, values):
    once = normal(field, *values)
    assert normal(field, *once) == once


def test_a_contract_says_for_a_field_which_texts_are_nothing_and_how_dates_are_written():
    use = FIELDS["decided_on"].use.model_copy(update={"placeholders": ("待定",), "date_formats": ("dash",)})
    field = FIELDS["decided_on"].model_copy(update={"use": use})
    text = normalised(pa.array(["待定", "无", "2019-01-08", "2019/1/8"]), field, BOOK.vocabulary)
    result = converted(text, field, BOOK)
    assert text.to_pylist() == [None, "无", "2019-01-08", "2019/1/8"]
    assert result.values.to_pylist() == [None, None, date(2019, 1, 8), None]
    assert result.failed["date_format"].to_pylist() == [False, True, False, True]


def test_placeholders_and_blanks_are_nothing():
    assert normal("remarks", "/", "无", "暂无", "—", "N/A", "null", " \u3000\xa0", "\u200b", "") == [None] * 9
    assert normal("remarks", "无照经营") == ["无照经营"]


def test_no_text_keeps_a_mark_that_turns_its_letters_round():
    """A name must read on the public pages as it is compared."""
    assert normal("party_name", "\u202e襄阳\u2066样例\u2069公司\u200f") == ["襄阳样例公司"]
    assert normal("violation_facts", "未标\u202e明\u202c日期") == ["未标明日期"]


def test_names_become_narrow_but_keep_their_brackets():
    assert normal("party_name", "ＩＴ公司（武汉）", "陈\u3000渊", "样例公司\xa0") == [
        "IT公司（武汉）",
        "陈 渊",
        "样例公司",
    ]


def test_document_numbers_have_one_kind_of_bracket():
    given_ = [
        "市场【2019】1号",
        "慈税罚（2018）40号",
        "津武环罚字[2017] 188号",
        "楚金罚决字〔2024〕９号",
        "甲(乙)罚1号",
    ]
    assert normal("document_no", *given_) == [
        "市场〔2019〕1号",
        "慈税罚〔2018〕40号",
        "津武环罚字〔2017〕188号",
        "楚金罚决字〔2024〕9号",
        "甲(乙)罚1号",
    ]


def test_codes_are_upper_case_without_blanks():
    assert normal("party_code", "91330282l07196379d", " 9142 0600MA4KY00249") == [
        "91330282L07196379D",
        "91420600MA4KY00249",
    ]
    assert normal("party_org_code", "MA4KY002-4", "ＭＡ４ＫＹ００２－４") == ["MA4KY0024"] * 2


def test_dates_in_every_declared_format():
    day = date(2018, 12, 4)
    assert (
        read("decided_on", "2018 年 12 月 4 日", "2018.12.4", "2018/12/04", "2018-12-4 0:00:00", "20181204")
        == [day] * 5
    )
    assert read("decided_on", "2016年4月13曰", "2018-13-01", "43438", "二〇一八年") == [None] * 4


def test_dates_without_an_end():
    assert read("display_until_on", "长期", "2099-12-31") == [date(9999, 12, 31)] * 2
    assert read("decided_on", "长期") == [None]


def test_money_is_kept_in_yuan():
    expected = [
        Decimal("2000.00"),
        Decimal("80000.00"),
        Decimal("2000.00"),
        Decimal("10000000.00"),
        None,
        None,
    ]
    assert read("fine_yuan", "0.2", "8万元", "2000元", "1,000", "二千", "1万美元") == expected


def test_commas_part_thousands_and_brackets_hold_units():
    assert read("fine_yuan", "1,234,567.5元", "2,000（元）") == [Decimal("1234567.50"), Decimal("2000.00")]
    doubtful = "0,2", "1,5", "12,34", "1.000,00", "0,200", "1,0000", "(1000)", "(0.2)", "2,000,"
    assert read("fine_yuan", *doubtful) == [None] * len(doubtful)


def test_several_codes_stand_in_list_order():
    assert read(
        "penalty_category_codes", "罚款、警告", "没收违法所得、没收非法财物;罚款", "罚款，口头教育"
    ) == [
        "warning;fine",
        "fine;confiscation",
        None,
    ]
