"""Every attack on a package is refused: with the check it fails, exit code 4 and a Chinese sentence; nothing else is ever raised."""

import re

import pytest
from exchange import corpus
from exchange.offices import verified

from riskdesk.errors import VerificationError
from riskdesk.exchange.refusal import Refusal


def of(cases):
    return [pytest.param(make, expected, id=name.replace(" ", "-")) for name, (make, expected) in cases.items()]


@pytest.mark.parametrize(("make", "reason"), of(corpus.BAD))
def test_a_package_is_refused_that_has(make, reason):
    with pytest.raises(Refusal) as refused:
        verified(make())
    assert refused.value.reason == reason or reason == "*"
    assert isinstance(refused.value, VerificationError)
    assert refused.value.exit_code == 4
    assert re.search(r"[\u4e00-\u9fff]{4}.*。$", str(refused.value))


@pytest.mark.parametrize(("make", "level"), of(corpus.UNTRUSTED))
def test_a_package_is_not_trusted(make, level):
    found = verified(make())
    assert found.signer.level == level
    assert not found.signer.is_trusted


@pytest.mark.parametrize("make", [pytest.param(make, id=name.replace(" ", "-")) for name, make in corpus.GOOD.items()])
def test_a_genuine_package_is_trusted(make):
    found = verified(make())
    assert all(each.is_trusted for each in found.signers)
    assert found.signer.office.code == found.manifest.sender


def test_it_is_told_who_signed_and_what_is_inside():
    found = verified(corpus.nested())
    assert [str(unit) for unit in found.signer.path] == ["140000-JU 山西省局", "140100-JU 太原市局"]
    assert found.signer.person == "张三"
    assert list(found.inside) == ["inner/140105-JU.rdpkg", "inner/140106-JU.rdpkg"]
    lowest = found.inside["inner/140105-JU.rdpkg"].inside["inner/140105-S01.rdpkg"]
    assert lowest.signer.office.code == "140105-S01"


def test_zipping_again_changes_no_id():
    ids = {verified(corpus.GOOD[name]()).id for name in corpus.GOOD if name.startswith("zipped again")}
    assert ids == {verified(corpus.good()).id}
