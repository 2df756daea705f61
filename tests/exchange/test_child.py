"""The guarded verifier tells the same as the verifier, and a refusal when a package takes too much."""

import contextlib
import os
import signal
import subprocess
import sys

import pytest
from exchange import corpus
from exchange.offices import NOW, package, tree, verified

from riskdesk.exchange.child import GuardedVerifier
from riskdesk.exchange.refusal import Refusal


@pytest.fixture(scope="module")
def verifier():
    with GuardedVerifier() as started:
        yield started


@pytest.fixture
def put(tmp_path):
    def write(data):
        (tmp_path / "p.rdpkg").write_bytes(data)
        return tmp_path / "p.rdpkg"

    return write


@pytest.mark.parametrize(
    "name", ["as riskdesk makes it", "with packages inside, stored", "signed a second time by the city"]
)
def test_it_tells_all_that_the_verifier_tells(name, verifier, put):
    data = corpus.GOOD[name]()
    assert verifier.verify(put(data), tree().trust, NOW) == verified(data)


@pytest.mark.parametrize("name", corpus.UNTRUSTED)
def test_it_tells_what_is_wrong_with_a_signer(name, verifier, put):
    data = corpus.UNTRUSTED[name][0]()
    assert verifier.verify(put(data), tree().trust, NOW) == verified(data)


def test_what_looks_into_packages_is_loaded_in_the_guarded_process_only():
    used = "riskdesk.exchange.child, riskdesk.exchange.contents, riskdesk.exchange.layout, riskdesk.exchange.enrolment"
    code = f"import sys, {used}; print(*({{'pyhanko', 'lxml', 'riskdesk.exchange.verify'}} & sys.modules.keys()))"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "\n"


def test_it_refuses_what_the_verifier_refuses(verifier, put):
    with pytest.raises(Refusal) as refused:
        verifier.verify(put(corpus.BAD["a bomb"][0]()), tree().trust, NOW)
    assert refused.value.reason == "zip_ratio"
    assert refused.value.detail == "attach/9.jpg"


@pytest.mark.skipif(sys.platform != "linux", reason="the kernel's limits")
def test_what_takes_too_much_memory_is_refused_and_the_next_is_verified(put):
    t = tree()
    huge = corpus.signed_manifest(b'{"a":[' + b",".join(b"[%d]" % n for n in range(2_000_000)) + b"]}")
    with GuardedVerifier(memory_limit=220 << 20) as verifier:
        with pytest.raises(Refusal) as refused:
            verifier.verify(put(huge), t.trust, NOW)
        assert refused.value.reason == "limits"
        assert verifier.verify(put(corpus.good()), t.trust, NOW).manifest.sender == t.county.code


def test_what_takes_too_long_is_refused(put):
    t = tree()
    data = package(t.county, t.city, {"attach/0001.bin": bytes(60 << 20)})
    with GuardedVerifier(time_limit=0.02) as verifier, pytest.raises(Refusal) as refused:
        verifier.verify(put(data), t.trust, NOW)
    assert refused.value.reason == "limits"


def test_a_death_over_a_package_is_told_as_one(put):
    t = tree()
    path = put(package(t.county, t.city, {"attach/0001.bin": bytes(60 << 20)}))
    with GuardedVerifier() as verifier:
        verifier.begin(path, t.trust, NOW)
        os.kill(verifier._process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        with pytest.raises(Refusal) as refused:
            verifier.fetch()
        assert refused.value.reason == "died"
        assert verifier.verify(path, t.trust, NOW).manifest.sender == t.county.code


def test_a_death_between_packages_is_survived(put):
    t = tree()
    with GuardedVerifier() as verifier:
        path = put(corpus.good())
        first = verifier.verify(path, t.trust, NOW)
        os.kill(verifier._process.pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        with contextlib.suppress(Refusal):  # whether it is noticed before the question or over it
            verifier.verify(path, t.trust, NOW)
        assert verifier.verify(path, t.trust, NOW) == first
