"""The page 监测站 and its dialogs, as a station and as the province see them, for tests that look at all of them."""

from decimal import Decimal

from PySide6.QtWidgets import QDialog, QVBoxLayout, QWidget
from services.quick_offices import CITY, PROVINCE
from services.station_year import STATION, STATION_NAME
from ui.hand_over_screens import bench_of

from riskdesk import clock
from riskdesk.domain.assessment import Column, Filled, Judged, Review, Sheet, review_to_body, sheet_to_body
from riskdesk.domain.revisions import revision
from riskdesk.domain.scoring import Answer
from riskdesk.services import assessing, assessments, reviewing
from riskdesk.services.setup import set_up
from riskdesk.store.ids import new_id
from riskdesk.ui import theme
from riskdesk.ui.dialogs.station_files import ExportDialog, HandOnDialog
from riskdesk.ui.dialogs.station_history import StationHistoryDialog
from riskdesk.ui.dialogs.station_template import TemplateDialog
from riskdesk.ui.dialogs.station_vetoes import VetoesDialog
from riskdesk.ui.dialogs.template_editor import TemplateEditor
from riskdesk.ui.pages.stations import StationsPage

_YEAR = 2023
_PAGE = (165, 40)  # half characters and lines that the window leaves a page at 1366 x 768


def _desk(stage, code, **named):
    desk = set_up(stage.folder / code, code, person="示例", **named)
    holder = QWidget()
    stage.qtbot.addWidget(holder, before_close_func=lambda _widget: desk.close())
    stage.shown.append(holder)
    return desk


def _station(stage):
    """A station with a sheet of several versions that the city gave back in part, and another nobody knows of."""
    desk = _desk(stage, STATION, name=STATION_NAME)
    kept = assessing.keep(desk, assessing.new(desk, _YEAR), "A1", Filled(Answer(option=1), note="见批复"))
    review = Review(kept.id, kept.revision, Column.CITY, {"A2": Judged(Decimal(2), "备岗未定")}, {"A1": "请写明资质"})
    _came(desk, assessing.REVIEW, CITY, review_to_body(review))
    _sheet(desk, {"A1": Filled(Answer(option=0))}, kept.id)
    return desk


def _came(desk, kind, org, body, object_id=""):
    step = revision(object_id=object_id or new_id(), kind=kind, org=org, body=body, author="某人", at=clock.now())
    with desk.store.write("示例", "test") as writing:
        desk.revisions.add(writing, [step])


def _sheet(desk, filled, object_id=""):
    sheet = Sheet(STATION, STATION_NAME, _YEAR, assessing.template_data(desk), filled)
    _came(desk, assessing.SHEET, STATION, sheet_to_body(sheet), object_id)


def _province(stage):
    """The province with one station's sheet, which is doubted."""
    desk = _desk(stage, PROVINCE)
    for note in ("见批复", "见附件"):
        _sheet(desk, {"A1": Filled(Answer(option=0), note=note), "A2": Filled(Answer(option=1))})
    return desk


def _page(stage, desk, parent, *, is_open=False):
    """The page in a window of its own, as large as the main window leaves it."""
    holder = QDialog(parent)
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    page = StationsPage(bench_of(desk, stage.jobs), holder)
    layout.addWidget(page)
    holder.resize(theme.letter(holder) * _PAGE[0], holder.fontMetrics().height() * _PAGE[1])
    page.refresh()
    if is_open:
        page.part.open_sheet(next(each.seen for each in page.part._found if each.seen))
    stage.qtbot.waitUntil(lambda: not stage.jobs.is_busy(), timeout=20_000)
    return holder


def _own_page(stage, parent):
    return _page(stage, _station(stage), parent)


def _no_sheet(stage, parent):
    return _page(stage, _desk(stage, STATION, name=STATION_NAME), parent)


def _all_stations(stage, parent):
    return _page(stage, _province(stage), parent)


def _judged(stage, parent):
    return _page(stage, _province(stage), parent, is_open=True)


def _template(stage, parent):
    return TemplateDialog(bench_of(_province(stage), stage.jobs), lambda _told: None, parent)


def _editor(stage, parent):
    return TemplateEditor(_province(stage), lambda _template: None, parent)


def _history(stage, parent):
    desk = _station(stage)
    return StationHistoryDialog(desk, reviewing.own(desk, _YEAR).kept, lambda _kept: None, parent)


def _vetoes(stage, parent):
    desk = _station(stage)
    vetoes = assessing.find(desk, _YEAR).sheet.template.vetoes
    return VetoesDialog(vetoes, [vetoes[0].code], lambda _codes: None, parent)


def _export(stage, parent):
    return ExportDialog(bench_of(_station(stage), stage.jobs), lambda *_given: (), lambda _told: None, parent)


def _hand_on(stage, parent):
    words = (
        "上报自评表",
        f"把 {_YEAR} 年自评表连同证明材料签名后写成文件，送市局和省局。还缺 15 项，可以先补齐再上报。",
    )
    bench = bench_of(_station(stage), stage.jobs)
    return HandOnDialog(bench, words, lambda desk: assessments.own_sheet(desk, _YEAR), lambda _told: None, parent)


STATIONS = {
    "stations: no sheet": _no_sheet,
    "stations: own sheet": _own_page,
    "stations: all": _all_stations,
    "stations: a sheet": _judged,
    "indicators": _template,
    "indicators edited": _editor,
    "versions of a sheet": _history,
    "vetoes": _vetoes,
    "export a sheet": _export,
    "hand a sheet on": _hand_on,
}
