"""``itpm-trends trends``: numbers that follow the filters, and refusals with their reason."""

from __future__ import annotations

import json
import sys

import pandas as pd
import pytest

from itpm_trends.cli import main


@pytest.fixture
def itpm_trends(monkeypatch, capsys):
    """A function that runs ``itpm-trends trends`` in a workspace: exit code, lines, stderr."""

    def run(workspace, *arguments):
        monkeypatch.setattr(sys, "argv", ["itpm-trends", "--workspace", str(workspace.root), "trends", *arguments])
        with pytest.raises(SystemExit) as stopped:
            main()
        said = capsys.readouterr()
        return stopped.value.code or 0, said.out.splitlines(), said.err

    return run


def test_trends_are_printed_with_interval_n_and_who_carries_them(workspace, itpm_trends):
    code, lines, _ = itpm_trends(workspace, "--top", "40")
    assert code == 0
    assert "complete periods" in lines[1]
    rising = next(line for line in lines if "rising" in line)
    assert "carried by" in rising and " to +" in rising
    assert lines[-1].endswith("(at most a tenth of them by chance).")


def test_rows_are_those_of_the_tables(workspace, itpm_trends):
    _, lines, _ = itpm_trends(workspace, "--json", "--kind", "certification")
    told = pd.DataFrame([json.loads(line) for line in lines]).set_index("requirement_id")
    built = workspace.load("trends").set_index("requirement_id").loc[told.index]
    assert set(told["kind"]) == {"certification"}
    assert told["share"].to_numpy() == pytest.approx(built["share"].to_numpy())
    assert told["change_pp"].astype(float).to_numpy() == pytest.approx(built["change_pp"].to_numpy(), nan_ok=True)


def test_filters_narrow_the_postings(workspace, itpm_trends):
    everybody = itpm_trends(workspace)[1][0]
    here = itpm_trends(workspace, "--country", "de", "--since", "2026-01-01")[1][0]
    assert int(here.split()[0].replace(",", "")) < int(everybody.split()[0].replace(",", ""))


def test_shares_stand_side_by_side(workspace, itpm_trends, tmp_path):
    code, lines, _ = itpm_trends(workspace, "--by", "workplace", "--top", "1", "-o", str(tmp_path / "x.csv"))
    assert code == 0
    assert [line.split()[0] for line in lines[2:]] == ["hybrid", "onsite", "remote"]
    assert set(pd.read_csv(tmp_path / "x.csv")["workplace"]) == {"hybrid", "onsite", "remote"}


def test_undated_collections_give_shares_and_the_reason_for_no_trend(undated_workspace, itpm_trends):
    code, lines, _ = itpm_trends(undated_workspace)
    assert code == 1
    assert lines[1].startswith("No trend can be stated: ")
    assert "points a year" not in "".join(lines)
    assert lines[3].split()[:2] == ["asked", "for"] and len(lines) > 5


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (["--period", "day"], 3, "choose one of week, month, quarter"),
        (["--by", "weather"], 3, "choose one of source, country_code"),
        (["--since", "soon"], 3, "write a day as 2026-01-31"),
        (["--country", "XX"], 2, "no posting of an IT project manager is left for country_code XX"),
        (["--kind", "hobby"], 2, "no posting states a requirement of the kind 'hobby'"),
        (["-o", "x.docx"], 3, "choose one of .csv, .json, .parquet"),
    ],
)
def test_what_cannot_be_told_is_said(workspace, itpm_trends, arguments, code, told):
    found, _, err = itpm_trends(workspace, *arguments)
    assert (found, told in err) == (code, True), err
