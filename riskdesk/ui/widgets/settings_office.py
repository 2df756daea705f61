"""Settings: the office's name, who fills in its forms now, and the people to choose from."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QVBoxLayout,
    QWidget,
)

from riskdesk.errors import UserError
from riskdesk.services import setup
from riskdesk.services.desk import Desk
from riskdesk.services.preferences import Person, keep, preferences
from riskdesk.ui.widgets.parts import button, heading, named, told

_PERSON_ROLE = int(Qt.ItemDataRole.UserRole)


class OfficeSettings(QWidget):
    """Emits `changed` when the office or its person was saved."""

    changed = Signal()

    def __init__(self, desk: Desk, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self.name = named(QLineEdit(), "单位名称")
        self.person = named(QLineEdit(), "填报人")
        self.phone = named(QLineEdit(), "联系电话")
        self.people = named(QListWidget(), "填报人名单")
        self._save = button("保存(&S)", icon="save", kind="primary")
        self._remove = button("从名单中移除(&R)", icon="delete")
        self._told = told(name="muted")
        self._trouble = told(name="err")
        self._lay_out()
        self._save.clicked.connect(self._on_save)
        self._remove.clicked.connect(self._on_remove)
        self.people.itemActivated.connect(self._on_person_chosen)
        self.people.itemClicked.connect(self._on_person_chosen)
        self.put_back()
        self.refresh()

    def is_dirty(self) -> bool:
        """Tell whether something was typed that is not saved."""
        return self._typed() != self._shown

    def put_back(self) -> None:
        """Show what is stored, whatever was typed."""
        office = self._desk.office
        self.name.setText(office.name)
        self.person.setText(office.person)
        self.phone.setText(office.phone)
        self._shown = self._typed()

    def refresh(self) -> None:
        """Show what is stored; what was typed and not saved stays."""
        if not self.is_dirty():
            self.put_back()
        self.people.clear()
        for person in preferences(self._desk).people:
            item = QListWidgetItem(f"{person.name}　{person.phone}")
            item.setData(_PERSON_ROLE, person)
            self.people.addItem(item)
        self._remove.setEnabled(bool(self.people.count()))
        self._remove.setToolTip("" if self.people.count() else "名单中还没有人，保存填报人后自动加入")

    def _lay_out(self) -> None:
        office = self._desk.office
        form = QFormLayout()
        form.addRow("单位代码", QLabel(office.code))
        above = self._desk.reference.roster
        form.addRow(
            "报送至", QLabel(above.office(office.parent).name if office.parent in above else office.parent or "—")
        )
        for title, field in (("单位名称(&N)", self.name), ("填报人(&P)", self.person), ("联系电话(&T)", self.phone)):
            label = QLabel(title)
            label.setBuddy(field)
            form.addRow(label, field)
        left = QVBoxLayout()
        left.setSpacing(8)
        left.addWidget(heading("单位和填报人"))
        left.addLayout(form)
        left.addWidget(told("名称、填报人和电话印在报送表上。单位代码不能更改。", "muted"))
        left.addWidget(self._save, alignment=Qt.AlignmentFlag.AlignLeft)
        left.addWidget(self._told)
        left.addWidget(self._trouble)
        left.addStretch(1)
        right = QVBoxLayout()
        right.setSpacing(8)
        right.addWidget(heading("常用填报人（选中即换人）"))
        right.addWidget(self.people, 1)
        right.addWidget(self._remove, alignment=Qt.AlignmentFlag.AlignLeft)
        whole = QHBoxLayout(self)
        whole.setSpacing(28)
        whole.addLayout(left, 3)
        whole.addLayout(right, 2)

    def _typed(self) -> tuple[str, ...]:
        return tuple(field.text() for field in (self.name, self.person, self.phone))

    def _on_person_chosen(self, item: QListWidgetItem) -> None:
        person: Person = item.data(_PERSON_ROLE)
        self.person.setText(person.name)
        self.phone.setText(person.phone)

    def _on_save(self) -> None:
        name, person, phone = (field.text().strip() for field in (self.name, self.person, self.phone))
        if not name or not person:
            self._trouble.setText("单位名称和填报人不能为空。")
            return
        office = self._desk.office
        try:
            renewed = setup.renew(self._desk, replace(office, name=name, person=person, phone=phone))
            now = preferences(self._desk)
            others = tuple(each for each in now.people if each.name != person)
            keep(self._desk, replace(now, people=(Person(renewed.person, renewed.phone), *others)))
        except UserError as error:
            self._trouble.setText(f"没有保存：{error}")
            return
        self._trouble.clear()
        self._told.setText("已保存，从下一次保存记录和导出起使用。")
        self.put_back()
        self.refresh()
        self.changed.emit()

    def _on_remove(self) -> None:
        if self.people.currentRow() < 0:
            self._trouble.setText("请先在名单中选中一人。")
            return
        gone = self.people.currentItem().data(_PERSON_ROLE)
        now = preferences(self._desk)
        try:
            keep(self._desk, replace(now, people=tuple(each for each in now.people if each != gone)))
        except UserError as error:
            self._trouble.setText(f"没有保存：{error}")
            return
        self.refresh()
