"""Whatever happens to the bytes of a package: it is refused, or what is accepted is what was signed."""

import random

import pytest
from exchange import corpus
from exchange.offices import MADE, SIGNATURE, SIGNED, crl, entries_of, package, tree, verified, zipped

from riskdesk.exchange.refusal import Refusal
from riskdesk.exchange.trust import Trust


def accepted(data, trust=None):
    """What is believed of a package, None if it is refused."""
    try:
        found = verified(data, trust)
    except Refusal:
        return None
    # what is not signed may differ: the mimetype's presence, attributes of the zip file
    digests = {name: each for name, each in found.digests.items() if "META-INF/" not in name and name != "mimetype"}
    signers = [(each.path, each.person, each.certificate, each.level) for each in found.signers]
    return found.id, found.manifest, signers, digests, sorted(found.inside)


@pytest.fixture(scope="module")
def whole():
    """A package with lists that revoke others, and one inside."""
    t = tree()
    other = (t.neighbour.operator.certificate, corpus.REASON.key_compromise)
    inside = {"inner/140105-S01.rdpkg": package(t.suo, t.county)}
    return package(t.county, t.city, inside, crls=[crl(t.county, other), crl(t.city, made=MADE)])


def test_three_thousand_random_changes_never_change_what_is_accepted(whole):
    truth = accepted(whole)
    assert truth
    for changed in corpus.mutated(whole, 3000, seed=1):
        assert accepted(changed) in (None, truth)


def test_bits_flipped_in_the_signed_parts_never_change_what_is_accepted(whole):
    truth, found, chance = accepted(whole), entries_of(whole), random.Random(2)
    taken = 0
    for name in ("manifest.json", SIGNED, SIGNATURE, "trust/0001.crl", "data/records.json"):
        for _ in range(560):
            content = bytearray(found[name])
            content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
            verdict = accepted(zipped({**found, name: bytes(content)}))
            assert verdict in (None, truth)
            taken += verdict is not None
    assert taken < 280  # bits of the signature that are not signed: copies of certificates that are not needed


def test_a_list_that_is_damaged_never_brings_a_revoked_signer_back():
    """A revoked signer may sign whatever lists, so bits are flipped in a copy of the list that is kept here."""
    t, chance = tree(), random.Random(3)
    kept = crl(t.county, (t.county.operator.certificate, corpus.REASON.key_compromise), number=7)
    known = Trust(roots=(t.province.der,), crls=(kept,))
    for _ in range(60):
        forged = bytearray(kept)
        forged[chance.randrange(len(forged))] ^= 1 << chance.randrange(8)
        believed = accepted(package(t.county, t.city, crls=[bytes(forged)]), known)
        assert believed is None or believed[2][0][-1] == "revoked"
