"""Attachments: dropped, pasted, looked at, copied out, taken off; and what becomes of them with the record."""

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QColor, QDragEnterEvent, QDropEvent, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication
from ui.widgets.forms import RECORD, press

from riskdesk.services import attaching, entry
from riskdesk.services.completion import Completion
from riskdesk.ui.widgets.attachment_list import size_text
from riskdesk.ui.widgets.record_form import RecordForm


@pytest.fixture
def form(app, qtbot, desk):
    form = RecordForm(desk, Completion(desk))
    qtbot.addWidget(form)
    form.resize(520, 650)
    form.show()
    form.activateWindow()
    form.open_new("2023-05", like=RECORD)
    yield form
    form.jobs.stop_all()


@pytest.fixture
def picture(tmp_path):
    path = tmp_path / "现场照片.png"
    image = QImage(40, 30, QImage.Format.Format_RGB32)
    image.fill(QColor("red"))
    image.save(str(path))
    return path


def files(*paths):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drop(widget, mime):
    given = (Qt.DropAction.CopyAction, mime, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier)
    QApplication.sendEvent(widget, QDragEnterEvent(QPoint(5, 5), *given))
    QApplication.sendEvent(widget, QDropEvent(QPointF(5, 5), *given))


def test_a_file_dropped_on_the_form_is_saved_with_the_record(form, desk, qtbot, picture):
    attachments = form.body.attachments
    with qtbot.waitSignal(attachments.changed):
        drop(form.body.printed.content.viewport(), files(picture))
    assert form.record().content == RECORD.content
    assert attachments.list.item(0).text().startswith("现场照片.png")
    assert form.save()
    [kept] = entry.record_of(entry.current(desk, form.object_id)).attachments
    assert attaching.place(desk, kept).read_bytes() == picture.read_bytes()


def test_saving_waits_for_files_that_are_still_being_taken_in(form, desk, qtbot, picture):
    with qtbot.waitSignal(form.body.attachments.changed):
        drop(form.body.printed.count, files(picture))
        assert not form.save()
        assert "正在添加" in form.footer.message
    assert form.save()


@pytest.mark.parametrize("name", ["content", "count", "product"])
def test_files_copied_in_a_file_manager_are_pasted_from_any_field_and_not_as_text(form, qtbot, picture, name):
    QGuiApplication.clipboard().setMimeData(files(picture))
    getattr(form.body.printed, name).setFocus()
    with qtbot.waitSignal(form.body.attachments.changed):
        press(form, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert [each.name for each in form.record().attachments] == ["现场照片.png"]
    assert form.record().columns() == RECORD.columns()


def test_a_file_that_is_gone_is_told_by_name_and_nothing_is_added(form, qtbot, tmp_path):
    with qtbot.waitSignal(form.body.attachments.changed):
        form.body.attachments.take([tmp_path / "没有.pdf"])
    assert "没有.pdf" in form.body.attachments.error
    assert form.record().attachments == ()


@pytest.mark.may_log
def test_a_bug_while_a_file_is_taken_in_is_no_sentence_for_the_user(form, qtbot, picture, monkeypatch):
    def fail(_desk, _path):
        raise ValueError("english words")

    monkeypatch.setattr(attaching, "attach", fail)
    with qtbot.capture_exceptions() as caught, qtbot.waitSignal(form.body.attachments.changed):
        form.body.attachments.take([picture])
        qtbot.waitUntil(lambda: not form.jobs.is_busy())
    assert [str(error) for _kind, error, _trace in caught] == ["english words"]
    assert form.body.attachments.error == ""
    assert form.body.attachments.unread() == ""


def test_a_file_that_arrives_after_another_record_was_opened_is_not_added_to_that(form, desk, qtbot, picture):
    form.body.attachments.take([picture])
    form.open_new("2023-05")
    qtbot.waitUntil(lambda: not form.jobs.is_busy())
    assert form.record().attachments == ()


def test_a_file_is_taken_off_and_a_copy_saved_elsewhere(form, qtbot, picture, tmp_path):
    attachments = form.body.attachments
    with qtbot.waitSignal(attachments.changed):
        attachments.take([picture])
    attachments.choose_target = lambda name: tmp_path / f"副本 {name}"
    attachments.copy.click()
    assert (tmp_path / "副本 现场照片.png").read_bytes() == picture.read_bytes()
    attachments.remove.click()
    assert form.record().attachments == ()
    assert not attachments.list.isVisible()


@pytest.mark.parametrize(("size", "text"), [(0, "0 字节"), (1023, "1023 字节"), (1536, "1.5 KB"), (5 << 20, "5.0 MB")])
def test_sizes_are_told_as_people_say_them(size, text):
    assert size_text(size) == text


def test_a_file_that_was_just_added_is_told_at_the_head_of_the_form_and_chosen_in_the_list(
    form, qtbot, picture, tmp_path
):
    header, attachments = form.header, form.body.attachments
    assert not header.attached.isVisible()
    other = tmp_path / "报告.txt"
    other.write_text("x")
    for number, path in enumerate((picture, other), 1):
        attachments.take([path])
        qtbot.waitUntil(lambda number=number: len(attachments.value()) == number)
        qtbot.waitUntil(lambda number=number: header.attached.text() == f"附件 {number}")
    assert header.attached.isVisible()
    assert header.news.text() == "已添加附件：报告.txt（共 2 个，保存后生效）"
    assert attachments._told.text() == "共 2 个附件，刚添加：报告.txt"
    assert attachments.list.currentItem().text().startswith("报告.txt")


def test_the_number_of_files_is_told_of_every_record_but_news_only_of_the_one_they_were_added_to(form, qtbot, picture):
    form.body.attachments.take([picture])
    qtbot.waitUntil(lambda: form.header.attached.text() == "附件 1")
    assert form.save()
    object_id = form.object_id
    form.open_new("2023-05")
    assert not form.header.news.isVisible()
    assert not form.header.attached.isVisible()
    form.open_record(object_id)
    assert form.header.attached.text() == "附件 1"
    assert not form.header.news.isVisible()
