"""A window in which somebody types, saves and goes on, until the process is killed; every step is told on stdout first."""

import os
import random
import sys
import time
from pathlib import Path

os.environ["QT_QPA_PLATFORM"] = "offscreen"

from PySide6.QtCore import Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from riskdesk.services.desk import Desk
from riskdesk.ui import theme
from riskdesk.ui.input_methods import Route
from riskdesk.ui.jobs import Jobs
from riskdesk.ui.main_window import MainWindow

EVERY = 12  # ms between keys
LETTERS = "abcdefghijklmnopqrstuvwxyz"


def tell(*words):
    print(*words, time.monotonic(), flush=True)


class Typist:
    """Fills in records key by key: a product, then some content, then Ctrl+S, then the next."""

    def __init__(self, window, seed):
        self.page = window.records
        self.pick = random.Random(seed)
        self.page.new_record()
        self.left = 0
        self.begin()

    def begin(self):
        self.left = self.pick.randint(20, 160)
        form = self.page.form
        form.body.binding.fill("product", form.record().edited(product="头盔"))
        form.body.go(form.body.blocks["content"])
        tell("began", form.form_id)

    def type(self):
        form = self.page.form
        if self.left == 0:
            tell("saving", form.form_id)
            QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier)
            tell("saved", form.form_id, form.object_id)
            self.page.new_record()
            self.begin()
            return
        QTest.keyClick(QApplication.focusWidget(), self.pick.choice(LETTERS))
        self.left -= 1
        tell("typed", form.form_id, form.record().content)


def main(home, seed):
    app = QApplication([])
    theme.apply(app, "light", 10.5)
    window = MainWindow(Desk(Path(home)), Jobs(), Route.SYSTEM, [])
    window.show()
    window.show_page("records")
    typist = Typist(window, seed)
    timer = QTimer(interval=EVERY)
    timer.timeout.connect(typist.type)
    timer.start()
    app.exec()


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]))
