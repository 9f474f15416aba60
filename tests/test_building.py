"""From data/raw to every table: once, again, and from nothing but the archive."""

from __future__ import annotations

import hashlib
import json
import shutil
from datetime import UTC, datetime

import pandas as pd
import pytest

from itpm_trends import building
from itpm_trends.collecting.archive import Archive
from itpm_trends.collecting.importing import import_files
from itpm_trends.errors import NothingToDo
from itpm_trends.workspace import Workspace

ADVERTS = [
    ("IT Project Manager", "Requirements:\n- PMP certification required\n- 5+ years of project management experience"),
    ("Senior IT Project Manager", "<h3>Qualifications</h3><ul><li>Bachelor&#39;s degree</li><li>Jira</li></ul>"),
    ("Technical Program Manager", "You lead software projects: agile, cloud, Jira, APIs.\n\nNice to have\n- CSM"),
    ("Nurse", "Care for patients on the ward. Requirements: a nursing licence."),
    ("IT Project Manager", "   "),
]


@pytest.fixture
def workspace(tmp_path):
    rows = [
        {
            "id": f"x{at}",
            "title": title,
            "company": f"Employer {at}",
            "description": description,
            "posted_at": f"2026-01-{at + 5:02d}",
        }
        for at, (title, description) in enumerate(ADVERTS)
    ]
    file = tmp_path / "adverts.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)))
    workspace = Workspace(tmp_path / "work")
    import_files([file], Archive(workspace.raw), run_id="r1", now=datetime(2026, 2, 1, tzinfo=UTC))
    return workspace


def hashes(workspace: Workspace) -> dict[str, str]:
    return {p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in sorted(workspace.processed.glob("*.parquet"))}


def test_a_build_counts_what_it_took_in_and_what_it_kept_apart(workspace):
    report = building.build(workspace)
    assert report.n_postings == 4
    assert report.n_quarantined == 1
    assert report.n_it_project_manager == 3
    quarantine = workspace.load("quarantine")
    assert quarantine["reason"].str.len().min() > 0


def test_every_mention_points_at_its_characters(workspace):
    building.build(workspace)
    mentions = workspace.load("requirement_mentions")
    texts = workspace.load("postings").set_index("posting_id")["description_text"]
    assert {"certification:pmp", "degree:bachelor", "skill:jira"} <= set(mentions["requirement_id"])
    for mention in mentions.itertuples():
        assert texts[mention.posting_id][mention.start : mention.end] == mention.matched_text


def test_a_second_build_changes_nothing_and_says_so(workspace):
    first = building.build(workspace)
    before = {p: p.stat().st_mtime_ns for p in workspace.processed.iterdir()}
    second = building.build(workspace)
    assert (first.is_unchanged, second.is_unchanged) == (False, True)
    assert {p: p.stat().st_mtime_ns for p in workspace.processed.iterdir()} == before


def test_raw_payloads_alone_give_the_same_bytes(workspace, tmp_path):
    building.build(workspace)
    elsewhere = Workspace(tmp_path / "elsewhere")
    shutil.copytree(workspace.raw, elsewhere.raw)
    for log in elsewhere.raw.glob("history*"):
        log.unlink()
    building.build(elsewhere)
    assert hashes(elsewhere) == hashes(workspace)


def test_a_table_that_was_tampered_with_is_rebuilt(workspace):
    building.build(workspace)
    before = hashes(workspace)
    (workspace.processed / "postings.parquet").write_bytes(b"gone")
    assert not building.build(workspace).is_unchanged
    assert hashes(workspace) == before


def test_nothing_collected_is_said_in_words(tmp_path):
    with pytest.raises(NothingToDo, match="itpm-trends collect"):
        building.build(Workspace(tmp_path))


def test_a_damaged_payload_costs_itself_alone(workspace, tmp_path):
    extra = tmp_path / "extra.jsonl"
    row = {"id": "y", "title": "IT Project Manager", "company": "E", "description": "CSM certification required."}
    extra.write_text(json.dumps(row))
    archive = Archive(workspace.raw)
    import_files([extra], archive, run_id="r2", now=datetime(2026, 2, 8, tzinfo=UTC))
    damaged = next(p for p in archive.payloads() if p.run_id == "r2")
    body = workspace.raw / damaged.path
    body.chmod(0o644)
    body.write_bytes(body.read_bytes()[:20])
    report = building.build(workspace)
    assert report.n_postings == 4
    assert report.n_quarantined == 2


def test_postings_without_any_date_still_build(tmp_path):
    file = tmp_path / "undated.csv"
    pd.DataFrame(
        {"title": ["IT Project Manager"] * 3, "description": [f"PMP required, advert {n} of ours." for n in "abc"]}
    ).to_csv(file, index=False)
    workspace = Workspace(tmp_path / "work")
    import_files([file], Archive(workspace.raw), run_id="r1", now=datetime(2026, 2, 1, tzinfo=UTC))
    report = building.build(workspace)
    assert report.n_vacancies == 3
    assert workspace.load("weekly_panel").empty
