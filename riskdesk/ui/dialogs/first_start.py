"""The first start: whose program this is, who fills in, where the data lies, and what must not be entered."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from riskdesk import paths
from riskdesk.domain.offices import Office, OfficeLevel
from riskdesk.errors import UserError
from riskdesk.launch import program_call
from riskdesk.services import autostart, demo
from riskdesk.services.desk import OfficeProfile, has_data
from riskdesk.services.reference import Reference
from riskdesk.services.setup import set_up
from riskdesk.ui import theme
from riskdesk.ui.widgets.office_tree import OfficeTree
from riskdesk.ui.widgets.parts import button, heading, named, told
from riskdesk.ui.widgets.saving import ask_for_folder

_SECRETS = (
    "本程序不得录入、存储或传递国家秘密（绝密、机密、秘密）。工作秘密只能在加密的报送包中传递。"
    "提供线索的人员信息只保存在本机，不会报送。"
)


class FirstStartDialog(QDialog):
    """Makes a data folder and calls `ready(home)`; stays open, saying why, when that fails."""

    def __init__(self, home: Path, ready: Callable[[Path], object], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("第一次使用")
        self._home = home
        self._ready = ready
        self._reference = Reference()
        self.offices = OfficeTree(self._reference.roster)
        self.suo = named(QLineEdit(placeholderText="所名（只有监管所填写）"), "监管所名称")
        self.number = named(QLineEdit(placeholderText="如 01", maxLength=3), "监管所编号")
        self.person = named(QLineEdit(placeholderText="表格“填报人”一栏"), "填报人")
        self.phone = named(QLineEdit(placeholderText="表格“联系电话”一栏"), "联系电话")
        self.secrets = QCheckBox("我已阅读并遵守(&R)")
        self.keys = QCheckBox("开始后建立上报用的密钥（约 1 分钟，也可以以后做）(&K)")
        self.login = QCheckBox("登录电脑时自动启动，提醒按时报送(&G)")
        self._folder = told(str(home), "muted")
        self._chosen = told(name="muted")
        self._trouble = told(name="err")
        self._start = button("开始使用(&S)", icon="check", kind="primary")
        self._training = button("先用示例数据练习(&L)", icon="station", kind="quiet")
        self._lay_out()
        self._start.clicked.connect(self.accept)
        self._training.clicked.connect(self._on_training)
        self.offices.chosen.connect(self._show_chosen)
        self.offices.accepted.connect(self.person.setFocus)
        self.suo.textChanged.connect(self._show_chosen)
        self.number.textChanged.connect(self._show_chosen)
        self.person.returnPressed.connect(self.phone.setFocus)
        self.person.textChanged.connect(self._forget_trouble)
        self.secrets.toggled.connect(self._forget_trouble)
        letter = theme.letter(self)
        self.resize(letter * 110, self.fontMetrics().height() * 33)
        self._show_chosen()
        self.offices.search.setFocus()

    def _lay_out(self) -> None:
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(heading("1. 本单位是哪一个？"))
        left.addWidget(self.offices, 1)
        suo = QHBoxLayout()
        suo.setSpacing(8)
        suo.addWidget(self.suo, 3)
        suo.addWidget(QLabel("编号"))
        suo.addWidget(self.number, 1)
        left.addLayout(suo)
        left.addWidget(self._chosen)
        columns = QHBoxLayout()
        columns.setSpacing(28)
        columns.addLayout(left, 5)
        columns.addLayout(self._right_column(), 4)
        foot = QHBoxLayout()
        foot.addWidget(self._training)
        foot.addStretch(1)
        quit_button = button("退出(&Q)")
        quit_button.clicked.connect(self.reject)
        foot.addWidget(quit_button)
        foot.addWidget(self._start)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 20, 24, 18)
        whole.addLayout(columns, 1)
        whole.addWidget(self._trouble)
        whole.addLayout(foot)

    def _right_column(self) -> QVBoxLayout:
        form = QFormLayout()
        for title, field in (("填报人(&P)", self.person), ("联系电话(&T)", self.phone)):
            label = QLabel(title)
            label.setBuddy(field)
            form.addRow(label, field)
        change = button("换一个文件夹(&F)…")
        change.setAccessibleName("换一个数据文件夹")
        change.clicked.connect(self._on_folder_wanted)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(heading("2. 谁来填报？"))
        right.addLayout(form)
        right.addSpacing(12)
        right.addWidget(heading("3. 数据放在哪里？"))
        right.addWidget(self._folder)
        right.addWidget(change, alignment=Qt.AlignmentFlag.AlignLeft)
        right.addSpacing(12)
        right.addWidget(heading("4. 保密提醒"))
        right.addWidget(QLabel(_SECRETS, wordWrap=True))
        right.addWidget(self.secrets)
        right.addSpacing(12)
        right.addWidget(heading("5. 提醒和上报"))
        right.addWidget(self.login)
        right.addWidget(self.keys)
        right.addStretch(1)
        return right

    def accept(self) -> None:
        """Make the data folder; or stay and say what is missing."""
        missing = self._missing()
        if missing is not None:
            told, field = missing
            self._trouble.setText(told)
            field.setFocus()
            return
        try:
            if not has_data(self._home):
                profile = self._profile()
                set_up(
                    self._home, profile.code, name=profile.name, parent=profile.parent,
                    person=profile.person, phone=profile.phone,
                ).close()  # fmt: skip
            paths.remember_data_home(self._home)
            if self.login.isChecked():
                autostart.turn_on(program_call("--home", str(self._home)))
        except (UserError, OSError) as error:
            self._trouble.setText(f"没有建立：{error}")
            return
        super().accept()
        self._ready(self._home)

    def _missing(self) -> tuple[str, QWidget] | None:
        if has_data(self._home):
            return None  # it is opened as it is
        if not self.offices.code():
            return "请先选择本单位：输入名称或拼音首字母（如 xdq）可以快速找到。", self.offices.search
        if self.suo.text().strip() and (missing := self._missing_of_suo()) is not None:
            return missing
        if not self.person.text().strip():
            return "请填写填报人。", self.person
        if not self.secrets.isChecked():
            return "请阅读保密提醒，并勾选“我已阅读并遵守”。", self.secrets
        return None

    def _forget_trouble(self) -> None:
        """Take back what was said once it is not so any more."""
        missing = self._missing()
        if missing is None or missing[0] != self._trouble.text():
            self._trouble.clear()

    def _missing_of_suo(self) -> tuple[str, QWidget] | None:
        if self._chosen_office().level != OfficeLevel.COUNTY:
            return "监管所请先选择所属的县（区）局，再填所名和编号。", self.offices.search
        if not self.number.text().strip().isdecimal():
            return "请填写监管所编号（由县（区）局分配的数字，如 01），以免两个所重号。", self.number
        return None

    def _chosen_office(self) -> Office:
        return self._reference.roster.office(self.offices.code())

    def _profile(self) -> OfficeProfile:
        office = self._chosen_office()
        person, phone = self.person.text().strip(), self.phone.text().strip()
        if suo := self.suo.text().strip():
            code = f"{office.code.split('-')[0]}-S{int(self.number.text()):02}"
            return OfficeProfile(code, suo, str(OfficeLevel.SUO), office.code, person, phone)
        above = next(iter(office.report_to), "")
        return OfficeProfile(office.code, office.name, str(office.level), above, person, phone)

    def _show_chosen(self) -> None:
        self._trouble.clear()
        if not self.offices.code():
            self._chosen.setText("还没有选择单位")
            return
        office = self._chosen_office()
        own = f"{self.suo.text().strip()}（报送至 {office.name}）" if self.suo.text().strip() else office.name
        self._chosen.setText(f"已选择：{own}")

    def _on_folder_wanted(self) -> None:
        folder = ask_for_folder(self, "选择存放数据的文件夹")
        if folder is not None:
            self._trouble.clear()
            self._home = folder if has_data(folder) or _is_empty(folder) else folder / "riskdesk-data"
            found = "（已有数据，将直接打开）" if has_data(self._home) else ""
            self._folder.setText(f"{self._home}{found}")

    def _on_training(self) -> None:
        self.keys.setChecked(False)
        home = paths.training_home(self._home)
        office = self._reference.roster.office(self.offices.code() or demo.COUNTY)
        profile = OfficeProfile(
            office.code, office.name, str(office.level), next(iter(office.report_to), ""), "示例人员", ""
        )
        try:
            if not has_data(home):
                demo.make_training(home, profile)
        except (UserError, OSError) as error:
            self._trouble.setText(f"没有建立：{error}")
            return
        super().accept()
        self._ready(home)


def _is_empty(folder: Path) -> bool:
    try:
        return not any(folder.iterdir())
    except OSError:  # what is wrong with it is told when the data is to be made there
        return False
