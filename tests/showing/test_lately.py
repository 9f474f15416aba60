"""What moved of late, as the commands print it, and taking a term into the vocabulary."""

from __future__ import annotations

import json
import sys

import pandas as pd
import pytest

from itpm_trends.cli import main
from itpm_trends.errors import NothingToDo, SettingsError
from itpm_trends.measuring.emerging import FEWEST_PERIODS
from itpm_trends.reading.vocabulary import entries, forget_entries
from itpm_trends.reading.vocabulary_checks import VocabularyError, faults
from itpm_trends.showing import lately
from itpm_trends.tables import EMERGING
from itpm_trends.terminal import bundle_lines, lately_lines
from itpm_trends.workspace import VARIABLE, Workspace

NUMBERS = {
    "n_postings_before": 900, "n_postings_recent": 400, "n_before": 2, "n_recent": 14, "share_before": 2 / 900,
    "share_recent": 14 / 400, "log_odds": 2.0, "low": 0.5, "high": 3.5, "q": 0.001, "n_employers": 11,
}  # fmt: skip


@pytest.fixture
def with_a_list(tmp_path, monkeypatch) -> Workspace:
    """A workspace in which `emerging` has listed two terms."""
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    terms = {"quellin flow": "Experience with Quellin-Flow | quellin flow dashboards", "zorblat": "Use of Zorblat"}
    rows = [
        {"rank": at, "term": term, "sources": "lever", "since": "2026-01-05", "contexts": contexts, **NUMBERS}
        for at, (term, contexts) in enumerate(terms.items(), start=1)
    ]
    workspace = Workspace(tmp_path)
    workspace.processed.mkdir(parents=True)
    EMERGING.frame(rows).to_parquet(workspace.processed / "emerging.parquet", index=False)
    yield workspace
    forget_entries()


@pytest.mark.parametrize("term", ["Quellin Flow", "zorblat"])
def test_an_accepted_term_is_an_entry_that_passes_its_own_sentences(with_a_list, term):
    requirement_id, path = lately.accept(with_a_list, term, "skill", None, {"group": "tool"})
    entry = next(entry for entry in entries("skill") if entry.requirement_id == requirement_id)
    assert path.is_relative_to(with_a_list.root)
    assert entry.book == "own" and entry.yes and entry.no
    assert entry.label == {"zorblat": "Zorblat"}.get(term, "Quellin-Flow")
    assert not list(faults([entry]))


def test_a_certification_needs_its_issuer(with_a_list):
    with pytest.raises(VocabularyError, match="issuer is missing"):
        lately.accept(with_a_list, "zorblat", "certification", None, {"issuer": None})
    assert lately.accept(with_a_list, "zorblat", "certification", "Zorblat", {"issuer": "Zorb"})[0] == (
        "certification:zorblat"
    )


def test_a_term_that_is_not_listed_is_refused_with_the_list(with_a_list):
    with pytest.raises(SettingsError, match="holds quellin flow, zorblat"):
        lately.accept(with_a_list, "zorb", "skill", None, {"group": "tool"})


def test_without_a_list_the_command_to_make_it_is_named(tmp_path):
    with pytest.raises(NothingToDo, match="itpm-trends emerging"):
        lately.accept(Workspace(tmp_path), "zorblat", "skill", None, {})


def test_what_moved_is_told_with_counts_and_kept(workspace):
    told = lately.lately(workspace)
    assert {"rising", "fading"} <= set(told["list"])
    assert "skill:generative-ai" in set(told.loc[told["list"] == "rising", "requirement_id"])
    assert "skill:waterfall" in set(told.loc[told["list"] == "fading", "requirement_id"])
    assert (workspace.processed / "emerging.parquet").exists()
    text = "\n".join(lately_lines(told))
    row = told[told["requirement_id"] == "skill:waterfall"].iloc[0]
    assert f"({row['n_before']:,} -> {row['n_recent']:,}; {row['n_employers']:,} employers)" in text
    assert "Emerging (not in the vocabulary): none" in text


def test_an_emerging_term_is_told_with_its_contexts(with_a_list):
    found = pd.read_parquet(with_a_list.processed / "emerging.parquet")
    text = "\n".join(lately_lines(found.assign(list="emerging", label=found["term"])))
    assert "... Experience with Quellin-Flow" in text
    assert "odds x 7.4 (1.6 to 33)" in text
    assert "--accept" in text


def test_bundles_are_told_with_their_counts(workspace, monkeypatch):
    monkeypatch.setattr("itpm_trends.measuring.together.THRESHOLD", 0.01)  # the made-up postings come by chance
    pairs, clusters = lately.bundles(workspace)
    lines = list(bundle_lines(pairs, clusters, str.upper))
    assert f"{pairs['n_postings'].iloc[0]:,} vacancies" in lines[0]
    first = pairs.iloc[0]
    told = next(line for line in lines if first["first_id"].upper() in line and "NPMI" not in line and "%" in line)
    assert f"{first['n_together']:,} vacancies of {first['n_first']:,} and of {first['n_second']:,}" in told


@pytest.mark.parametrize("command", ["emerging", "together"])
def test_json_and_csv_hold_the_same_rows(workspace, tmp_path, monkeypatch, capsys, command):
    monkeypatch.setattr("itpm_trends.measuring.together.THRESHOLD", 0.01)
    monkeypatch.setenv(VARIABLE, str(workspace.root))
    start = ["itpm-trends", "--workspace", str(workspace.root), command]
    for more in (["--json"], ["-o", str(tmp_path / "rows.csv")]):
        monkeypatch.setattr(sys, "argv", [*start, *more])
        with pytest.raises(SystemExit) as stopped:
            main()
        assert not stopped.value.code
    *rows, path = capsys.readouterr().out.splitlines()
    assert path == str(tmp_path / "rows.csv")
    assert [json.loads(row)["rank"] for row in rows] == pd.read_csv(path)["rank"].tolist()


def test_nothing_that_moved_is_said_in_words(empty_workspace):
    with pytest.raises(NothingToDo, match=f"{FEWEST_PERIODS['week']} weeks"):
        lately.lately(empty_workspace)
    with pytest.raises(NothingToDo, match="come together"):
        lately.bundles(empty_workspace)
