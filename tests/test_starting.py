"""JupyterLab in the notebooks of a workspace."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from itpm_trends import starting
from itpm_trends.errors import NothingToDo
from itpm_trends.workspace import VARIABLE, Workspace

TOKEN = "made-up-token"


@pytest.fixture
def laid_out(tmp_path) -> Workspace:
    folder = tmp_path / "my work"
    assert list(starting.lay_out(folder))
    return Workspace(folder)


def test_jupyterlab_opens_in_the_notebooks(laid_out):
    command = starting.lab_command(laid_out, no_browser=True)
    assert command[:3] == [sys.executable, "-m", "jupyterlab"]
    assert f"--ServerApp.root_dir={laid_out.root / 'notebooks'}" in command
    assert "--no-browser" in command
    assert "--no-browser" not in starting.lab_command(laid_out)


def test_without_notebooks_init_is_named(tmp_path):
    with pytest.raises(NothingToDo, match="itpm-trends init"):
        starting.lab_command(Workspace(tmp_path))


def test_its_notebooks_find_the_workspace_and_its_exit_code_is_told(laid_out, monkeypatch, tmp_path):
    told = tmp_path / "told.json"
    program = f"import json, os, sys; json.dump(dict(os.environ), open({str(told)!r}, 'w')); sys.exit(7)"
    monkeypatch.setattr(starting, "lab_command", lambda *_: [sys.executable, "-c", program])
    assert starting.open_lab(laid_out) == 7
    environment = json.loads(told.read_text(encoding="utf-8"))
    assert environment[VARIABLE] == str(laid_out.root)
    assert str(Path(starting.__file__).parents[1]) in environment["PYTHONPATH"].split(os.pathsep)


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="ends the server by a signal")
def test_the_server_answers_and_holds_the_notebooks(laid_out, monkeypatch, tmp_path):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    for name in ("JUPYTER_CONFIG_DIR", "JUPYTER_RUNTIME_DIR", "JUPYTER_DATA_DIR", "IPYTHONDIR"):
        monkeypatch.setenv(name, str(tmp_path / name))
    more = [f"--port={port}", f"--IdentityProvider.token={TOKEN}", "--ServerApp.ip=127.0.0.1", "--allow-root"]
    command = [*starting.lab_command(laid_out, no_browser=True), *more]
    with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as running:
        try:
            names = {entry["name"] for entry in _answer(port, "/api/contents")["content"]}
        finally:
            running.send_signal(signal.SIGTERM)
    assert {path.name for path in (laid_out.root / "notebooks").glob("*.ipynb")} <= names
    assert len(names) >= 8


def _answer(port: int, path: str, seconds: float = 60) -> dict:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"Authorization": f"token {TOKEN}"})
    deadline = time.monotonic() + seconds
    while True:
        try:
            with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=5) as answer:
                return json.load(answer)
        except (urllib.error.URLError, ConnectionError):
            if time.monotonic() > deadline:
                raise
            time.sleep(0.2)
