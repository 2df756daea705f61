"""Looking at the official form before it lies anywhere."""

import pytest
from ui.widgets.forms import FULL, RECORD

from riskdesk.domain.progress import silent
from riskdesk.errors import Cancelled, UnreadableFileError, UserError
from riskdesk.services import entry, previewing


def test_the_form_is_a_pdf_that_is_written_nowhere(desk):
    entry.save(desk, RECORD)
    before = {path for path in desk.home.rglob("*") if path.suffix in (".pdf", ".part")}
    pdf = previewing.pdf_of(desk, "2023-05", silent)
    assert pdf.startswith(b"%PDF-")
    assert previewing.page_count(pdf) == 1
    assert {path for path in desk.home.rglob("*") if path.suffix in (".pdf", ".part")} == before


def test_many_records_make_several_pages(desk):
    for number in range(30):
        entry.save(desk, FULL.edited(product=f"产品{number}", content="过充试验中电池鼓包起火，存在安全隐患。" * 6))
    assert previewing.page_count(previewing.pdf_of(desk, "2023-05")) > 1


def test_a_page_is_a_picture_as_wide_as_asked_for_with_something_on_it(desk):
    entry.save(desk, RECORD)
    page = previewing.page_image(previewing.pdf_of(desk, "2023-05"), 0, 640)
    assert page.width == 640
    assert len(page.rgb) == page.width * page.height * 3
    assert page.width > page.height  # the form lies on its side
    assert len(set(page.rgb)) > 2


def test_pages_of_a_file_are_shown_as_those_of_its_bytes(desk, tmp_path):
    pdf = previewing.pdf_of(desk, "2023-05")
    path = tmp_path / "报送表 5月.pdf"
    path.write_bytes(pdf)
    assert previewing.page_count(path) == previewing.page_count(pdf)
    assert previewing.page_image(path, 0, 300) == previewing.page_image(pdf, 0, 300)


@pytest.mark.parametrize("data", [b"", b"no pdf", b"%PDF-1.7\nbroken"])
def test_what_is_no_pdf_is_refused_with_a_sentence(data):
    with pytest.raises(UnreadableFileError):
        previewing.page_count(data)


def test_a_file_that_has_gone_is_told_by_its_name(tmp_path):
    with pytest.raises(UserError, match=r"没有了\.pdf"):
        previewing.page_count(tmp_path / "没有了.pdf")


def test_drawing_can_be_stopped(desk):
    for number in range(30):
        entry.save(desk, FULL.edited(product=f"产品{number}"))

    def stop(_done, _total, _text=""):
        raise Cancelled

    with pytest.raises(Cancelled):
        previewing.pdf_of(desk, "2023-05", stop)


def test_a_period_that_is_none_is_refused(desk):
    with pytest.raises(UserError):
        previewing.pdf_of(desk, "2023-13")
