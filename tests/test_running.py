"""The weekly job from end to end on loopback: complete, in part, offline, twice at once; and no secret anywhere."""

import gzip
import json
import os
import subprocess
import sys
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pandas as pd
import pytest

from itpm_trends.collecting.archive import Archive, RunRecord
from itpm_trends.collecting.history import held
from itpm_trends.running import run, source_states
from itpm_trends.workspace import Workspace

from .collecting.conftest import reply, server  # noqa: F401 - a fixture

NOW = datetime(2026, 3, 2, 6, tzinfo=UTC)
CANARY = "c4nary-k3y-7f1b"
TEXT = (
    "<p>You lead the rollout of our ticketing platform with agile teams.</p><ul><li>PMP or PRINCE2</li>"
    "<li>5+ years of experience in IT project management</li><li>Bachelor's degree in computer science</li></ul>"
    "<p>Ask Jo Recruiter, jo.recruiter@kestrel.example, +44 20 7946 0018.</p>"
)


def board(n: int = 40) -> bytes:
    jobs = [
        {"id": i, "title": "IT Project Manager", "content": TEXT, "company_name": f"Employer {i}", "x": None}
        for i in range(n)
    ]
    return json.dumps({"jobs": jobs}).encode()


def workspace_of(folder: Path, base_url: str, more: str = "") -> Workspace:
    (folder / "itpm-trends.toml").write_text(
        "default_sources = false\n[politeness]\nallow_loopback = true\ngap_seconds = 0\ntries = 1\n"
        f'{more}\n[sources.greenhouse]\nbase_url = "{base_url}"\nboards = ["a"]\n'
    )
    return Workspace(folder)


def once(workspace: Workspace, at: datetime = NOW):
    return run(workspace, now=lambda: at)


@pytest.fixture
def pages(server):  # noqa: F811
    server.pages = {"/robots.txt": reply(b"", 404), "/v1/boards/a/jobs": reply(board())}
    return server


@pytest.mark.slow
def test_a_complete_run_writes_tables_pages_and_its_report(tmp_path, pages):
    report = once(workspace_of(tmp_path, pages.base_url))
    assert (report.exit_code, report.problem) == (0, None)
    assert all(Path(page).exists() for page in report.pages) and len(report.pages) == 2
    told = json.loads((tmp_path / "reports" / "runs" / f"{report.run_id}.json").read_text())
    assert told["exit_code"] == 0 and told["sources"][0]["status"] == "ok" and told["build"]["n_postings"] == 40


@pytest.mark.slow
def test_no_secret_and_no_person_reaches_any_file(tmp_path, pages, monkeypatch):
    """A key that the service repeats in its answer, a recruiter's name, address and number in every posting."""
    monkeypatch.setenv("ITPM_TRENDS_THEMUSE_API_KEY", CANARY)
    job = {
        "id": 9,
        "name": "IT Project Manager",
        "contents": TEXT,
        "refs": {"landing_page": f"https://x.example/?k={CANARY}"},
    }
    pages.pages["/api/public/jobs"] = reply(json.dumps({"results": [job], "asked_with": CANARY}).encode())
    muse = f'[sources.themuse]\nbase_url = "{pages.base_url}"\ncategories = ["IT"]\n'
    report = once(workspace_of(tmp_path, pages.base_url, muse))
    assert report.exit_code == 0 and any(CANARY in asked for asked in pages.asked)
    for path in (path for path in tmp_path.rglob("*") if path.is_file()):
        content = path.read_bytes()
        content = gzip.decompress(content) if path.suffix == ".gz" else content
        assert CANARY.encode() not in content, path
        if "raw" not in path.parts:
            for private in (b"jo.recruiter", b"7946 0018", b"Jo Recruiter"):
                assert private not in content, path
    for table in (tmp_path / "data" / "processed").glob("*.parquet"):
        told = pd.read_parquet(table).to_csv()
        assert not any(private in told for private in (CANARY, "jo.recruiter", "7946 0018", "Jo Recruiter")), table


def test_where_nothing_comes_everything_stays_as_it_was(tmp_path, server):  # noqa: F811
    server.pages = {"/robots.txt": reply(b"", 404), "/v1/boards/a/jobs": reply(b"", 500)}
    workspace = workspace_of(tmp_path, server.base_url)
    (tmp_path / "reports").mkdir()
    (tmp_path / "reports" / "report.html").write_text("the last one")
    report = once(workspace)
    assert report.exit_code == 2 and report.built is None and "as they were" in report.problem
    assert (tmp_path / "reports" / "report.html").read_text() == "the last one"
    assert not (tmp_path / "data" / "processed").exists()


def test_the_command_named_for_failures_is_called_with_the_report(tmp_path, server):  # noqa: F811
    server.pages = {"/robots.txt": reply(b"", 404)}
    told = tmp_path / "told.json"
    hook = f"""[run]\non_failure = 'printf %s "$ITPM_TRENDS_RUN_REPORT" > {told}; test $ITPM_TRENDS_EXIT_CODE = 2'\n"""
    report = once(workspace_of(tmp_path, server.base_url, hook))
    assert json.loads(told.read_text())["run_id"] == report.run_id


def test_a_hook_that_fails_is_told_and_changes_nothing(tmp_path, server, capsys):  # noqa: F811
    server.pages = {"/robots.txt": reply(b"", 404)}
    report = once(workspace_of(tmp_path, server.base_url, "[run]\non_failure = 'exit 7'\n"))
    assert report.exit_code == 2 and "on_failure failed" in capsys.readouterr().err


def test_a_second_run_at_once_says_who_holds_the_lock_and_touches_nothing(tmp_path, server):  # noqa: F811
    workspace = workspace_of(tmp_path, server.base_url)
    with held(workspace.raw, since=NOW):
        before = sorted(path for path in tmp_path.rglob("*"))
        command = [sys.executable, "-m", "itpm_trends", "--workspace", str(tmp_path), "run"]
        outcome = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ)
        assert outcome.returncode == 1 and f"process {os.getpid()}" in outcome.stderr
        assert sorted(path for path in tmp_path.rglob("*")) == before and server.asked == []


def record(archive: Archive, day: date, *, complete: bool = True, source: str = "greenhouse", kind: str = "live"):
    at = datetime(day.year, day.month, day.day, 6, tzinfo=UTC)
    status = "ok" if complete else "incomplete"
    archive.store_run(
        RunRecord(
            run_id=f"{day:%Y%m%d}-{kind}",
            source=source,
            started_at=at,
            finished_at=at,
            status=status,
            is_complete=complete,
            units={"a": complete},
            kind=kind,
        )
    )


def test_the_state_of_a_source_tells_the_weeks_that_are_missing(tmp_path):
    archive, start = Archive(tmp_path), date(2026, 1, 5)
    for week, complete in enumerate([True, True, False, True]):
        record(archive, start + timedelta(weeks=week), complete=complete)
    (state,) = source_states(archive, start + timedelta(weeks=4, days=2))
    assert state.missed_weeks == (date(2026, 1, 19),) and state.n_complete == 3
    assert not state.is_stale(start + timedelta(weeks=4, days=2))
    assert state.is_stale(start + timedelta(weeks=5))


def test_a_source_that_never_came_completely_is_stale_and_a_backfill_is_no_run(tmp_path):
    archive, day = Archive(tmp_path), date(2026, 1, 5)
    record(archive, day, complete=False)
    record(archive, day, source="jobtech", kind="backfill")
    (state,) = source_states(archive, day)
    assert state.source == "greenhouse" and state.last_complete is None and state.is_stale(day)
