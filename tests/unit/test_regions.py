"""Requirement A4: region texts are resolved, misprints are offered and never changed."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from conduct_records.records.regions import find_regions, read_regions, suggest_misprints
from conduct_records.records.regions_book import RegionBook
from tests.submissions import examine_rows, penalty

BOOK = RegionBook.load()
PUSHES = sorted((Path(__file__).parents[2] / "samples/platform/pushed_cases").glob("*.json"))
NOTICE = [row for path in PUSHES for row in json.loads(path.read_text(encoding="utf-8"))]


def codes(text: str) -> list[str]:
    return [region.code for region in read_regions(text, BOOK).regions]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("湖北襄阳", ["420600"]),
        ("湖北", ["420000"]),
        ("湖北省武汉市硚口区", ["420104"]),
        ("湖北 武汉", ["420100"]),
        ("湖北武汉、襄阳", ["420100", "420600"]),
        ("湖北武汉江岸区、洪山区", ["420102", "420111"]),
        ("湖北省武汉市、湖北省黄冈市黄州区", ["420100", "421102"]),
        ("仙桃", ["429004"]),
        ("神农架林区", ["429021"]),
        ("湖北恩施", ["422800"]),
        ("恩施州恩施市", ["422801"]),
        ("420821", ["420882"]),
        ("荆州市荆州区", ["421003"]),
        ("黄石港区", ["420202"]),
    ],
)
def test_a_region_cell_gives_the_narrowest_place_it_names(text: str, expected: list[str]) -> None:
    assert codes(text) == expected


def test_several_provinces_in_one_cell_keep_their_order_and_only_one_is_ours() -> None:
    regions = read_regions("浙江、湖北、湖南、重庆、甘肃", BOOK).regions
    assert [region.name for region in regions] == ["浙江省", "湖北省", "湖南省", "重庆市", "甘肃省"]
    assert [region.code for region in regions if region.is_home] == ["420000"]


@pytest.mark.parametrize(
    ("text", "code", "how"),
    [
        ("武汉市桥口区", "420104", "alias"),
        ("湖北襄樊", "420600", "former"),
        ("襄樊市", "420600", "former"),
        ("襄阳县", "420607", "former"),
        ("京山县", "420882", "former"),
        ("监利县", "421088", "former"),
        ("郧县", "420304", "former"),
        ("蒲圻市", "421281", "former"),
        ("枝城市", "420581", "former"),
        ("武汉东湖新技术开发区", "420100-F1", "functional"),
        ("光谷", "420100-F1", "functional"),
        ("东湖风景区", "420100-F3", "functional"),
        ("420821", "420882", "former"),
        ("420120", "420100-F3", "former"),
    ],
)
def test_old_misspelt_and_functional_names_lead_to_the_current_place(text: str, code: str, how: str) -> None:
    (region,) = read_regions(text, BOOK).regions
    assert (region.code, region.how) == (code, how)


def test_a_functional_district_has_a_parent_city() -> None:
    assert BOOK.prefecture("420100-F1") == "420100"
    assert BOOK.prefecture("429004") == "429004"


def test_what_is_not_understood_is_reported_and_what_lies_elsewhere_is_not_ours() -> None:
    assert read_regions("湖北某地、武汉", BOOK).unread == ["某地"]
    assert read_regions("浙江杭州、湖北武汉", BOOK).unread == []
    assert codes("浙江杭州、湖北武汉") == ["330000", "420100"]
    assert codes("") == [] and read_regions("某地", BOOK).regions == []


@pytest.mark.parametrize("code", ["91420821MA4KY00166", "91420120MA4KY0016K"])
def test_a_code_with_the_region_of_an_abolished_county_or_a_functional_district_is_accepted(
    code: str, tmp_path: Path
) -> None:
    outcome = examine_rows(tmp_path, penalty(**{"行政相对人代码_1": code}))
    assert outcome.counts == (1, 0, 0, 0) and outcome.issues == []


def test_running_text_gives_only_names_that_mean_nothing_else() -> None:
    assert [r.code for r in find_regions("武汉曝光 15 个区校外培训机构黑名单", BOOK)] == ["420100"]
    assert find_regions("公安机关查处假酒", BOOK) == []


def test_the_misprint_in_case_71_is_offered_once_and_no_other_text_of_the_notice_gives_one() -> None:
    offers = [
        (row["案例ID"], each.text, each.code, each.name)
        for row in NOTICE
        for prefecture in {
            BOOK.prefecture(r.code) for r in find_regions(f"{row['案例标题']}{row['正文'] or ''}", BOOK)
        }
        for each in suggest_misprints(f"{row['案例标题']}\n{row['正文'] or ''}", prefecture, BOOK)
    ]
    assert offers == [("71", "黄浦区", "420116", "黄陂区")]


@pytest.mark.parametrize(
    "text", ["武汉市黄陂区、江岸区", "武汉市老城区改造", "各区、开发区", "江汉区与江岸区"]
)
def test_right_names_and_ordinary_words_give_no_suggestion(text: str) -> None:
    assert suggest_misprints(text, "420100", BOOK) == []
    assert suggest_misprints(text, "420600", BOOK) == []
