"""The data folder to learn with: like the office's own, and never mixed up with it."""

import pytest

from riskdesk import paths
from riskdesk.services import calendar, demo, entry, importing, overview
from riskdesk.services.desk import Desk, OfficeProfile
from riskdesk.services.preferences import preferences


@pytest.fixture
def training(desk):
    """The training folder that lies beside the office's own."""
    home = paths.training_home(desk.home)
    demo.make_training(home, desk.office)
    with Desk(home) as made:
        yield made


def test_it_is_the_same_office_and_marked_as_training(training, desk):
    assert training.office == desk.office
    assert preferences(training).training
    assert not preferences(desk).training


def test_it_has_sample_records_and_the_own_data_has_none(training, desk):
    assert len(overview.listed(training)) >= 5
    assert overview.listed(desk) == []


def test_two_forms_lie_there_to_be_imported_by_hand(training):
    forms = sorted((training.home / "示例数据").glob("*报送表*"))
    assert {path.suffix for path in forms} == {".docx", ".xlsx"}
    before = len(overview.listed(training))
    result = importing.import_files(training, forms)
    assert result.counts()["new"] > 0
    assert len(overview.listed(training)) > before


def test_what_is_tried_out_there_stays_there(training, desk):
    [first, *_] = overview.listed(training)
    entry.withdraw(training, first.row.id, "练习")
    assert first.row.id not in {each.row.id for each in overview.listed(training)}
    assert overview.listed(desk) == []
    assert calendar.changes(desk) == []


def test_an_office_that_no_list_names_can_learn_too(tmp_path):
    suo = OfficeProfile("140105-S77", "某某所", "suo", "140105-JU", "李四", "")
    demo.make_training(tmp_path / "训练", suo)
    with Desk(tmp_path / "训练") as made:
        assert made.office == suo
        assert overview.listed(made)
