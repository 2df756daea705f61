"""A small hierarchy of data folders with sample data, to look at and to learn with."""

from __future__ import annotations

import csv
import io
import itertools
import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from riskdesk import clock
from riskdesk.domain.progress import Progress, silent
from riskdesk.domain.table_mapping import TableMapping
from riskdesk.errors import UsageError
from riskdesk.files import write_new
from riskdesk.paths import resource
from riskdesk.services import approving, enrolling, key_making, keyring, preferences
from riskdesk.services.desk import DATA_FILE, Desk, OfficeProfile
from riskdesk.services.importing import import_files
from riskdesk.services.roster import roster_of
from riskdesk.services.setup import set_up

COUNTY = "140105-JU"  # the office to start with: it has the most records
PASSPHRASE = "演示口令 不得用于真实单位"  # noqa: S105 - told to everybody
_PROVINCE, _CITY, _SECOND_COUNTY, _SUO, _STATION = "140000-JU", "140100-JU", "140106-JU", "140105-S01", "140100-ZD01"
_OFFICES = {
    _PROVINCE: {},
    _CITY: {},
    COUNTY: {},
    _SECOND_COUNTY: {},
    _SUO: {"name": "太原市小店区市场监督管理局坞城所", "parent": COUNTY},
    _STATION: {"name": "山西省产品质量安全风险监测站（示例·太原）"},
}
_UNIT, _FOUND = "填报单位", "发现日期"
_DAYS = 28
_FORMS = ("坞城所5月报送表.xlsx", "平阳路所5月报送表.docx")  # as two offices without riskdesk typed them


def make(folder: Path, progress: Progress = silent) -> dict[str, Path]:
    """Make one data folder for each demo office below `folder`, enrolled with each other, with its share of the samples.

    Return the folders by code. The county also gets the filled-in forms of two offices below it. All keys have `PASSPHRASE`.
    """
    homes = {code: folder / code for code in _OFFICES}
    if used := [home for home in homes.values() if (home / DATA_FILE).exists()]:
        raise UsageError(f"{used[0]} 已有数据。请为演示另选一个空文件夹。")
    shares = _shares()
    for number, (code, home) in enumerate(homes.items()):
        progress(number, len(homes), code)
        with set_up(home, code, person="示例人员", phone="0351-0000000", **_OFFICES[code]) as desk:
            if code in shares:
                table = write_new(home / "示例数据" / "风险信息示例.csv", shares[code])
                import_files(desk, [table], _mapping())
            if code == COUNTY:
                import_files(desk, [_copied(name, home / "示例数据") for name in _FORMS])
    _enrol(homes, progress)
    return homes


def _enrol(homes: Mapping[str, Path], progress: Progress) -> None:
    """Make all keys, and let each office be certified by the one above; telephones are at hand here."""
    with TemporaryDirectory() as way:
        root = ""
        for number, (code, home) in enumerate(homes.items()):
            progress(number, len(homes), f"{code} 密钥")
            with Desk(home) as desk:
                key_making.make_keys(desk, PASSPHRASE)
                keys = keyring.unlock(desk, PASSPHRASE)
                root = root or keyring.own_fingerprint(desk)
                if not desk.office.parent:
                    continue
                asked = enrolling.ask(desk, keys, Path(way))
                superior = roster_of(desk).office(code).report_to[0]
            with Desk(homes[superior]) as above:
                opened = keyring.unlock(above, PASSPHRASE)
                kit = approving.approve(above, opened, asked.file, asked.fingerprint, Path(way))
            with Desk(home) as desk:
                enrolling.install(desk, keys, PASSPHRASE, kit.file, root)


def make_training(home: Path, profile: OfficeProfile) -> None:
    """Make a data folder to learn with, as if of the same office: sample records and two forms to import by hand."""
    with set_up(
        home, profile.code, name=profile.name, parent=profile.parent, person=profile.person, phone=profile.phone
    ) as desk:
        preferences.keep(desk, replace(preferences.preferences(desk), training=True))
        table = write_new(home / "示例数据" / "风险信息示例.csv", _shares()[COUNTY])
        import_files(desk, [table], _mapping())
        for name in _FORMS:
            _copied(name, home / "示例数据")


def _copied(name: str, folder: Path) -> Path:
    return write_new(folder / name, resource(f"samples/{name}").read_bytes())


def _mapping() -> TableMapping:
    given = json.loads(resource("samples/mapping.json").read_text("utf-8"))
    del given["columns"]["unit"]  # a demo office reports its share as its own
    return TableMapping.from_json(given)


def _shares() -> dict[str, bytes]:
    """Return the samples as one table for each office that enters records."""
    with resource("samples/samples.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = [_recent(number, row) for number, row in enumerate(csv.DictReader(file))]
    counties = itertools.cycle((COUNTY, COUNTY, _SECOND_COUNTY, _SUO))
    shares: dict[str, list[dict[str, str]]] = {}
    for row in rows:
        shares.setdefault(_office_for(row, counties), []).append(row)
    return {code: _table(share) for code, share in shares.items()}


def _recent(number: int, row: dict[str, str]) -> dict[str, str]:
    """Return a sample as if it was found in the last four weeks, so that there is something to report now."""
    return {**row, _FOUND: (clock.today() - timedelta(days=1 + number * 5 % _DAYS)).isoformat()}


def _office_for(row: Mapping[str, str], counties: itertools.cycle[str]) -> str:
    unit = row[_UNIT]
    if "监测站" in unit:
        return _STATION
    return _CITY if unit.count("市") == 2 and unit.endswith("市市场监督管理局") else next(counties)


def _table(rows: list[dict[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, list(rows[0]))
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8-sig")
