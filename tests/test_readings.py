"""Readings are kept: a later build reads what is new, by whatever engine, and makes the same tables."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime, timedelta

import pandas as pd
import pytest

from itpm_trends import building, readings, scaling
from itpm_trends.collecting.archive import Archive
from itpm_trends.collecting.importing import import_files
from itpm_trends.collecting.market import raw_market
from itpm_trends.workspace import Workspace

ADVERTS = [
    ("IT Project Manager", "Requirements:\n- PMP certification required\n- 5+ years of project management experience"),
    ("Senior IT Project Manager", "<h3>Qualifications</h3><ul><li>Bachelor&#39;s degree</li><li>Jira</li></ul>"),
    ("Technical Program Manager", "You lead software projects: agile, cloud, Jira, APIs.\n\nNice to have\n- CSM"),
    ("Nurse", "Care for patients on the ward. Requirements: a nursing licence."),
    ("IT Project Manager", "   "),
    ("Scrum Master", "We are looking for a Scrum Master. CSM preferred, 3 years of experience as a developer."),
]
FIRST_RUN = datetime(2026, 2, 1, tzinfo=UTC)


def imported(workspace: Workspace, adverts: list[tuple[str, str]], run: int) -> None:
    """One run of imports: each advert keeps its number over the runs."""
    rows = [
        {
            "source": "board",
            "id": f"x{at}",
            "title": title,
            "company": f"Employer {at}",
            "description": description,
            "posted_at": f"2026-01-{at + 5:02d}",
        }
        for at, (title, description) in enumerate(adverts)
    ]
    file = workspace.root / f"adverts{run}.jsonl"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join(map(json.dumps, rows)))
    import_files([file], Archive(workspace.raw), run_id=f"r{run}", now=FIRST_RUN + timedelta(days=7 * run))


def hashes(workspace: Workspace) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(workspace.processed.glob("*.parquet"))}


@pytest.fixture
def workspace(tmp_path, monkeypatch):
    monkeypatch.setattr(building, "FEWEST_A_PART", 2)
    workspace = Workspace(tmp_path / "work")
    imported(workspace, ADVERTS[:4], run=0)
    return workspace


@pytest.fixture
def was_read(monkeypatch):
    """The titles of the postings that were read, build after build."""
    titles: list[str] = []
    described = readings.described_postings

    def noted(raw):
        titles.extend(raw["title"])
        return described(raw)

    monkeypatch.setattr(readings, "described_postings", noted)
    return titles


def test_the_tables_are_those_of_a_build_in_memory(workspace):
    imported(workspace, ADVERTS, run=1)
    building.build(workspace)
    at_once = building.built_tables(raw_market(Archive(workspace.raw)))
    for name, frame in at_once.items():
        pd.testing.assert_frame_equal(workspace.load(name), frame, check_dtype=name != "quarantine")


def test_only_what_is_new_or_changed_is_read(workspace, was_read):
    building.build(workspace)
    assert sorted(was_read) == sorted(title for title, _ in ADVERTS[:4])
    was_read.clear()
    changed = [(title, text + " Travel." if title == "Nurse" else text) for title, text in ADVERTS]
    imported(workspace, changed, run=1)
    building.build(workspace)
    assert sorted(was_read) == ["Nurse", "Scrum Master"]


def test_a_build_on_kept_readings_gives_the_bytes_of_a_build_from_nothing(workspace, tmp_path):
    building.build(workspace)
    imported(workspace, [(title, f"{text} Travel.") for title, text in ADVERTS], run=1)
    building.build(workspace)
    fresh = Workspace(tmp_path / "fresh")
    shutil.copytree(workspace.raw, fresh.raw)
    building.build(fresh)
    assert hashes(workspace) == hashes(fresh)


def test_another_vocabulary_reads_everything_anew(workspace, was_read, monkeypatch):
    building.build(workspace)
    was_read.clear()
    own = workspace.root / "vocabulary"
    own.mkdir()
    (own / "skills.toml").write_text('[[skill]]\nid = "orbit"\nlabel = "Orbit"\nmatch = ["orbit board"]\n')
    building.build(workspace)
    assert len(was_read) == 4
    assert len(list((workspace.processed / building.STAGES).iterdir())) == 1


def test_what_a_killed_build_had_read_is_kept(workspace, was_read, monkeypatch):
    read = readings.requirement_mentions

    def dies(postings):
        if len(was_read) > 2:
            raise KeyboardInterrupt
        return read(postings)

    monkeypatch.setattr(readings, "requirement_mentions", dies)
    with pytest.raises(KeyboardInterrupt):
        building.build(workspace)
    monkeypatch.setattr(readings, "requirement_mentions", read)
    before = list(was_read)
    was_read.clear()
    building.build(workspace)
    assert len(was_read) == 2 and not set(was_read) & set(before[:2])


def test_several_processes_read_what_one_reads(workspace, tmp_path, monkeypatch):
    building.build(workspace)
    other = Workspace(tmp_path / "other")
    shutil.copytree(workspace.raw, other.raw)
    monkeypatch.setattr(building, "FEW", 1)
    with scaling.Processes(2) as engine:
        building.build(other, engine=engine)
    assert hashes(other) == hashes(workspace)


def test_stages_that_a_power_cut_left_damaged_are_made_anew(workspace):
    building.build(workspace)
    before = hashes(workspace)
    folders = workspace.raw / building.PARSED, workspace.processed / building.STAGES
    for damaged in sorted(path for folder in folders for path in folder.rglob("*.parquet")):
        damaged.write_bytes(damaged.read_bytes()[:40])
    (workspace.processed / building.RECORD).unlink()
    building.build(workspace)
    assert hashes(workspace) == before


def test_stages_may_stand_at_any_address(workspace, tmp_path, was_read):
    pytest.importorskip("fsspec", reason="the extra `distributed` is not installed")
    building.build(workspace)
    other = Workspace(tmp_path / "other")
    shutil.copytree(workspace.raw, other.raw, ignore=shutil.ignore_patterns(building.PARSED))
    address = f"file://{tmp_path / 'shared'}"
    building.build(other, stages=address)
    assert hashes(other) == hashes(workspace)
    assert not (other.raw / building.PARSED).exists() and not (other.processed / building.STAGES).exists()
    was_read.clear()
    imported(other, ADVERTS, run=1)
    building.build(other, stages=address)
    assert sorted(was_read) == ["Scrum Master"]
    building.build(other, stages=address, force=True)
    assert len(was_read) > 4


def test_many_small_parts_are_merged_and_nothing_is_read_again(workspace, tmp_path, was_read, monkeypatch):
    monkeypatch.setattr(readings, "MOST_PARTS", 1)
    monkeypatch.setattr(building, "FEWEST_A_PART", 1)
    building.build(workspace)
    read = next((workspace.processed / building.STAGES).glob("*/read"))
    assert len(list(read.iterdir())) == 2  # one part
    changed = [(title, f"{text} Travel.") for title, text in ADVERTS]
    imported(workspace, changed, run=1)
    building.build(workspace)
    was_read.clear()
    imported(workspace, [*changed, ("IT Programme Manager", "PRINCE2 is required.")], run=2)
    building.build(workspace)
    assert was_read == ["IT Programme Manager"]
    fresh = Workspace(tmp_path / "fresh")
    shutil.copytree(workspace.raw, fresh.raw)
    monkeypatch.setattr(readings, "MOST_PARTS", 100)
    building.build(fresh)
    assert hashes(workspace) == hashes(fresh)
