"""Chinese input from fcitx 4 over D-Bus, for Qt builds that carry no plug-in for it.

A key is held back until fcitx says whether it used it; when fcitx goes away or hangs, the held keys are delivered as they
are. When it comes back, it is asked for a new input context.
Interface: `org.fcitx.Fcitx.InputMethod` and `org.fcitx.Fcitx.InputContext` of fcitx 4 (fcitx 5 offers the same).
"""

from __future__ import annotations

import os
import re
from typing import Any

from jeepney import DBusAddress, MatchRule, Message, MessageType, message_bus, new_method_call
from jeepney.io.blocking import DBusConnection, open_dbus_connection
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSocketNotifier, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QInputMethodEvent, QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

_CONTEXT = "org.fcitx.Fcitx.InputContext"
_METHOD = "org.fcitx.Fcitx.InputMethod"
_BUS = "org.freedesktop.DBus"
_PREEDIT = 2  # capacity: the composed text is shown in the edit itself
_PATIENCE = 1.0  # s
_MEMBER, _REPLY_SERIAL = 3, 5  # header fields of a D-Bus message


class Fcitx4(QObject):
    """One input context for the whole program; it goes where the focus goes."""

    def __init__(self, app: QApplication) -> None:
        super().__init__(app)
        self._app = app
        self._held: dict[int, tuple[QObject, QKeyEvent]] = {}
        self._connection: DBusConnection = open_dbus_connection("SESSION")
        self._service = self._running()
        restarts = MatchRule(type="signal", interface=_BUS, member="NameOwnerChanged")
        restarts.add_arg_condition(0, self._service)
        self._watch(restarts)
        self._address = self._context()
        self._call("SetCapacity", "u", (_PREEDIT,))
        self._hanging = QTimer(self, singleShot=True, interval=round(_PATIENCE * 1000))
        self._hanging.timeout.connect(self._deliver_held)
        self._notifier = QSocketNotifier(self._connection.sock.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)
        app.installEventFilter(self)
        app.focusObjectChanged.connect(self._on_focus_changed)
        self._on_focus_changed()

    def close(self) -> None:
        """Let keys go straight to the widgets again."""
        self._app.removeEventFilter(self)
        self._notifier.setEnabled(False)
        self._connection.close()
        self._deliver_held()

    def _running(self) -> str:
        names = self._connection.send_and_get_reply(message_bus.ListNames(), timeout=_PATIENCE).body[0]
        display = re.search(r":(\d+)", os.environ.get("DISPLAY", ":0"))
        wanted = f"org.fcitx.Fcitx-{display[1] if display else 0}"
        return wanted if wanted in names else "org.fcitx.Fcitx-0"

    def _context(self) -> DBusAddress:
        making = new_method_call(
            DBusAddress("/inputmethod", self._service, _METHOD), "CreateICv3", "si", ("riskdesk", os.getpid())
        )
        reply = self._connection.send_and_get_reply(making, timeout=_PATIENCE)
        if reply.header.message_type != MessageType.method_return:
            raise OSError(f"fcitx refused an input context: {reply.body}")
        path = f"/inputcontext_{reply.body[0]}"
        self._watch(MatchRule(type="signal", interface=_CONTEXT, path=path))
        return DBusAddress(path, self._service, _CONTEXT)

    def _watch(self, rule: MatchRule) -> None:
        self._connection.send_and_get_reply(message_bus.AddMatch(rule), timeout=_PATIENCE)

    def _call(self, name: str, signature: str | None = None, body: tuple[Any, ...] = ()) -> int:
        """Send a call without waiting; return its number, 0 if the bus is gone."""
        serial: int = next(self._connection.outgoing_serial)
        try:
            self._connection.send(new_method_call(self._address, name, signature, body), serial=serial)
        except OSError:
            return 0
        return serial

    def _read(self) -> None:
        while True:
            try:
                message = self._connection.receive(timeout=0)
            except TimeoutError:
                return
            except OSError:
                self.close()
                return
            self._take(message)

    def _take(self, message: Message) -> None:
        kind, fields = message.header.message_type, message.header.fields
        if kind == MessageType.signal:
            self._on_signal(str(fields.get(_MEMBER)), message.body)
        elif kind in (MessageType.method_return, MessageType.error):
            held = self._held.pop(int(fields.get(_REPLY_SERIAL, 0)), None)
            used = kind == MessageType.method_return and bool(message.body) and message.body[0] > 0
            if not self._held:
                self._hanging.stop()
            if held and not used:
                _deliver(*held)
            elif held:
                self._tell_cursor()

    def _deliver_held(self) -> None:
        waiting = list(self._held.values())
        self._held.clear()
        for held in waiting:
            _deliver(*held)

    def _on_restarted(self) -> None:
        self._deliver_held()
        try:
            self._address = self._context()
        except (OSError, TimeoutError):
            return  # keys go on as they are typed
        self._call("SetCapacity", "u", (_PREEDIT,))
        self._on_focus_changed()

    def _on_signal(self, name: str, body: tuple[Any, ...]) -> None:
        if name == "NameOwnerChanged" and body[2]:
            self._on_restarted()
            return
        target = _target()
        if target is None:
            return
        if name == "CommitString":
            event = QInputMethodEvent("", [])
            event.setCommitString(body[0])
            QCoreApplication.sendEvent(target, event)
        elif name == "UpdatePreedit":
            text, at = body  # the cursor counts bytes of UTF-8
            cursor = len(text.encode("utf-8")[:at].decode("utf-8", "ignore")) if at >= 0 else len(text)
            attribute = QInputMethodEvent.Attribute(QInputMethodEvent.AttributeType.Cursor, cursor, 1, None)
            QCoreApplication.sendEvent(target, QInputMethodEvent(text, [attribute]))
        self._tell_cursor()

    def _on_focus_changed(self, _focused: QObject | None = None) -> None:
        if _target() is None:
            self._call("FocusOut")
        else:
            self._call("FocusIn")
            self._tell_cursor()

    def _tell_cursor(self) -> None:
        window: Any = QGuiApplication.focusWindow()
        if window is None:  # another program has the focus
            return
        box = QGuiApplication.inputMethod().cursorRectangle().toRect()
        place, density = window.mapToGlobal(box.topLeft()), window.devicePixelRatio()
        sides = (place.x(), place.y(), box.width(), box.height())
        self._call("SetCursorRect", "iiii", tuple(int(side * density) for side in sides))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        keys = (QEvent.Type.KeyPress, QEvent.Type.KeyRelease)
        if not (isinstance(event, QKeyEvent) and event.type() in keys and event.spontaneous()):
            return False
        if watched is not QApplication.focusWidget() or _target() is None:
            return False
        copy = QKeyEvent(
            event.type(), event.key(), event.modifiers(), event.nativeScanCode(), event.nativeVirtualKey(),
            event.nativeModifiers(), event.text(), event.isAutoRepeat(), event.count(),
        )  # fmt: skip
        released = 0 if event.type() == QEvent.Type.KeyPress else 1
        told = (
            event.nativeVirtualKey(), event.nativeScanCode(), event.nativeModifiers(), released,
            event.timestamp() & 0xFFFFFFFF,
        )  # fmt: skip
        serial = self._call("ProcessKeyEvent", "uuuiu", told)
        if not serial:
            return False
        self._held[serial] = (watched, copy)
        if not self._hanging.isActive():
            self._hanging.start()
        return True


def _deliver(target: QObject, event: QKeyEvent) -> None:
    if isValid(target):  # what had the focus may be gone meanwhile
        QCoreApplication.sendEvent(target, event)


def _target() -> QObject | None:
    """Return what takes text now; None if nothing does."""
    widget = QApplication.focusWidget()
    if not isinstance(widget, QWidget) or not widget.testAttribute(Qt.WidgetAttribute.WA_InputMethodEnabled):
        return None
    return QGuiApplication.focusObject()
