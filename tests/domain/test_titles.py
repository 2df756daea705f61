"""Every field and every value that a record can have is called something in Chinese."""

import dataclasses
from enum import StrEnum

import pytest

from riskdesk.domain import records
from riskdesk.domain.titles import VALUE_LABELS, field_title

KINDS = [each for each in vars(records).values() if isinstance(each, type) and issubclass(each, StrEnum)]


@pytest.mark.parametrize("field", [each.name for each in dataclasses.fields(records.Record)])
def test_every_field_of_a_record_has_a_chinese_title(field):
    assert not field_title(field).isascii()


@pytest.mark.parametrize("part", ["publisher", "published_on", "url", "reference"])
def test_every_part_of_the_source_has_a_chinese_title(part):
    assert not field_title(f"source_detail.{part}").isascii()


@pytest.mark.parametrize("kind", [each for each in KINDS if each is not StrEnum])
def test_every_value_of_an_enumeration_has_a_label(kind):
    assert all(value in VALUE_LABELS for value in kind)


def test_a_field_of_a_newer_version_keeps_its_name():
    assert field_title("quantum_state") == "quantum_state"
