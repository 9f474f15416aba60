"""Dask reads what pandas reads, also when a worker is killed in the middle."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
from datetime import UTC, datetime

import pytest

from itpm_trends import building, scaling
from itpm_trends.collecting.archive import Archive
from itpm_trends.collecting.importing import import_files
from itpm_trends.errors import SettingsError
from itpm_trends.workspace import Workspace

pytestmark = pytest.mark.slow
N_POSTINGS = 60


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setattr(building, "FEWEST_A_PART", 5)
    monkeypatch.setattr(building, "FEW", 1)
    rows = [
        {
            "id": f"x{at}",
            "title": "IT Project Manager" if at % 3 else "Nurse",
            "company": f"Employer {at % 7}",
            "description": f"Requirements:\n- PMP required\n- {at % 9 + 1}+ years of project management\nRef. {at}",
            "posted_at": f"2026-01-{at % 28 + 1:02d}",
        }
        for at in range(N_POSTINGS)
    ]
    file = tmp_path / "adverts.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    workspace = Workspace(tmp_path / "work")
    import_files([file], Archive(workspace.raw), run_id="r1", now=datetime(2026, 2, 1, tzinfo=UTC))
    return workspace


def hashes(workspace: Workspace) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(workspace.processed.glob("*.parquet"))}


def copy_of(workspace: Workspace, folder) -> Workspace:
    other = Workspace(folder)
    shutil.copytree(workspace.raw, other.raw)
    return other


def test_two_workers_give_the_tables_of_one_process(workspace, tmp_path):
    pytest.importorskip("distributed", reason="the extra `distributed` is not installed")
    building.build(workspace, engine=scaling.Processes(1))
    other = copy_of(workspace, tmp_path / "other")
    with scaling.dask_engine() as engine:
        building.build(other, engine=engine)
    assert hashes(other) == hashes(workspace)


def test_a_killed_worker_changes_nothing(workspace, tmp_path, monkeypatch):
    distributed = pytest.importorskip("distributed", reason="the extra `distributed` is not installed")
    building.build(workspace, engine=scaling.Processes(1))
    other = copy_of(workspace, tmp_path / "other")
    killed: list[int] = []

    class Killing(scaling.DaskWorkers):
        def map(self, function, *arguments):
            for done in super().map(function, *arguments):
                if not killed and function.__name__ == "read_part":
                    pids = distributed.default_client().run(os.getpid)
                    killed.append(min(pids.values()))
                    os.kill(killed[0], signal.SIGKILL)
                yield done

    monkeypatch.setattr(scaling, "DaskWorkers", Killing)
    with scaling.dask_engine() as engine:
        building.build(other, engine=engine)
    assert killed
    assert hashes(other) == hashes(workspace)


def test_a_scheduler_that_does_not_answer_is_named(monkeypatch):
    pytest.importorskip("distributed", reason="the extra `distributed` is not installed")
    monkeypatch.setattr(scaling, "LONGEST_WAIT", 1)
    with pytest.raises(SettingsError, match="no Dask scheduler answers"), scaling.dask_engine("tcp://127.0.0.1:9"):
        pass


def test_without_the_extra_the_extra_is_named(monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(SettingsError, match=r"itpm-trends\[distributed\]"), scaling.dask_engine():
        pass
