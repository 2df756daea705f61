"""Whom a signature is believed: revocation lists, pins, times, roots that change."""

from datetime import timedelta

import pytest
from cryptography import x509
from exchange import corpus
from exchange.corpus import REASON
from exchange.offices import MADE, NOW, crl, key, office, operator, package, tree, verified

from riskdesk.errors import InputError
from riskdesk.exchange import crls
from riskdesk.exchange.certificates import Credential, cross_certificate, office_certificate
from riskdesk.exchange.pem import to_pem
from riskdesk.exchange.refusal import Refusal
from riskdesk.exchange.trust import Trust, der, reason_of


def level(data, trust=None, now=NOW):
    return str(verified(data, trust, now).signer.level)


def revoking(reason=REASON.key_compromise, number=2):
    return crl(tree().county, (tree().county.operator.certificate, reason), number=number)


def test_a_package_with_an_old_list_cannot_roll_back_a_newer_one():
    t = tree()
    known = Trust(roots=(t.province.der,), crls=(revoking(number=2),))
    assert level(package(t.county, t.city, crls=[crl(t.county, number=1)]), known) == "revoked"


def test_what_a_list_revoked_stays_revoked_wherever_it_comes_from_and_whatever_newer_ones_say():
    t = tree()
    known = Trust(roots=(t.province.der,), crls=(revoking(number=2),))
    assert level(package(t.county, t.city, crls=[crl(t.county, number=3)]), known) == "revoked"
    assert level(package(t.county, t.city, crls=[crl(t.county, number=3), revoking(number=2)])) == "revoked"
    assert level(package(t.county, t.city, crls=[revoking(number=9)]), t.trust) == "revoked"


def test_a_newer_list_makes_no_revocation_harmless():
    t = tree()
    both = [revoking(number=2), revoking(REASON.superseded, number=3)]
    assert level(package(t.county, t.city, crls=both)) == "revoked"


def test_a_list_signed_with_another_key_is_taken_no_notice_of():
    t = tree()
    forger = office(t.county.path, 960)
    forged = crl(forger, (t.county.operator.certificate, REASON.key_compromise), number=99)
    assert level(package(t.county, t.city, crls=[forged])) == "chain"
    known = Trust(roots=(t.province.der,), crls=(revoking(),))
    assert level(package(t.county, t.city, crls=[crl(forger, number=99)]), known) == "revoked"


@pytest.mark.parametrize("reason", [REASON.superseded, REASON.cessation_of_operation, REASON.affiliation_changed])
def test_a_harmless_reason_retires(reason):
    found = verified(package(tree().county, tree().city, crls=[revoking(reason)]))
    assert str(found.signer.level) == "retired"
    assert found.signer.revoked_at == MADE


@pytest.mark.parametrize("reason", [REASON.unspecified, REASON.key_compromise, REASON.privilege_withdrawn])
def test_other_reasons_revoke(reason):
    assert level(package(tree().county, tree().city, crls=[revoking(reason)])) == "revoked"


def test_a_package_inside_of_somebody_revoked_since_is_as_good_as_the_outer_one_and_tells_it():
    inside = {"inner/a.rdpkg": package(tree().county, tree().city, crls=[revoking()])}
    found = verified(package(tree().city, tree().province, inside))
    assert str(found.signer.level) == "chain"
    assert str(found.inside["inner/a.rdpkg"].signer.level) == "revoked"
    ended = crl(tree().province, (tree().city.authority.certificate, REASON.key_compromise))
    assert level(package(tree().city, tree().province, inside, crls=[ended])) == "revoked"


def handed_over():
    """The next root, a list of it that revokes the city's certificate by the old one, and the hand-over."""
    t = tree()
    root = office(t.province.path, 963)
    revoked = crl(root, (t.city.authority.certificate, REASON.key_compromise), number=7)
    return root, revoked, der(cross_certificate(t.province.authority, root.authority.certificate, MADE))


def test_the_next_root_revokes_what_the_one_before_certified():
    t = tree()
    root, revoked, cross = handed_over()
    data = package(t.city, t.province, crls=[revoked])
    old_only = Trust(roots=(t.province.der,))
    assert level(data, old_only) == "chain"
    assert level(data, Trust(roots=(t.province.der,), intermediates=(cross,))) == "revoked"
    assert level(data, Trust(roots=(t.province.der, root.der))) == "revoked"
    brought = package(t.city, t.province, {"trust/more.pem": to_pem([cross])}, crls=[revoked])
    assert level(brought, old_only) == "revoked"


def test_a_list_of_the_old_root_does_not_bring_back_what_the_next_one_revoked():
    t = tree()
    root, revoked, cross = handed_over()
    known = Trust(roots=(t.province.der, root.der), intermediates=(cross,), crls=(revoked,))
    assert level(package(t.city, t.province, crls=[crl(t.province, number=99)]), known) == "revoked"


def test_a_stranger_who_certifies_the_key_of_an_authority_revokes_nothing_for_it():
    t = tree()
    stranger = office(t.province.path, 965)
    bridge = cross_certificate(stranger.authority, t.province.authority.certificate, MADE)
    own = to_pem([der(bridge), stranger.der])
    forged = crl(stranger, (t.city.authority.certificate, REASON.key_compromise), number=99)
    assert level(package(t.city, t.province, {"trust/more.pem": own}, crls=[forged])) == "chain"


def test_the_hand_over_of_a_root_is_told_from_other_certificates():
    t = tree()
    root, _, cross = handed_over()
    stranger = office(t.province.path, 965)
    foreign = der(cross_certificate(stranger.authority, root.authority.certificate, MADE))
    given = [t.city.der, foreign, t.province.der, root.der, cross]
    assert crls.hand_overs([t.province.der], given) == (cross,)


def test_what_our_lists_of_all_keys_revoke_is_read_with_the_highest_number():
    t = tree()
    root, revoked, _ = handed_over()
    before = crl(t.province, (t.county.authority.certificate, REASON.superseded), number=3)
    number, entries = crls.held([before, revoked, crl(t.city, number=50)], root.der, [t.province.der])
    assert number == 7
    assert {(serial, reason) for serial, _, reason in entries} == {
        (t.city.authority.certificate.serial_number, "keyCompromise"),
        (t.county.authority.certificate.serial_number, "superseded"),
    }


def test_time_is_that_of_the_receiver():
    data = corpus.good()
    assert level(data, now=MADE - timedelta(days=3)) == "not_yet_valid"
    assert level(data, now=MADE + timedelta(days=4 * 365)) == "expired"
    assert level(data, now=MADE + timedelta(days=2 * 365)) == "chain"


def test_without_a_root_the_office_is_unknown_and_its_highest_authority_is_told():
    t = tree()
    found = verified(corpus.good(), Trust())
    assert str(found.signer.level) == "unknown"
    assert found.signer.authority == t.city.der


def test_a_pin_vouches_for_its_office_and_those_below_it_only():
    t = tree()
    pinned = Trust(pinned=(t.county.der,))
    assert level(package(t.county, t.city), pinned) == "pinned"
    assert level(package(t.suo, t.county), pinned) == "pinned"
    assert level(package(t.neighbour, t.city), pinned) == "unknown"
    assert level(package(t.city, t.province), pinned) == "unknown"


def test_a_pinned_office_cannot_sign_for_one_that_is_not_below_it():
    t = tree()
    lonely = office(t.county.path, 961)
    data = package(t.neighbour, t.city, by=corpus.forged_operator(lonely, t.neighbour.path, 962))
    with pytest.raises(Refusal) as refused:
        verified(data, Trust(pinned=(lonely.der,)))
    assert refused.value.reason == "scope"


def test_a_pin_does_not_outlive_the_revocation_of_the_office():
    t = tree()
    pinned = Trust(roots=(t.province.der,), pinned=(t.county.der,))
    revoked = crl(t.city, (t.county.authority.certificate, REASON.ca_compromise))
    assert level(package(t.county, t.city), pinned) == "chain"
    assert level(package(t.county, t.city, crls=[revoked]), pinned) == "revoked"


def test_those_who_know_only_the_old_root_follow_its_word_to_the_new_one():
    t = tree()
    root = office(t.province.path, 963)
    city = office(t.city.path, 964, root)
    cross = cross_certificate(t.province.authority, root.authority.certificate, MADE)
    data = package(city, t.province, {"trust/more.pem": to_pem([der(cross)])})
    assert level(data) == "chain"
    assert level(data, Trust(roots=(root.der,))) == "chain"
    assert level(package(city, t.province)) == "unknown"


def test_a_renewed_authority_with_the_same_key_is_as_good():
    t = tree()
    renewed = office_certificate(t.city.authority, t.county.path, key(3).public_key(), NOW)
    by = Credential(t.county.operator.key, t.county.operator.certificate, (der(renewed), *t.city.chain))
    assert level(package(t.county, t.city, by=by)) == "chain"


def test_an_office_certifies_only_those_directly_below_it():
    t = tree()
    for issuer, path in ((t.station, t.county.path), (t.city, t.suo.path), (t.county, t.neighbour.path)):
        with pytest.raises(InputError):
            office_certificate(issuer.authority, path, key(1).public_key(), NOW)
    with pytest.raises(InputError, match="不能再签发"):
        office_certificate(t.suo.authority, (*t.suo.path, t.station.path[-1]), key(1).public_key(), NOW)


def test_an_office_that_hangs_anothers_code_below_itself_shows_it_in_its_way():
    """No certificate can forbid it, so whoever receives a package compares the whole way with the roster."""
    t = tree()
    below = office((*t.county.path, t.neighbour.path[-1]), 980, t.county)
    found = verified(package(below, t.city))
    assert found.signer.office.code == t.neighbour.code
    assert [unit.code for unit in found.signer.path] == ["140000-JU", "140100-JU", "140105-JU", "140106-JU"]


def test_certificates_that_certify_one_another_do_not_hold_the_verifier_up():
    t = tree()
    ring = [office(t.county.path, 970 + n) for n in range(4)]
    made = [der(cross_certificate(one.authority, other.authority.certificate, MADE)) for one in ring for other in ring]
    stranger = operator(ring[0].authority, "张三", 30, [])
    data = package(t.county, t.city, {"trust/more.pem": to_pem(made)}, by=stranger)
    assert level(data) == "unknown"


def test_of_lists_the_newest_of_each_authority_is_kept_and_older_ones_that_say_more():
    t = tree()
    first, second, other = crl(t.county, number=1), revoking(number=2), crl(t.city, number=1)
    forged = crl(office(t.county.path, 960), number=50)
    authorities = [t.county.der, t.city.der]
    assert set(crls.worth_keeping([], [second, first, forged, other], authorities)) == {second, other}
    third = crl(t.county, (t.suo.authority.certificate, REASON.superseded), number=2)  # a number given twice
    assert set(crls.worth_keeping([second, first], [third], authorities)) == {second, third}
    everything = crl(
        t.county,
        (t.suo.authority.certificate, REASON.superseded),
        (t.county.operator.certificate, REASON.key_compromise),
        number=4,
    )
    assert crls.worth_keeping([second, third], [everything], authorities) == (everything,)


def test_a_known_list_stays_when_its_authority_is_not_at_hand_and_gives_way_to_a_newer_one_when_it_is():
    t = tree()
    known, newer = revoking(number=2), revoking(number=3)
    assert crls.worth_keeping([known], [], [t.city.der]) == (known,)
    assert crls.worth_keeping([known], [newer], [t.city.der]) == (known,)
    assert crls.worth_keeping([known], [newer], [t.city.der, t.county.der]) == (newer,)


def test_the_number_of_the_next_list_is_greater_than_any_that_was_given_before():
    assert crls.next_number(0, NOW) == int(NOW.timestamp())
    assert crls.next_number(crls.next_number(0, NOW), NOW) == int(NOW.timestamp()) + 1
    assert crls.next_number(7, NOW + timedelta(seconds=1)) > crls.next_number(0, NOW)


def test_the_next_list_says_the_gravest_of_what_is_known():
    t = tree()
    serial = t.county.operator.certificate.serial_number
    entries = [(serial, NOW.isoformat(), "keyCompromise"), (serial, NOW.isoformat(), "superseded")]
    [entry] = x509.load_der_x509_crl(crls.new_list(t.county.authority, entries, 5, NOW))
    assert reason_of(entry) is REASON.key_compromise
    _, [told] = crls.held([revoking(number=2), revoking(REASON.superseded, number=3)], t.county.der, [])
    assert told[2] == "keyCompromise"


def test_a_list_is_made_of_what_was_noted():
    t = tree()
    serial, end = crls.serial_and_end(der(t.county.operator.certificate))
    made = crls.new_list(t.county.authority, [(serial, NOW.isoformat(), "keyCompromise")], 5, NOW)
    assert x509.load_der_x509_crl(made).get_revoked_certificate_by_serial_number(serial)
    assert end > NOW.isoformat()
    assert level(package(t.county, t.city, crls=[made])) == "revoked"
