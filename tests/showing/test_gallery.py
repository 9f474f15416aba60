"""The gallery shows every chart, by calls that work."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path

import pytest

from itpm_trends import charts
from itpm_trends.workspace import VARIABLE

DOCS = Path(__file__).parents[2] / "docs"
PAGES = ("gallery.md", "advisors.md")
TEXT = (DOCS / "gallery.md").read_text(encoding="utf-8")


@pytest.fixture
def gallery(monkeypatch):
    pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    monkeypatch.syspath_prepend(str(DOCS))
    spec = importlib.util.spec_from_file_location("gallery", DOCS / "gallery.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_every_call_of_the_gallery_draws(gallery, workspace, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(workspace.root))
    figures = dict(gallery.gallery_figures(TEXT))
    assert set(figures) == set(charts.NAMES), "a new chart needs a section in docs/gallery.md, then `make pictures`"
    assert all(figure.data for figure in figures.values())


@pytest.mark.parametrize("page", PAGES)
def test_every_picture_of_a_page_is_there_and_small(page):
    named = re.findall(r"!\[[^\]]+\]\(([^)]+)\)", (DOCS / page).read_text(encoding="utf-8"))
    assert named
    for picture in named:
        assert (DOCS / picture).stat().st_size <= 60_000, picture
