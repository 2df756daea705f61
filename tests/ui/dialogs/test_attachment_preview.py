"""Looking at an attachment: the window never stands still for it, and what cannot be shown is said in a sentence."""

import threading
import zlib

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage
from PySide6.QtWidgets import QLabel, QScrollArea, QWidget
from ui.screens import other_in, pdf_in, picture_in
from ui.widgets.forms import FULL, RECORD, click, press

from riskdesk.services import attaching, entry, previewing
from riskdesk.ui.dialogs import attachment_preview
from riskdesk.ui.dialogs.attachment_preview import AttachmentPreviewDialog
from riskdesk.ui.widgets import pdf_view
from riskdesk.ui.widgets.pdf_view import PdfView


@pytest.fixture
def window(app, qtbot):
    """What the dialogs belong to."""
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    yield window
    window.close()


@pytest.fixture
def opened(window, desk, jobs):
    """Open the preview of a file."""

    def open_file(path):
        dialog = AttachmentPreviewDialog(desk, jobs, attaching.attach(desk, path), window)
        dialog.open()
        return dialog

    return open_file


@pytest.fixture
def picture(tmp_path):
    """A small picture file."""
    return picture_in(tmp_path)


@pytest.fixture
def pdf(desk, tmp_path):
    """A PDF file of one page."""
    entry.save(desk, RECORD)
    return pdf_in(desk, tmp_path)


@pytest.fixture
def held(monkeypatch):
    """Work that reaches a function stays there until it is let go; `entered` tells that it has."""
    threads, entered, free = [], threading.Event(), threading.Event()

    def hold(module, name):
        real = getattr(module, name)

        def wait(*given):
            threads.append(threading.current_thread())
            entered.set()
            assert free.wait(20)
            return real(*given)

        monkeypatch.setattr(module, name, wait)
        return threads, entered, free

    yield hold
    free.set()


@pytest.fixture
def held_by(held, picture, pdf):
    """Hold what reads a picture or draws a PDF; return the file, and when it is reached, and how to let it go."""
    where = {"picture": (picture, attachment_preview, "_read_picture"), "pdf": (pdf, pdf_view, "page_image")}

    def hold(kind):
        file, module, name = where[kind]
        return file, *held(module, name)[1:]

    return hold


def written(folder, name, data):
    path = folder / name
    path.write_bytes(data)
    return path


def green_in(folder, width, height):
    image = QImage(width, height, QImage.Format.Format_RGB32)
    image.fill(QColor("green"))
    path = folder / "照片.jpg"
    assert image.save(str(path))
    return path


def many_pages(desk, folder):
    for number in range(30):
        entry.save(desk, FULL.edited(product=f"产品{number}", content="过充试验中电池鼓包起火。" * 10))
    return pdf_in(desk, folder)


def test_a_picture_is_shown_and_its_file_is_read_away_from_the_window(opened, ended, held, picture):
    threads, entered, free = held(attachment_preview, "_read_picture")
    dialog = opened(picture)
    assert dialog.shown.text() == "正在打开…"
    assert entered.wait(20)
    assert threads != [threading.main_thread()]
    free.set()
    ended()
    assert isinstance(dialog.shown, QScrollArea)
    assert dialog.shown.widget().pixmap().width() == 60
    assert "现场照片" in dialog.shown.accessibleName()


def test_a_pdf_is_shown_and_its_pages_are_drawn_away_from_the_window(opened, ended, held, pdf, qtbot):
    threads, entered, free = held(pdf_view, "page_image")
    dialog = opened(pdf)
    qtbot.waitUntil(lambda: isinstance(dialog.shown, PdfView))
    assert dialog.shown.text == "正在打开…"
    assert entered.wait(20)
    assert threading.main_thread() not in threads
    free.set()
    ended()
    assert dialog.shown._place.text() == "第 1 页，共 1 页"
    assert not dialog.shown._picture.pixmap().isNull()


def test_pages_are_turned_by_keys_and_the_last_one_asked_for_is_shown(opened, ended, desk, qtbot, tmp_path):
    dialog = opened(many_pages(desk, tmp_path))
    qtbot.waitUntil(lambda: isinstance(dialog.shown, PdfView) and dialog.shown._pages > 2, timeout=20_000)
    view = dialog.shown
    view._area.setFocus()
    view.turn(1)
    view.turn(1)
    assert view._place.text() == "正在打开第 3 页…"
    ended()
    assert view._place.text() == f"第 3 页，共 {view._pages} 页"
    view._area.verticalScrollBar().setValue(0)
    press(view, Qt.Key.Key_PageUp)
    ended()
    assert view._place.text().startswith("第 2 页")


@pytest.mark.parametrize("name", ["照片.png", "说明.wps", "空的"])
def test_what_cannot_be_shown_is_told_with_what_to_do(opened, ended, tmp_path, name):
    dialog = opened(written(tmp_path, name, b"" if name == "空的" else b"no picture"))
    ended()
    assert name in dialog.shown.text()
    assert "另存为" in dialog.shown.text()


def test_a_broken_pdf_is_told(opened, ended, tmp_path):
    dialog = opened(written(tmp_path, "报告.pdf", b"%PDF-1.7\nbroken"))
    ended()
    assert "PDF" in dialog.shown.text
    assert dialog.shown._pages == 0


def test_half_a_picture_is_no_harm(opened, ended, tmp_path):
    whole = picture_in(tmp_path).read_bytes()
    dialog = opened(written(tmp_path, "半张.png", whole[: len(whole) // 2]))
    ended()
    assert isinstance(dialog.shown, QLabel | QScrollArea)


@pytest.mark.parametrize("suffix", ["png", "jpg"])
def test_a_picture_above_the_limit_is_refused_with_its_size(opened, ended, tmp_path, monkeypatch, suffix):
    monkeypatch.setattr(attachment_preview, "_MOST_PIXELS", 1_000_000)
    monkeypatch.setattr(attachment_preview, "_MOST_PIXELS_OF_A_PHOTO", 1_000_000)
    image = QImage(1200, 1000, QImage.Format.Format_RGB32)
    image.fill(QColor("blue"))
    path = tmp_path / f"全景.{suffix}"
    assert image.save(str(path))
    dialog = opened(path)
    ended()
    assert "1200×1000" in dialog.shown.text()
    assert "另存为" in dialog.shown.text()


def test_a_file_that_says_it_is_huge_takes_no_memory(opened, ended, tmp_path):
    data = bytearray(picture_in(tmp_path).read_bytes())
    data[16:24] = (60_000).to_bytes(4, "big") * 2  # width and height in the head of the PNG; its checksum is wrong now
    data[29:33] = zlib.crc32(data[12:29]).to_bytes(4, "big")
    dialog = opened(written(tmp_path, "炸弹.png", bytes(data)))
    ended()
    assert "60000×60000" in dialog.shown.text()


def test_a_large_picture_is_shown_smaller(opened, ended, tmp_path):
    dialog = opened(green_in(tmp_path, 5000, 2500))
    ended()
    assert (dialog.shown._pixmap.width(), dialog.shown._pixmap.height()) == (2400, 1200)


def test_a_picture_fits_the_window_until_a_person_zooms(opened, ended, tmp_path):
    dialog = opened(green_in(tmp_path, 2000, 1000))
    ended()
    fitting = dialog.shown.picture.pixmap().width()
    assert fitting <= dialog.shown.viewport().width()
    assert not dialog.zoom._fit.isEnabled()
    press(dialog, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert dialog.shown.picture.pixmap().width() == pytest.approx(fitting * 1.25, abs=2)
    press(dialog, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    press(dialog, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert dialog.shown.picture.pixmap().width() == pytest.approx(fitting * 0.8, abs=2)
    press(dialog, Qt.Key.Key_0, Qt.KeyboardModifier.ControlModifier)
    assert dialog.shown.picture.pixmap().width() == fitting


def test_a_page_of_a_pdf_is_zoomed_too(opened, ended, pdf, qtbot):
    dialog = opened(pdf)
    qtbot.waitUntil(lambda: isinstance(dialog.shown, PdfView) and dialog.shown._pages == 1, timeout=20_000)
    ended()
    before = dialog.shown._picture.pixmap().width()
    click(dialog.zoom._larger)
    ended()
    assert dialog.shown._picture.pixmap().width() == pytest.approx(before * 1.25, abs=2)


def test_a_table_is_saved_elsewhere_or_opened_by_the_system(opened, ended, tmp_path, monkeypatch):
    dialog = opened(written(tmp_path, "检测数据.xlsx", b"PK no picture"))
    ended()
    assert "程序内不能显示" in dialog.shown.text()
    assert not dialog.zoom.isVisible()
    shown = []
    monkeypatch.setattr(dialog, "choose_target", lambda _name: tmp_path / "另存" / "数据.xlsx")
    monkeypatch.setattr(dialog, "show_elsewhere", shown.append)
    click(dialog.save)
    ended()
    assert (tmp_path / "另存" / "数据.xlsx").read_bytes() == b"PK no picture"
    assert "已另存为" in dialog._told.text()
    click(dialog.elsewhere)
    ended()
    assert [path.name for path in shown] == ["检测数据.xlsx"]
    assert shown[0].read_bytes() == b"PK no picture"


@pytest.mark.parametrize("name", ["安装.exe", "表.xlsm", "快捷方式.lnk", "无后缀"])
def test_what_may_run_is_never_handed_to_the_system(opened, ended, tmp_path, name):
    dialog = opened(written(tmp_path, name, b"MZ"))
    ended()
    assert not dialog.elsewhere.isEnabled()
    assert "另存" in dialog.elsewhere.toolTip()


@pytest.mark.parametrize("kind", ["picture", "pdf"])
def test_closing_while_it_is_read_or_drawn_is_no_harm(opened, ended, qtbot, held_by, kind):
    file, entered, free = held_by(kind)
    dialog = opened(file)
    qtbot.waitUntil(entered.is_set)
    with qtbot.waitSignal(dialog.destroyed):
        press(dialog, Qt.Key.Key_Escape)
    free.set()
    ended()


def test_what_waits_is_not_even_begun_once_the_dialog_is_closed(opened, ended, held, qtbot, tmp_path):
    threads, entered, free = held(attachment_preview, "_read_picture")
    first = opened(picture_in(tmp_path))
    qtbot.waitUntil(entered.is_set)
    second = opened(other_in(tmp_path))
    with qtbot.waitSignals([first.destroyed, second.destroyed]):
        first.reject()
        second.reject()
    free.set()
    ended()
    assert len(threads) == 1


def test_a_file_missing_from_the_folder_is_told_at_once(window, desk, jobs, tmp_path):
    attachment = attaching.attach(desk, picture_in(tmp_path))
    attaching.place(desk, attachment).unlink()
    dialog = AttachmentPreviewDialog(desk, jobs, attachment, window)
    dialog.open()
    assert "不在数据文件夹" in dialog.shown.text()
    assert not jobs.is_busy()


def test_pages_drawn_at_once_on_two_threads_do_no_harm(desk):
    entry.save(desk, RECORD)
    pdf = previewing.pdf_of(desk, "2023-05")
    wanted = previewing.page_image(pdf, 0, 900)
    found = []
    threads = [
        threading.Thread(target=lambda: found.extend(previewing.page_image(pdf, 0, 900) for _ in range(5)))
        for _ in range(4)
    ]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert found == [wanted] * 20
