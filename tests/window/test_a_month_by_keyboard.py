"""A whole month at a county office in a real window, by keyboard only; what counts is what lies on the disk afterwards."""

import openpyxl
import pytest
from window.screen import Screen, wait_until

from riskdesk.domain.canonical import canonical
from riskdesk.services import drafting, entry
from riskdesk.services.desk import Desk
from riskdesk.services.reference import Reference

NOW = "2023-05-24T16:50:00"
PERSON, PHONE = "李雪梅", "0351-0000000"
THREE = (
    ("电动自行车充电器", "3", "太原市小店区", "抽检3批次，2批次过充保护不合格，存在起火隐患。", "保护电路缺失。", "列入专项抽查。"),
    ("儿童爬行地垫", "约30", "太原市", "渗透性能不合格，婴幼儿误食后可能危害健康。", "原料回收料比例过高。", "下架并通报。"),
    ("老年鞋", "多家企业都有", "小店区、迎泽区", "鞋底防滑性能不足，已接到3起投诉。", "鞋底材料偏硬。", "发布消费提示。"),
)  # fmt: skip
PASTED = 20


@pytest.fixture
def screen(tmp_path):
    screen = Screen()
    yield screen
    screen.picture(tmp_path / "last.png")
    screen.close()


@pytest.fixture(scope="module")
def reference():
    return Reference()


def block():
    """Twenty rows as a spreadsheet copies them: HTML and text, one cell with a line break, columns in another order."""
    heading = ["序号", "信息来源", "涉及产品", "涉及企业数量", "涉及区域", "风险信息内容", "信息分析", "初步建议"]
    rows = [
        [
            str(n),
            "消费者投诉、举报的",
            f"家用燃气灶{n}号",
            str(n),
            "太原市",
            f"熄火保护失效。\n第{n}起。",
            "阀门卡滞。",
            "抽查。",
        ]
        for n in range(1, PASTED + 1)
    ]
    cells = [heading, *rows]
    quoted = lambda cell: f'"{cell}"' if "\n" in cell else cell  # noqa: E731
    text = "".join("\t".join(map(quoted, row)) + "\r\n" for row in cells)
    table = "".join("<tr>" + "".join(f"<td>{c.replace(chr(10), '<br>')}</td>" for c in row) + "</tr>" for row in cells)
    return f"<html><body><table>{table}</table></body></html>", text


class Office:
    """The data folder, looked at from outside while the program has it open."""

    def __init__(self, home, reference):
        self.home, self._reference = home, reference

    def records(self):
        with Desk(self.home, self._reference) as desk:
            return {row.product: row for row in desk.records.every()}

    def record(self, product):
        row = self.records()[product]
        with Desk(self.home, self._reference) as desk:
            return entry.record_of(entry.current(desk, row.id))

    def revisions(self, product):
        row = self.records()[product]
        with Desk(self.home, self._reference) as desk:
            return entry.history(desk, row.id)

    def wait_for(self, count):
        wait_until(lambda: len(self.records()) == count, f"not {count} records but {{}}", lambda: len(self.records()))


def first_start(screen):
    """Choose the office by pinyin initials, say who fills in, accept the notice on secrets."""
    screen.wait_for_window("第一次使用")
    screen.type("xdq")
    screen.keys("Return")
    screen.paste(PERSON)
    screen.keys("Tab")
    screen.type(PHONE)
    screen.keys("alt+r", "alt+s")
    screen.wait_for_window("小店区市场监督管理局")


def enter(screen, row, source):
    """Fill in one record from top to bottom and go on to the next one."""
    product, count, regions, content, analysis, suggestion = row
    screen.paste(product)
    screen.keys("Escape", "Tab")
    screen.paste(count)
    screen.keys("Tab")
    screen.paste(regions)
    screen.keys("Escape", "Tab")
    for text in (content, analysis, suggestion):
        screen.paste(text)
        screen.keys("Tab")
    screen.keys(source, "ctrl+Return")


@pytest.mark.timeout(300)
def test_a_month_from_the_first_start_to_the_official_form(screen, tmp_path, reference):
    environment = {"XDG_DATA_HOME": str(tmp_path), "HOME": str(tmp_path), "RISKDESK_NOW": NOW}
    program = screen.start(**environment)
    office = Office(tmp_path / "riskdesk" / "data", reference)
    first_start(screen)

    # three records
    screen.keys("ctrl+n")
    for number, (row, source) in enumerate(zip(THREE, "352", strict=True), 1):
        enter(screen, row, source)
        office.wait_for(number)
    for row in THREE:
        saved = office.records()[row[0]]
        assert saved.columns()[:6] == row
    assert office.record("电动自行车充电器").source_codes == ("S3",)

    # twenty rows out of a spreadsheet
    screen.copy_cells(*block())
    screen.keys("F6", "ctrl+v")
    screen.wait_for_window("导入预览")
    screen.keys("Return")
    office.wait_for(3 + PASTED)
    assert office.record("家用燃气灶7号").content == "熄火保护失效。\n第7起。"
    assert office.record("家用燃气灶7号").source_codes == ("S2",)

    # a soft problem is accepted with a reason
    screen.wait_for_window("小店区市场监督管理局")
    screen.keys("ctrl+f")
    screen.paste("老年鞋")
    screen.keys("Down", "Return", "F8")
    accept_the_problem_here(screen, "企业数量正在核实")
    screen.keys("ctrl+s")
    wait_until(lambda: office.record("老年鞋").accepted, "no problem was accepted")
    assert [each.reason for each in office.record("老年鞋").accepted] == ["企业数量正在核实"]

    # a change is taken back from the history
    screen.keys("alt+a", "ctrl+a")
    screen.paste("写错了的分析")
    screen.keys("ctrl+s")
    wait_until(lambda: office.record("老年鞋").analysis == "写错了的分析", "not changed")
    screen.keys("ctrl+h")
    screen.wait_for_window("历史")
    restore_the_version_before(screen)
    wait_until(lambda: office.record("老年鞋").analysis == THREE[2][4], "not restored")
    assert len(office.revisions("老年鞋")) == 4

    # the official form
    screen.keys("Escape")
    screen.wait_for_window("小店区市场监督管理局")
    screen.keys("ctrl+e")
    screen.wait_for_window("导出")
    screen.keys("alt+x")
    folder = tmp_path / "Documents" / "风险信息报送"
    wait_until(lambda: len(list(folder.glob("*.pdf"))) == 1 and len(list(folder.glob("*.xlsx"))) == 1, "not exported")
    [form] = folder.glob("*.xlsx")
    products = [row[0] for row in openpyxl.load_workbook(form).active.iter_rows(values_only=True)]
    assert {row[0] for row in THREE} <= set(products)
    assert sum(str(product).startswith("家用燃气灶") for product in products) == PASTED

    # nothing is left over
    screen.keys("Escape")
    screen.wait_for_window("小店区市场监督管理局")
    screen.keys("alt+F4")
    assert program.wait(20) == 0
    with Desk(office.home, reference) as desk:
        assert desk.office.person == PERSON and desk.office.phone == PHONE  # noqa: PT018
        assert drafting.drafts(desk) == drafting.left_unsaved(desk) == []
        assert len({canonical(list(row.columns())) for row in desk.records.every()}) == 3 + PASTED


def accept_the_problem_here(screen, reason):
    screen.keys("F9")
    screen.wait_for_window("接受")
    screen.paste(reason)
    screen.keys("Return")


def restore_the_version_before(screen):
    screen.keys("Down", "alt+r")
