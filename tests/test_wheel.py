"""What is handed to people who install the program: all that it needs, nothing of ours."""

from __future__ import annotations

from pathlib import Path
from zipfile import ZipFile

import pytest

ROOT = Path(__file__).parents[1]
MOST_BYTES = 5_000_000
NEEDED = (
    "itpm_trends/official/hiring_lab.csv",
    "itpm_trends/schedules/systemd.timer",
    "itpm_trends/settings_template.toml",
    "itpm_trends/showing/assets/plotly-LICENSE.txt",
    "itpm_trends/showing/assets/plotly-basic.min.js",
    "itpm_trends/vocabulary/certifications/agile.toml",
)


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    builders = pytest.importorskip("hatchling.builders.wheel")
    folder = tmp_path_factory.mktemp("dist")
    return Path(next(builders.WheelBuilder(str(ROOT)).build(directory=str(folder), versions=["standard"])))


@pytest.fixture(scope="module")
def packed(wheel) -> set[str]:
    with ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_is_small(wheel):
    assert wheel.stat().st_size < MOST_BYTES


def test_the_wheel_holds_every_file_of_the_program_and_the_notebooks(packed):
    assert set(NEEDED) <= packed
    assert any(name.startswith("itpm_trends/notebooks/") for name in packed)
    assert files_below(ROOT / "src") | {f"itpm_trends/{name}" for name in files_below(ROOT / "notebooks", ROOT)} == {
        name for name in packed if not name.startswith("itpm_trends-")
    }


def test_the_wheel_holds_nothing_else(packed):
    tops = {name.split("/")[0] for name in packed}
    assert tops == {"itpm_trends", next(top for top in tops if top.endswith(".dist-info"))}
    assert not [name for name in packed if "/tests/" in name or "/data/" in name or name.endswith(".parquet")]


def files_below(folder: Path, root: Path | None = None) -> set[str]:
    """Names of the files in ``folder`` from ``root`` on, what Python and Jupyter leave behind not included."""
    return {
        path.relative_to(root or folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file() and not {"__pycache__", ".ipynb_checkpoints"} & set(path.parts)
    }
