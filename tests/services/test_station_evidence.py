"""A file proves something only while it is there, whole, and says something."""

import pytest
from services.station_year import STATION, STATION_NAME

from riskdesk.domain.assessment import Evidence, Filled
from riskdesk.domain.records import Attachment
from riskdesk.errors import InputError
from riskdesk.services import assessing, station_evidence
from riskdesk.services.setup import set_up

PAPER = "建站批复或协议"


@pytest.fixture
def station(tmp_path):
    with set_up(tmp_path / "station", STATION, name=STATION_NAME, person="示例") as desk:
        yield desk


def test_an_empty_file_is_not_attached(station, tmp_path):
    (tmp_path / "批复.pdf").touch()
    kept = assessing.new(station, 2023)
    with pytest.raises(InputError, match="是空文件"):
        assessing.attach(station, kept, "A1", tmp_path / "批复.pdf", PAPER)


def test_a_file_that_is_gone_or_cut_short_is_lost(station, tmp_path):
    paper = tmp_path / "批复.pdf"
    paper.write_bytes(b"%PDF-1.4 approval")
    kept = assessing.attach(station, assessing.new(station, 2023), "A1", paper, PAPER)
    evidence = kept.sheet.of("A1").evidence
    assert station_evidence.lost(station, evidence) == ()
    lies = station.attachments.place(evidence[0].attachment.sha256)
    lies.chmod(0o600)
    lies.write_bytes(b"%PDF")
    assert station_evidence.lost(station, evidence) == evidence
    lies.unlink()
    assert station_evidence.lost(station, evidence) == evidence


def test_an_empty_file_that_was_attached_before_counts_as_missing(station):
    kept = assessing.new(station, 2023)
    empty = Evidence(Attachment("0" * 64, "批复.pdf", 0), PAPER)
    sheet = kept.sheet.with_filled("A1", Filled(evidence=(empty,)))
    assert any(each.startswith("A1") and PAPER in each for each in sheet.missing())
    assert station_evidence.lost(station, (empty,)) == (empty,)
