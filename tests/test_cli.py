"""The commands: help with an example, one clear sentence for each error, exit codes as documented."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
import typer
from typer.testing import CliRunner

from itpm_trends import __version__
from itpm_trends.cli import app, main

HEAVY = ("pandas", "numpy", "pandera", "pydantic", "plotly", "sklearn", "scipy", "pyarrow", "requests", "bs4", "lxml")
COMMANDS = sorted(typer.main.get_command(app).commands)


def run(monkeypatch, capsys, *arguments) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a command run as from a shell."""
    monkeypatch.setattr(sys, "argv", ["itpm-trends", *map(str, arguments)])
    with pytest.raises(SystemExit) as stopped:
        main()
    said = capsys.readouterr()
    return stopped.value.code or 0, said.out, said.err


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command):
    outcome = CliRunner().invoke(app, [command, "--help"])
    assert outcome.exit_code == 0
    assert f"itpm-trends {command}" in outcome.output


def test_help_does_not_wait_for_heavy_imports():
    code = (
        "import sys; from itpm_trends.cli import main; sys.argv = ['itpm-trends', '--help']\n"
        "try: main()\n"
        "finally: print(*sorted({name.split('.')[0] for name in sys.modules}), file=sys.stderr)"
    )
    helped = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "import" in helped.stdout
    loaded = helped.stderr.split()
    assert "typer" in loaded
    assert not [name for name in loaded if name in HEAVY or name.startswith("jupyter")]


def test_version(monkeypatch, capsys):
    assert run(monkeypatch, capsys, "--version")[:2] == (0, f"{__version__}\n")


@pytest.mark.parametrize("arguments", [["bild"], ["build", "--fast"], ["import"], ["--workspace", "/no/such", "build"]])
def test_wrong_arguments_exit_3(monkeypatch, capsys, arguments):
    code, _, err = run(monkeypatch, capsys, *arguments)
    assert code == 3
    assert err


@pytest.mark.parametrize("command", ["build", "report", "dashboard"])
def test_nothing_to_work_on_exits_2_and_says_what_to_do(monkeypatch, capsys, tmp_path, command):
    code, _, err = run(monkeypatch, capsys, "--workspace", tmp_path, command)
    assert code == 2
    assert "import" in err


@pytest.mark.parametrize("command", [["collect"], ["import", "x.csv"]])
def test_real_postings_never_enter_a_simulated_folder(monkeypatch, capsys, tmp_path, command):
    (tmp_path / "itpm-trends.toml").write_text("simulated = true\n")
    code, _, err = run(monkeypatch, capsys, "--workspace", tmp_path, *command)
    assert code == 3
    assert "simulated" in err


def test_wrong_settings_are_named(monkeypatch, capsys, tmp_path):
    (tmp_path / "itpm-trends.toml").write_text("[politeness]\ngap = 1\n")
    code, _, err = run(monkeypatch, capsys, "--workspace", tmp_path, "collect")
    assert code == 3
    assert "politeness.gap" in err and "gap_seconds" in err


def test_demo_refuses_a_folder_that_is_not_its_own(monkeypatch, capsys, tmp_path):
    (tmp_path / "precious.txt").write_text("mine")
    code, _, err = run(monkeypatch, capsys, "demo", "--folder", tmp_path)
    assert code == 3
    assert "not empty" in err
    assert (tmp_path / "precious.txt").read_text() == "mine"


def test_init_lays_out_a_folder_and_keeps_what_is_there(monkeypatch, capsys, tmp_path):
    folder = tmp_path / "work"
    assert run(monkeypatch, capsys, "init", folder)[0] == 0
    assert (folder / "data" / "raw").is_dir()
    assert list((folder / "notebooks").glob("*.ipynb"))
    (folder / "itpm-trends.toml").write_text("# mine\n")
    assert run(monkeypatch, capsys, "init", folder)[0] == 0
    assert (folder / "itpm-trends.toml").read_text() == "# mine\n"


def test_extract_prints_a_line_a_posting_and_loses_no_other(monkeypatch, capsys, tmp_path):
    good = {"id": "a", "title": "IT Project Manager", "description": "Requirements:\n- PMP certification required"}
    file = tmp_path / "postings.jsonl"
    file.write_text(json.dumps(good) + '\n{"id": "b", "title"\n' + json.dumps(good | {"id": "c"}) + "\n")
    code, out, err = run(monkeypatch, capsys, "extract", file)
    labels = [json.loads(line) for line in out.splitlines()]
    assert [label["id"] for label in labels] == ["a", "c"]
    assert labels[0]["labels"]["certifications"] == [{"id": "pmp", "modality": "required"}]
    assert code == 1
    assert "line 2" in err


@pytest.mark.parametrize("kind", ["missing", "directory", "empty"])
def test_extract_without_postings_exits_2(monkeypatch, capsys, tmp_path, kind):
    file = {"missing": tmp_path / "no.jsonl", "directory": tmp_path, "empty": tmp_path / "empty.jsonl"}[kind]
    (tmp_path / "empty.jsonl").touch()
    code, out, err = run(monkeypatch, capsys, "extract", file)
    assert (code, out) == (2, "")
    assert str(file) in err


@pytest.fixture
def itpm(tmp_path, monkeypatch, capsys):
    """Run a command in an empty folder: exit code, stdout, stderr."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("ITPM_TRENDS_WORKSPACE", raising=False)
    return lambda *arguments: run(monkeypatch, capsys, *arguments)


def test_sources_are_listed_with_tier_state_quota_and_licence(itpm, tmp_path):
    code, out, _ = itpm("sources", "list")
    assert code == 0 and out.startswith("27 sources")
    assert "4 requests a day; on" in out and "linkedin" in out
    rows = [json.loads(line) for line in itpm("sources", "list", "--json")[1].splitlines()]
    assert {"name", "tier", "licence", "quota", "is_on"} <= rows[0].keys()


def test_a_source_is_shown_and_switched(itpm, tmp_path):
    assert "terms" in itpm("sources", "show", "remotive")[1]
    assert itpm("sources", "disable", "remotive")[0] == 0
    assert "disabled in the settings" in itpm("sources", "show", "remotive")[1]
    refused = itpm("sources", "enable", "workable")
    assert refused[0] == 3 and "--yes" in refused[2]
    assert itpm("sources", "enable", "workable", "--yes")[0] == 0
    assert itpm("sources", "enable", "linkedin")[0] == 3
    assert itpm("sources", "show", "monstre")[0] == 3


def test_a_saved_payload_is_printed_posting_by_posting(itpm, tmp_path):
    jobs = [{"id": 1, "title": "IT PM", "content": "&lt;p&gt;PMP&lt;/p&gt;"}, {"id": 2, "content": "x"}]
    (tmp_path / "board.json").write_text(json.dumps({"jobs": jobs}))
    outcome = itpm("sources", "parse", "greenhouse", "board.json")
    (posting,) = map(json.loads, outcome[1].splitlines())
    assert (posting["title"], posting["description_text"], outcome[0]) == ("IT PM", "PMP", 1)
    assert json.loads(outcome[2])["reason"] == "has no title"
    (tmp_path / "page.html").write_text("<html>")
    assert itpm("sources", "parse", "greenhouse", "page.html")[0] == 1


def test_a_dry_run_prints_requests_and_touches_nothing(itpm, tmp_path):
    outcome = itpm("collect", "--dry-run", "--source", "remotive")
    assert outcome[1].split() == ["remotive", "GET", "https://remotive.com/api/remote-jobs"]
    assert itpm("collect", "--dry-run", "--since", "2026")[0] == 3
    assert list(tmp_path.iterdir()) == []


def test_whoever_names_an_opt_in_source_is_reminded_of_its_terms(itpm, tmp_path):
    (tmp_path / "itpm-trends.toml").write_text('[sources.workable]\nboards = ["a"]\n')
    code, out, err = itpm("collect", "--dry-run", "--source", "workable")
    assert code == 0 and "widget/accounts/a" in out and "not documented for others" in err


def test_status_without_runs_and_a_schedule_that_is_only_printed(itpm, tmp_path):
    assert itpm("status")[0] == 2
    outcome = itpm("schedule", "install", "--dry-run", "--system", "cron")
    assert outcome[0] == 0 and "itpm_trends" in outcome[1]
    assert itpm("schedule", "install", "--dry-run", "--weekday", "someday")[0] == 3
