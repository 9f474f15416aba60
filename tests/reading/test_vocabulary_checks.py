"""The vocabulary's own commands: faults are named, nothing half-made is written, own entries are found."""

from __future__ import annotations

from dataclasses import replace

import pytest

from itpm_trends.errors import SettingsError
from itpm_trends.reading.mentions import mentions_of
from itpm_trends.reading.vocabulary import entries, forget_entries, label_of
from itpm_trends.reading.vocabulary_checks import VocabularyError, add, all_entries, faults, search
from itpm_trends.workspace import VARIABLE

ROW = {
    "id": "orbit-board",
    "label": "Orbit Board",
    "match": ["orbit board"],
    "yes": ["You know Orbit Board."],
    "no": ["A board in orbit."],
    "group": "tool",
}


@pytest.fixture(autouse=True)
def own_workspace(tmp_path, monkeypatch):
    monkeypatch.setenv(VARIABLE, str(tmp_path))
    yield tmp_path
    forget_entries()


def test_the_packaged_vocabulary_is_in_order():
    assert list(faults(all_entries())) == []


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ({"yes": ("Nothing of it.",)}, "does not find its yes sentence"),
        ({"no": ("Use Jira daily.",)}, "finds its no sentence"),
        ({"no": ()}, "at least one sentence"),
        ({"id": "Jira Cloud"}, "lower-case words"),
        ({"match": ("~2 jira",)}, "a phrase cannot be read"),
        ({"traits": {}}, "group is missing"),
        ({"traits": {"group": "tool", "fee": {"amount": 100, "source": "https://example.org"}}}, "source and as_of"),
    ],
)
def test_a_fault_is_named(change, fault):
    jira = next(entry for entry in entries("skill") if entry.id == "jira")
    assert any(fault in line for line in faults([replace(jira, **change)]))


def test_clashes_name_both_entries():
    jira = next(entry for entry in entries("skill") if entry.id == "jira")
    other = replace(jira, id="tickets", book="own")
    assert any("skill:jira" in line and "tickets" in line for line in faults([jira, other]))
    assert any("stands twice" in line for line in faults([jira, jira]))
    assert any(
        "skill:jira" in line and "same label" in line and "skill:tickets" in line for line in faults([jira, other])
    )
    kin = replace(other, label="Tickets", traits={**other.traits, "shares_with": ["jira"]})
    assert not [line for line in faults([jira, kin]) if "share the phrase" in line]


def test_an_own_entry_is_written_found_and_labelled(own_workspace):
    assert add("skill", ROW) == own_workspace / "vocabulary" / "skills.toml"
    found = {mention.requirement_id for mention in mentions_of("Requirements:\n- Orbit Board and Jira", "en")}
    assert {"skill:orbit-board", "skill:jira"} <= found
    assert label_of("skill:orbit-board") == "Orbit Board"
    add("skill", {**ROW, "id": "orbit-map", "label": 'Orbit "Map"', "match": ["orbit map"], "yes": ["An Orbit Map."]})
    assert [entry.label for entry in entries("skill") if entry.book == "own"] == ["Orbit Board", 'Orbit "Map"']


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"match": ["jira"], "yes": ["Know Jira."]}, "skill:jira"),
        ({"id": "jira"}, "stands twice"),
        ({"match": []}, "no phrase"),
        ({"yes": ["Nothing."]}, "yes sentence"),
    ],
)
def test_a_faulty_entry_is_refused_and_nothing_is_written(own_workspace, change, named):
    with pytest.raises(VocabularyError, match=named):
        add("skill", {**ROW, **change})
    assert not (own_workspace / "vocabulary").exists()


def test_an_unreadable_file_of_the_user_is_named(own_workspace):
    (own_workspace / "vocabulary").mkdir()
    path = own_workspace / "vocabulary" / "skills.toml"
    path.write_text("[[skill]\n", encoding="utf-8")
    with pytest.raises(SettingsError, match=r"skills\.toml is not valid TOML"):
        entries("skill")
    path.write_text('[[skill]]\nid = "x"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="lacks label, match"):
        entries("skill")


def test_search_finds_by_name_by_phrase_and_in_a_sentence():
    assert "skill:jira" in {entry.requirement_id for entry, _ in search("jira")}
    assert "certification:pmp" in {entry.requirement_id for entry, _ in search("project management professional")}
    assert "skill:stakeholder-management" in {
        entry.requirement_id for entry, _ in search("Keep stakeholders informed.")
    }
    assert search("zzzz") == []
