"""The papers of the hand-off say all they must, cut nothing off, and are the same for the same content."""

import re
from dataclasses import replace
from datetime import date, datetime
from itertools import pairwise

import pypdfium2
import pytest
from documents.annex1_forms import form, row, sample_form, squeezed
from documents.qr import read_qr

from riskdesk.documents.annex1_pdf import render_pdf
from riskdesk.documents.handover_slip import Slip, render_slip
from riskdesk.documents.recovery_sheet import RecoverySheet, render_recovery
from riskdesk.documents.reminder_letter import ReminderLetter, render_reminder
from riskdesk.documents.request_sheet import RequestSheet, render_request
from riskdesk.documents.signature_block import BLOCK_PLACE, BLOCK_SIZE, render_block

MADE = "2023-05-25T09:05:00+08:00"
OFFICE = "太原市小店区市场监督管理局"
FINGERPRINT = "12345 67890 11223 34455 66778 89900"
PACKAGE = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
SECRET = "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX"
LONG_NAME = "".join(f"第{number}中心市场监督管理与产品质量安全风险监测所" for number in range(12))
A4 = (595.28, 841.89)

SLIP = Slip(
    office=OFFICE,
    receivers=("太原市市场监督管理局", "省级监测站"),
    period="2023-05",
    number=1,
    records=12,
    nil=False,
    person="张三",
    phone="0351-0000000",
    made_at=MADE,
    package=PACKAGE,
    files=(("小店区_2023-05.rdpkg", 1_234_567),),
)
RECOVERY = RecoverySheet(OFFICE, "140105-JU", SECRET, FINGERPRINT, MADE)
REQUEST = RequestSheet(OFFICE, "140105-JU", "太原市市场监督管理局", "张三", "0351-0000000", FINGERPRINT, MADE)
LETTER = ReminderLetter(
    office="太原市市场监督管理局",
    receiver=OFFICE,
    period="2023-05",
    start=date(2023, 4, 25),
    end=date(2023, 5, 24),
    due=date(2023, 5, 25),
    today=date(2023, 5, 29),
    phone="0351-0000000",
    person="王芳",
)
PAPERS = {
    "slip": (render_slip, SLIP),
    "recovery": (render_recovery, RECOVERY),
    "request": (render_request, REQUEST),
    "letter": (render_reminder, LETTER),
}
paper = pytest.mark.parametrize(("render", "given"), PAPERS.values(), ids=PAPERS)


def block(office=OFFICE, person="张三"):
    return render_block(office, person, FINGERPRINT, datetime.fromisoformat(MADE))


def pages(data):
    document = pypdfium2.PdfDocument(data)
    return [document[number] for number in range(len(document))]


def text_of(data):
    return squeezed("".join(page.get_textpage().get_text_range() for page in pages(data)))


def everything_is_on_the_page(data, margin):
    for page in pages(data):
        width, height = page.get_size()
        text = page.get_textpage()
        for index in range(text.count_chars()):
            if not text.get_text_range(index, 1).isspace():
                left, bottom, right, top = text.get_charbox(index)
                assert margin <= left <= right <= width - margin
                assert margin <= bottom <= top <= height - margin
    return True


@paper
def test_every_paper_is_a4_upright_with_room_for_the_edge_of_the_printer(render, given):
    data = render(given)
    assert [pytest.approx(page.get_size(), abs=0.1) for page in pages(data)] == [A4]
    assert everything_is_on_the_page(data, 36)


@paper
def test_the_same_content_gives_the_same_bytes(render, given):
    first = render(given)
    block()
    assert render(given) == first


@paper
def test_every_paper_is_black_on_white(render, given):
    picture = pages(render(given))[0].render(scale=1).to_pil().convert("RGB")
    assert all(red == green == blue for _, (red, green, blue) in picture.getcolors(1 << 16))


@paper
def test_a_long_name_wraps_and_nothing_of_it_is_lost(render, given):
    data = render(replace(given, office=LONG_NAME))
    assert LONG_NAME in text_of(data)
    assert everything_is_on_the_page(data, 36)


def test_the_block_says_who_and_when_and_that_it_is_no_seal():
    found = text_of(block())
    assert "数字签名（非公章）" in found
    assert f"单位：{OFFICE}" in found
    assert "经办人：张三" in found
    assert squeezed(f"指纹：{FINGERPRINT}") in found
    assert squeezed("时间：2023年5月25日 09:05（本机时钟）") in found


def test_the_block_has_its_size_and_keeps_to_it_with_names_of_any_length():
    for office, person in ((OFFICE, "张三"), (LONG_NAME, "张三"), (LONG_NAME * 4, LONG_NAME)):
        data = block(office, person)
        (page,) = pages(data)
        assert page.get_size() == BLOCK_SIZE
        assert everything_is_on_the_page(data, 1)
        assert office in text_of(data)
        assert person in text_of(data)
    assert block() == block()


def test_the_place_of_the_block_on_annex_1_is_free_however_full_the_last_page_is():
    (left, bottom), (width, height) = BLOCK_PLACE, BLOCK_SIZE
    filled = [form([row(each) for each in range(1, count)], person="张三" * 90 * (count % 2)) for count in range(5, 13)]
    for each in (sample_form(), *filled):
        last = pages(render_pdf(each).data)[-1]
        assert not last.get_textpage().get_text_bounded(left, bottom, left + width, bottom + height).strip()
        around = last.render(scale=2).to_pil().convert("1")
        top = int((last.get_height() - bottom - height) * 2)
        strip = around.crop((left * 2, top, (left + width) * 2, int(last.get_height() - bottom) * 2))
        assert strip.getextrema() == (255, 255)


def test_the_slip_says_what_is_handed_over_to_whom():
    found = text_of(render_slip(SLIP))
    for wanted in (OFFICE, "太原市市场监督管理局", "省级监测站", "2023年5月（本期第1次报送）", "风险信息12条", "张三"):
        assert wanted in found
    assert PACKAGE in found
    assert "小店区_2023-05.rdpkg1,234,567" in found
    assert "本单随U盘交接" in found
    for wanted in ("移交人", "接收人", "交接日期"):
        assert wanted in found


def test_the_qr_code_of_the_slip_is_the_package():
    assert read_qr(render_slip(SLIP)) == PACKAGE
    assert read_qr(render_slip(replace(SLIP, package=PACKAGE[::-1]))) == PACKAGE[::-1]


def test_a_nil_report_is_said_plainly():
    found = text_of(render_slip(replace(SLIP, nil=True, records=0)))
    assert "零报告：本期没有产品质量安全风险信息" in found
    assert "0条" not in found


def test_what_was_not_filled_in_is_said_to_be_missing():
    found = text_of(render_slip(replace(SLIP, person="", phone=" ")))
    assert "经办人未填联系电话未填" in found


def test_sixty_volumes_go_on_over_pages_with_the_heads_again_and_the_code_on_each():
    files = tuple((f"volume_{number:03}.rdpkg.age", 20 << 20) for number in range(60))
    data = render_slip(replace(SLIP, files=files))
    assert len(pages(data)) > 2
    assert everything_is_on_the_page(data, 36)
    found = text_of(data)
    assert re.findall(r"volume_\d{3}\.rdpkg\.age", found) == [name for name, _ in files]
    assert found.count("序号文件名大小（字节）") == found.count("核对码9f86d081……第") == len(pages(data))
    assert "共60个，须全部移交，缺一不可" in found


def test_a_name_longer_than_a_page_goes_on_on_the_next():
    endless = LONG_NAME * 12
    data = render_slip(replace(SLIP, files=((endless, 1),)))
    found = text_of(data)
    assert all(found.count(part) == endless.count(part) for part in ("第0中心", "第11中心"))
    assert everything_is_on_the_page(data, 36)


def test_the_recovery_sheet_holds_the_secret_in_letters_and_as_a_qr_code():
    data = render_recovery(RECOVERY)
    assert SECRET in text_of(data)
    assert read_qr(data) == SECRET


def test_the_secret_is_set_in_groups_of_five_in_columns_below_each_other():
    (page,) = pages(render_recovery(RECOVERY))
    text = page.get_textpage()
    at = [index for index in range(text.count_chars()) if text.get_text_range(index, 1).strip()]
    start = "".join(text.get_text_range(index, 1) for index in at).index(SECRET.rpartition("1")[2])
    boxes = [text.get_charbox(index) for index in at[start : start + 6]]
    middles = [(left + right) / 2 for left, _, right, _ in boxes]
    gaps = [after - before for before, after in pairwise(middles)]
    assert max(gaps[:4]) - min(gaps[:4]) <= 1.5
    assert gaps[4] > 1.5 * gaps[0]


def test_the_recovery_sheet_says_how_to_keep_it_and_what_it_cannot_do():
    found = text_of(render_recovery(RECOVERY))
    for wanted in ("保险柜", "不要拍照", "不要用邮件", "它不能签名", "忘记口令", squeezed(FINGERPRINT)):
        assert wanted in found


def test_the_request_holds_six_large_groups_and_how_to_compare_them():
    data = render_request(REQUEST)
    found = text_of(data)
    assert squeezed(FINGERPRINT) in found
    for wanted in ("140105-JU", "太原市市场监督管理局", "申请单位（盖章）", "六组全部一致", "原来掌握的电话"):
        assert wanted in found
    text = pages(data)[0].get_textpage()
    _, bottom, _, top = text.get_charbox(text.search("12345").get_next()[0])
    assert top - bottom > 17


def test_the_letter_says_what_is_missing_since_when_and_what_to_do():
    found = text_of(render_reminder(LETTER))
    for wanted in (
        f"{OFFICE}：",
        "2023年5月报送期（2023年4月25日至2023年5月24日）",
        "应于2023年5月25日（含当日）前报送",
        "已逾期4天",
        "立即补报",
        "也应报送零报告",
        "联系人：王芳，联系电话：0351-0000000",
        "太原市市场监督管理局2023年5月29日",
    ):
        assert wanted in found


def test_a_letter_before_the_report_is_late_names_the_day_and_no_delay():
    found = text_of(render_reminder(replace(LETTER, today=date(2023, 5, 25))))
    assert "请于2023年5月25日（含当日）前报送" in found
    assert "逾期" not in found
