"""What tables show: the row numbers of what is wanted, and rows whose states follow the work."""

from array import array

import pytest

from riskdesk import clock
from riskdesk.domain.records import Record
from riskdesk.domain.triage import Level
from riskdesk.domain.validation import accept, problems
from riskdesk.errors import InputError
from riskdesk.services import entry, listing, overview
from riskdesk.services.desk import Desk
from riskdesk.services.listing import Filter, Order
from riskdesk.services.overview import RecordState

SOFT = Record(
    "2023-05", product="电热毯", content="温控器失效引发起火。", source_codes=("S1", "S3"), sources_text="日常监管"
)


def products(desk, *given, **more):
    return [each.row.product for each in listing.rows(desk, listing.ids(desk, *given, **more))]


def seal(desk):
    items = [row.revision for row in desk.records.of_period("2023-05")]
    with desk.store.write("张三", "seal") as writing:
        draft = desk.submissions.put_draft(
            writing, org=desk.office.code, period="2023-05", kind="monthly", items=items, at=clock.now()
        )
        desk.submissions.seal(writing, draft.id, nil=False, reason="", at=clock.now())


def test_a_table_gets_row_numbers_and_then_the_rows_that_it_shows(desk):
    for product in ("水泥", "电热毯", "安全帽"):
        entry.save(desk, SOFT.edited(product=product))
    found = listing.ids(desk, Filter())
    assert isinstance(found, array)
    assert found.typecode == "q"
    assert products(desk, Filter()) == ["安全帽", "电热毯", "水泥"]
    assert products(desk, Filter(), Order.PRODUCT, descending=False) == ["安全帽", "电热毯", "水泥"]
    assert products(desk, Filter(), Order.ARRIVAL, False) == ["水泥", "电热毯", "安全帽"]
    assert [each.row.product for each in listing.rows(desk, found[1:2])] == ["电热毯"]
    assert listing.rows(desk, []) == []


def test_a_row_tells_sources_dates_and_open_problems(desk):
    entry.save(desk, SOFT.edited(discovered_on=clock.today()))
    [row] = [each.row for each in listing.rows(desk, listing.ids(desk, Filter(source="S3")))]
    assert row.source_codes.split() == ["S1", "S3"]
    assert (row.discovered_on, row.changed_at[:10]) == ("2023-05-25", "2023-05-25")
    assert row.problems == 4
    assert listing.ids(desk, Filter(source="S2")) == array("q")


def test_the_state_of_a_record_follows_the_work(desk):
    step = entry.save(desk, SOFT)
    whole = SOFT.edited(regions_text="小店区", region_codes=("140105",), analysis="有", suggestion="查")
    [listed] = overview.listed(desk)
    assert listed.state is RecordState.UNCHECKED
    for problem in problems(whole, clock.today()):
        whole = accept(whole, problem, "已电话核实")
    step = entry.save(desk, whole, step.object_id)
    assert [each.state for each in overview.listed(desk)] == [RecordState.CHECKED]
    seal(desk)
    assert products(desk, Filter(state=RecordState.SEALED)) == ["电热毯"]
    step = entry.save(desk, whole.edited(brand="某"), step.object_id, reason="笔误")
    assert products(desk, Filter(state=RecordState.CHANGED)) == ["电热毯"]
    sides = [entry.next_revision(desk, whole.edited(brand=name), step.object_id, parents=[step]) for name in "左右"]
    with desk.store.write("", "test") as writing:
        desk.revisions.add(writing, sides)
    assert products(desk, Filter(state=RecordState.FORKED)) == ["电热毯"]


def test_the_bin_is_a_list_of_its_own(desk):
    step = entry.save(desk, SOFT)
    entry.withdraw(desk, step.object_id, "误录")
    assert products(desk, Filter()) == []
    assert products(desk, Filter(withdrawn=True, find="起火")) == ["电热毯"]
    entry.take_back(desk, step.object_id)
    assert products(desk, Filter(level=Level.ORDINARY, find="起火 电热毯")) == ["电热毯"]


def test_too_many_words_are_refused(desk):
    with pytest.raises(InputError, match="搜索词太多"):
        listing.ids(desk, Filter(find=" ".join(map(str, range(200)))))


def test_the_command_line_tells_the_same_states(riskdesk, home):
    with Desk(home) as desk:
        entry.save(desk, SOFT)
    answer = riskdesk("list", home=home)
    assert [each["state"] for each in answer.data] == ["unchecked"]
