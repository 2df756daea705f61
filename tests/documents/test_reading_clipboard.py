"""What Excel, WPS and LibreOffice leave on the clipboard comes back cell by cell."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from riskdesk.documents.reading.clipboard import read_clipboard
from riskdesk.errors import InputError

EXCEL = """Version:1.0\r\nStartHTML:0000000105\r\nEndHTML:0000002200\r\nStartFragment:0000000900\r\nEndFragment:0000002100
<html xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel">
<head><meta http-equiv=Content-Type content="text/html; charset=utf-8"><meta name=Generator content="Microsoft Excel 15">
<style>
<!--table {mso-displayed-decimal-separator:"\\.";}
.xl65 {white-space:normal;}
br {mso-data-placement:same-cell;}
-->
</style></head>
<body link="#0563C1">
<table border=0 cellpadding=0 cellspacing=0 width=504 style='border-collapse:collapse;width:378pt'>
<!--StartFragment-->
 <col width=72 span=7 style='width:54pt'>
 <tr height=56 style='height:42.0pt'>
  <td height=56 class=xl65 width=72 style='height:42.0pt'>电热毯</td>
  <td class=xl66 align=right width=72>3</td>
  <td class=xl65 width=72>太原市小店区</td>
  <td class=xl65 width=72>表面温度过高，<br>
    存在“烫伤”风险&nbsp;。</td>
  <td class=xl65 width=72>控温器
  失效</td>
  <td class=xl65 width=72>建议&lt;抽查&gt;</td>
  <td class=xl65 width=72>消费者投诉</td>
 </tr>
 <tr height=19>
  <td height=19 class=xl65>插座</td><td></td><td></td><td class=xl65>5"接口发热</td><td></td><td></td><td></td>
 </tr>
<!--EndFragment-->
</table>
</body>
</html>
"""
EXCEL_TEXT = '电热毯\t3\t太原市小店区\t"表面温度过高，\n存在“烫伤”风险 。"\t控温器失效\t建议<抽查>\t消费者投诉\r\n插座\t\t\t5"接口发热\t\t\t\r\n'
WPS = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:x="urn:schemas-microsoft-com:office:excel"><head>
<style><!-- td {mso-style-parent:style0;} .et2 {font-size:11.0pt;} --></style></head><body>
<!--StartFragment--><table width="216" border="0" style='border-collapse:collapse;'><col width="72"/>
<tr height="54" style='height:40.50pt;'><td class="et2" height="108" rowspan="2" x:str>电热毯</td>
<td class="et2" x:num>3</td><td class="et2" x:str>表面温度过高<br/>已有投诉</td></tr>
<tr height="54"><td class="et2" x:num>5</td><td class="et2" x:str>漏电</td></tr>
</table><!--EndFragment--></body></html>"""
WPS_TEXT = '电热毯\t3\t"表面温度过高\n已有投诉"\r\n\t5\t漏电\r\n'
LIBRE = """<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"/>
<style type="text/css">body,div,table{font-size:x-small} a.comment-indicator:hover + comment{display:block}</style></head>
<body><table cellspacing="0" border="0"><colgroup span="2" width="85"></colgroup>
<tr><td height="17" align="left"><font face="Noto Sans CJK SC">儿童床</font></td>
<td align="left"><font face="Noto Sans CJK SC">护栏间距过大<br>存在卡头风险</font></td>
<td align="right" sdval="12" sdnum="2052;">12</td></tr></table></body></html>"""


def test_excel_gives_breaks_quotes_and_blank_cells():
    block = read_clipboard(EXCEL, EXCEL_TEXT)
    assert block.rows == (
        ("电热毯", "3", "太原市小店区", "表面温度过高，\n存在“烫伤”风险 。", "控温器失效", "建议<抽查>", "消费者投诉"),
        ("插座", "", "", '5"接口发热', "", "", ""),
    )
    assert block.merged == ()


def test_excel_alone_in_either_format_gives_the_same_cells():
    both = read_clipboard(EXCEL, EXCEL_TEXT).rows
    assert read_clipboard("", EXCEL_TEXT).rows == both
    [first, second] = read_clipboard(EXCEL, "").rows
    assert [first[:4], second] == [both[0][:4], both[1]]


def test_wps_gives_merged_cells():
    block = read_clipboard(WPS, WPS_TEXT)
    assert block.rows == (("电热毯", "3", "表面温度过高\n已有投诉"), ("", "5", "漏电"))
    assert block.merged == ((0, 0, 1, 0),)
    assert read_clipboard(WPS, "").rows == block.rows


def test_libreoffice_gives_breaks():
    text = '儿童床\t"护栏间距过大\n存在卡头风险"\t12\n'
    expected = (("儿童床", "护栏间距过大\n存在卡头风险", "12"),)
    assert read_clipboard(LIBRE, text).rows == expected
    assert read_clipboard(LIBRE, "").rows == expected
    assert read_clipboard("", text).rows == expected


def test_text_that_could_be_read_in_two_ways_is_decided_by_the_html():
    """A lone quote (〃 as people type it) opens no quoted cell."""
    html = '<table><tr><td>甲</td><td>1</td></tr><tr><td>"</td><td>2</td></tr><tr><td>"</td><td>3</td></tr></table>'
    expected = (("甲", "1"), ('"', "2"), ('"', "3"))
    assert read_clipboard(html, '甲\t1\r\n"\t2\r\n"\t3\r\n').rows == expected


def test_a_text_running_over_its_neighbour_is_not_merged():
    html = "<table><tr><td colspan=2 style='mso-ignore:colspan'>很长的文字</td><td>3</td></tr></table>"
    block = read_clipboard(html, "很长的文字\t\t3\r\n")
    assert (block.rows, block.merged) == ((("很长的文字", "", "3"),), ())


def test_a_table_of_a_web_page_with_paragraphs_keeps_its_cells():
    html = (
        "<div>前言</div><table><tr><td><p>甲</p><p>乙</p></td><td><table><tr><td>内</td></tr></table></td></tr></table>"
    )
    assert read_clipboard(html, "甲\n乙\n\t内\n").rows == (("甲\n乙", "内"),)


@pytest.mark.parametrize("text", ["只有一段话", "第一行\n第二行", '他说"好"', '"引用"'])
def test_a_text_that_is_no_table_is_one_cell(text):
    assert read_clipboard("", text).rows == ((text,),)
    assert read_clipboard(f"<p>{text}</p>", text).rows == ((text,),)


def test_what_is_too_much_is_refused_in_words():
    with pytest.raises(InputError, match="20000 行"):
        read_clipboard("", "甲\t1\n" * 20_001)
    with pytest.raises(InputError, match="200 列"):
        read_clipboard("", "\t".join("甲" * 201))
    with pytest.raises(InputError, match="没有可以粘贴的文字"):
        read_clipboard("", "\t\n\t")
    with pytest.raises(InputError, match="列"):
        read_clipboard(f"<table><tr>{'<td colspan=90000>甲</td>' * 3}</tr></table>", "")


cells = st.text(st.sampled_from('甲乙,"“1\n\t 　'), max_size=8).filter(lambda text: not text.startswith('"'))


def _as_excel(text):
    return '"' + text.replace('"', '""') + '"' if "\n" in text or "\t" in text else text


@given(st.lists(st.lists(cells, min_size=3, max_size=3), min_size=1, max_size=5))
def test_every_cell_written_as_excel_does_comes_back(rows):
    rows = [["产品", *row] for row in rows]
    text = "".join("\t".join(map(_as_excel, row)) + "\r\n" for row in rows)
    assert [list(row) for row in read_clipboard("", text).rows] == rows
