"""The gazetteer: names as users and issuers write them."""

from __future__ import annotations

import pytest

from kb.errors import KbError
from kb.regions import load_regions, region_named, region_order, regions_in


def test_all_provinces_are_there_with_their_codes() -> None:
    provinces = [r for r in load_regions() if r.level == "省级"]
    assert len(provinces) == 34
    assert len({r.code for r in provinces}) == 34


def test_every_city_stands_in_a_known_province() -> None:
    names = {r.name for r in load_regions()}
    assert all(r.parent in names for r in load_regions() if r.level == "地市级")


@pytest.mark.parametrize(
    ("written", "name"), [("重庆市", "重庆"), ("内蒙古自治区", "内蒙古"), (" 成都 ", "成都"), ("全国", "国家")]
)
def test_a_region_is_known_by_its_aliases(written: str, name: str) -> None:
    assert region_named(written).name == name


def test_an_unknown_region_gets_the_nearest_names() -> None:
    with pytest.raises(KbError, match="重庆"):
        region_named("重庆事")


def test_regions_are_found_in_running_text_in_order() -> None:
    assert [r.name for r in regions_in("安徽省与四川省成都市、重庆相比")][:1] == ["安徽"]
    assert {r.name for r in regions_in("安徽省与成都市、重庆相比")} == {"安徽", "成都", "重庆"}


def test_the_national_level_comes_first() -> None:
    assert region_order("国家") < region_order("北京") < region_order("重庆") < region_order("没有")
