# ruff: noqa: E501 - patterns and sample sentences read better unbroken
"""Every vocabulary entry finds its own yes sentences and leaves its no sentences alone."""

import re

import pytest

from itpm_trends.reading.degrees import degree_mentions
from itpm_trends.reading.document import Document
from itpm_trends.reading.mentions import mentions_of
from itpm_trends.reading.vocabulary import KINDS, entries, label_of, matcher, read_toml, requirement_ids

ENTRIES = [entry for kind in KINDS for entry in entries(kind)]
LEVELS = read_toml("degrees.toml")["level"]


def ids(cases):
    return [f"{case[0].requirement_id}:{number}" for number, case in enumerate(cases)]


YES = [(entry, sentence) for entry in ENTRIES for sentence in entry.yes]
NO = [(entry, sentence) for entry in ENTRIES for sentence in entry.no]


@pytest.mark.parametrize(("entry", "sentence"), YES, ids=ids(YES))
def test_yes_sentence_is_found(entry, sentence):
    assert entry.id in {found.entry.id for found in matcher(entry.kind).find(sentence)}


@pytest.mark.parametrize(("entry", "sentence"), NO, ids=ids(NO))
def test_no_sentence_is_left_alone(entry, sentence):
    assert entry.id not in {found.entry.id for found in matcher(entry.kind).find(sentence)}


@pytest.mark.parametrize("level", LEVELS, ids=lambda level: level["id"])
def test_degree_levels_read_their_own_sentences(level):
    for sentence in level["yes"]:
        assert level["id"] in {mention.id for mention in degree_mentions(Document(sentence))}, sentence
    for sentence in level["no"]:
        assert level["id"] not in {mention.id for mention in degree_mentions(Document(sentence))}, sentence


def test_every_entry_proves_itself():
    unproven = [entry.requirement_id for entry in ENTRIES if not (entry.yes and entry.no)]
    assert unproven == []
    assert all(level["yes"] and level["no"] for level in LEVELS)


def test_ids_are_unique_and_kebab_case():
    names = [entry.requirement_id for entry in ENTRIES]
    assert len(names) == len(set(names))
    assert all(re.fullmatch(r"[a-z-]+:[a-z0-9]+(?:-[a-z0-9]+)*", name) for name in names)


def test_certifications_name_their_issuer_and_skills_their_group():
    assert all(entry.traits.get("issuer") for entry in entries("certification"))
    assert {entry.traits["group"] for entry in entries("skill")} == {
        "method", "practice", "people", "tool", "technology", "domain",
    }  # fmt: skip


def test_every_mention_has_a_label():
    text = "Requirements:\n- PMP, a bachelor's degree and 5+ years of project management experience\n- Fluent English, Scrum\nYour tasks:\n- Plan the releases"
    mentions = list(mentions_of(text, "en"))
    assert {mention.kind for mention in mentions} == {
        "certification",
        "degree",
        "duty",
        "experience",
        "language",
        "skill",
    }
    assert all(label_of(mention.requirement_id) for mention in mentions)
    assert {mention.requirement_id for mention in mentions} <= set(requirement_ids())


def test_case_decides_where_it_must():
    found = {
        f.entry.id for f in matcher("skill").find("excel in a safe place on Monday, have some slack and a good word")
    }
    assert not found & {"excel", "safe-framework", "monday", "slack", "word"}
