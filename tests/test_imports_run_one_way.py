"""The way of the data: a room imports only rooms to its left."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "src" / "itpm_trends"
ROOMS = ("collecting", "reading", "measuring", "showing")
GROUND = {
    "errors",
    "files",
    "tables",
    "settings",
    "workspace",
    "places",
    "printable",
    "progress",
    "starting",
    "__init__",
}  # what every room may stand on


def imported_rooms(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import; write the whole name"
            names = [node.module, *(f"{node.module}.{alias.name}" for alias in node.names)]
        found |= {name.split(".")[1] for name in names if name.startswith("itpm_trends.")}
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_rooms_to_its_left(room):
    allowed = set(ROOMS[: ROOMS.index(room) + 1]) | GROUND | {"__version__", "charts"}
    for path in (PACKAGE / room).rglob("*.py"):
        modules = {p.stem for p in PACKAGE.glob("*.py")} | set(ROOMS) | {"demo", "vocabulary"}
        strangers = (imported_rooms(path) & modules) - allowed
        assert not strangers, f"{path.relative_to(PACKAGE)} imports {sorted(strangers)}"


@pytest.mark.parametrize("module", sorted(GROUND - {"__init__"}))
def test_the_ground_imports_no_room(module):
    assert not imported_rooms(PACKAGE / f"{module}.py") & {*ROOMS, "demo", "building", "cli"}


def test_the_test_sees_a_forbidden_import(tmp_path):
    forbidden = tmp_path / "x.py"
    forbidden.write_text("from itpm_trends.showing.report import write_report\n")
    assert imported_rooms(forbidden) >= {"showing"}
