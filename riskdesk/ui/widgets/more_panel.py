"""更多信息: the optional fields of a record, in groups; nothing of it is printed on the form, empty stays 未填."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from riskdesk.domain.records import Credibility, HazardTarget, Marking, Record, Trend
from riskdesk.domain.titles import EMPTY, VALUE_LABELS, field_title
from riskdesk.errors import InputError
from riskdesk.services.completion import Completion
from riskdesk.services.reference import Reference
from riskdesk.ui.widgets.choice_edits import OpenBox, OptionBox, optional
from riskdesk.ui.widgets.completing_edit import CompletingEdit
from riskdesk.ui.widgets.editors import Editor
from riskdesk.ui.widgets.enterprise_table import EnterpriseTable
from riskdesk.ui.widgets.field_block import FieldBlock
from riskdesk.ui.widgets.parts import told
from riskdesk.ui.widgets.record_binding import Tie
from riskdesk.ui.widgets.text_edits import LineEdit
from riskdesk.ui.widgets.tick_list import TickList
from riskdesk.ui.widgets.typed_edits import DateEdit, IntegerEdit, WordsEdit

_WORK_SECRET = "工作秘密只能放在加密的报送包中传送，送出前还会再次确认。"  # noqa: S105 - a sentence
_NO_SECRETS = "不得录入国家秘密。"
_LONGEST = 30  # characters of a focus group in its list
_SCALE = 5
_FULL = ("enterprises", "hazard_targets", "failed_items", "hazard_classes", "standard", "source_detail.publisher")
_PUBLISHED = "source_detail"  # as problems name the day that a source was published on
_NUMBERS = ("injured", "dead", "affected", "samples_tested", "samples_failed")
_GROUPS = (
    ("时间与期次", ("discovered_on", "occurred_on", "unit", "period")),
    ("产品", ("category", "focus_group", "brand", "model", "batch", "clause", "standard", "failed_items")),
    ("企业", ("enterprises",)),
    ("危害", ("hazard_classes", "hazard_targets", "injured", "dead", "affected")),
    ("检验", ("samples_tested", "samples_failed")),
    ("来源详情", ("source_detail.publisher", _PUBLISHED, "source_detail.reference", "source_detail.url")),
    ("研判", ("severity", "probability", "trend", "credibility", "marking")),
)  # fmt: skip
_LETTERS = {"discovered_on": "F", "brand": "B", "unit": "U"}


class MorePanel(QWidget):
    """`ties` and `blocks` are by the field's name; a part of the source's detail is "source_detail.url"."""

    def __init__(self, reference: Reference, completion: Completion, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._periods = reference.periods
        self._marking_note = told(_NO_SECRETS)
        self.enterprises = EnterpriseTable(reference)
        self.ties = {
            name: Tie(editor, (_field(name),))
            for name, editor in (_editors(reference, completion) | {"enterprises": self.enterprises}).items()
        }
        self.blocks = {name: FieldBlock(_title(name), tie.editor) for name, tie in self.ties.items()}
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 4, 0, 0)
        layout.setSpacing(10)
        for title, names in _GROUPS:
            layout.addWidget(told(title))
            layout.addLayout(_grid(self.blocks, names))
        layout.addWidget(self._marking_note)

    def follow(self, record: Record) -> None:
        """Offer the periods that the day of discovery allows, and say what the marking means."""
        secret = record.marking is Marking.WORK_SECRET
        self._marking_note.setText(_NO_SECRETS + (_WORK_SECRET if secret else ""))
        box = self.ties["period"].editor
        allowed = self._allowed_periods(record)
        self.blocks["period"].setVisible(len(allowed) > 1)
        if isinstance(box, PeriodBox):
            box.offer_periods(allowed)

    def filled(self, record: Record) -> int:
        """Return how many of the fields of this panel a record has."""
        empty = Record(record.period)
        names = {name.partition(".")[0] for name in self.ties}
        return sum(getattr(record, name) != getattr(empty, name) for name in names)

    def _allowed_periods(self, record: Record) -> tuple[str, ...]:
        if record.discovered_on is None:
            return (record.period,)
        try:
            covering = tuple(each.id for each in self._periods.covering(record.discovered_on))
        except InputError:  # before the first period of all
            return (record.period,)
        return covering if record.period in covering else (record.period, *covering)


class PeriodBox(OptionBox):
    """The period that a record is reported in; there is always one."""

    def __init__(self) -> None:
        super().__init__(())
        self._offered: tuple[str, ...] = ()

    def offer_periods(self, allowed: tuple[str, ...]) -> None:
        """Offer these and no others."""
        if allowed != self._offered:
            self._offered = allowed
            self.offer((each, each) for each in allowed)


def _editors(reference: Reference, completion: Completion) -> dict[str, Editor]:
    groups = reference.vocabulary.lists["focus_groups"].items()
    scale = [(value, str(value)) for value in range(1, _SCALE + 1)]
    editors: dict[str, Editor] = {
        "discovered_on": DateEdit(),
        "occurred_on": DateEdit(),
        "period": PeriodBox(),
        "unit": CompletingEdit(completion.offices, "本单位"),
        "category": OpenBox(completion.categories()),
        "focus_group": optional([(code, f"{code} {text[:_LONGEST]}…") for code, text in groups], empty=""),
        "brand": LineEdit(EMPTY),
        "model": LineEdit(EMPTY),
        "batch": LineEdit(EMPTY),
        "clause": LineEdit(EMPTY),
        "standard": LineEdit(EMPTY),
        "failed_items": WordsEdit(),
        "hazard_classes": WordsEdit("未填（如 机械、化学，用、隔开）"),
        "hazard_targets": TickList([(each, VALUE_LABELS[each]) for each in HazardTarget], columns=4),
        "source_detail.publisher": LineEdit(EMPTY),
        _PUBLISHED: DateEdit(),
        "source_detail.reference": LineEdit(EMPTY),
        "source_detail.url": LineEdit(EMPTY),
        "severity": optional(scale),
        "probability": optional(scale),
        "trend": optional(_labelled(Trend)),
        "credibility": optional(_labelled(Credibility)),
        "marking": optional(_labelled(Marking)),
    }
    return editors | {name: IntegerEdit() for name in _NUMBERS}


def _labelled(kind: Iterable[Trend | Credibility | Marking]) -> list[tuple[object, str]]:
    return [(each, VALUE_LABELS[each]) for each in kind]


def _field(name: str) -> str:
    return "source_detail.published_on" if name == _PUBLISHED else name


def _title(name: str) -> str:
    letter, title = _LETTERS.get(name), field_title(_field(name))
    return f"{title}(&{letter})" if letter else title


def _grid(blocks: Mapping[str, FieldBlock], names: Iterable[str]) -> QGridLayout:
    grid = QGridLayout()
    grid.setHorizontalSpacing(12)
    grid.setVerticalSpacing(8)
    grid.setColumnStretch(0, 1)
    grid.setColumnStretch(1, 1)
    row = column = 0
    for name in names:
        if name in _FULL:
            row, column = row + (column > 0), 0
            grid.addWidget(blocks[name], row, 0, 1, 2)
            row += 1
        else:
            grid.addWidget(blocks[name], row, column, Qt.AlignmentFlag.AlignTop)
            row, column = row + column, 1 - column
    return grid
