"""Names for files beside those that are there already."""

import pytest

from riskdesk.files import unused, unused_stem


@pytest.mark.parametrize(
    ("name", "second"),
    [
        ("报送表.xlsx", "报送表 (2).xlsx"),
        ("报告 v1.2.pdf", "报告 v1.2 (2).pdf"),
        ("140105_2023-05_r1.rdpkg", "140105_2023-05_r1 (2).rdpkg"),
        ("140105_2023-05_r1.rdpkg.age", "140105_2023-05_r1 (2).rdpkg.age"),
        ("140105_2023-05_r1.rdpkg.age.001", "140105_2023-05_r1 (2).rdpkg.age.001"),
        ("没有后缀", "没有后缀 (2)"),
        (".rdpkg", ".rdpkg (2)"),
    ],
)
def test_a_second_file_of_a_name_keeps_its_endings(tmp_path, name, second):
    assert unused(tmp_path / name).name == name
    (tmp_path / name).touch()
    assert unused(tmp_path / name).name == second


def test_what_belongs_to_one_package_bears_one_number(tmp_path):
    assert unused_stem(tmp_path / "没有", "x_r1") == "x_r1"
    (tmp_path / "x_r10.rdpkg").touch()
    assert unused_stem(tmp_path, "x_r1") == "x_r1"
    (tmp_path / "x_r1_交接单.pdf").touch()
    assert unused_stem(tmp_path, "x_r1") == "x_r1 (2)"
    (tmp_path / "x_r1 (2).rdpkg.age.003").touch()
    assert unused_stem(tmp_path, "x_r1") == "x_r1 (3)"
