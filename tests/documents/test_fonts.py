"""The shipped fonts are the built ones and hold every character that names and places in China are written with."""

import hashlib
import json

from conftest import CORPUS
from reportlab.pdfbase.ttfonts import TTFont

from riskdesk.paths import resource

TABLE_OF_2013 = set(json.loads((CORPUS / "tgh8105.json").read_text("utf-8")))  # 通用规范汉字表
LEVEL_1 = {*range(0x4E00, 0x9FA6), *range(0x3400, 0x4DB6), *range(0x9FA6, 0x9FF0)}  # GB 18030-2022


def characters_of(name):
    return set(TTFont(name, str(resource(f"fonts/{name}")), shapable=False).face.charToGlyph)


def test_the_fonts_are_the_ones_that_were_built():
    lines = resource("fonts/SHA256SUMS").read_text("utf-8").splitlines()
    assert len(lines) == 4
    for line in lines:
        digest, name = line.split()
        assert hashlib.sha256(resource(f"fonts/{name}").read_bytes()).hexdigest() == digest, name


def test_the_text_font_holds_gb_18030_level_2():
    assert len(TABLE_OF_2013) == 8105
    assert characters_of("RiskSerifSC-Regular.ttf") >= LEVEL_1 | TABLE_OF_2013


def test_headings_hold_the_table_of_general_standard_characters():
    for name in ("RiskSerifSC-Bold.ttf", "RiskSansSC-Regular.ttf"):
        assert not TABLE_OF_2013 - characters_of(name), name
