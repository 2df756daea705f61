"""What forms offer while somebody types: by text and by pinyin initials, own words first."""

import os
import subprocess
import sys
import time

import pytest

from riskdesk.domain.matching import Names
from riskdesk.domain.records import Record
from riskdesk.services import entry
from riskdesk.services.completion import Choice, Completion, initials


@pytest.fixture
def offered(desk):
    return Completion(desk)


def texts(choices):
    return [each.text for each in choices]


def test_what_begins_with_the_text_comes_before_what_contains_it_before_what_it_abbreviates(offered):
    assert texts(offered.products("电线"))[:1] == ["电线"]
    found = texts(offered.products("电缆"))
    assert found.index("电缆") < found.index("电线电缆")
    assert texts(offered.products("dxdl")) == ["电线电缆"]
    assert texts(offered.products("cdb"))[0] == "充电宝"
    assert texts(offered.products("充db"))[0] == "充电宝"
    assert offered.products("绝无此物") == []
    assert offered.products("(*[\\") == []


def test_every_reading_of_a_character_counts(offered):
    assert offered.regions("czs")[0] == offered.regions("zzs")[0] == Choice("长治市", "140400", "地级市")
    assert texts(offered.regions("hdx"))[0] == texts(offered.regions("htx"))[0] == "洪洞县（临汾市）"
    assert {"z", "c"} <= set(initials()("长"))


def test_own_products_come_first_those_used_most_before_those_used_last(desk):
    for product in ("电热毯", "电热水壶", "电热毯", "电饭锅", "法兰锻件"):
        entry.save(desk, Record("2023-05", product=product, content="温控器失效引发起火。"))
    offered = Completion(desk)
    assert texts(offered.products(""))[:4] == ["电热毯", "法兰锻件", "电饭锅", "电热水壶"]
    assert texts(offered.products("dr"))[:2] == ["电热毯", "电热水壶"]
    assert texts(offered.products("电"))[:3] == ["电热毯", "电饭锅", "电热水壶"]
    assert "电线电缆" in texts(offered.products("电"))
    assert len(offered.products("", limit=3)) == 3


def test_a_product_that_was_just_saved_or_imported_is_offered_at_once(desk, offered):
    assert "纳米坐垫" not in texts(offered.products("纳"))
    entry.save(desk, Record("2023-05", product="纳米坐垫", content="温控器失效引发起火。"))
    assert texts(offered.products("nm")) == ["纳米坐垫"]
    offered.learn("纳米凉席")
    assert texts(offered.products("纳米")) == ["纳米凉席", "纳米坐垫"]
    offered.learn("  ")
    assert "" not in texts(offered.products(""))


def test_products_in_the_bin_are_not_offered(desk):
    step = entry.save(desk, Record("2023-05", product="纳米坐垫", content="温控器失效引发起火。"))
    entry.withdraw(desk, step.object_id, "误录")
    assert Completion(desk).products("纳米") == []


def test_a_product_of_several_lines_is_offered_as_one(desk):
    entry.save(desk, Record("2023-05", product="甲产品\n乙产品", content="温控器失效引发起火。"))
    assert texts(Completion(desk).products("乙")) == ["甲产品 乙产品"]


def test_the_category_is_told_by_what_the_name_ends_with(offered):
    assert offered.category_of("充电宝") == Choice("电子及信息技术产品", "F3")
    assert offered.category_of("某牌快充充电宝") == Choice("电子及信息技术产品", "F3")
    assert offered.category_of("电缆") == offered.category_of("电线电缆")
    assert offered.category_of("法兰锻件") is None
    assert offered.category_of("") is None
    assert "儿童用品" in offered.categories()
    assert offered.products("充电宝")[0] == Choice("充电宝", "F3", "电子及信息技术产品")


def test_regions_of_the_same_name_are_told_apart(offered):
    found = offered.regions("城区")
    assert texts(found)[:2] == ["城区（阳泉市）", "城区（晋城市）"]
    assert len({each.code for each in found}) == len(found)
    assert offered.regions("xdq")[0] == Choice("小店区（太原市）", "140105", "市辖区")
    assert offered.regions("太原小店")[0].code == offered.regions("太原市小店")[0].code == "140105"
    assert offered.regions("tyxdq")[0].code == "140105"
    found = texts(offered.regions("太原"))
    assert found[0] == "太原市"
    assert "小店区（太原市）" in found[:4]


@pytest.mark.parametrize(
    ("typed", "code"), [("全国", "CN"), ("qg", "CN"), ("省外", "OUT"), ("wlpt", "NET"), ("", "CN")]
)
def test_places_that_are_no_region_can_be_chosen_too(offered, typed, code):
    assert offered.regions(typed)[0].code == code


def test_offices_are_found_by_name_initials_and_code(offered):
    wanted = Choice("太原市小店区市场监督管理局", "140105-JU", "太原市市场监督管理局")
    for typed in ("小店区", "xdqscjd", "140105-j", "小店区市场", "小店 市场", "xd 监督"):
        assert wanted in offered.offices(typed)
    assert len(offered.offices("")) == 50


def test_names_of_any_characters_are_found_by_what_they_are():
    names = ["LED台灯", "3C产品", "ＡＢＣ线", "a.b*c", "一\n二", ""]
    found = Names(names, initials())
    assert [place for _, place in found.find("led")] == [0]
    assert [place for _, place in found.find("ledtd")] == [0]
    assert [place for _, place in found.find("abc")] == [2]
    assert [place for _, place in found.find(".b*")] == [3]
    assert [place for _, place in found.find("一 二")] == [4]
    assert [place for _, place in found.find("")] == [0, 1, 2, 3, 4, 5]
    assert list(found.find("\n")) == list(found.find(" "))
    assert len(list(found.find("字" * 1000))) == 0


def test_fifty_thousand_names_do_not_make_typing_wait():
    pick = "电热毯充宝童车线缆水泥钢筋玩具头盔轮胎化肥涂料板材门窗灯插座"
    names = [f"{pick[n % 30]}{pick[n // 30 % 30]}{pick[n // 900 % 30]}{n}号" for n in range(50_000)]
    found = Names(names, initials())
    for typed in ("d", "dr", "毯", "zzzzz", "12345"):
        start = time.perf_counter()
        for _, _place in zip(range(12), found.find(typed), strict=False):
            pass
        assert time.perf_counter() - start < 0.3


def test_the_dictionary_is_loaded_only_when_somebody_types():
    code = "import sys, riskdesk.services.completion; sys.exit('pypinyin' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], env={**os.environ}).returncode == 0
