"""The verdict on a package: separate facts, never one yes or no; what only this office can tell is judged here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING

from riskdesk import clock
from riskdesk.domain.offices import Roster
from riskdesk.errors import InputError, UserError
from riskdesk.services.desk import Desk
from riskdesk.services.roster import roster_of
from riskdesk.store.packages import Package

if TYPE_CHECKING:
    from riskdesk.exchange.findings import Verified
    from riskdesk.exchange.manifest import Manifest
    from riskdesk.exchange.names import Unit

_DAY = timedelta(days=1)
LATEST_SEEN = "latest_seen"  # the newest time that a good package bore
_UNREADABLE = ("zip", "not_a_package", "encryption", "error")
# refusals after which something here may change: a person, the clock, the program
_PASSING = ("error", "unknown", "expired", "not_yet_valid", "retired", "too_new", "limits", "died")


class Freshness(StrEnum):
    """Whether a package is new here."""

    NEW = "new"
    REPEATED = "repeated"  # taken before
    STALE = "stale"  # a later one of the same office and period was taken
    REUSED = "reused"  # another package bears the same number of its own: a forgery


class Standing(StrEnum):
    """What is known of the signer, in the words of package.md; the values are those of exchange.trust.TrustLevel."""

    CHAIN = "chain"
    PINNED = "pinned"
    UNKNOWN = "unknown"
    EXPIRED = "expired"
    NOT_YET_VALID = "not_yet_valid"
    RETIRED = "retired"
    REVOKED = "revoked"
    NONE = "none"  # no good signature at all


STANDING_TEXTS = {
    Standing.CHAIN: "可信（由上级逐级签发证书）",
    Standing.PINNED: "可信（已核对指纹）",
    Standing.UNKNOWN: "签名完好，但单位未知",
    Standing.EXPIRED: "证书已过期（请先检查本机时钟）",
    Standing.NOT_YET_VALID: "证书尚未生效（请先检查本机时钟）",
    Standing.RETIRED: "签名人的证书后来停用",
    Standing.REVOKED: "证书已吊销",
    Standing.NONE: "损坏或被改",
}
_REFUSALS = {
    Standing.UNKNOWN: "签名完好，但签名单位没有在本机登记，不能接收。请先办理证书，或电话核对指纹后登记该单位。",
    Standing.EXPIRED: "签名人的证书已过期，不能接收。请先检查本机时钟；时钟无误时，请该单位更新证书后重新上报。",
    Standing.NOT_YET_VALID: "签名人的证书尚未生效，不能接收。请先检查本机时钟是否准确。",
    Standing.RETIRED: "签名人的证书后来因离职、更换等原因停用。确认这个包是停用前做的，可以选择仍然接收。",
    Standing.REVOKED: "签名人的证书已吊销（密钥可能被他人掌握），不能接收。请电话联系该单位。",
}
_OTHER_STEPS = {
    "request": ("request", "这是下级单位的证书申请，不是报送包。请在“设置—密钥与信任”中办理。"),
    "enrolment": ("enrolment", "这是上级签发的证书，不是报送包。请在“设置—密钥与信任”中安装。"),
}
IMPOSTOR = "签名证书里的单位层级与机构名录不符，可能是冒名，不能接收。请电话联系该单位及其上级核实。"
_FRESHNESS = {
    Freshness.REPEATED: "这个包以前已经接收过，没有重复计入。",
    Freshness.STALE: "已经接收过该单位这一期更新的报送，这是较早的一份，没有接收。",
    Freshness.REUSED: "这个包冒用了另一个包的编号，不能接收。请电话联系发送单位核实。",
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The facts about one file.

    `reason` is the check that refused it ("" if none), `summary` the sentence for people, `fingerprint` what can be compared by
    telephone if the signer is unknown.
    """

    is_readable: bool
    is_intact: bool
    is_signature_valid: bool
    standing: Standing
    office: str = ""
    office_name: str = ""
    person: str = ""
    is_addressed_to_us: bool = False
    is_expected_sender: bool = False
    freshness: Freshness = Freshness.NEW
    kind: str = ""
    period: str = ""
    number: int = 0
    nil: bool = False
    created: str = ""
    warnings: tuple[str, ...] = ()
    reason: str = ""
    detail: str = ""
    summary: str = ""
    fingerprint: str = ""

    @classmethod
    def refused(cls, reason: str, summary: str, detail: str = "") -> Verdict:
        """Return the verdict on a file that failed a check before anything of it could be believed."""
        return cls(
            reason not in _UNREADABLE, False, False, Standing.NONE, reason=reason, detail=detail, summary=summary
        )

    @classmethod
    def failed(cls, error: UserError) -> Verdict:
        """Return the verdict on a file of which nothing can be said as it could not be opened."""
        return cls.refused("error", str(error), error.code)

    @property
    def is_final(self) -> bool:
        """Whether the file is refused, and trying again later would not change that."""
        return bool(self.reason) and self.reason not in _PASSING

    @property
    def is_trusted(self) -> bool:
        """Whether the way to somebody we trust holds."""
        return self.standing in (Standing.CHAIN, Standing.PINNED)

    def allows(self, *, accept_retired: bool = False) -> bool:
        """Tell whether the package may be taken; `accept_retired` is a person's word about a certificate that ended harmlessly."""
        return not self.reason or (accept_retired and self.reason == Standing.RETIRED and self._is_for_us())

    def _is_for_us(self) -> bool:
        return self.is_addressed_to_us and self.is_expected_sender and self.freshness is Freshness.NEW


def judge_package(desk: Desk, verified: Verified, left: int = 0, cautions: Sequence[str] = ()) -> Verdict:
    """Return the verdict on a package whose structure and signatures are good.

    `left` is how many of its revisions would change something here, `cautions` what its content gives reason to warn of.
    """
    from riskdesk.exchange.enrolment import root_fingerprint

    manifest, signer, roster = verified.manifest, verified.signer, roster_of(desk)
    standing = Standing(str(signer.level))
    addressed, expected = desk.office.code in manifest.receivers, _is_expected(desk, roster, verified)
    freshness = _freshness(desk, verified, left)
    named_right = all(_is_named_right(desk, roster, each) for _, each in verified.with_inside())
    if standing is not Standing.UNKNOWN and not named_right:
        reason, summary = "impostor", IMPOSTOR
    else:
        reason, summary = _OTHER_STEPS.get(str(manifest.kind)) or _refusal(
            standing, freshness, addressed=addressed, expected=expected
        )
    who = f"{signer.office.name}（{signer.office.code}）{signer.person}"
    return Verdict(
        is_readable=True,
        is_intact=True,
        is_signature_valid=True,
        standing=standing,
        office=signer.office.code,
        office_name=signer.office.name,
        person=signer.person,
        is_addressed_to_us=addressed,
        is_expected_sender=expected,
        freshness=freshness,
        kind=str(manifest.kind),
        period=manifest.period,
        number=manifest.number,
        nil=manifest.nil,
        created=manifest.created,
        warnings=(*_warnings(desk, verified, freshness), *cautions),
        reason=reason,
        summary=summary or f"{STANDING_TEXTS[standing]}：{who}",
        fingerprint=root_fingerprint(signer.authority),
    )


def fits_roster(roster: Roster, path: Sequence[Unit], day: date | None = None) -> bool:
    """Tell whether the way down to an office in its certificate is the roster's on a day, today if none is given.

    Otherwise an office could certify one with another's code below itself. An office that the roster does not know must be below one
    that it does.
    """
    codes = [unit.code for unit in path]
    if codes[-1] not in roster:
        return len(path) > 1 and fits_roster(roster, path[:-1], day)
    try:
        return codes == [office.code for office in reversed(roster.chain(codes[-1], day or clock.today()))]
    except InputError:  # it does not exist on that day
        return False


def is_from_above(desk: Desk, verified: Verified) -> bool:
    """Tell whether a package's sender is an office that this one reports to today."""
    superiors = roster_of(desk).superiors(desk.office.code, clock.today())
    return verified.manifest.sender in {office.code for office in superiors}


def is_overtaken(desk: Desk, verified: Verified) -> bool:
    """Tell whether it is a trust update that was made before one of the same office that was taken."""
    from riskdesk.exchange.manifest import PackageKind

    manifest = verified.manifest
    if manifest.kind is not PackageKind.TRUST:
        return False
    taken = _taken(desk, verified)
    return any(manifest.created_at < datetime.fromisoformat(each.created) for each in taken)


def _refusal(standing: Standing, freshness: Freshness, *, addressed: bool, expected: bool) -> tuple[str, str]:
    if standing in _REFUSALS:
        return str(standing), _REFUSALS[standing]
    if not addressed:
        return "receiver", "这个包不是发给本单位的，不能接收。请转交给包上写明的收件单位。"
    if not expected:
        return "not_ours", "发送单位不是本单位的下级或上级，不能接收。请核对单位名录，或让其发给自己的上级。"
    if freshness is not Freshness.NEW:
        return str(freshness), _FRESHNESS[freshness]
    return "", ""


def _is_named_right(desk: Desk, roster: Roster, verified: Verified) -> bool:
    """An office that was closed or moved since may still report a period of before; its certificate may be the newer one."""
    path = verified.signer.path
    return fits_roster(roster, path, _day_of(desk, verified.manifest)) or fits_roster(roster, path)


def _day_of(desk: Desk, manifest: Manifest) -> date:
    """Return the day on which the offices count: the end of the period, today if the package is about none."""
    try:
        return desk.reference.periods.period(manifest.period).end
    except InputError:
        return clock.today()


def _is_expected(desk: Desk, roster: Roster, verified: Verified) -> bool:
    """Reports come from below, answers from above, assessments and trust from either; requests and kits have their own steps."""
    from riskdesk.exchange.manifest import PackageKind

    manifest = verified.manifest
    day = _day_of(desk, manifest)
    if manifest.kind is PackageKind.REPORT:
        return _is_below(desk, roster, manifest.sender, day)
    if manifest.kind in (PackageKind.ASSESSMENT, PackageKind.TRUST) and _is_below(desk, roster, manifest.sender, day):
        return True
    if manifest.kind not in (PackageKind.ANSWER, PackageKind.TRUST, PackageKind.ASSESSMENT):
        return False
    try:
        return manifest.sender in {office.code for office in roster.superiors(desk.office.code, day)}
    except InputError:  # this office itself does not exist on that day
        return False


def _is_below(desk: Desk, roster: Roster, code: str, day: date) -> bool:
    return code in {office.code for office in roster.subordinates(desk.office.code, day)}


def _freshness(desk: Desk, verified: Verified, left: int) -> Freshness:
    from riskdesk.exchange.manifest import PackageKind

    manifest = verified.manifest
    same = desk.packages.with_uid(manifest.uid)
    if any(each.id != verified.id for each in same):
        return Freshness.REUSED
    if any(each.id == verified.id and not each.outer_id for each in same) and not left:
        return Freshness.REPEATED
    if manifest.kind is not PackageKind.REPORT or not _later(desk, verified):
        return Freshness.NEW
    newest = max(datetime.fromisoformat(each.created) for each in _taken(desk, verified))
    return Freshness.STALE if manifest.created_at <= newest else Freshness.NEW


def _taken(desk: Desk, verified: Verified) -> list[Package]:
    manifest = verified.manifest
    return desk.packages.from_sender(manifest.sender, str(manifest.kind), manifest.period)


def _later(desk: Desk, verified: Verified) -> list[Package]:
    """Return what was taken that bears a greater number; one made before it is older, one made after it was counted anew."""
    return [each for each in _taken(desk, verified) if each.number > verified.manifest.number]


def _warnings(desk: Desk, verified: Verified, freshness: Freshness) -> Iterator[str]:
    manifest, now = verified.manifest, clock.now()
    if manifest.created_at > now + _DAY:
        yield f"包的制作时间（{manifest.created[:10]}）在今天之后，请核对双方电脑的时钟。"
    signed = verified.signer.signed_at
    if signed and abs(signed - manifest.created_at) > 2 * _DAY:
        yield "签名时间与包的制作时间相差较大，请电话核实。"
    seen = desk.settings.get(LATEST_SEEN)
    if seen and datetime.fromisoformat(seen) > now + _DAY:
        yield "本机时钟比以前收到的包还早，可能不准。请先校准时钟。"
    if is_overtaken(desk, verified):
        yield "已经接收过该单位更新的信任更新，这是较早的一份，只采用其中的吊销名单。"
    if freshness is Freshness.NEW:
        yield from _gaps(desk, verified)


def _gaps(desk: Desk, verified: Verified) -> Iterator[str]:
    """Tell of a package that follows one that never came, and of two that claim the same place."""
    manifest = verified.manifest
    taken = _taken(desk, verified)
    if any(each.id == verified.id for each in taken):
        yield "这个包以前接收过一部分，这次接收其余的。"
        return
    if _later(desk, verified) and manifest.kind == "report":
        yield "该单位这一期的序号倒退，可能恢复过备份。这一份是后来做的，请核对内容。"
    if manifest.prev and not any(each.id == manifest.prev for each in taken):
        yield f"这是该单位这一期的第 {manifest.number} 次报送，前一次没有收到；这一次的内容是完整的。"
    if manifest.kind != "answer" and any(each.number == manifest.number and each.id != verified.id for each in taken):
        yield "该单位这一期有两个不同的包序号相同，可能用了两台电脑或恢复过备份。请核对有冲突的记录。"
