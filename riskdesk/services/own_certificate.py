"""The certificate that this office signs with: whether others will take what it signs, and which one it is."""

from __future__ import annotations

import base64
import hashlib
from typing import TYPE_CHECKING

from riskdesk import clock
from riskdesk.services import keyring, trusting
from riskdesk.services.desk import Desk
from riskdesk.services.keyring import Keys

if TYPE_CHECKING:
    from riskdesk.exchange.trust import TrustLevel


def why_useless(desk: Desk) -> str:
    """Return why others would not take what the office signs now, "" if nothing speaks against it."""
    from riskdesk.exchange.trust import TrustLevel

    level = _level(desk)
    if level is TrustLevel.EXPIRED:
        return "签名证书已经过期，收件单位不会接收。请先核对电脑的日期；日期无误时，请在“设置—密钥与信任”中办理新证书。"
    if level is TrustLevel.NOT_YET_VALID:
        return "签名证书还没有生效，电脑的日期可能不对。请先核对电脑的日期和时间。"
    if level in (TrustLevel.REVOKED, TrustLevel.RETIRED):
        return "签名证书已被吊销，收件单位不会接收。请在“设置—密钥与信任”中更换密钥，并请上级重新签发证书。"
    return ""


def signed_with(keys: Keys) -> str:
    """Return a digest of the certificate that is signed with and those above it: another one makes another package."""
    from riskdesk.exchange.trust import der

    found = hashlib.sha256()
    for certificate in (der(keys.operator.certificate), *keys.operator.chain):
        found.update(hashlib.sha256(certificate).digest())
    return found.hexdigest()


def _level(desk: Desk) -> TrustLevel | None:
    """Judge the first operator's certificate as those who trust the same root will, None if no way leads to it."""
    from riskdesk.exchange.trust import level_of

    state = keyring.state(desk)
    if state is None:
        return None
    certificate = base64.b64decode(state.operators[0].certificate)
    return level_of(certificate, trusting.trust_of(desk), clock.now())
