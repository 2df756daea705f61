"""Why a package is refused: a code for programs and tests, a sentence for the person who received it."""

from __future__ import annotations

from riskdesk.errors import VerificationError

_UNREADABLE = "文件不是完整的报送包（可能没有传完、被截断或被别的软件改过）。请让发送单位重新发一次。"
_CHANGED = "包里的内容与签名不符，已损坏或被人改动过，不能接收。请让发送单位重新发一次，并电话核对。"
_UNSIGNED = "包没有有效的数字签名，不能接收。请让发送单位用 riskdesk 重新封存上报。"
_WEAK = "包的签名算法或密钥太弱，不能接收。请让发送单位升级程序、更新密钥后重新上报。"
_HOSTILE = "包的结构不正常，可能是恶意构造的文件，不能接收。请不要再打开它，并联系发送单位核实。"
_TEXTS = {
    "zip": _UNREADABLE,
    "zip_name": _HOSTILE,
    "zip_duplicate": _HOSTILE,
    "zip_encrypted": "包被加了压缩密码，无法核验。请让发送单位发送原来的报送包，不要另行加密压缩。",
    "zip_method": _HOSTILE,
    "zip_type": _HOSTILE,
    "zip_size": "包展开后太大，不像正常的报送包，不能接收。请联系发送单位核实。",
    "zip_count": _HOSTILE,
    "zip_ratio": "包展开后太大，不像正常的报送包，不能接收。请联系发送单位核实。",
    "zip_local": _HOSTILE,
    "zip_layout": _CHANGED,
    "mimetype": _HOSTILE,
    "unsigned": _UNSIGNED,
    "extra_signature_file": _HOSTILE,
    "signature_file": _CHANGED,
    "coverage": _CHANGED,
    "digest": _CHANGED,
    "cms": _UNSIGNED,
    "cms_signers": _UNSIGNED,
    "cms_attached": _UNSIGNED,
    "cms_certificate": _UNSIGNED,
    "cms_attributes": _UNSIGNED,
    "signature": _CHANGED,
    "weak": _WEAK,
    "manifest": "包的清单不完整或格式不对，不能接收。请让发送单位用当前版本的程序重新上报。",
    "too_new": "包由更新版本的 riskdesk 制作，本机的程序不认识。请先升级本程序，再接收。",
    "payload": "包里的数据格式不对，不能接收。请让发送单位用当前版本的程序重新上报。",
    "sender": "包上写的单位与签名人所属的单位不一致，可能是冒名，不能接收。请电话联系该单位核实。",
    "scope": "签发签名证书的单位无权为这个单位签发证书，可能是伪造，不能接收。请电话联系该单位及其上级核实。",
    "depth": "包里的下级包嵌套太多层，不能接收。请联系发送单位核实。",
    "inner": "包里含有不属于发送单位下级的报送包，不能接收。请联系发送单位核实。",
    "limits": "核验这个包占用的时间或内存超过限制，已停止，没有写入任何数据。请联系发送单位核实。",
    "died": "核验没有完成：核验程序中途停止（可能是本机内存不足），没有写入任何数据。请再试一次；仍然不行时，请联系发送单位核实。",
    "encryption": "包是加密的，打不开：可能没有传完、已损坏，或者不是加密给本单位的。请让发送单位核对收件单位，重新发送。",
    "volumes": "分卷不全、已损坏，或不是同一个包的。请把各卷重新复制一次；仍然不行时，请让发送单位重新发送。",
    "pdf_unsigned": "这个 PDF 没有数字签名。",
    "pdf_changed": "这个 PDF 签名之后又被改动过，或签名无效，内容不可信。请向签发单位索取原件。",
    "wrong_kind": "这个文件不是这一步需要的文件（例如把证书当成了申请）。请检查文件是否选对。",
    "not_a_package": "这不是 riskdesk 的报送包。请检查文件是否选对（报送包的文件名以 .rdpkg 或 .rdpkg.age 结尾，交接单和表格不是）。",
}


class Refusal(VerificationError):  # noqa: N818 - it is a verdict, not a fault
    """A package or signature that fails a check; `reason` names the check, `detail` what failed, for support."""

    code = "RD0401"

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(_TEXTS[reason])
        self.reason = reason
        self.detail = detail

    def __reduce__(self) -> tuple[type[Refusal], tuple[str, str]]:
        return Refusal, (self.reason, self.detail)
