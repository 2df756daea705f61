import csv

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskdesk.domain.regions import RegionTable
from riskdesk.errors import InputError
from riskdesk.paths import resource


def rows(name):
    return csv.DictReader(resource(f"regions/{name}.csv").read_text(encoding="utf-8-sig").splitlines())


TABLE = RegionTable.from_rows(rows("regions"), rows("towns"))


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("140000", "山西省"),
        ("140100", "太原市"),
        ("140105", "太原市小店区"),
        ("140105001", "太原市小店区坞城街道"),
        ("140302", "阳泉市城区"),
        ("140502", "晋城市城区"),
        ("140171", "山西转型综合改革示范区"),
        ("140971", "忻州市五台山风景名胜区"),
        ("CN", "全国"),
        ("OUT", "省外"),
        ("NET", "网络平台"),
    ],
)
def test_the_full_name_leads_from_the_city_down(code, name):
    assert TABLE.full_name(code) == name
    assert name.endswith(TABLE.name(code))


def test_an_unknown_code_is_refused():
    assert "140999" not in TABLE
    assert "140105" in TABLE
    with pytest.raises(InputError, match="没有代码“140999”"):
        TABLE.name("140999")


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("太原市小店区", ["140105"]),
        ("山西省太原市小店区", ["140105"]),
        ("太原市 小店区", ["140105"]),
        ("太原市、小店区", ["140100", "140105"]),
        ("太原市小店区、迎泽区；大同市", ["140105", "140106", "140200"]),
        ("阳泉市、晋中市", ["140300", "140700"]),
        ("阳泉 晋中", ["140300", "140700"]),
        ("山西省", ["140000"]),
        ("本省及省外", ["140000", "OUT"]),
        ("全国（本区在售品牌9个）", ["CN"]),
        ("全国25个省（区、市），其中山西省抽查30批次", ["CN", "140000"]),
        ("广东省（网络平台销售，本区有消费）", ["NET"]),
        ("网络平台、校园周边", ["NET"]),
        ("省外 网络平台/全国", ["OUT", "NET", "CN"]),
        ("太原市，太原市，小店区，太原市", ["140100", "140105"]),
        ("晋城市城区", ["140502"]),
        ("阳泉市城区", ["140302"]),
        ("晋城城区和阳泉城区", ["140502", "140302"]),
        ("阳泉市平定县、城区、郊区", ["140321", "140302", "140311"]),
        ("城区", []),
        ("矿区", []),
        ("各县城区", []),
        ("太原市城区", ["140100"]),
        ("大同市郊区", ["140200"]),
        ("阳泉市主城区", ["140300"]),
        ("朔州市朔城区", ["140602"]),
        ("平城区", ["140213"]),
        ("潞城区、阳城县", ["140406", "140522"]),
        ("晋中市祁县", ["140727"]),
        ("涉及祁县和应县", ["140727", "140622"]),
        ("相应县局", []),
        ("现代县域经济", []),
        ("主要在我市阳城县", ["140522"]),
        ("吕梁市孝义市", ["141181"]),
        ("山西综改示范区", ["140171"]),
        ("山西转型综合改革示范区", ["140171"]),
        ("示范区", ["140171"]),
        ("国家农业示范区", []),
        ("五台山风景名胜区", ["140971"]),
        ("山西大同经济开发区", ["140271"]),
        ("太原市小店区坞城街道、营盘街道", ["140105001", "140105002"]),
        ("太原市迎泽街道", ["140106004"]),
        ("迎泽街道", []),
        ("浙江省温州市桥头镇", []),
        ("忻州市古城镇", ["140900"]),
        ("四川省眉山市（流通领域参照）", []),
        ("", []),
        ("多省市", []),
    ],
)
def test_the_regions_that_a_text_names_are_found(text, codes):
    assert list(TABLE.parse(text)) == codes


@pytest.mark.parametrize("code", [code for code, region in TABLE.regions.items() if region.level != "town"])
def test_every_full_name_is_understood(code):
    assert TABLE.parse(TABLE.full_name(code)) == (code,)


def test_the_full_name_of_every_town_is_understood():
    towns = [region for region in TABLE.regions.values() if region.kind in {"街道", "镇", "乡"}]
    assert [region.code for region in towns if TABLE.parse(TABLE.full_name(region.code)) != (region.code,)] == []


@given(st.lists(st.sampled_from([code for code, region in TABLE.regions.items() if region.level != "town"])))
def test_a_list_of_full_names_gives_the_codes_in_order_of_first_appearance(codes):
    text = "、".join(TABLE.full_name(code) for code in codes)
    assert TABLE.parse(text) == tuple(dict.fromkeys(codes))


@given(st.text(alphabet="太原大同市城区县省晋阳泉小店、 全国外网络平台示范山西-", max_size=40))
def test_any_text_gives_known_codes_without_repetition(text):
    codes = TABLE.parse(text)
    assert len(codes) == len(set(codes))
    assert all(code in TABLE for code in codes)


def test_a_table_without_a_column_or_with_an_unknown_parent_is_refused():
    with pytest.raises(InputError, match="缺少“kind”列"):
        RegionTable.from_rows([{"code": "1", "name": "x", "level": "city", "parent": ""}], [])
    with pytest.raises(InputError, match="区域表有误"):
        RegionTable.from_rows([], [{"code": "1", "name": "x镇", "county_code": "9"}])
