"""Charts say every label and number, whatever they are given."""

import re
from dataclasses import replace
from io import BytesIO
from itertools import pairwise

import pytest
from documents.annex2_reports import CHARTS
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from reportlab.graphics.charts.barcharts import VerticalBarChart
from reportlab.graphics.shapes import Group, String
from reportlab.graphics.widgets.markers import Marker

from riskdesk.documents import chart_parts, chart_tiles, charts
from riskdesk.domain.blocks import Chart, ChartKind, Series

RARE = "\U00020b9f"  # 𠮟, which no font of ours has
BY_KIND = {chart.kind: chart for chart in CHARTS}


def strings(node):
    """All strings of a drawing, as it is drawn."""
    if isinstance(node, String):
        return [node.text]
    if hasattr(node, "draw") and not isinstance(node, Group):
        node = node.draw()
    if hasattr(node, "provideNode"):
        node = node.provideNode()
    return [text for each in getattr(node, "contents", ()) for text in strings(each)]


def told(chart, width=charts.WIDTH):
    return "\n".join(strings(charts.drawing(chart, width)))


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.kind)
def test_every_label_title_and_unit_is_there(chart):
    found = told(chart).replace("\n", "")
    assert f"{chart.title}（{chart.unit}）" in found
    for label in charts.label_names(chart):
        assert label.removesuffix("区") in found


@pytest.mark.parametrize("kind", [ChartKind.BAR, ChartKind.PARETO, ChartKind.TILES])
def test_every_number_is_there(kind):
    chart = BY_KIND[kind]
    words = told(chart).split()
    for value in chart.series[0].values:
        assert str(value) in words


def test_a_stacked_bar_says_its_first_part_and_the_whole():
    found = told(BY_KIND[ChartKind.STACKED])
    assert "不合格28，共310" in found
    assert "不合格6，共70" in found


def test_several_series_have_a_legend():
    for kind in (ChartKind.TREND, ChartKind.STACKED):
        for series in BY_KIND[kind].series:
            assert series.name in told(BY_KIND[kind])


def test_the_running_share_goes_to_a_hundred_per_cent():
    found = told(BY_KIND[ChartKind.PARETO]).split()
    assert [each for each in ("0%", "50%", "100%") if each not in found] == []


def test_a_chart_under_a_caption_says_its_unit_and_no_title():
    found = told(replace(BY_KIND[ChartKind.BAR], title=""))
    assert "单位：条" in found
    assert "（条）" not in found


@pytest.mark.parametrize("kind", [ChartKind.BAR, ChartKind.STACKED, ChartKind.PARETO])
def test_what_is_not_known_is_said_to_be_missing_and_not_zero(kind):
    chart = BY_KIND[kind]
    series = tuple(replace(each, values=(None, *each.values[1:])) for each in chart.series)
    found = told(replace(chart, series=series)).split()
    assert "未填" in found
    assert "0" not in found or kind is ChartKind.PARETO  # its scale begins there


def test_a_trend_leaves_a_gap_where_nothing_is_known_even_everywhere():
    chart = BY_KIND[ChartKind.TREND]
    empty = tuple(replace(each, values=(None,) * 12) for each in chart.series)
    alone = tuple(replace(each, values=(None, 3, None, 4) * 3) for each in chart.series)
    for each in (chart, replace(chart, series=empty), replace(chart, series=alone)):
        assert "12月" in told(each)
        assert charts.png(each, 300)
    assert charts.png(Chart(ChartKind.TREND, "一个月", ("1月",), (Series("数量", (5,)),)), 300)


@pytest.mark.parametrize("kind", list(ChartKind))
def test_a_chart_without_data_says_so(kind):
    for series in ((), (Series("数量", ()),)):
        chart = Chart(kind, "无", (), series)
        assert "没有数据" in told(chart)
        assert charts.png(chart, 300)


def test_a_code_that_is_no_county_is_counted_beside_the_tiles():
    chart = Chart(ChartKind.TILES, "区域", ("140105", "140100", "150102"), (Series("数量", (3, 2, 4)),))
    assert "不在图上：6条" in told(chart)
    assert charts.label_names(chart)[0] == "小店区"


@pytest.mark.parametrize("most", range(30))
def test_the_legend_of_the_shades_has_every_number_once(most):
    chart = Chart(ChartKind.TILES, "区域", ("140105",), (Series("数量", (most,)),))
    legend = [each.removesuffix("条") for each in told(chart).split() if re.fullmatch(r"\d+(–\d+)?条", each)]
    bounds = [tuple(map(int, each.split("–"))) for each in legend]
    assert [number for each in bounds for number in range(each[0], each[-1] + 1)] == list(range(most + 1))


def test_every_county_has_a_tile_of_its_own():
    assert len(chart_tiles.grid()) == 117
    shapes = charts.drawing(BY_KIND[ChartKind.TILES]).contents
    corners = [(each.x, each.y) for each in shapes if type(each).__name__ == "Rect" and each.height > 12]
    assert len(corners) == len(set(corners)) == 117


@pytest.mark.parametrize("kind", [each for each in ChartKind if each is not ChartKind.TILES])
def test_what_the_font_lacks_is_a_geta_mark(kind):
    chart = Chart(kind, f"标{RARE}", (f"甲{RARE}", "乙\x00"), (Series("数量", (3, 1)),))
    found = told(chart)
    assert "标〓" in found
    assert "甲〓" in found
    assert "乙〓" in found
    assert charts.png(chart, 300)


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(list(ChartKind)),
    st.lists(st.tuples(st.text(max_size=40), st.none() | st.integers(0, 10**7)), max_size=14),
    st.integers(1, 5),
)
def test_whatever_the_labels_and_numbers_nothing_leaves_the_drawing(kind, rows, count):
    labels = tuple(label for label, _ in rows)
    series = tuple(Series(f"第{number}组", tuple(value for _, value in rows)) for number in range(count))
    drawn = charts.drawing(Chart(kind, "题", labels, series))
    assert drawn.width == charts.WIDTH
    assert 0 < drawn.height < 22 * 14 + 500
    assert strings(drawn)


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.kind)
def test_a_picture_is_the_same_twice_and_as_wide_as_asked(chart):
    first = charts.png(chart, 640)
    assert charts.png(chart, 640) == first
    image = Image.open(BytesIO(first))
    assert image.width == 640
    drawn = charts.drawing(chart)
    assert abs(image.height - 640 * drawn.height / drawn.width) <= 2
    assert charts.picture(chart, 640).width == 640


def test_long_bars_stay_within_a_narrow_drawing():
    chart = replace(BY_KIND[ChartKind.BAR], labels=("很长的来源名称" * 10, "短"))
    image = Image.open(BytesIO(charts.png(chart, 850))).convert("L")
    edge = image.crop((image.width - 2, 0, image.width, image.height))
    assert edge.getextrema() == (255, 255)


def test_the_names_below_standing_bars_are_cut_and_those_of_many_months_left_out_before_they_overlap():
    names = tuple(f"第{number}种名称很长的危害类别" for number in range(10))
    found = told(Chart(ChartKind.PARETO, "危害", names, (Series("数量", tuple(range(10, 0, -1))),)))
    assert "第0种\n名称很\n长的…" in found
    months = tuple(f"{year}年{month}月" for year in (2024, 2025) for month in range(1, 13))
    words = told(Chart(ChartKind.TREND, "月", months, (Series("数量", (1,) * 24),))).split()
    shown = [month for month in months if month in words]
    assert shown[0] == "2024年1月"
    assert 5 <= len(shown) <= 8


@pytest.mark.parametrize(("whole", "share"), [(None, 1.0), (40, 0.75)])
def test_the_running_share_is_of_the_whole_though_not_all_of_it_is_drawn(whole, share):
    drawn = charts.drawing(Chart(ChartKind.PARETO, "危害", ("甲", "乙"), (Series("数量", (20, 10)),), whole=whole))
    [plot] = [each for each in drawn.contents if isinstance(each, VerticalBarChart)]
    last = [each.y for each in drawn.contents if isinstance(each, Marker)][-1]
    assert last == pytest.approx(plot.y + plot.height * share)


def test_shades_can_be_told_apart_in_black_and_white():
    greys = [0.299 * each.red + 0.587 * each.green + 0.114 * each.blue for each in chart_tiles.SHADES]
    assert all(lighter - darker > 0.07 for lighter, darker in pairwise(greys))
    fills = [0.299 * each.red + 0.587 * each.green + 0.114 * each.blue for each in chart_parts.FILLS]
    assert all(abs(one - other) > 0.15 for one in fills for other in fills if one is not other)


def test_the_running_share_of_labels_that_overlap_is_that_of_its_own_series():
    series = (Series("数量", (20, 18)), Series("累计", (20, 30)))
    chart = Chart(ChartKind.PARETO, "危害", ("甲", "乙"), series, whole=40)
    drawn = charts.drawing(chart)
    [plot] = [each for each in drawn.contents if isinstance(each, VerticalBarChart)]
    heights = [each.y for each in drawn.contents if isinstance(each, Marker)]
    assert heights == pytest.approx([plot.y + plot.height * 0.5, plot.y + plot.height * 0.75])
    assert "线：累计占全部40条的比例" in told(chart)


@pytest.mark.parametrize("numbers", [(14, 11, 1), (100, 1, 1), (5, 5, 5), (3,)])
def test_the_numbers_of_standing_bars_stand_at_their_ends_clear_of_the_line(numbers):
    chart = Chart(ChartKind.PARETO, "危害", tuple("甲乙丙"[: len(numbers)]), (Series("数量", numbers),))
    drawn = charts.drawing(chart)
    [plot] = [each for each in drawn.contents if isinstance(each, VerticalBarChart)]
    marks = [each.y for each in drawn.contents if isinstance(each, Marker)]
    found = [each for each in drawn.contents if isinstance(each, String) and each.y > plot.y and each.text.isdigit()]
    assert [int(each.text) for each in found] == list(numbers)
    for number, said, line in zip(numbers, found, marks, strict=True):
        end = plot.y + plot.height * number / plot.valueAxis.valueMax
        assert abs(said.y - end) < 1.7 * chart_parts.SIZE
        assert not said.y < line < said.y + 0.7 * chart_parts.SIZE


@pytest.mark.parametrize("chart", CHARTS, ids=lambda chart: chart.kind)
def test_a_chart_that_is_less_high_says_the_same_in_the_same_size(chart):
    whole, low = charts.drawing(chart), charts.drawing(chart, stretch=charts.LEAST_STRETCH)
    assert low.height < whole.height
    assert set(strings(low)) >= {each for each in strings(whole) if not each.isdigit()}
    sizes = [{each.fontSize for each in drawn.contents if isinstance(each, String)} for drawn in (whole, low)]
    assert sizes[0] == sizes[1]


def test_the_names_of_counties_are_as_large_as_the_text_of_tables():
    for stretch in (1.0, charts.LEAST_STRETCH):
        drawn = charts.drawing(BY_KIND[ChartKind.TILES], stretch=stretch)
        names = [
            each
            for each in drawn.contents
            if isinstance(each, String) and each.text.split()[0] in ("小店", "盐湖", "云冈")
        ]
        assert names
        assert {each.fontSize for each in names} == {10.5}


def test_a_title_that_names_what_is_counted_fits_the_width():
    chart = replace(
        BY_KIND[ChartKind.BAR],
        title="信息来源分布：产品或类别含“很长的产品名称很长的产品名称”、区域在太原市小店区、级别为重点的",
    )
    [title] = [each for each in charts.drawing(chart).contents if isinstance(each, String) and "级别" in each.text]
    assert chart_parts.text_width(title.text) * title.fontSize / chart_parts.SIZE <= charts.WIDTH + 0.01
