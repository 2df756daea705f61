"""指标模板: the indicators in force, for everybody to look at; the province edits them, puts others in force, hands them on."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from riskdesk.domain.offices import OfficeLevel
from riskdesk.domain.station_template import Template, template_of
from riskdesk.errors import UserError
from riskdesk.services import assessing, assessments
from riskdesk.services.assessment_words import points_text
from riskdesk.ui import theme
from riskdesk.ui.dialogs.station_files import HandOnDialog
from riskdesk.ui.dialogs.template_editor import TemplateEditor
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.chip_table import ChipTable
from riskdesk.ui.widgets.parts import button, told
from riskdesk.ui.widgets.saving import ask_for_folder
from riskdesk.ui.widgets.station_words import rule_words

_FILE = "监测站指标模板.json"


class TemplateDialog(QDialog):
    """Calls `changed(sentence)` after something was written or put in force."""

    def __init__(self, bench: Bench, changed: Callable[[str], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("指标模板")
        self._bench, self._desk, self._changed = bench, bench.desk, changed
        self._about = told(name="")
        self.table = ChipTable("指标", ("维度", "指标", "满分", "评分", "证明材料"), (20, 30, 6, 0, 30), -1)
        self.edit = button("修改指标(&E)…", icon="edit", kind="primary")
        self.export = button("导出模板(&X)…", icon="export")
        self.change = button("导入新模板(&I)…", icon="import")
        self.send = button("下发(&S)…", icon="send")
        self._trouble = told(name="err")
        self._lay_out()
        self.edit.clicked.connect(self._on_edit)
        self.export.clicked.connect(self._on_export)
        self.change.clicked.connect(self._on_change)
        self.send.clicked.connect(self._on_send)
        self._show()

    def choose_file(self) -> Path | None:
        """Ask for the new template in the system's dialog."""
        name, _ = QFileDialog.getOpenFileName(self, "选择指标模板", "", "指标模板 (*.json);;所有文件 (*)")
        return Path(name) if name else None

    def choose_folder(self) -> Path | None:
        """Ask in the system's dialog where the template is to lie."""
        return ask_for_folder(self, "选择导出到哪个文件夹")

    def _lay_out(self) -> None:
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.rejected.connect(self.reject)
        foot = QHBoxLayout()
        for each in (self.edit, self.export, self.change, self.send):
            foot.addWidget(each)
        foot.addStretch(1)
        foot.addWidget(buttons)
        is_province = self._desk.office.level == OfficeLevel.PROVINCE
        for each in (self.edit, self.change, self.send):
            each.setVisible(is_province)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.addWidget(self._about)
        layout.addWidget(self.table, 1)
        layout.addWidget(self._trouble)
        layout.addLayout(foot)
        letter, room = theme.letter(self), self.screen().availableGeometry()
        self.resize(min(letter * 160, room.width() - 40), min(self.fontMetrics().height() * 36, room.height() - 60))

    def _show(self) -> None:
        found = template_of(assessing.template_data(self._desk))
        grades = "、".join(f"{each.name} {points_text(each.least)} 分起" for each in found.grades)
        vetoes = "；".join(f"{each.code} {each.text}" for each in found.vetoes)
        self._about.setText(
            f"{found.title}　第 {found.version} 版\n{found.basis}\n等级：{grades}。否决项：{vetoes}。\n"
            "省局修订后，新建的自评表采用新模板；已经填写的自评表仍按原来的模板。"
        )
        self.table.clear_rows()
        for each in found.indicators:
            evidence = "、".join(each.evidence)
            words = (
                each.dimension,
                f"{each.code} {each.name}",
                points_text(each.max_points),
                rule_words(each),
                evidence,
            )
            self.table.add_row(words, "")
        self.table.choose(0)

    def _on_export(self) -> None:
        folder = self.choose_folder()
        if folder is not None:
            self._try(lambda: f"已导出 {assessing.export_template(self._desk, folder / _FILE)}")

    def _on_change(self) -> None:
        path = self.choose_file()
        if path is not None:
            self._try(lambda: _in_force(assessing.change_template(self._desk, path)))
            self._show()

    def _on_edit(self) -> None:
        TemplateEditor(self._desk, self._on_edited, self).open()

    def _on_edited(self, made: Template) -> None:
        self._tell(_in_force(made))
        self._show()

    def _on_send(self) -> None:
        about = "把本单位修订的指标模板签名后写成文件，发给下级单位；对方接收后，新建的自评表采用新模板。"
        HandOnDialog(self._bench, ("下发指标模板", about), assessments.own_template, self._tell, self).open()

    def _try(self, work: Callable[[], str]) -> None:
        self._trouble.clear()
        try:
            self._tell(work())
        except UserError as error:
            self._trouble.setText(str(error))

    def _tell(self, sentence: str) -> None:
        self._trouble.clear()
        self._changed(sentence)


def _in_force(made: Template) -> str:
    return f"第 {made.version} 版指标模板已生效，请下发。"
