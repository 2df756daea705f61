"""What becomes of every revision of a report and of the packages inside it; what cannot be read takes nothing else along."""

from datetime import UTC, datetime

import pytest
from exchange.offices import NOW, head, package, tree

from riskdesk.domain.records import Record, record_to_body
from riskdesk.domain.revisions import revision
from riskdesk.exchange.manifest import PackageKind
from riskdesk.exchange.payload import ANSWER, REPORT, Answer, Report, answer_to_bytes, report_to_bytes
from riskdesk.exchange.reading import read_package
from riskdesk.services.opening import Opened
from riskdesk.services.receiving_plan import plan_of
from riskdesk.services.setup import set_up

AT = datetime(2023, 5, 25, tzinfo=UTC)
SAID = record_to_body(Record("2023-05", product="头盔", content="外壳开裂，缓冲层缺失"))
TOMORROW = {**SAID, "marking": "secret_of_tomorrow"}  # as a newer program may say


@pytest.fixture
def plan(tmp_path):
    """What the province would do with a package."""

    def looked(data):
        path = tmp_path / "a.rdpkg"
        path.write_bytes(data)
        read = read_package(path, tree().trust, NOW)
        return plan_of(desk, Opened(path.name, path, path, read.verified, read.reports))

    with set_up(tmp_path / "province", "140000-JU", person="示例", phone="0351-0000000") as desk:
        yield looked


def step(number, body=None, **more):
    object_id = f"01900000-0000-7000-8000-{number:012d}"
    org = tree().county.code
    return revision(object_id=object_id, kind="record", org=org, body=body or SAID, author="张三", at=AT, **more)


def report(*steps, items=None, number=1):
    named = tuple(each.hash for each in steps) if items is None else items
    return {REPORT: report_to_bytes(Report("2023-05", "monthly", number, False, AT.isoformat(), named), steps)}


def by_county(*steps, number=1):
    county, city = tree().county, tree().city
    return package(county, city, report(*steps, number=number), manifest=head(county, city, number=number))


def handed_on(items, *inside):
    files = {f"inner/{number}.rdpkg": each for number, each in enumerate(inside)}
    return package(tree().city, tree().province, report(items=tuple(each.hash for each in items)) | files)


def told(plan):
    return [(row.object_id[-1], str(row.outcome), row.step is not None) for row in plan.rows]


def test_a_record_arrives_though_its_newer_version_that_was_handed_on_cannot_be_read(plan):
    first = step(1)
    second = step(1, TOMORROW, parents=[first])
    found = plan(handed_on([second], by_county(first, second)))
    assert told(found) == [("1", "new", True), ("1", "rejected", False)]
    assert "marking" in found.rows[1].why
    assert (found.rows[0].record.product, found.rows[1].record, found.left) == ("头盔", None, 1)


def test_what_came_two_ways_counts_once_even_if_it_cannot_be_read(plan):
    bad, good = step(2, TOMORROW), step(3)
    found = plan(handed_on([bad, good], by_county(bad), by_county(bad, good, number=2)))
    assert told(found) == [("2", "rejected", False), ("3", "new", True)]


def test_two_packages_of_one_manifest_are_both_read(plan):
    one, other = step(4), step(5)
    assert told(plan(handed_on([one, other], by_county(one), by_county(other)))) == [
        ("4", "new", True),
        ("5", "new", True),
    ]


def test_what_an_answer_brings_and_cannot_be_read_is_rejected_by_itself(plan):
    said = Answer("b" * 64, "2023-05", 1, AT.isoformat())
    good, bad = step(6), step(7, TOMORROW)
    data = package(
        tree().city,
        tree().province,
        {ANSWER: answer_to_bytes(said, (good, bad))},
        manifest=head(tree().city, tree().province, kind=PackageKind.ANSWER),
    )
    found = plan(data)
    assert [each.split("：")[0] for each in (row.why for row in found.rows)] == [
        "不是签名单位自己的记录",
        "数据字段 marking 的值不对",
    ]
    assert [row.record and row.record.product for row in found.rows] == ["头盔", None]
