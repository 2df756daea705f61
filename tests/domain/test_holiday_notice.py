import contextlib
from datetime import date, timedelta

import chinese_calendar
import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskdesk.domain.holiday_notice import parse_notice
from riskdesk.errors import InputError

N2026 = """国务院办公厅关于2026年部分节假日安排的通知
国办发明电〔2025〕7号
各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
经国务院批准，现将2026年元旦、春节、清明节、劳动节、端午节、中秋节和国庆节放假调休日期的具体安排通知如下。
一、元旦：1月1日（周四）至3日（周六）放假调休，共3天。1月4日（周日）上班。
二、春节：2月15日（农历腊月二十八、周日）至23日（农历正月初七、周一）放假调休，共9天。2月14日（周六）、2月28日（周六）上班。
三、清明节：4月4日（周六）至6日（周一）放假，共3天。
四、劳动节：5月1日（周五）至5日（周二）放假调休，共5天。5月9日（周六）上班。
五、端午节：6月19日（周五）至21日（周日）放假，共3天。
六、中秋节：9月25日（周五）至27日（周日）放假，共3天。
七、国庆节：10月1日（周四）至7日（周三）放假调休，共7天。9月20日（周日）、10月10日（周六）上班。
鼓励单位和个人结合落实带薪年休假等制度，实际形成较长假期，推动错峰出行。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。
国务院办公厅
2025年11月4日"""

N2024 = """国务院办公厅关于2024年部分节假日安排的通知
国办发明电〔2023〕7号
一、元旦：1月1日放假，与周末连休。
二、春节：2月10日至17日放假调休，共8天。2月4日（星期日）、2月18日（星期日）上班。鼓励各单位结合带薪年休假等制度落实，安排职工在除夕（2月9日）休息。
三、清明节：4月4日至6日放假调休，共3天。4月7日（星期日）上班。
四、劳动节：5月1日至5日放假调休，共5天。4月28日（星期日）、5月11日（星期六）上班。
五、端午节：6月10日放假，与周末连休。
六、中秋节：9月15日至17日放假调休，共3天。9月14日（星期六）上班。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作。"""

N2023 = """国务院办公厅关于2023年部分节假日安排的通知
国办发明电〔2022〕16号
一、元旦：2022年12月31日至2023年1月2日放假调休，共3天。
二、春节：1月21日至27日放假调休，共7天。1月28日（星期六）、1月29日（星期日）上班。
三、清明节：4月5日放假，共1天。
四、劳动节：4月29日至5月3日放假调休，共5天。4月23日（星期日）、5月6日（星期六）上班。
五、端午节：6月22日至24日放假调休，共3天。6月25日（星期日）上班。
六、中秋节、国庆节：9月29日至10月6日放假调休，共8天。10月7日（星期六）、10月8日（星期日）上班。"""

N2017 = """国务院办公厅关于2017年部分节假日安排的通知
一、元旦：1月1日放假，1月2日（星期一）补休。
二、春节：1月27日至2月2日放假调休，共7天。1月22日（星期日）、2月4日（星期六）上班。
三、清明节：4月2日至4日放假调休，共3天。4月1日（星期六）上班。
四、劳动节：5月1日放假，与周末连休。
五、端午节：5月28日至30日放假调休，共3天。5月27日（星期六）上班。
六、中秋节、国庆节：10月1日至8日放假调休，共8天。9月30日（星期六）上班。
节假日期间，各地区、各部门要妥善安排好值班和安全、保卫等工作"""

N2019 = """国务院办公厅关于2019年部分节假日安排的通知
一、元旦：2018年12月30日至2019年1月1日放假调休，共3天。2018年12月29日（星期六）上班。
二、春节：2月4日至10日放假调休，共7天。2月2日（星期六）、2月3日（星期日）上班。
三、清明节：4月5日放假，与周末连休。
四、劳动节：5月1日至4日放假调休，共4天。4月28日（星期日）、5月5日（星期日）上班。
五、端午节：6月7日放假，与周末连休。
六、中秋节：9月13日放假，与周末连休。
七、国庆节：10月1日至7日放假调休，共7天。9月29日（星期日）、10月12日（星期六）上班。"""

TITLE = "国务院办公厅关于2027年部分节假日安排的通知\n"
REST = (
    "二、春节：2月5日（周五）至12日（周五）放假调休，共8天。三、清明节：4月3日至5日放假，共3天。"
    "四、劳动节：5月1日至5日放假调休，共5天。五、端午节：6月9日放假，共1天。六、中秋节：9月15日放假，共1天。"
    "七、国庆节：10月1日至7日放假调休，共7天。"
)


def new_year(item):
    return parse_notice(f"{TITLE}一、元旦：{item}{REST}")


def days(first, last):
    return {first + timedelta(days=n) for n in range((last - first).days + 1)}


@pytest.mark.parametrize("text", [N2017, N2019, N2023, N2024, N2026], ids=["2017", "2019", "2023", "2024", "2026"])
def test_a_real_notice_is_read_without_a_warning_and_every_day_of_its_year_is_right(text):
    reading = parse_notice(text)
    assert reading.warnings == ()
    assert reading.holidays.years == {reading.year}
    different = [
        day
        for day in days(date(reading.year, 1, 1), date(reading.year, 12, 25))
        if reading.holidays.is_workday(day) != chinese_calendar.is_workday(day)
    ]
    assert different == []


def test_the_notice_of_2026_gives_33_days_off_and_6_make_up_days():
    reading = parse_notice(N2026)
    assert (reading.year, reading.document_number) == (2026, "国办发明电〔2025〕7号")
    assert len(reading.holidays.days_off) == 33
    assert list(reading.holidays.workdays) == [
        date(2026, 1, 4),
        date(2026, 2, 14),
        date(2026, 2, 28),
        date(2026, 5, 9),
        date(2026, 9, 20),
        date(2026, 10, 10),
    ]
    assert reading.holidays.reason_off(date(2026, 9, 26)) == "中秋节放假"


def test_a_range_may_begin_in_the_year_before():
    holidays = parse_notice(N2023).holidays
    assert holidays.days_off[date(2022, 12, 31)] == "元旦"
    assert holidays.years == {2023}
    assert date(2018, 12, 29) in parse_notice(N2019).holidays.workdays


def test_a_day_joined_to_the_weekend_takes_the_weekend_with_it():
    holidays = parse_notice(N2024).holidays
    assert {date(2023, 12, 30), date(2023, 12, 31), date(2024, 6, 8), date(2024, 6, 9)} <= holidays.days_off.keys()
    assert date(2024, 2, 9) not in holidays.days_off


def test_a_merged_item_carries_both_names():
    assert parse_notice(N2023).holidays.reason_off(date(2023, 10, 2)) == "中秋节、国庆节放假"


@given(st.sets(st.integers(0, len(N2026)), max_size=60), st.sampled_from(["\n", "\r\n", " ", "\u3000", "\n\n  "]))
def test_lines_may_be_broken_anywhere(places, gap):
    text = "".join(gap + sign if at in places else sign for at, sign in enumerate(N2026))
    assert parse_notice(text) == parse_notice(N2026)


@pytest.mark.parametrize(
    "change",
    [
        lambda text: text.replace("\n", ""),
        lambda text: text.translate(str.maketrans("0123456789", "０１２３４５６７８９")),
        lambda text: text.translate(str.maketrans("（）：，〔〕", "():,[]")),
        lambda text: text.replace("周", "星期").replace("星期日", "星期天"),
        lambda text: text.replace("至", "—"),
        lambda text: text.replace("至", "~"),
        lambda text: text.replace("日（", "号（"),
        lambda text: text.replace("月", "⽉").replace("日", "⽇"),  # Kangxi radicals, as copied from a PDF
        lambda text: text.replace("、元旦", "．元旦").replace("一．", "1．").replace("二、春节", "2．春节"),
        lambda text: text.replace("一、元旦：", "（一）元旦 ").replace("二、春节：", "春节 "),
        lambda text: (
            text.replace("清明节：", "清明：").replace("劳动节：", "“五一”国际劳动节：").replace("“五一”", "五一")
        ),
        lambda text: text.replace("天。", "天；").replace("上班。", "上班\n"),
        lambda text: text.replace("三、清明节", "\n— 2 —\n三、清明节"),
        lambda text: (
            "首页 > 政策 > 2025年 > 索引号 000014349/2025-00097\n" + text + "\n（此件公开发布）打印 2025-11-04 10:00"
        ),
    ],
)
def test_the_way_it_is_typed_does_not_matter(change):
    assert change(N2026) != N2026
    reading, expected = parse_notice(change(N2026)), parse_notice(N2026)
    assert reading.holidays == expected.holidays
    assert reading.warnings == ()


@pytest.mark.parametrize(
    ("item", "off", "work"),
    [
        ("1月1日至3日放假，共3天。", days(date(2027, 1, 1), date(2027, 1, 3)), set()),
        ("1月1至3日放假，共计三天。", days(date(2027, 1, 1), date(2027, 1, 3)), set()),
        ("1月1日、2日、3日放假。", days(date(2027, 1, 1), date(2027, 1, 3)), set()),
        ("1月1日至3日（周五至周日）放假。", days(date(2027, 1, 1), date(2027, 1, 3)), set()),
        ("1月1日（周五）放假，与周末连休，共3天。", days(date(2027, 1, 1), date(2027, 1, 3)), set()),
        ("1月1日与周末连休放假。", days(date(2027, 1, 1), date(2027, 1, 3)), set()),
        ("12月31日至1月3日放假调休，共4天。12月26日（周六）上班。", days(date(2026, 12, 31), date(2027, 1, 3)), {date(2026, 12, 26)}),
        ("1月1日放假，1月4日（周一）补休。", {date(2027, 1, 1), date(2027, 1, 4)}, set()),
        ("1月1日放假，1月9日（周六）、10日（周日）调休上班。", {date(2027, 1, 1)}, {date(2027, 1, 9), date(2027, 1, 10)}),
        ("1月1日（周五）放假1天，不调休。", {date(2027, 1, 1)}, set()),
        ("1月1日至3日放假公休，共3天。其中，1月1日（周五）为法定节假日，1月2日（周六）为公休日，1月9日（周六）公休日调至1月4日（周一），1月9日（周六）上班。", days(date(2027, 1, 1), date(2027, 1, 3)), {date(2027, 1, 9)}),
    ],
)  # fmt: skip
def test_the_wordings_of_the_years_are_understood(item, off, work):
    reading = new_year(item)
    assert {day for day, name in reading.holidays.days_off.items() if name == "元旦"} == off
    assert {day for day, name in reading.holidays.workdays.items() if name == "元旦"} == work
    assert reading.warnings == ()


@pytest.mark.parametrize(
    ("item", "warning"),
    [
        ("1月1日（周四）至3日（周日）放假，共3天。", "元旦：通知写1月1日是周四，实为周五，请核对。"),
        ("1月1日至3日（周五至周六）放假，共3天。", "元旦：通知写1月3日是周六，实为周日，请核对。"),
        ("1月1日至3日放假，共4天。", "元旦：通知写明共4天，读出3天，请核对。"),
        ("1月1日至3日放假。1月5日上班。", "调休上班日1月5日是周二，本来就是工作日，请核对。"),
        ("1月1日至3日放假。1月3日上班。", "1月3日既写放假又写上班，按放假处理，请核对。"),
        ("1月2日至3日放假。", "元旦：1月1日不在放假日期内，请核对。"),
    ],
)
def test_what_does_not_fit_is_a_warning(item, warning):
    assert new_year(item).warnings == (warning,)


def test_a_missing_festival_is_a_warning():
    reading = parse_notice(f"{TITLE}一、元旦：1月1日至3日放假，共3天。")
    assert reading.warnings == (
        "没有读到春节、清明节、劳动节、端午节、中秋节、国庆节的放假安排，请核对粘贴的内容是否完整。",
    )


def test_a_festival_given_twice_is_a_warning():
    assert new_year("1月1日放假。元旦：1月1日放假。").warnings == ("元旦出现了2次，请核对。",)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "没有读到年份"),
        ("一、元旦：1月1日至3日放假，共3天。", "没有读到年份"),
        (TITLE, "没有读到任何放假安排"),
        (
            "国务院办公厅关于延长2020年春节假期的通知\n延长2020年春节假期至2月2日，2月3日起正常上班。",
            "没有读到任何放假安排",
        ),
        (TITLE + TITLE.replace("2027", "2026") + REST, "一次只粘贴一年"),
        (TITLE + "一、元旦：1月32日放假。", "没有“2027年1月32日”这一天"),
        (TITLE + "一、元旦：3日放假。", "没有月份"),
        (TITLE + "一、元旦：1月3日至1日放假。", "起止日期不对"),
        (TITLE + "一、元旦：1月1日至11月3日放假。", "起止日期不对"),
        ("国务院办公厅关于2099年部分节假日安排的通知 一、元旦：13月1日放假。", "这一天"),
    ],
)
def test_what_cannot_be_read_is_refused_with_what_to_do(text, message):
    with pytest.raises(InputError, match=message):
        parse_notice(text)


def test_without_the_title_the_year_stands_in_the_preamble():
    assert parse_notice("经国务院批准，现将2027年元旦等放假安排通知如下。一、元旦：1月1日至3日放假。").year == 2027


@given(st.text(alphabet="2027年1月日至三十、元旦春节：放假上班（周五）共3天。\n第号", max_size=120))
def test_no_text_whatever_makes_it_fail_otherwise_than_with_a_sentence(text):
    with contextlib.suppress(InputError):
        assert parse_notice("2027年元旦放假" + text).holidays.days_off
