"""Opens the dialogs that the settings of keys ask for."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject

from riskdesk.domain.progress import Progress
from riskdesk.errors import UserError
from riskdesk.services import anchoring, approving, enrolling, keyring, revoking
from riskdesk.services.anchoring import Unknown
from riskdesk.services.approving import Asked
from riskdesk.services.desk import Desk
from riskdesk.ui.dialogs.enrol import ApproveDialog, AskDialog, InstallDialog, PinDialog
from riskdesk.ui.dialogs.make_keys import MakeKeysDialog, ReplaceKeysDialog
from riskdesk.ui.dialogs.roots import AcceptRootDialog, RootDialog
from riskdesk.ui.dialogs.signers import DistributeDialog, RenewalDialog, RevokeDialog, SignerDialog
from riskdesk.ui.dialogs.unlock import with_passphrase
from riskdesk.ui.widgets.bench import Bench
from riskdesk.ui.widgets.saving import ask_for_package
from riskdesk.ui.widgets.settings_keys import KeySettings
from riskdesk.ui.widgets.working import run_with_progress


class KeyDialogs(QObject):
    """Lives as long as the settings that it serves."""

    def __init__(self, bench: Bench, settings: KeySettings) -> None:
        super().__init__(settings)
        self._bench, self._settings = bench, settings
        settings.keys_wanted.connect(self._make_keys)
        settings.request_wanted.connect(lambda: AskDialog(bench, self._done, settings.window()).open())
        settings.signer_wanted.connect(lambda: SignerDialog(bench, self._done, settings.window()).open())
        settings.distribute_wanted.connect(lambda: DistributeDialog(bench, self._done, settings.window()).open())
        settings.revoke_wanted.connect(
            lambda whom, name: RevokeDialog(bench, whom, name, self._done, settings.window()).open()
        )
        settings.approve_wanted.connect(self._approve)
        settings.install_wanted.connect(self._install)
        settings.pin_wanted.connect(self._pin)
        settings.replacing_wanted.connect(self._replace_keys)
        settings.root_wanted.connect(self._change_root)
        settings.renewal_wanted.connect(
            lambda person: RenewalDialog(bench, person, self._done, settings.window()).open()
        )

    def _make_keys(self) -> None:
        made = partial(self._done, "密钥已建立。下一步：申请证书。")
        MakeKeysDialog(self._bench, made, self._settings.window()).open()

    def _approve(self) -> None:
        file = ask_for_package(self._settings, "选择下级单位的证书申请")
        if file is None:
            return
        home, reference = self._bench.desk.home, self._bench.desk.reference

        def work(_progress: Progress) -> Asked:
            with Desk(home, reference) as desk:
                return approving.look_at_request(desk, file)

        def done(asked: Asked) -> None:
            ApproveDialog(self._bench, file, asked, self._done, self._settings.window()).open()

        run_with_progress(
            self._settings.window(), self._bench.jobs, "查看申请", work=work, done=done, failed=self._refuse
        )

    def _install(self) -> None:
        file = ask_for_package(self._settings, "选择上级发来的证书")
        if file is None:
            return
        home, reference = self._bench.desk.home, self._bench.desk.reference

        def work(_progress: Progress) -> str:
            with Desk(home, reference) as desk:
                return enrolling.root_of(desk, file)

        def done(root: str) -> None:
            InstallDialog(self._bench, file, root, self._done, self._settings.window()).open()

        run_with_progress(
            self._settings.window(), self._bench.jobs, "查看证书", work=work, done=done, failed=self._refuse
        )

    def _replace_keys(self) -> None:
        def made() -> None:
            self._done(f"密钥已更换。{''.join(revoking.after_replacing(self._bench.desk))}")

        ReplaceKeysDialog(self._bench, made, self._settings.window()).open()

    def _pin(self) -> None:
        file = ask_for_package(self._settings, "选择该单位的证书申请或报送包")
        if file is not None:
            why = "登记单位要用本单位的密钥口令：对方的包可能是加密的。"
            with_passphrase(self._settings.window(), self._bench, why, lambda text: self._look_at_unknown(file, text))

    def _look_at_unknown(self, file: Path, passphrase: str) -> None:
        home, reference = self._bench.desk.home, self._bench.desk.reference

        def work(_progress: Progress) -> Unknown:
            with Desk(home, reference) as desk:
                return anchoring.unknown_signer(desk, file, keyring.unlock(desk, passphrase))

        def done(unknown: Unknown) -> None:
            PinDialog(self._bench, file, unknown, self._done, self._settings.window()).open()

        run_with_progress(
            self._settings.window(), self._bench.jobs, "查看签名", work=work, done=done, failed=self._refuse
        )

    def _change_root(self) -> None:
        if self._bench.desk.office.parent:
            self._accept_root()
        else:
            RootDialog(self._bench, self._done, self._settings.window()).open()

    def _accept_root(self) -> None:
        file = ask_for_package(self._settings, "选择省局发来的信任更新")
        if file is None:
            return
        home, reference = self._bench.desk.home, self._bench.desk.reference

        def work(_progress: Progress) -> str:
            with Desk(home, reference) as desk:
                return anchoring.new_root_of(desk, file)

        def done(number: str) -> None:
            AcceptRootDialog(self._bench, file, number, self._done, self._settings.window()).open()

        run_with_progress(
            self._settings.window(), self._bench.jobs, "查看根证书", work=work, done=done, failed=self._refuse
        )

    def _done(self, sentence: str) -> None:
        self._settings.tell(sentence)
        self._settings.refresh()
        self._settings.changed.emit()

    def _refuse(self, error: Exception) -> None:
        if isinstance(error, UserError):
            self._settings.complain(str(error))
