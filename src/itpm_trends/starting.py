"""``itpm-trends init``: a folder to work in."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

from itpm_trends.settings import FILE_NAME


def packaged_notebooks() -> Path:
    """The notebooks as installed, or those of the checkout when the package runs from its sources."""
    installed = Path(__file__).parent / "notebooks"
    return installed if installed.is_dir() else Path(__file__).parents[2] / "notebooks"


def lay_out(folder: Path) -> Iterator[Path]:
    """Create what ``folder`` lacks of settings, data folders and notebooks; yield what was created."""
    for name in ("data/raw", "data/processed", "reports", "notebooks"):
        (folder / name).mkdir(parents=True, exist_ok=True)
    settings = folder / FILE_NAME
    if not settings.exists():
        with as_file(files("itpm_trends") / "settings_template.toml") as template:
            shutil.copyfile(template, settings)
        yield settings
    for notebook in sorted(packaged_notebooks().glob("*.ipynb")):
        copy = folder / "notebooks" / notebook.name
        if not copy.exists():
            shutil.copyfile(notebook, copy)
            yield copy
