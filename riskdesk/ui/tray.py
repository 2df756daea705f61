"""Desktop notifications and the tray icon, where the desktop has them; the window works the same without."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QMenu, QSystemTrayIcon

from riskdesk.services.reminders import Reminder

_SHOWN_FOR = 15_000  # ms


class Tray(QObject):
    """Shows each reminder once a day at most; a click on it asks for the window and its page."""

    wanted = Signal(str)  # a page, "" for none in particular
    quit_wanted = Signal()

    def __init__(self, icon: QIcon, parent: QObject) -> None:
        super().__init__(parent)
        self._told: set[tuple[str, str]] = set()
        self._page = ""
        self._menu = QMenu()
        self._menu.addAction("打开窗口", lambda: self.wanted.emit(""))
        self._menu.addAction("退出", self.quit_wanted.emit)
        self._tray = QSystemTrayIcon(icon, self)
        self._tray.setToolTip("产品质量安全风险信息")
        self._tray.setContextMenu(self._menu)
        self._tray.activated.connect(self._on_activated)
        self._tray.messageClicked.connect(lambda: self.wanted.emit(self._page))
        if QSystemTrayIcon.isSystemTrayAvailable():
            self._tray.show()

    def remind(self, reminders: Sequence[Reminder], day: str) -> None:
        """Notify of the first reminder that was not told yet on that day."""
        fresh = [each for each in reminders if (each.id, day) not in self._told]
        if not fresh or not self._tray.isVisible():
            return
        first = fresh[0]
        self._told.update((each.id, day) for each in fresh)
        self._page = first.page
        more = f"\n另有 {len(fresh) - 1} 条提醒" if len(fresh) > 1 else ""
        kind = QSystemTrayIcon.MessageIcon.Warning if first.urgent else QSystemTrayIcon.MessageIcon.Information
        self._tray.showMessage(first.title, first.text + more, kind, _SHOWN_FOR)

    def hide(self) -> None:
        """Take the icon away."""
        self._tray.hide()

    def _on_activated(self, reason: QSystemTrayIcon.ActivationReason) -> None:
        if reason in (QSystemTrayIcon.ActivationReason.Trigger, QSystemTrayIcon.ActivationReason.DoubleClick):
            self.wanted.emit("")
