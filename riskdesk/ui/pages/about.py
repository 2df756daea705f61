"""The page 关于: version, where the data lies, a self-test of input methods, how to learn, and the keys."""

from __future__ import annotations

import platform
import sys

from PySide6.QtCore import Qt, QUrl, Signal, qVersion
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QLineEdit, QScrollArea, QVBoxLayout, QWidget

from riskdesk import __version__
from riskdesk.services.desk import Desk
from riskdesk.ui.input_methods import Route, route_told
from riskdesk.ui.widgets.page import Page
from riskdesk.ui.widgets.parts import button, heading, named, styled, told

KEYS = (
    ("Ctrl+N", "新增一条"), ("Ctrl+Enter", "保存并打开下一条"), ("Ctrl+S", "保存"), ("F8", "跳到第一处（下一处）提示"),
    ("F9", "接受提示（表单、列表中）"), ("Shift+F9", "撤回接受"),
    ("Ctrl+F", "搜索"), ("F6", "在列表和表单之间切换"), ("Ctrl+PgUp / PgDn", "上一条 / 下一条"),
    ("Ctrl+Shift+D", "复制上一条为新记录"), ("Ctrl+'", "本项照抄上一条"), ("Ctrl+V（列表中）", "从 Excel、WPS 粘贴多行"),
    ("Ctrl+I", "导入文件"), ("Ctrl+E", "导出报送表"), ("Enter（导出窗口中）", "导出"),
    ("Ctrl+H", "修改历史"), ("Delete（列表中）", "移入回收站"),
    ("Ctrl+Alt+Z / Y", "撤销 / 重做（跨记录）"), ("Alt+M", "更多信息"), ("Alt+1 … 8", "切换页面"), ("F5", "刷新"), ("F1", "关于"),
)  # fmt: skip


class AboutPage(Page):
    """Text to read and copy; nothing here writes."""

    training_wanted = Signal()
    title = "关于"

    def __init__(self, desk: Desk, route: Route, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._desk = desk
        self._route = route
        inside = styled(QWidget(), "page")
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(20, 16, 20, 16)
        layout.setSpacing(14)
        layout.addWidget(self._program_card())
        layout.addWidget(self._input_card())
        layout.addWidget(self._keys_card())
        layout.addStretch(1)
        scroll = QScrollArea(widgetResizable=True)
        scroll.setFrameShape(QFrame.Shape.NoFrame)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(scroll)

    def told_environment(self) -> str:
        """Return what support wants to know, without anything personal: no paths, as they hold names."""
        return (
            f"riskdesk {__version__}；Qt {qVersion()}；Python {platform.python_version()}；{platform.platform()}；"
            f"界面 {QGuiApplication.platformName()}；输入法 {self._route}"
        )

    def _program_card(self) -> QFrame:
        card = styled(QFrame(), "card")
        layout = QVBoxLayout(card)
        layout.addWidget(heading(f"产品质量安全风险信息采集与报送　riskdesk {__version__}"))
        layout.addWidget(
            QLabel(
                "完全离线运行，不连接任何网络。全部数据在下面的文件夹中，关闭程序后复制整个文件夹即可备份。",
                wordWrap=True,
            )
        )
        place = QLabel(str(self._desk.home), wordWrap=True)
        place.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        layout.addWidget(place)
        line = QHBoxLayout()
        opening = button("打开数据文件夹", icon="folder")
        opening.clicked.connect(lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._desk.home))))
        copying = button("复制环境信息", icon="copy")
        copying.clicked.connect(lambda: QGuiApplication.clipboard().setText(self.told_environment()))
        training = button("打开训练模式", icon="station")
        training.setToolTip("用示例数据练习，与正式数据分开存放")
        training.clicked.connect(self.training_wanted)
        for each in (opening, copying, training):
            line.addWidget(each)
        line.addStretch(1)
        layout.addLayout(line)
        return card

    def _input_card(self) -> QFrame:
        card = styled(QFrame(), "card")
        layout = QVBoxLayout(card)
        layout.addWidget(heading("中文输入自检"))
        layout.addWidget(QLabel(f"当前输入方式：{route_told(self._route)}", wordWrap=True))
        self.trial = named(QLineEdit(placeholderText="请在这里试着输入几个汉字"), "中文输入试验")
        self._result = told(name="muted")
        self.trial.textChanged.connect(self._on_typed)
        layout.addWidget(self.trial)
        layout.addWidget(self._result)
        if sys.platform.startswith("linux") and self._route is Route.NONE:
            hint = "安装并启动 fcitx5（或 fcitx、ibus）后重新打开本程序即可输入中文。"
            layout.addWidget(told(hint, "warn"))
        return card

    def _keys_card(self) -> QFrame:
        card = styled(QFrame(), "card")
        layout = QVBoxLayout(card)
        layout.addWidget(heading("键盘操作"))
        grid = QGridLayout()
        grid.setHorizontalSpacing(18)
        half = (len(KEYS) + 1) // 2
        for number, (keys, action) in enumerate(KEYS):
            row, side = number % half, number // half * 2
            grid.addWidget(QLabel(f"<b>{keys}</b>"), row, side)
            grid.addWidget(QLabel(action), row, side + 1)
        grid.setColumnStretch(1, 1)
        grid.setColumnStretch(3, 1)
        layout.addLayout(grid)
        return card

    def _on_typed(self, text: str) -> None:
        chinese = any("一" <= character <= "鿿" for character in text)
        self._result.setText("中文输入正常。" if chinese else "还没有收到汉字。" if text else "")
