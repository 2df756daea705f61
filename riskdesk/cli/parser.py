"""The arguments of every command; global options stand before or after the command."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NoReturn

from riskdesk import __version__
from riskdesk.errors import UsageError

_TRANSLATED = (
    (r"unrecognized arguments: (.*)", r"不认识的参数 \1"),
    (r"the following arguments are required: (.*)", r"缺少 \1"),
    (r"argument (.*): expected .*argument.*", r"\1 后面缺少内容"),
    (r"argument (.*): invalid choice: (.*) \(choose from (.*)\)", r"\1 不能是 \2，只能是 \3"),
    (r"argument (.*): invalid .* value: (.*)", r"\1 的内容 \2 不对"),
    (r"argument (.*): ignored explicit argument (.*)", r"\1 后面不能带内容 \2"),
)


class _Help(argparse.HelpFormatter):
    def add_usage(self, usage: Any, actions: Any, groups: Any, prefix: str | None = None) -> None:
        super().add_usage(usage, actions, groups, "用法：" if prefix is None else prefix)


class _Parser(argparse.ArgumentParser):
    """A parser that speaks Chinese."""

    def __init__(self, **given: Any) -> None:
        super().__init__(**given, add_help=False, allow_abbrev=False, formatter_class=_Help)
        self._positionals.title, self._optionals.title = "内容", "选项"
        self.add_argument("-h", "--help", action="help", help="显示这份说明")

    def error(self, message: str) -> NoReturn:
        for pattern, chinese in _TRANSLATED:
            message = re.sub(pattern, chinese, message)
        raise UsageError(
            f"命令用法不对：{message}。\n{self.format_usage().strip()}\n运行 riskdesk --help 查看所有命令。"
        )


def parse(argv: Sequence[str] | None = None) -> argparse.Namespace:
    """Return the parsed arguments; raise `UsageError` with the usage if they make no sense."""
    parser = _Parser(prog="riskdesk", description="产品质量安全风险信息采集与报送（离线）")
    parser.add_argument("--version", action="version", version=f"riskdesk {__version__}", help="显示版本")
    _add_globals(parser, home=None, as_json=False)
    commands = parser.add_subparsers(dest="command", required=True, metavar="命令", parser_class=_Parser)
    for add in (
        _setup,
        _demo,
        _due,
        _read,
        _import,
        _list,
        _export,
        _backup,
        _restore,
        _salvage,
        _check,
        _calendar,
        *_HAND_OFF,
        _assess,
        _annual,
    ):
        add(commands)
    return parser.parse_args(argv)


def _add_globals(parser: argparse.ArgumentParser, *, home: Path | str | None, as_json: bool | str) -> None:
    parser.add_argument("--home", type=Path, default=home, metavar="DIR", help="数据文件夹")
    parser.add_argument("--json", action="store_true", default=as_json, help="在标准输出给出一个 JSON 文档")


def _add_person(command: argparse.ArgumentParser) -> None:
    command.add_argument("--person", default="", metavar="姓名", help="由哪一名签名人签名（默认第一名）")


def _command(commands: argparse._SubParsersAction[_Parser], name: str, told: str) -> argparse.ArgumentParser:
    command = commands.add_parser(name, help=told, description=told)
    # suppressed, so that what stands before the command is not overwritten by a default after it
    _add_globals(command, home=argparse.SUPPRESS, as_json=argparse.SUPPRESS)
    return command


def _setup(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "setup", "为一个单位建立数据文件夹")
    command.add_argument("--office", required=True, metavar="CODE", help="单位代码，如 140105-JU")
    command.add_argument("--name", help="单位名称（默认取名册中的名称）")
    command.add_argument("--parent", metavar="CODE", help="上级单位代码")
    command.add_argument("--person", help="填报人")
    command.add_argument("--phone", help="联系电话")


def _demo(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "demo", "建立带示例数据的演示单位")
    command.add_argument("dir", type=Path, metavar="DIR")
    command.add_argument("--open", action="store_true", help="然后打开县局的窗口")


def _due(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "due", "列出报送期和截止日期")
    command.add_argument("--from", dest="first", default="", metavar="YYYY-MM")
    command.add_argument("--to", dest="last", default="", metavar="YYYY-MM")


def _read(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "read", "读取填好的报送表，不写入任何数据")
    command.add_argument("file", type=Path, metavar="FILE")


def _import(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "import", "把填好的报送表或其他表格导入为草稿记录")
    command.add_argument("files", type=Path, nargs="+", metavar="FILE")
    command.add_argument("--map", dest="mapping", type=Path, metavar="MAP.json", help="列对照文件")
    command.add_argument("--period", default="", metavar="YYYY-MM", help="计入的报送期")
    command.add_argument("--dry-run", action="store_true", help="只说明会怎样，不写入")


def _list(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "list", "列出记录")
    command.add_argument("--period", default="", metavar="YYYY-MM")
    command.add_argument("--find", default="", metavar="TEXT", help="包含这些文字的记录（空格分开表示都要包含）")


def _export(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "export", "导出正式报送表")
    command.add_argument("--period", required=True, metavar="YYYY-MM")
    command.add_argument("--out", required=True, type=Path, metavar="DIR")
    command.add_argument(
        "--format", dest="formats", action="append", choices=("xlsx", "pdf", "docx"), help="可重复；默认三种都导出"
    )


def _backup(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "backup", "备份数据并校验")
    command.add_argument("--to", type=Path, metavar="DIR", help="备份到这个文件夹（默认数据文件夹内）")


def _restore(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "restore", "把备份恢复到一个新的数据文件夹（--home）")
    command.add_argument("file", type=Path, metavar="FILE")


def _salvage(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "salvage", "从打不开的数据文件中抢救记录到一个新的数据文件夹（--home）")
    command.add_argument("file", type=Path, metavar="FILE")


def _check(commands: argparse._SubParsersAction[_Parser]) -> None:
    _command(commands, "check", "检查数据、操作日志和附件是否完整")


def _calendar(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "calendar", "导入某一年的放假安排")
    command.add_argument("action", choices=("import", "paste"), help="import 文件；paste 从标准输入粘贴通知全文")
    command.add_argument("file", type=Path, nargs="?", metavar="FILE")
    command.add_argument("--confirm", action="store_true", help="通知有疑问时，人工核对无误后确认导入")


def _seal(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "seal", "封存一期报送，写出签名的报送包")
    command.add_argument("--period", required=True, metavar="YYYY-MM")
    command.add_argument("--out", required=True, type=Path, metavar="DIR", help="U 盘或邮件附件的文件夹")
    command.add_argument("--nil", action="store_true", help="零报告：本期没有风险信息")
    command.add_argument("--to", action="append", metavar="CODE", help="收件单位（默认上级；可重复）")
    command.add_argument("--no-encrypt", action="store_true", help="不加密")
    command.add_argument("--late", default="", metavar="原因", help="迟报的原因")
    command.add_argument("--reason", default="", metavar="原因", help="再次报送（更正、补报）的原因")
    command.add_argument("--scan", action="append", type=Path, metavar="FILE", help="盖章纸质表的扫描件（可重复）")
    command.add_argument("--split", type=int, default=0, metavar="MB", help="按邮件附件大小分卷，如 20")
    _add_person(command)
    command.add_argument("--confirm-secrets", action="store_true", help="确认可以报送标为工作秘密的记录")


def _look(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "look", "核验报送包（或签名的 PDF）并说明接收后会怎样，不写入任何数据")
    command.add_argument("file", type=Path, metavar="FILE")


def _receive(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "receive", "接收报送包、分卷、回执，或没有签名的报送表")
    command.add_argument("files", type=Path, nargs="+", metavar="FILE")
    command.add_argument("--receipt-to", type=Path, metavar="DIR", help="把签名的回执写到这个文件夹")
    _add_person(command)
    command.add_argument("--accept-retired", action="store_true", help="接收签名人离职、换证之前签名的包")


def _answer(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "answer", "写出回执或退回")
    command.add_argument("package", metavar="PACKAGE-ID", help="报送包的核对码（可只写前几位）")
    command.add_argument(
        "--return", dest="returns", action="append", metavar="RECORD=REASON", help="退回一条并说明原因（可重复）"
    )
    command.add_argument("--out", required=True, type=Path, metavar="DIR")
    _add_person(command)


def _correct(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "correct", "更正一条记录（已封存的须写原因），或在两个版本中选定一个")
    command.add_argument("record", metavar="RECORD", help="记录编号（可只写前几位）")
    command.add_argument(
        "--set", dest="changes", action="append", metavar="FIELD=TEXT", help="改一栏，如 content=新内容（可重复）"
    )
    command.add_argument("--keep", default="", metavar="REVISION", help="以哪个版本为准")
    command.add_argument("--reason", default="", help="更正原因")


def _missing(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "missing", "谁没报：列出一期应报、已报、零报告、迟报、退回和未报的单位")
    command.add_argument("--period", required=True, metavar="YYYY-MM")
    command.add_argument("--letters", type=Path, metavar="DIR", help="为未报单位写催报函")


def _undo(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "undo", "撤销一次导入或接收")
    command.add_argument("run", metavar="IMPORT-ID")


def _enrol(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "enrol", "单位的密钥和证书")
    command.add_argument(
        "action",
        choices=(
            "keys",
            "request",
            "approve",
            "install",
            "revoke",
            "operator",
            "distribute",
            "state",
            "replace",
            "pin",
            "root",
        ),
        help="keys 建立密钥；request 向上级申请证书；approve 为下级签发；install 安装上级发来的证书；revoke 吊销；"
        "operator 增加签名人；distribute 写出信任更新；state 查看；"
        "replace 更换丢失的密钥（环境变量 RISKDESK_RECOVERY 给出恢复码时，以前收到的加密包仍能打开）；"
        "pin 登记没有上级证书的单位；root 省局更换根证书，其他单位核对后接受信任更新文件中的新根证书",
    )
    command.add_argument("file", type=Path, nargs="?", metavar="FILE")
    command.add_argument("--out", type=Path, default=Path(), metavar="DIR")
    command.add_argument("--fingerprint", default="", help="电话核对过的 30 位数字")
    command.add_argument("--whom", metavar="CODE|姓名", help="吊销谁的证书")
    command.add_argument("--why", default="lost", choices=("lost", "left", "replaced", "closed"), help="吊销原因")
    command.add_argument("--person", default="", help="签名人")


def _assess(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(commands, "assess", "监测站自评表：新建、查看、填写、附证明材料、导出；查看或修订指标模板")
    command.add_argument(
        "action", choices=("new", "show", "score", "attach", "review", "send", "list", "export", "template")
    )
    command.add_argument("--file", type=Path, metavar="FILE", help="attach 的证明材料；template 的新模板")
    command.add_argument("--year", type=int, metavar="YYYY")
    command.add_argument("--set", action="append", metavar="指标=内容", help="选项或条目的序号，或数值（可重复）")
    command.add_argument("--reason", default="", metavar="理由", help="与系统计算的不同时的理由")
    command.add_argument("--note", default="", metavar="说明")
    command.add_argument("--veto", metavar="V1,V2", help="成立的否决项，空为无")
    command.add_argument("--station", default="", metavar="CODE", help="哪个监测站的自评表（市局、省局）")
    command.add_argument("--return", dest="returns", action="append", metavar="指标=原因", help="退回一项（可重复）")
    command.add_argument("--accept-rest", action="store_true", help="其余各项同意上一栏的得分")
    command.add_argument("--conclude", metavar="意见", help="初核或验收意见")
    command.add_argument("--indicator", default="", metavar="指标", help="证明材料属于哪个指标")
    _add_person(command)
    command.add_argument("--of", default="", metavar="材料", help="是要求的哪一份材料")
    command.add_argument("--out", type=Path, metavar="DIR")
    command.add_argument("--format", action="append", choices=("xlsx", "pdf"), help="默认两种都导出")


def _annual(commands: argparse._SubParsersAction[_Parser]) -> None:
    command = _command(
        commands, "annual", "专题分析报告（附件2）：新建、更新统计、查看、写入一节的文字、导出、上报；列出收到的"
    )
    command.add_argument("action", choices=("new", "refresh", "show", "write", "export", "send", "received"))
    command.add_argument("--file", type=Path, metavar="FILE", help="write 的文本文件")
    command.add_argument("--product", default="", metavar="产品")
    command.add_argument("--year", type=int, metavar="YYYY")
    command.add_argument(
        "--include", action="append", metavar="词", help="产品或类别中含有这个词的记录才计入（可重复）"
    )
    command.add_argument("--section", default="", metavar="2.1", help="写到哪一节")
    command.add_argument("--office", default="", metavar="CODE", help="show、export：收到的哪个单位的报告")
    _add_person(command)
    command.add_argument("--out", type=Path, metavar="DIR")
    command.add_argument("--format", action="append", choices=("docx", "pdf"), help="默认两种都导出")
    command.add_argument("--day", default="", metavar="YYYY-MM-DD", help="export 的落款日期，默认只印年、月")


_HAND_OFF = (_seal, _look, _receive, _answer, _correct, _missing, _undo, _enrol)
