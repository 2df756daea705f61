"""What the window must not wait for: the document libraries are loaded by the work that needs them."""

import json
import os
import subprocess
import sys

import pytest

HEAVY = ("openpyxl", "reportlab", "docx", "cryptography", "pyhanko", "lxml", "PIL", "pypdfium2", "pypinyin")
SCRIPT = """
import json, sys
from pathlib import Path

sys.modules["numpy"] = sys.modules["pandas"] = None  # not installed with the product, and sqlite_utils tries for them

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QMainWindow

from riskdesk.ui import app


class FirstPaint(QObject):
    def eventFilter(self, watched, event):
        if event.type() == QEvent.Type.Paint and isinstance(watched.window(), QMainWindow):
            QApplication.instance().removeEventFilter(self)
            QTimer.singleShot(0, self.tell)
        return False

    def tell(self):
        print(json.dumps(sorted(name for name, module in sys.modules.items() if module is not None)), flush=True)
        QTimer.singleShot(0, QApplication.instance().closeAllWindows)


watching = FirstPaint()
place = app._place
app._place = lambda window: (QApplication.instance().installEventFilter(watching), place(window))
sys.exit(app.main(Path(sys.argv[1]), []))
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory):
    """The modules that are loaded when the window of an office has painted itself, in a process of its own."""
    from riskdesk.services.setup import set_up

    home = tmp_path_factory.mktemp("startup") / "单位"
    set_up(home, "140105-JU", person="张三").close()
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT, str(home)],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen", "RISKDESK_NOW": "2023-05-25T09:00:00"},
        capture_output=True,
        encoding="utf-8",
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_the_window_is_painted_before_any_document_library_is_loaded(loaded):
    assert "riskdesk.ui.main_window" in loaded
    assert [name for name in HEAVY if name in loaded] == []


def test_the_start_loads_nothing_of_the_documents_but_what_the_services_name(loaded):
    assert [
        name for name in loaded if name.startswith(("riskdesk.cli", "multiprocessing.spawn", "PySide6.QtQml"))
    ] == []
