"""Numbers are read as people type them, and rules are said as people read them."""

from fractions import Fraction

import pytest

from riskdesk.domain.station_template import template_from_text, template_of
from riskdesk.errors import InputError
from riskdesk.paths import resource
from riskdesk.services.assessment_words import points_text
from riskdesk.ui.widgets.station_words import number_of, rule_words


@pytest.mark.parametrize(
    ("typed", "number"),
    [("12", 12), (" ９５％ ", Fraction(19, 20)), ("0.5", Fraction(1, 2)), ("11/12", Fraction(11, 12)), ("  ", None)],
)
def test_numbers_are_read_as_typed(typed, number):
    assert number_of(typed) == number


@pytest.mark.parametrize("typed", ["很多", "1/0", "%", "nan", "inf", "1..2"])
def test_what_is_no_number_is_named(typed):
    with pytest.raises(InputError, match="看不懂"):
        number_of(typed)


def test_every_rule_of_the_default_template_is_said():
    template = template_of(template_from_text(resource("station/template.json").read_text("utf-8")))
    said = {each.code: rule_words(each) for each in template.indicators}
    assert all(len(each) > 4 and each.endswith("。") for each in said.values())
    assert said["A3"] == "每具备一项得 1 分，最多 5 分。"
    assert "100%" in said["C1"]
    assert points_text(None) == "未填"
