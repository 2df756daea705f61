"""Owns the clipboard with HTML and text, as a spreadsheet does, until it is ended."""

import sys

from PySide6.QtCore import QMimeData, QTimer
from PySide6.QtWidgets import QApplication

app = QApplication([])
data = QMimeData()
data.setHtml(sys.argv[1])
data.setText(sys.argv[2])
app.clipboard().setMimeData(data)
QTimer.singleShot(300, lambda: print("ready", flush=True))
app.exec()
