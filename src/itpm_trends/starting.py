"""``itpm-trends init``: a folder to work in; ``itpm-trends lab``: JupyterLab in its notebooks."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from importlib.resources import as_file, files
from pathlib import Path

from itpm_trends.errors import NothingToDo
from itpm_trends.settings import FILE_NAME
from itpm_trends.workspace import VARIABLE, Workspace


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


def lab_command(workspace: Workspace, no_browser: bool = False) -> list[str]:
    """What starts JupyterLab in the notebooks of ``workspace``; NothingToDo where it has none."""
    folder = workspace.root / "notebooks"
    if not any(folder.glob("*.ipynb")):
        raise NothingToDo(f"{folder} holds no notebook. Lay them out with `itpm-trends init {workspace.root}`.")
    # The setting stands in one word: a folder's name may hold spaces.
    command = [sys.executable, "-m", "jupyterlab", f"--ServerApp.root_dir={folder}"]
    return [*command, "--no-browser"] if no_browser else command


def open_lab(workspace: Workspace, no_browser: bool = False) -> int:
    """Run JupyterLab until it is ended; its exit code. Its notebooks find ``workspace`` wherever they are run."""
    command = lab_command(workspace, no_browser)
    package = str(Path(__file__).resolve().parents[1])
    path = os.pathsep.join(filter(None, [package, os.environ.get("PYTHONPATH")]))
    environment = os.environ | {VARIABLE: str(workspace.root), "PYTHONPATH": path}
    with subprocess.Popen(command, env=environment) as running:
        while True:
            try:
                return running.wait()
            except KeyboardInterrupt:
                continue  # JupyterLab was told so, too, and asks whether it is meant
