"""The seven columns of the official form as edits, in the form's order."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from riskdesk.services.completion import Completion
from riskdesk.services.reference import Reference
from riskdesk.ui.widgets.field_block import FieldBlock
from riskdesk.ui.widgets.product_edit import ProductEdit
from riskdesk.ui.widgets.record_binding import Tie
from riskdesk.ui.widgets.region_edit import RegionEdit
from riskdesk.ui.widgets.source_edit import SourceEdit
from riskdesk.ui.widgets.text_edits import TextEdit
from riskdesk.ui.widgets.typed_edits import CountEdit

_MOST_LINES = 14
_SHORT = 2  # fields that share the first line


class PrintedFields(QWidget):
    """What is printed; `ties` and `blocks` by the name that problems give the column."""

    def __init__(self, reference: Reference, completion: Completion, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.product = ProductEdit(completion)
        self.count = CountEdit("如 30、约30、待查")
        self.regions = RegionEdit(reference, completion.regions)
        self.content = TextEdit(4, _MOST_LINES)
        self.analysis = TextEdit(3, _MOST_LINES)
        self.suggestion = TextEdit(2, _MOST_LINES)
        self.sources = SourceEdit(reference.vocabulary)
        self.ties = {
            "product": Tie(self.product, ("product",)),
            "enterprise_count_text": Tie(self.count, ("enterprise_count",)),
            "regions_text": Tie(self.regions, ("regions_text", "region_codes")),
            "content": Tie(self.content, ("content",)),
            "analysis": Tie(self.analysis, ("analysis",)),
            "suggestion": Tie(self.suggestion, ("suggestion",)),
            "sources_text": Tie(self.sources, ("sources_text", "source_codes")),
        }
        self.blocks = {
            "product": FieldBlock("涉及产品(&P)", self.product, required=True),
            "enterprise_count_text": FieldBlock("涉及企业数量(&Q)", self.count, required=True),
            "regions_text": FieldBlock("涉及区域(&R)", self.regions, required=True),
            "content": FieldBlock("风险信息内容(&C)", self.content, required=True),
            "analysis": FieldBlock("信息分析(&A)", self.analysis, required=True),
            "suggestion": FieldBlock("初步建议(&J)", self.suggestion, required=True),
            "sources_text": FieldBlock("信息来源(&Y)（可多选，按 1–9 勾选）", self.sources, required=True),
        }
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(10)
        short = QHBoxLayout()
        short.setSpacing(12)
        layout.addLayout(short)  # before its widgets: the order of adding is the order of Tab
        for number, block in enumerate(self.blocks.values()):
            if number < _SHORT:
                short.addWidget(block, _SHORT + 1 - number, Qt.AlignmentFlag.AlignTop)
                layout.addWidget(block.lines)  # half the width is too narrow for sentences
            else:
                layout.addWidget(block)
