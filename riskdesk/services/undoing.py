"""Taking a whole import back, of forms or of a package, as long as nothing was built on it."""

from __future__ import annotations

from collections.abc import Sequence

from riskdesk import clock
from riskdesk.errors import InputError
from riskdesk.services.assessing import REVIEW
from riskdesk.services.desk import Desk
from riskdesk.store.packages import Package
from riskdesk.store.undoing import Run

__all__ = ["Run", "imports", "undo"]
_REPORT = "report"


def imports(desk: Desk) -> list[Run]:
    """Return all imports, the newest first."""
    return desk.undoing.runs()


def undo(desk: Desk, run_id: str) -> int:
    """Take an import back; return how many revisions are out of use now. Taking the same files again brings them back.

    Raises `InputError` if there is no such import, it was taken back before, something was built on it since, or others
    rely on it: our receipt went out, or it was handed on inside a report of ours.
    """
    run = desk.undoing.run(run_id)
    if run is None:
        raise InputError(f"没有编号为 {run_id} 的导入。请在导入记录中查找编号。")
    if run.is_undone:
        raise InputError("这次导入已经撤销过了。")
    hashes, packages = desk.undoing.brought(run_id), desk.packages.of_run(run_id)
    _refuse_built_upon(desk, hashes)
    _refuse_handed_on(desk, packages)
    said = [each for package in packages for each in desk.packages.answers_by(package.id)]
    with desk.store.write(desk.office.person, "undo import") as writing:
        writing.detail.update(run=run_id, revisions=len(hashes))
        desk.undoing.undo(writing, run_id, hashes, clock.now().isoformat(timespec="seconds"))
        desk.packages.refresh_states(writing, [each.rev_hash for each in said])
    return len(hashes)


def _refuse_handed_on(desk: Desk, packages: Sequence[Package]) -> None:
    """Refuse what others rely on: the office below has our receipt, the offices above have the package."""
    ours = [each for each in desk.packages.every("out") if each.kind == _REPORT]
    for package in packages:
        if given := desk.packages.answers_given(desk.office.code, package):
            raise InputError(
                f"已经给这个报送包发出 {len(given)} 次回执，不能撤销接收。请再发一次回执，写明原因退回有问题的记录。"
            )
        if up := [each for each in ours if package.id in each.facts.get("inside", ())]:
            last = max(up, key=lambda each: each.number)
            raise InputError(
                f"这个报送包已随本单位 {last.period} 期第 {last.number} 次报送封存上报，不能撤销接收。"
                "请用回执退回有问题的记录，下级更正后再补报。"
            )


def _refuse_built_upon(desk: Desk, hashes: list[str]) -> None:
    chosen = set(hashes)
    sealed = {each for steps in desk.submissions.sealed_revisions().values() for each in steps}
    if used := len(chosen & sealed):
        raise InputError(f"其中 {used} 条已列入本单位封存的报送，不能撤销。请改用退回或更正。")
    reviews = (step for step in desk.revisions.of_kind(REVIEW) if step.org == desk.office.code)
    if any(step.body["revision"] in chosen for step in reviews):
        raise InputError("本单位已经核验过这份自评表，不能撤销接收。请在“监测站”页退回有问题的指标。")
    if changed := desk.undoing.followed(hashes):
        row = desk.records.get(changed[0])
        told = row.product[:20] if row else changed[0]
        if later := _later_run(desk, hashes, changed):
            raise InputError(
                f"其中 {len(changed)} 条导入之后又修改过（{told} 等）。请先撤销后来的那次导入（编号 {later}）。"
            )
        raise InputError(f"其中 {len(changed)} 条导入之后又修改过（{told} 等），不能整批撤销。请逐条放入回收站。")


def _later_run(desk: Desk, hashes: list[str], changed: list[str]) -> str:
    """Return the newest import that brought what follows these revisions, "" if it was all done by hand here."""
    taken = set(hashes)
    follow = {
        step.hash
        for steps in desk.revisions.of_objects(changed).values()
        for step in steps
        if taken & {*step.ancestors}
    }
    standing = (run for run in desk.undoing.runs() if not run.is_undone)
    return next((run.id for run in standing if (follow - taken) & {*desk.undoing.brought(run.id)}), "")
