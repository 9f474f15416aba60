"""`itpm-trends export`, `handout` and `site` as from a shell: what is written or refused, with which exit code."""

from __future__ import annotations

import sys

import pytest

from itpm_trends.cli import main


@pytest.fixture
def itpm(monkeypatch, capsys):
    """Run a command in a workspace: exit code, stdout, stderr."""

    def run(folder, *arguments) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["itpm-trends", "--workspace", str(folder), *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capsys.readouterr()
        return stopped.value.code or 0, said.out, said.err

    return run


def test_export_writes_where_it_says(itpm, small_workspace, tmp_path):
    code, out, _ = itpm(small_workspace.root, "export", "--to", "parquet", "-o", tmp_path / "tables")
    assert (code, out) == (0, f"{tmp_path / 'tables'}\n")
    assert (tmp_path / "tables" / "simulated_shares.parquet").exists()


def test_handout_goes_to_the_reports_of_the_workspace(itpm, small_workspace):
    code, out, _ = itpm(small_workspace.root, "handout", "--profile", "software-developer", "--country", "US")
    assert (code, out) == (0, f"{small_workspace.reports / 'handout.html'}\n")
    assert "(United States)" in (small_workspace.reports / "handout.html").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["export", "handout", "site"])
def test_without_tables_there_is_nothing_to_do(itpm, tmp_path, command):
    code, _, err = itpm(tmp_path, command)
    assert code == 2 and "itpm-trends build" in err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["export", "--to", "ods"], "xlsx, csv, parquet"),
        (["handout", "--country", "usa"], "2 letters"),
        (["handout", "--profile", "astronaut"], "help-desk-analyst"),
        (["handout", "--paper", "a3"], "a4, letter"),
    ],
)
def test_wrong_arguments_exit_3(itpm, small_workspace, arguments, said):
    code, _, err = itpm(small_workspace.root, *arguments)
    assert code == 3 and said in err


def test_a_country_with_too_few_vacancies_is_told(itpm, small_workspace):
    code, _, err = itpm(small_workspace.root, "handout", "--country", "FR")
    assert code == 2 and "0 vacancies in FR are too few" in err


def test_a_site_is_not_written_over_something_else(itpm, small_workspace, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    code, _, err = itpm(small_workspace.root, "site", "-o", tmp_path)
    assert code == 3 and "not empty" in err and (tmp_path / "mine.txt").exists()
