"""The published schemas describe what packages really hold."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest
from exchange.offices import RECORDS, crl, entries_of, head, key, package, tree

from riskdesk.domain.annual import new_report
from riskdesk.domain.annual_checking import check_report
from riskdesk.domain.blocks import Block, BlockKind, Chart, ChartKind, Series, Table
from riskdesk.domain.body import to_body
from riskdesk.domain.records import Attachment, Record, record_to_body
from riskdesk.domain.revisions import revision
from riskdesk.exchange import enrolment, payload
from riskdesk.exchange.enrolment import Kit, Request
from riskdesk.exchange.payload import Answer, Answered, Decision, Report

TEXT = (Path(__file__).parents[2] / "docs" / "package-format.md").read_text("utf-8")
SCHEMAS = {
    name: json.loads(block)
    for name, block in re.findall(r"<!-- schema: (\S+) -->\n```json\n(.*?)\n```", TEXT, re.DOTALL)
}
TYPES = {"object": dict, "array": list, "string": str, "integer": int, "boolean": bool}
RULES = {
    "enum": lambda value, allowed: value in allowed,
    "pattern": lambda value, pattern: re.search(pattern, value),
    "minimum": lambda value, least: value >= least,
    "maximum": lambda value, most: value <= most,
    "minLength": lambda value, least: len(value) >= least,
    "maxLength": lambda value, most: len(value) <= most,
    "minItems": lambda value, least: len(value) >= least,
    "maxItems": lambda value, most: len(value) <= most,
}
KNOWN = {
    "$schema",
    "$defs",
    "$ref",
    "title",
    "type",
    "required",
    "properties",
    "additionalProperties",
    "items",
    *RULES,
}


def faults(value, schema, root, at="$"):
    """What of the value the schema forbids; knows the words that our schemas use."""
    assert schema.keys() <= KNOWN
    if "$ref" in schema:
        schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
    types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    if value is None and "null" in types:
        return []
    kind = TYPES[types[0]]
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        return [f"{at}: {schema['type']}"]
    if broken := [word for word, is_kept in RULES.items() if word in schema and not is_kept(value, schema[word])]:
        return [f"{at}: {broken[0]}"]
    found = []
    if kind is dict:
        found = [f"{at}.{name}: required" for name in schema.get("required", ()) if name not in value]
        for name, item in value.items():
            inner = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
            found += faults(item, inner, root, f"{at}.{name}") if inner else []
    if kind is list:
        for number, item in enumerate(value):
            found += faults(item, schema["items"], root, f"{at}[{number}]")
    return found


def report():
    record = Record(
        "2023-05",
        product="充电宝",
        injured=1,
        region_codes=("140105",),
        attachments=(Attachment("a" * 64, "图.jpg", 3),),
    )
    at = datetime(2023, 5, 25, tzinfo=UTC)
    first = revision(object_id="r1", kind="record", org="o", body=record_to_body(record), author="张三", at=at)
    second = revision(object_id="r1", kind="record", org="o", body=first.body, author="张三", at=at, parents=[first])
    sealed = Report("2023-05", "monthly", 1, nil=False, sealed_at=at.isoformat(), items=(second.hash,), late="停电")
    return payload.report_to_bytes(sealed, (first, second))


def answer():
    decided = (Answered("r1", "a" * 64, Decision.RETURNED, "缺少照片"), Answered("r2", "b" * 64, Decision.ADOPTED))
    return payload.answer_to_bytes(Answer("c" * 64, "2023-05", 1, "2023-05-25T09:00:00+08:00", decided, "好"))


def request():
    t = tree()
    office = {"code": t.suo.code, "name": "坞城所", "level": "suo", "report_to": [t.county.code]}
    return Request(office, enrolment.new_request(t.suo.path, key(5)), "age1x").to_bytes()


def kit():
    t = tree()
    office = {"code": t.suo.code, "name": "坞城所", "level": "suo"}
    lists = (crl(t.city), crl(t.county))
    return Kit(t.suo.der, t.county.chain, (t.province.der,), lists, (office,), {t.suo.code: "age1x"}).to_bytes()


MADE = {
    "data/records.json": report,
    "data/answer.json": answer,
    "data/request.json": request,
    "data/enrolment.json": kit,
}


@pytest.mark.parametrize("name", MADE)
def test_a_payload_is_as_published(name):
    entries = entries_of(package(tree().county, tree().city, {name: MADE[name]()}))
    assert faults(json.loads(entries[name]), SCHEMAS[name], SCHEMAS[name]) == []


def test_a_manifest_is_as_published():
    t = tree()
    manifest = head(t.county, t.city, prev="a" * 64, number=2, nil=True, titles={"attach/0001.jpg": "图.jpg"})
    for data in (package(t.county, t.city), package(t.county, t.city, manifest=manifest)):
        given = json.loads(entries_of(data)["manifest.json"])
        assert faults(given, SCHEMAS["manifest.json"], SCHEMAS["manifest.json"]) == []


def test_every_field_that_is_written_is_published():
    for name, make in MADE.items():
        assert json.loads(make()).keys() <= SCHEMAS[name]["properties"].keys()
    manifest = head(tree().county, tree().city, prev="a", number=2, nil=True, audit="x", titles={"a": "b"})
    assert json.loads(manifest.to_bytes()).keys() == SCHEMAS["manifest.json"]["properties"].keys()


def test_every_schema_is_held_against_something():
    assert SCHEMAS.keys() == {"manifest.json", "annual_report", *MADE}


def annual_report():
    """A report with everything in it that one can hold."""
    chart = Chart(ChartKind.TILES, "区域", ("140105",), (Series("数量", (None,)),), whole=3)
    table = Table(("项目", "数量"), (("风险信息", "1"),), (("r1",),))
    block = Block(BlockKind.REGIONS, "区域", "一句话", "依据", "未填1条", table, chart, "2023-05-25T09:00:00+08:00")
    made = new_report("儿童用品", 2023, "某站", ("儿童",)).with_text("2.1", "文字").with_added(4, "另一项建议")
    section = replace(made.section("2.1"), blocks=(block,), left_out=(BlockKind.REGIONS,))
    return replace(made.with_section(section), day="2023-12-30")


def test_a_yearly_report_is_as_published_and_so_are_its_fields():
    body, schema = {"schema": 1, **to_body(annual_report())}, SCHEMAS["annual_report"]
    check_report(annual_report())
    assert faults(body, schema, schema) == []
    assert body.keys() == schema["properties"].keys()
    [section] = [each for each in body["sections"] if each["code"] == "2.1"]
    assert section.keys() == schema["properties"]["sections"]["items"]["properties"].keys()
    [block] = section["blocks"]
    told = schema["$defs"]["block"]["properties"]
    assert block.keys() == told.keys()
    assert (block["table"].keys(), block["chart"].keys() | {"unit"}) == (
        told["table"]["properties"].keys(),
        told["chart"]["properties"].keys(),
    )
    for kinds, published in ((BlockKind, schema["$defs"]["kind"]), (ChartKind, told["chart"]["properties"]["kind"])):
        assert set(published["enum"]) == set(map(str, kinds))


@pytest.mark.parametrize(
    "change", [{"year": 1999}, {"year": 2100}, {"product": ""}, {"product": "玩" * 101}, {"sections": []}]
)
def test_the_checker_finds_faults_of_a_yearly_report(change):
    schema = SCHEMAS["annual_report"]
    assert faults({"schema": 1, **to_body(annual_report()), **change}, schema, schema)


@pytest.mark.parametrize("change", [{"period": 5}, {"items": ["x"]}, {"number": 0}, {"revisions": [{}]}, {"nil": 1}])
def test_the_checker_finds_faults(change):
    schema = SCHEMAS["data/records.json"]
    assert faults({**json.loads(report()), **change}, schema, schema)


def test_the_tests_own_records_are_as_published():
    schema = SCHEMAS["data/records.json"]
    assert faults(json.loads(RECORDS), schema, schema) == []
