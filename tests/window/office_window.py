"""The window of one office, driven by keys in the words of its user; what became of it is read from the disk."""

import os

from scenarios.offices import PASSPHRASE
from window.office_disk import OfficeDisk
from window.screen import wait_until

from riskdesk.services import handed

REPORT, PREVIEW, FORMS, ANSWER, UNLOCK = "上报", "接收报送包", "导入预览", "回执和退回", "输入密钥口令"

# keys that choose something while a report is made ready
NIL = ("alt+z",)
NOT_ENCRYPTED = ("alt+e",)
VOLUMES_OF_10_MB = ("alt+v", "Down")


class Window(OfficeDisk):
    """Open on the screen for a while, with the files that it was opened with."""

    def __init__(self, screen, offices, code, *files):
        super().__init__(offices.home(code))
        self.screen, self.usb = screen, offices.usb
        folder = str(offices.folder)
        now = os.environ["RISKDESK_NOW"]
        self._environment = {"HOME": folder, "XDG_DATA_HOME": folder, "RISKDESK_NOW": now, "RISKDESK_PASSPHRASE": ""}
        self._files, self._is_unlocked, self._shows_what_came = files, False, False
        self.name = self.read(lambda desk: desk.office.name)

    def __enter__(self):
        self._program = self.screen.start("--home", self.home, *self._files, **self._environment)
        if not self._files:
            self.screen.wait_for_window(self.name)
        return self

    def __exit__(self, failure, *_):
        if failure:  # the screen shows what is wrong
            return
        self.screen.wait_for_window(self.name)
        self.screen.keys("alt+F4")
        assert self._program.wait(20) == 0

    # --- 上报 ---

    def report(self, *choices, late="", reason="", scan=None):
        """上报 to the stick; `choices` are keys that are pressed first. Return the files of the package."""
        before, sent = self._on_stick(), self.handed()
        self._begin_report()
        for each in choices:
            self.screen.keys(*each)
        for letter, text in (("l", late), ("w", reason)):
            if text:
                self.screen.keys(f"alt+{letter}")
                self.screen.paste(text)
        if scan:
            self.screen.keys("alt+a")
            self._name_files("盖章件扫描", scan)
            self.screen.wait_for_window(REPORT)
        self._write_to(self.usb)
        self.screen.keys("alt+s")
        self._unlock()
        wait_until(lambda: self.handed() == sent + 1, "not told as handed on")
        self.close(REPORT)
        *package, slip = sorted(self._on_stick() - before, key=lambda file: (file.suffix == ".pdf", file.name))
        assert "交接单" in slip.name
        return package

    def _begin_report(self):
        """Look at what 上报 would do."""
        self.screen.keys("alt+1", "alt+u")
        self.screen.wait_for_window(REPORT)

    def may_not_report(self):
        """Tell whether 上报 is shut for what would be handed on."""
        before = self._on_stick()
        self._begin_report()
        self._write_to(self.usb)
        self.screen.keys("alt+s")
        is_shut = REPORT in self.screen.focused() and self._on_stick() == before
        self.close(REPORT)
        return is_shut

    def _on_stick(self):
        return set(self.usb.iterdir())

    # --- 接收 ---

    def open_files(self, *files):
        """Open files as a file manager does: the program is started with them, and hands them to the window."""
        again = self.screen.start_again("--home", self.home, *files, **self._environment)
        assert again.wait(20) == 0

    def paste_files(self, *files):
        """Paste files into the list of records."""
        self.screen.keys("alt+2")
        self.screen.paste_files(*files)

    def choose_files(self, *files):
        """Press 接收文件 on the page 收发, and name them."""
        self._show_list(came=True)
        self.screen.keys("alt+j")
        self._name_files("选择收到的报送包", *files)

    def take(self, count=1):
        """接收 what came, once it was looked at: so many packages."""
        before = self.taken()
        self._wait_unlocking(PREVIEW)
        self.screen.keys("alt+r")
        wait_until(lambda: self.taken() == before + count, "not taken")
        self.close()

    def is_refused(self, verdict):
        """Tell whether the file that came is shown with a verdict, and 接收 takes nothing."""
        self._wait_unlocking(PREVIEW)
        self.screen.keys("Right")
        return self.screen.copied() == verdict and self.takes_nothing()

    def takes_nothing(self):
        """Tell whether 接收 is shut for what came, such as a volume that waits for others."""
        before = self.taken()
        self._wait_unlocking(PREVIEW)
        self.screen.keys("alt+r")
        takes_nothing = PREVIEW in self.screen.focused() and self.taken() == before
        self.close()
        return takes_nothing

    def take_typed(self, *products):
        """Take the typed form that is shown in its preview."""
        self.screen.wait_for_window(FORMS)

        def are_there():
            if FORMS in self.screen.focused():
                self.screen.keys("Return")
            return {*products} <= {*self.states()}

        wait_until(are_there, "the typed form was not taken")
        self.screen.wait_for_window(self.name)

    def undo_taking(self):
        """撤销接收 of the package that came last."""
        before = self.taken()
        self._show_list(came=True)
        self.screen.keys("ctrl+Home", "alt+z")
        self.screen.wait_for_window("撤销接收")
        self.screen.keys("alt+y")
        wait_until(lambda: self.taken() == before - 1, "not taken back")
        self.screen.wait_for_window(self.name)

    # --- 回执和退回 ---

    def answer(self, sender, returned="", reason="", *, to=None):
        """Answer the newest package of an office, and give one record back; return the file."""
        folder = to or self.usb
        folder.mkdir(exist_ok=True)
        before = {*folder.iterdir()}
        came = self.read(handed.came)
        at = next(at for at, each in enumerate(came) if each.package.sender == sender)
        self._show_list(came=True)
        self.screen.keys("ctrl+Home", *["Down"] * at, "alt+h")
        self.screen.wait_for_window(ANSWER)
        if returned:
            records = self.read(lambda desk: handed.records_of(desk, came[at].package))
            row = [each.record.product for each in records].index(returned)
            self.screen.keys(*["Down"] * row, "alt+t")
            self.screen.paste(reason)
        self._write_to(folder)
        self.screen.keys("alt+w")
        self._unlock()
        wait_until(lambda: self.read(handed.came)[at].answers == came[at].answers + 1, "the answer was not noted")
        self.close(ANSWER)
        [file] = {*folder.iterdir()} - before
        return file

    # --- 录入和更正 ---

    def enter(self, product, content):
        """Type a new record of the period of today."""
        self.screen.keys("ctrl+n")
        self.screen.paste(product)
        self.screen.keys("alt+c")
        self.screen.paste(content)
        self.screen.keys("ctrl+s")
        wait_until(lambda: product in self.states(), "not saved")

    def open_returned(self, product):
        """Go from 退回的记录 of the last report to a record's form."""
        self._show_list(came=False)
        back = [each.product for each in self.read(handed.sent)[0].returned]
        self.screen.keys("ctrl+Home", "Tab", "ctrl+Home", *["Down"] * back.index(product), "Return")

    def open_record(self, product):
        """Look for a record of this period, and open it."""
        self.screen.keys("alt+2", "ctrl+f")
        self.screen.paste(product)
        self.screen.keys("Down", "Return")

    def type_content(self, content, reason):
        """Type another content into the record that is open, save it, and say why it is corrected."""
        self.screen.keys("alt+c", "ctrl+a")
        self.screen.paste(content)
        self.screen.keys("ctrl+s")
        self.screen.paste(reason)
        self.screen.keys("Return")

    def correct(self, product, content, reason):
        """更正 a record that was returned."""
        self.open_returned(product)
        self.type_content(content, reason)
        wait_until(lambda: self.content(product) == content, "not corrected")

    def decide(self, product, content, reason):
        """Of a record with two versions keep the one that is open, with another content."""
        assert len(self.versions(product)) == 2
        self.open_record(product)
        self.type_content(content, reason)
        self.screen.wait_for_window("两个版本")
        self.screen.keys("Left", "alt+s")
        wait_until(lambda: [each.content for each in self.versions(product)] == [content], "the fork was not decided")

    # --- what the above have in common ---

    def close(self, title=PREVIEW):
        """Close a dialog as soon as it lets itself be closed; a preview of typed forms may come after it."""

        def is_closed():
            now = self.screen.focused()
            if title in now:
                self.screen.keys("alt+c")
            return self.name in now or FORMS in now

        wait_until(is_closed, "the dialog stays open")

    def _show_list(self, *, came):
        """Go to one of the two lists of the page 收发: of what came, or of what was sent."""
        self.screen.keys("alt+3")
        if self._shows_what_came != came:
            self._shows_what_came = came
            self.screen.keys("ctrl+Tab", "alt+3")  # the second leads into the list

    def _write_to(self, folder):
        self.screen.keys("alt+d", "ctrl+a")
        self.screen.paste(str(folder))

    def _name_files(self, title, *files):
        """Name files in the dialog of the system."""
        self.screen.wait_for_window(title)
        self.screen.paste(" ".join(f'"{file}"' for file in files) if len(files) > 1 else str(files[0]))
        self.screen.keys("Return")

    def _unlock(self):
        """Give the passphrase, which is asked for once."""
        if self._is_unlocked:
            return
        self._is_unlocked = True
        self.screen.wait_for_window(UNLOCK)
        self.screen.paste(PASSPHRASE)
        self.screen.keys("Return")

    def _wait_unlocking(self, title):
        """Wait for a window; the passphrase is given if it is asked for, which happens once."""
        wait_until(lambda: any(each in self.screen.focused() for each in (title, UNLOCK)), f"no window “{title}”")
        if UNLOCK in self.screen.focused():
            self._unlock()
        self.screen.wait_for_window(title)
