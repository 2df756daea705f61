"""The ten computed indicators on the sample data, against numbers that were worked out by hand from the table below."""

from decimal import Decimal
from fractions import Fraction

import pytest
from services.station_year import STATION, STATION_NAME
from services.test_measuring import answered, edited, package, written

from riskdesk.domain.handoff import HandedState
from riskdesk.domain.records import Credibility
from riskdesk.domain.scoring import Answer
from riskdesk.domain.station_template import template_of
from riskdesk.paths import resource
from riskdesk.services import assessing, demo, entry
from riskdesk.services.importing import import_files
from riskdesk.services.measuring import measure
from riskdesk.services.setup import set_up

# What resources/samples/samples.csv has of 2023, and what is made of it here:
#
# period   records (DEMO-)      due     handed over   answered
# 2023-04  –                    04-25   04-25 nil     –            a nil report in time
# 2023-05  001–006         6    05-25   05-24         received     001 and 002 adopted, 003 verified
# 2023-06  007–010         4    06-25   06-25         received     (a Sunday, but a working day by that year's calendar)
# 2023-07  011–013         3    07-25   07-25         received     013 returned first; mended, handed over again 07-28, received
# 2023-08  014–016         3    08-25   08-25         received
# 2023-09  017–020         4    09-25   09-27 late    received     019 is made key, discovered 09-22: late
# 2023-10  021–024         4    10-25   10-25         received     024 is made key, discovered 10-24: in time
# 2023-11  025–027         3    11-27   11-27         received     (the 25th is a Saturday)
# 2023-12  028–029         2    12-25   12-25         none yet     029 has no suggestion
#                         29
HANDED = {
    "2023-04": "2023-04-25", "2023-05": "2023-05-24", "2023-06": "2023-06-25", "2023-07": "2023-07-25", "2023-08": "2023-08-25",
    "2023-09": "2023-09-27", "2023-10": "2023-10-25", "2023-11": "2023-11-27", "2023-12": "2023-12-25",
}  # fmt: skip


@pytest.fixture
def station(tmp_path, monkeypatch):
    monkeypatch.setenv("RISKDESK_NOW", "2024-01-05T09:00:00")
    with set_up(tmp_path / "station", STATION, name=STATION_NAME, person="示例", phone="0351-0000000") as desk:
        yield desk


@pytest.fixture
def samples(station):
    """The year as the table has it; the ids of its records by their number."""
    import_files(station, [resource("samples/samples.csv")], demo._mapping())
    ids = {int(known(station, row.id).import_key[-3:]): row.id for row in station.records.every()}
    for number, changes in {
        3: {"credibility": Credibility.VERIFIED},
        19: {"key_codes": ("K1",)},
        24: {"key_codes": ("K1",)},
        29: {"suggestion": ""},
    }.items():
        edited(station, entry.current(station, ids[number]), **changes)
    for period, day in HANDED.items():
        steps = [entry.current(station, row.id) for row in station.records.of_period(period)]
        report = handed_over(station, period, day, *steps)
        if period != "2023-12":
            judged(station, report, steps, ids)
    return ids


def known(desk, object_id):
    return entry.record_of(entry.current(desk, object_id))


def handed_over(desk, period, day, *steps, number=1):
    made = package(desk, period, f"{day}T09:00:00+08:00", *steps, number=number)
    written(desk, made, f"{day}T10:00:00+08:00")
    return made


def judged(desk, report, steps, ids):
    states = {
        ids[1]: HandedState.ADOPTED,
        ids[2]: HandedState.ADOPTED,
        ids[13]: HandedState.RETURNED,
    }
    for step in steps:
        answered(desk, report, states.get(step.object_id, HandedState.RECEIVED), step)
        if step.object_id == ids[13]:
            again = edited(desk, step, content="补正：写明批次")
            second = handed_over(desk, report.period, "2023-07-28", again, number=2)
            answered(desk, second, HandedState.RECEIVED, again)


def measured(desk, year=2023):
    return measure(desk, year, template_of(assessing.template_data(desk)).indicators)


def test_the_ten_indicators_of_the_samples_are_those_worked_out_by_hand(station, samples):
    found = measured(station)
    assert {code: each.answer for code, each in found.items()} == {
        "A2": Answer(option=1),  # one person
        "B2": Answer(number=Fraction(7)),  # S2 S3 S4 S5 S6 S7 S8; S1 and S9 stand in records of 2024 only
        "B4": Answer(number=Fraction(27)),  # 29 without the two of December; 013 was received the second time
        "C1": Answer(number=Fraction(8, 9)),  # nine periods, September late
        "C2": Answer(number=Fraction(28, 29)),  # 029 has no suggestion
        "C3": Answer(option=1),  # two key records, of which 019 was late by three days
        "C4": Answer(number=Fraction(1, 29)),  # 013
        "D1": Answer(option=3),  # no report, and the year is over
        "D3": Answer(number=Fraction(3, 29)),  # all 29 are important; 001 and 002 adopted, 003 verified
        "E1": Answer(number=Fraction(2)),  # 001 and 002 have suggestions
    }


def test_the_points_of_the_samples_are_those_worked_out_by_hand(station, samples):
    points = assessing.new(station, 2023).sheet.points()
    assert {code: points[code] for code in measured(station)} == {
        "A2": 3,
        "B2": 6,  # six and more
        "B4": 8,  # 24 and more
        "C1": Decimal("8.9"),  # 10 × 8/9 = 8.89
        "C2": Decimal("6.8"),  # 7 × 28/29 = 6.76
        "C3": 2,
        "C4": Decimal("2.7"),  # 3 × (1 − (1/29) / 0.3) = 2.66
        "D1": 0,
        "D3": Decimal("0.8"),  # 4 × (3/29) / 0.5 = 0.83
        "E1": 4,
    }


def test_the_records_behind_the_numbers_of_the_samples_are_those_of_the_table(station, samples):
    numbers = {each: number for number, each in samples.items()}
    behind = {code: sorted(numbers[each] for each in found.behind) for code, found in measured(station).items()}
    assert behind == {
        "A2": [],
        "B2": list(range(1, 30)),
        "B4": list(range(1, 28)),
        "C1": [],
        "C2": [29],
        "C3": [19],
        "C4": [13],
        "D1": [],
        "D3": [1, 2, 3],
        "E1": [1, 2],
    }


def test_a_key_record_of_the_next_year_is_missed_there(station, samples):
    found = measured(station, 2024)
    assert (found["C3"].answer, found["C3"].behind) == (
        Answer(option=2),
        (samples[30],),
    )  # found 12-25, not reported by 01-05
    assert found["C1"].answer is None  # January is due on the 25th
