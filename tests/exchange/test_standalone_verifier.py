"""The verifier that knows nothing of riskdesk agrees with riskdesk on every package, good and bad."""

import importlib.util
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from exchange import corpus
from exchange.offices import tree

from riskdesk.exchange.pem import to_pem

SCRIPT = Path(__file__).parents[2] / "tools" / "verify_package.py"
CASES = {
    **{f"good {name}": (make, True) for name, make in corpus.GOOD.items()},
    **{f"bad {name}": (make, False) for name, (make, _) in {**corpus.BAD, **corpus.UNTRUSTED}.items()},
}
pytestmark = pytest.mark.skipif(not shutil.which("openssl"), reason="no openssl here")


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    path = tmp_path_factory.mktemp("root") / "root.pem"
    path.write_bytes(to_pem([tree().province.der]))
    return path


@pytest.fixture(scope="module")
def program():
    spec = importlib.util.spec_from_file_location("verify_package", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    sys.modules["verify_package"] = module
    spec.loader.exec_module(module)
    yield module
    del sys.modules["verify_package"]


@pytest.fixture
def told(program, root, monkeypatch, capsys):
    """What it says of a package, with its exit code."""

    def call(path):
        monkeypatch.setattr(sys, "argv", ["verify_package.py", str(path), "--root", str(root)])
        return program.main(), capsys.readouterr().out

    return call


@pytest.mark.parametrize("name", [pytest.param(name, id=name.replace(" ", "-")) for name in CASES])
def test_it_agrees_on_a_package(name, told, tmp_path):
    make, good = CASES[name]
    (tmp_path / "p.rdpkg").write_bytes(make())
    code, said = told(tmp_path / "p.rdpkg")
    assert code == (0 if good else 4), said
    assert said.startswith("Good:" if good else "NOT good: ")


def test_it_runs_by_itself_without_riskdesk(root, tmp_path):
    shutil.copy2(SCRIPT, tmp_path / "check.py")
    (tmp_path / "p.rdpkg").write_bytes(corpus.nested())
    command = [sys.executable, "-I", "-S", "check.py", "p.rdpkg", "--root", str(root)]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert len(done.stdout.splitlines()) == 5
    (tmp_path / "p.rdpkg").write_bytes(corpus.by_stranger_below())
    assert subprocess.run(command, cwd=tmp_path, capture_output=True, check=False).returncode == 4
