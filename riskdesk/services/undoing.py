"""Taking a whole import back, of forms or of a package, as long as nothing was built on it."""

from __future__ import annotations

from riskdesk import clock
from riskdesk.errors import InputError
from riskdesk.services.desk import Desk
from riskdesk.store.undoing import Run

__all__ = ["Run", "imports", "undo"]


def imports(desk: Desk) -> list[Run]:
    """Return all imports, the newest first."""
    return desk.undoing.runs()


def undo(desk: Desk, run_id: str) -> int:
    """Take an import back; return how many revisions are out of use now. Taking the same files again brings them back.

    Raises `InputError` if there is no such import, it was taken back before, or something was built on it since.
    """
    run = desk.undoing.run(run_id)
    if run is None:
        raise InputError(f"没有编号为 {run_id} 的导入。请在导入记录中查找编号。")
    if run.is_undone:
        raise InputError("这次导入已经撤销过了。")
    hashes = desk.undoing.brought(run_id)
    _refuse_built_upon(desk, hashes)
    said = [each for package in desk.packages.of_run(run_id) for each in desk.packages.answers_by(package.id)]
    with desk.store.write(desk.office.person, "undo import") as writing:
        writing.detail.update(run=run_id, revisions=len(hashes))
        desk.undoing.undo(writing, run_id, hashes, clock.now().isoformat(timespec="seconds"))
        desk.packages.refresh_states(writing, [each.rev_hash for each in said])
    return len(hashes)


def _refuse_built_upon(desk: Desk, hashes: list[str]) -> None:
    chosen = set(hashes)
    sealed = {each for steps in desk.submissions.sealed_revisions().values() for each in steps}
    if used := len(chosen & sealed):
        raise InputError(f"其中 {used} 条已列入本单位封存的报送，不能撤销。请改用退回或更正。")
    if changed := desk.undoing.followed(hashes):
        row = desk.records.get(changed[0])
        told = row.product[:20] if row else changed[0]
        raise InputError(f"其中 {len(changed)} 条导入之后又修改过（{told} 等），不能整批撤销。请逐条放入回收站。")
