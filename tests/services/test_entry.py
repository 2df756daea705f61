"""Entering records one at a time, as the window will: save, correct, bin, history, what was typed and not saved."""

import shutil

import pytest
from conftest import CORPUS

from riskdesk import clock
from riskdesk.domain.enterprise_count import parse_enterprise_count
from riskdesk.domain.records import Record, record_from_body
from riskdesk.errors import InputError, StorePlaceError, StoreUnusableError
from riskdesk.services import entry, overview, upkeep
from riskdesk.services.importing import import_files
from riskdesk.store.submissions import Submission

RECORD = Record(
    "2023-05", product="电热毯", enterprise_count=parse_enterprise_count("约30"), content="表面温度过高，存在烫伤风险。"
)


def seal(desk, period="2023-05"):
    items = [row.revision for row in desk.records.of_period(period)]
    with desk.store.write("张三", "seal") as writing:
        draft = desk.submissions.put_draft(
            writing, org=desk.office.code, period=period, kind="monthly", items=items, at=clock.now()
        )
        return desk.submissions.seal(writing, draft.id, nil=not items, reason="", at=clock.now())


def test_a_saved_record_is_listed_found_and_has_a_history(desk):
    step = entry.save(desk, RECORD)
    entry.save(desk, RECORD.edited(analysis="控温器失效。"), step.object_id, base=step.hash)
    [listed] = overview.listed(desk, "2023-05")
    assert (listed.row.analysis, listed.row.rev_no, listed.state) == ("控温器失效。", 2, "unchecked")
    assert [each.body.get("analysis", "") for each in entry.history(desk, step.object_id)] == ["", "控温器失效。"]
    assert [each.row.id for each in overview.listed(desk, find="温控")] == []
    assert [each.row.id for each in overview.listed(desk, find="控温")] == [step.object_id]


def test_saving_what_is_there_already_writes_nothing(desk):
    step = entry.save(desk, RECORD)
    assert entry.save(desk, RECORD, step.object_id).hash == step.hash
    assert len(entry.history(desk, step.object_id)) == 1


def test_a_record_without_product_or_content_is_not_saved_and_both_are_named(desk):
    with pytest.raises(InputError, match=r"涉及产品.*风险信息内容"):
        entry.save(desk, Record("2023-05"))
    assert overview.listed(desk) == []


def test_an_edit_of_an_overtaken_revision_is_refused(desk):
    step = entry.save(desk, RECORD)
    entry.save(desk, RECORD.edited(analysis="甲"), step.object_id, base=step.hash)
    with pytest.raises(InputError, match="已被修改"):
        entry.save(desk, RECORD.edited(analysis="乙"), step.object_id, base=step.hash)
    assert desk.records.get(step.object_id).analysis == "甲"


def test_what_is_sealed_changes_only_with_a_reason_and_the_report_keeps_what_it_said(desk):
    step = entry.save(desk, RECORD)
    sealed = seal(desk)
    assert isinstance(sealed, Submission)
    assert overview.listed(desk)[0].state == "sealed"
    with pytest.raises(InputError, match="更正原因"):
        entry.save(desk, RECORD.edited(analysis="甲"), step.object_id, base=step.hash)
    corrected = entry.save(desk, RECORD.edited(analysis="甲"), step.object_id, base=step.hash, reason="复检结果更新")
    assert (corrected.reason, overview.listed(desk)[0].state) == ("复检结果更新", "changed")
    assert desk.submissions.of_period("2023-05")[0].items == (step.hash,)
    assert record_from_body(desk.revisions.by_hash(step.hash).body) == RECORD


def test_a_record_goes_into_the_bin_and_comes_back(desk):
    step = entry.save(desk, RECORD)
    entry.withdraw(desk, step.object_id, "重复录入")
    assert overview.listed(desk) == []
    assert desk.records.get(step.object_id).state == "withdrawn"
    entry.take_back(desk, step.object_id)
    assert [each.row.id for each in overview.listed(desk)] == [step.object_id]
    assert len(entry.history(desk, step.object_id)) == 3
    with pytest.raises(InputError, match="没有编号"):
        entry.withdraw(desk, "01900000-0000-7000-8000-000000000000", "")


def test_a_binned_row_is_not_brought_back_by_importing_its_file_again(desk):
    form = CORPUS / "forms" / "12_gb18030.csv"
    import_files(desk, [form])
    first = overview.listed(desk)[0].row
    entry.withdraw(desk, first.id, "不属于本辖区")
    counts = import_files(desk, [form]).counts()
    assert (counts["stale"], counts["same"], counts["new"]) == (1, 4, 0)
    assert len(overview.listed(desk)) == 4


def test_the_regular_copy_is_made_once_a_day(desk, monkeypatch):
    entry.save(desk, RECORD)
    upkeep.back_up_daily(desk)
    upkeep.back_up_daily(desk)
    assert len(list(desk.backups.glob("riskdesk-*.db"))) == 1
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-26T10:00:00")
    upkeep.back_up_daily(desk)
    assert len(list(desk.backups.glob("riskdesk-*.db"))) == 2


def test_an_attachment_travels_with_a_backup_and_its_loss_is_found(desk, tmp_path):
    source = tmp_path / "检验报告.pdf"
    source.write_bytes(b"%PDF-1.7 report")
    sha256, size = desk.attachments.keep(source)
    with desk.store.write("张三", "attach") as writing:
        desk.attachments.note(writing, sha256, size, source.name)
    copy = upkeep.back_up(desk, tmp_path / "U盘")
    upkeep.restore(copy, tmp_path / "新")
    assert (tmp_path / "新" / "attachments" / sha256[:2] / sha256).read_bytes() == b"%PDF-1.7 report"
    desk.attachments.place(sha256).write_bytes(b"other")
    assert upkeep.check(desk) == ["附件内容已变：检验报告.pdf"]
    desk.attachments.place(sha256).unlink()
    assert upkeep.check(desk) == ["附件缺失：检验报告.pdf（15 字节）"]


def test_a_restored_copy_is_another_installation(desk, tmp_path):
    from riskdesk.services.desk import Desk

    copy = upkeep.back_up(desk)
    upkeep.restore(copy, tmp_path / "新")
    with Desk(tmp_path / "新") as other:
        assert other.settings.install_id() != desk.settings.install_id()
        assert other.office == desk.office


def test_a_record_is_saved_in_a_period_that_exists_and_never_reported_twice(desk):
    with pytest.raises(InputError, match="2023-13"):
        entry.save(desk, RECORD.edited(period="2023-13"))
    step = entry.save(desk, RECORD)
    moved = entry.save(desk, RECORD.edited(period="2023-06"), step.object_id)
    entry.save(desk, RECORD, moved.object_id)
    seal(desk)
    with pytest.raises(InputError, match="重复报送"):
        entry.save(desk, RECORD.edited(period="2023-06"), step.object_id, reason="移动")


def test_a_corrected_report_still_asks_for_a_reason_each_time(desk):
    step = entry.save(desk, RECORD)
    seal(desk)
    first = entry.save(desk, RECORD.edited(analysis="甲"), step.object_id, reason="复检")
    with pytest.raises(InputError, match="更正原因"):
        entry.save(desk, RECORD.edited(analysis="乙"), step.object_id, base=first.hash)


def test_a_binned_record_is_changed_only_after_it_was_taken_back(desk):
    step = entry.save(desk, RECORD)
    entry.withdraw(desk, step.object_id, "重复")
    for changed in (RECORD, RECORD.edited(analysis="甲")):
        with pytest.raises(InputError, match="回收站"):
            entry.save(desk, changed, step.object_id)


def test_what_goes_on_between_reading_and_writing_is_noticed(desk, monkeypatch):
    step = entry.save(desk, RECORD)
    really = entry._write

    def overtaken(desk, action, mine, *rest):
        monkeypatch.setattr(entry, "_write", really)
        entry.save(desk, RECORD.edited(analysis="别人先保存"), step.object_id)
        really(desk, action, mine, *rest)

    monkeypatch.setattr(entry, "_write", overtaken)
    with pytest.raises(InputError, match="已被修改"):
        entry.save(desk, RECORD.edited(analysis="我的"), step.object_id)
    assert desk.records.get(step.object_id).analysis == "别人先保存"


def test_a_fork_is_shown_as_such(desk):
    step = entry.save(desk, RECORD)
    left = entry.next_revision(desk, RECORD.edited(analysis="左"), step.object_id, parents=[step])
    right = entry.next_revision(desk, RECORD.edited(analysis="右"), step.object_id, parents=[step])
    with desk.store.write("", "test") as writing:
        desk.revisions.add(writing, [left, right])
    assert [each.state for each in overview.listed(desk)] == ["forked"]


def test_a_restore_that_was_cut_off_leaves_no_data_file_and_can_be_repeated(desk, tmp_path, monkeypatch):
    entry.save(desk, RECORD)
    copy = upkeep.back_up(desk, tmp_path / "U盘")

    def cut(*_given):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(upkeep, "settle", cut)
        with pytest.raises(KeyboardInterrupt):
            upkeep.restore(copy, tmp_path / "新")
    assert not (tmp_path / "新" / "riskdesk.db").exists()
    restored = upkeep.restore(copy, tmp_path / "新")
    assert restored.problems == ()
    with pytest.raises(StoreUnusableError, match="已有数据"):
        upkeep.restore(copy, tmp_path / "新")


def test_a_restore_without_the_attachments_says_so(desk, tmp_path):
    source = tmp_path / "照片.jpg"
    source.write_bytes(b"jpeg")
    sha256, size = desk.attachments.keep(source)
    with desk.store.write("张三", "attach") as writing:
        desk.attachments.note(writing, sha256, size, source.name)
    copy = upkeep.back_up(desk, tmp_path / "U盘")
    shutil.rmtree(tmp_path / "U盘" / "attachments")
    assert upkeep.restore(copy, tmp_path / "新").problems == ("附件缺失：照片.jpg（4 字节）",)


def test_a_backup_dated_in_the_future_does_not_stop_the_daily_copies(desk, monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", "2033-05-25T09:00:00")
    upkeep.back_up_daily(desk)
    monkeypatch.setenv("RISKDESK_NOW", "2023-05-25T09:00:00")
    upkeep.back_up_daily(desk)
    assert len(list(desk.backups.glob("*.db"))) == 2


def test_a_nil_report_of_another_office_is_not_ours(desk):
    from riskdesk.services.exporting import form_of

    for org, expected in (("140105-S01", False), (desk.office.code, True)):
        with desk.store.write("", "seal") as writing:
            draft = desk.submissions.put_draft(
                writing, org=org, period="2023-05", kind="monthly", items=[], at=clock.now()
            )
            desk.submissions.seal(writing, draft.id, nil=True, reason="", at=clock.now())
        assert form_of(desk, "2023-05").nil is expected


def test_a_network_folder_is_refused_for_a_data_folder(desk, monkeypatch, tmp_path):
    from riskdesk.services import desk as desk_module

    def refuse(folder):
        raise StorePlaceError(str(folder))

    monkeypatch.setattr(desk_module, "refuse_network", refuse)
    with pytest.raises(StorePlaceError):
        desk_module.Desk(desk.home)


def test_a_file_that_is_no_backup_is_not_restored(desk, tmp_path):
    for name, content in (("a.db", b""), ("b.xlsx", b"text, only text. " * 999)):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(InputError, match="完好备份"):
            upkeep.restore(tmp_path / name, tmp_path / "新")
    assert not (tmp_path / "新" / "riskdesk.db").exists()


def test_a_restore_touches_nothing_that_lies_in_the_new_folder(desk, tmp_path):
    entry.save(desk, RECORD)
    copy = upkeep.back_up(desk, tmp_path / "新")
    (tmp_path / "新" / "restoring").mkdir()
    (tmp_path / "新" / "restoring" / "我的.txt").write_text("留着")
    upkeep.restore(copy, tmp_path / "新")
    assert copy.exists()
    assert (tmp_path / "新" / "restoring" / "我的.txt").read_text() == "留着"
    assert not list((tmp_path / "新").glob(".restoring-*"))


def test_going_back_gives_a_record_the_content_and_state_it_had(desk):
    first = entry.save(desk, RECORD)
    second = entry.save(desk, RECORD.edited(analysis="改"), first.object_id)
    back = entry.go_back(desk, first.object_id, first)
    assert (entry.record_of(back), back.rev_no, back.ancestors) == (
        RECORD,
        3,
        tuple(sorted((first.hash, second.hash))),
    )
    assert entry.go_back(desk, first.object_id, first) == back
    again = entry.go_back(desk, first.object_id, second)
    assert entry.record_of(again).analysis == "改"
    binned = entry.withdraw(desk, first.object_id, "重复")
    entry.go_back(desk, first.object_id, again)
    assert [each.row.analysis for each in overview.listed(desk)] == ["改"]
    entry.go_back(desk, first.object_id, binned)
    assert overview.listed(desk) == []
    assert entry.current(desk, first.object_id).state == "withdrawn"
    assert entry.current(desk, "none") is None


def test_going_back_joins_a_fork(desk):
    step = entry.save(desk, RECORD)
    sides = [entry.next_revision(desk, RECORD.edited(analysis=name), step.object_id, parents=[step]) for name in "左右"]
    with desk.store.write("", "test") as writing:
        desk.revisions.add(writing, sides)
    entry.go_back(desk, step.object_id, sides[0])
    [listed] = overview.listed(desk)
    assert (listed.row.analysis, listed.row.heads) == ("左", 1)


def test_going_back_on_what_is_sealed_needs_a_reason_and_keeps_the_period(desk):
    first = entry.save(desk, RECORD.edited(period="2023-06"))
    second = entry.save(desk, RECORD, first.object_id)
    entry.save(desk, RECORD.edited(analysis="改"), first.object_id)
    seal(desk)
    with pytest.raises(InputError, match="更正原因"):
        entry.go_back(desk, first.object_id, second)
    with pytest.raises(InputError, match="不能移到"):
        entry.go_back(desk, first.object_id, first, "笔误")
    assert entry.go_back(desk, first.object_id, second, "笔误").reason == "笔误"
    assert [each.state for each in overview.listed(desk)] == ["changed"]


def test_a_revision_of_another_record_is_nothing_to_go_back_to(desk):
    one, other = entry.save(desk, RECORD), entry.save(desk, RECORD.edited(product="别的"))
    with pytest.raises(InputError, match="不属于"):
        entry.go_back(desk, one.object_id, other)
