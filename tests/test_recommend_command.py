"""`itpm-trends recommend`: who the plan is for, what it says, what it keeps, what has changed since."""

from __future__ import annotations

import json
import sys

import pytest
from docx import Document

from itpm_trends.cli import main
from itpm_trends.tables import TRENDS

NAME, MAIL, TELEPHONE = "Sarah Quillfeather", "sarah@quillfeather.example", "+44 113 496 0000"
RESUME = [
    NAME, f"{MAIL} | {TELEPHONE} | 12 Marmalade Lane, Leeds", "Work History", "Project Manager, Pepperbox Ltd",
    "Jan 2018 - Dec 2019", "Managed backlogs in Jira", "Education", "BSc in Business, 2014", "Certifications", "CSM",
]  # fmt: skip
PERSONAL = (*NAME.split(), MAIL, TELEPHONE, "Marmalade", "Pepperbox", "Managed backlogs")


@pytest.fixture
def workspace(tmp_path, postings_of, mentions_of, monkeypatch):
    """60 postings in the US and 5 in Germany: all ask for jira, half for PMP or CAPM, a third for scrum and azure."""
    root, temporary = tmp_path / "work", tmp_path / "temporary"
    processed = root / "data" / "processed"
    processed.mkdir(parents=True)
    temporary.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))
    postings = postings_of(
        [{"country_code": "US" if n < 60 else "DE", "url": f"https://jobs.example/{n}"} for n in range(65)]
    )
    triples = [(f"p{n}", "skill:jira", "required") for n in range(65)]
    triples += [(f"p{n}", "certification:pmp", "required") for n in range(30)]
    triples += [(f"p{n}", "certification:capm", "preferred") for n in range(40)]
    triples += [(f"p{n}", f"skill:{name}", "required") for n in range(20, 40) for name in ("scrum", "azure")]
    for name, frame in (
        ("postings", postings),
        ("requirement_mentions", mentions_of(triples)),
        ("trends", TRENDS.empty()),
    ):
        frame.to_parquet(processed / f"{name}.parquet")
    return root


@pytest.fixture
def recommend(monkeypatch, capsys, workspace):
    """Exit code, stdout and stderr of the command."""

    def run(*arguments) -> tuple[int, str, str]:
        monkeypatch.setattr(
            sys, "argv", ["itpm-trends", "--workspace", str(workspace), "recommend", *map(str, arguments)]
        )
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capsys.readouterr()
        return stopped.value.code or 0, said.out, said.err

    return run


@pytest.fixture
def resume(tmp_path):
    folder = tmp_path / "elsewhere"
    folder.mkdir()
    document = Document()
    for line in RESUME:
        document.add_paragraph(line)
    document.save(folder / "cv.docx")
    (folder / "cv.txt").write_text("\n".join(RESUME), encoding="utf-8")
    return folder


def ids(said: str, part: str = "steps") -> list[str]:
    return [step["requirement_id"] for step in json.loads(said)[part]]


def test_a_plan_on_one_screen(recommend):
    code, said, _ = recommend("--have", "jira", "--degree", "bachelor:business", "--years", "3", "--pm-years", "3")
    assert code == 0
    first, *rest = said.splitlines()
    assert (
        first == "You have: Jira; degree: Bachelor's degree (business); years of work: 3; of them leading projects: 3"
    )
    assert "From 65 vacancies" in rest[0]
    told = "\n".join(rest)
    assert "PMP: +" in told and "% of postings within reach (95 % " in told and "asked    in 46 % of 65" in told
    assert "135 h (planning figure); fee 555 USD (2024-07" in told
    assert "you meet this" in told and "https://jobs.example/" in told
    assert "In all: " in told


def test_what_is_not_open_yet_is_passed_over(recommend):
    _, said, _ = recommend("--have", "jira", "--years", "0", "--json")
    assert "certification:capm" in ids(said)
    passed = json.loads(said)["passed_over"]
    assert [step["requirement_id"] for step in passed] == ["certification:pmp"]
    assert "not open to you yet: asks for 36 months" in passed[0]["passed_because"]


def test_budget_and_hours_are_totals_of_the_plan(recommend):
    experienced = ("--have", "jira", "--degree", "bachelor", "--years", "9", "--pm-years", "9", "--json")
    _, said, _ = recommend(*experienced, "--budget", "600")
    told = json.loads(said)
    assert sum(step["fee_amount"] or 0 for step in told["steps"]) <= 600
    assert {*ids(said), *ids(said, "passed_over")} >= {"certification:capm", "certification:pmp"}
    assert "USD is more than the 45 USD left" in told["passed_over"][0]["passed_because"]
    _, said, _ = recommend(*experienced, "--budget", "600", "--currency", "EUR")
    assert not json.loads(said)["passed_over"]  # fees in dollars are unknown in euros, and kept
    _, said, _ = recommend(*experienced, "--hours", "100")
    assert sum(step["hours"] for step in json.loads(said)["steps"]) <= 100
    assert "certification:pmp" in ids(said, "passed_over")


def test_nothing_that_fits_exits_2(recommend):
    code, said, err = recommend("--have", "jira", "--years", "9", "--hours", "1")
    assert code == 2
    assert "Passed over" in said and "no step fits" in err


def test_one_country_and_one_with_too_few(recommend):
    code, said, _ = recommend("--have", "jira", "--country", "US", "--top", "1", "--json")
    assert code == 0
    assert json.loads(said)["n_vacancies"] == 60 and len(ids(said)) == 1
    code, _, err = recommend("--have", "jira", "--country", "DE")
    assert code == 2
    assert "5 vacancies in DE are too few" in err and "US (60)" in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "say who the plan is for"),
        (["--have", "jirra"], "did you mean skill:jira"),
        (["--profile", "astronaut"], "help-desk-analyst"),
        (["--degree", "wizard"], "bachelor"),
        (["--have", "jira", "--country", "usa"], "2 letters"),
        (["--have", "jira", "--budget", "-1"], "--budget"),
        (["--have", "jira", "--top", "0"], "--top"),
        (["--resume", "missing.pdf"], "missing.pdf"),
        (["pmp"], "--have pmp"),
    ],
)
def test_wrong_arguments_are_named(recommend, arguments, said):
    code, _, err = recommend(*arguments)
    assert code == 3
    assert said in err


def test_a_wrong_name_is_refused_before_anything_is_printed(recommend):
    assert recommend("--have", "jira", "--save", "../x")[:2] == (3, "")


@pytest.mark.parametrize("file", ["cv.docx", "cv.txt"])
def test_a_resume_is_read_shown_and_not_kept(recommend, resume, workspace, tmp_path, file):
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    code, said, err = recommend("--resume", resume / file, "--years", "5", "--json")
    assert code == 0
    profile = json.loads(said)["profile"]
    assert {"certification:csm", "skill:jira"} <= set(profile["have"])
    assert (profile["degree"], profile["fields"], profile["years"], profile["pm_years"]) == (
        "bachelor",
        ["business"],
        5,
        2,
    )
    assert "'Jan 2018 - Dec 2019', 'Project Manager'" in err and "'CSM'" in err
    assert not [word for word in PERSONAL if word in said + err]
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == before


def test_a_kept_plan_holds_ids_and_nothing_personal(recommend, resume, workspace, tmp_path):
    before = {path for path in tmp_path.rglob("*") if path.is_file()}
    recommend("--resume", resume / "cv.docx", "--save", "mine", "-o", tmp_path / "plan.txt")
    kept, written = workspace / "reports" / "plans" / "mine.json", tmp_path / "plan.txt"
    assert {path for path in tmp_path.rglob("*") if path.is_file()} - before == {kept, written}
    for path in (kept, written):
        assert not [word for word in PERSONAL if word in path.read_text(encoding="utf-8")]
    assert "certification:csm" in json.loads(kept.read_text(encoding="utf-8"))["profile"]["have"]


def test_a_later_plan_says_what_has_changed(recommend):
    recommend("--have", "jira", "--years", "0", "--top", "2", "--save", "mine")
    _, said, _ = recommend("--since-last", "--have", "capm", "--json")
    told = json.loads(said)
    assert told["profile"]["years"] == 0 and "skill:jira" in told["profile"]["have"]  # from the kept plan
    assert told["limits"]["top"] == 2
    changes = {row["requirement_id"]: row["change"] for row in told["changes"]}
    assert changes["certification:capm"] == "done"
    assert set(changes.values()) <= {"done", "new", "kept"} and "new" in changes.values()
    code, said, _ = recommend("--since-last", "mine", "--have", "capm")
    assert code == 0 and "Since the plan 'mine'" in said and "done" in said


def test_a_step_that_dropped_out_is_gone(recommend):
    recommend("--have", "jira", "--years", "9", "--save", "mine")
    _, said, _ = recommend("--since-last", "mine", "--top", "1", "--json")
    assert "gone" in {row["change"] for row in json.loads(said)["changes"]}


def test_without_a_kept_plan_there_is_nothing_to_compare(recommend, workspace):
    code, _, err = recommend("--since-last")
    assert code == 2 and "--save NAME" in err
    (workspace / "reports" / "plans").mkdir(parents=True)
    (workspace / "reports" / "plans" / "x.json").write_text("{}")
    code, _, err = recommend("--since-last")
    assert code == 1 and "x.json" in err
