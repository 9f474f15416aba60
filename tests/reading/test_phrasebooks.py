"""Every entry of a language's phrasebook finds its own yes sentences and leaves its no sentences alone."""

from __future__ import annotations

import time

import pytest

from itpm_trends.reading.by_phrasebook import degree_mentions
from itpm_trends.reading.document import Document
from itpm_trends.reading.language import ENGLISH, READ_LANGUAGES
from itpm_trends.reading.mentions import mentions_of
from itpm_trends.reading.phrasebook import ORDER, phrasebook
from itpm_trends.reading.vocabulary import entries, label_of, read_toml
from itpm_trends.tables import SECTIONS

OTHERS = [code for code in READ_LANGUAGES if code != ENGLISH]
SENTENCES = [
    (code, kind, entry.id, sentence, is_yes)
    for code in OTHERS
    for kind in ("skill", "certification", "field")
    for entry in phrasebook(code).own_entries(kind)
    for sentences, is_yes in ((entry.yes, True), (entry.no, False))
    for sentence in sentences
]
LEVELS = [
    (code, row["id"], sentence, key == "yes")
    for code in OTHERS
    for row in phrasebook(code)["level"]
    for key in ("yes", "no")
    for sentence in row[key]
]


def names(cases):
    return [f"{'-'.join(map(str, case[:-2]))}:{number}" for number, case in enumerate(cases)]


@pytest.mark.parametrize(("code", "kind", "name", "sentence", "is_yes"), SENTENCES, ids=names(SENTENCES))
def test_phrases_read_their_own_sentences(code, kind, name, sentence, is_yes):
    finder = phrasebook(code).fields if kind == "field" else phrasebook(code).matcher
    found = {found.entry.id for found in finder.find(sentence) if found.entry.kind == kind}
    assert (name in found) is is_yes


@pytest.mark.parametrize(("code", "level", "sentence", "is_yes"), LEVELS, ids=names(LEVELS))
def test_degree_levels_read_their_own_sentences(code, level, sentence, is_yes):
    found = {mention.id for mention in degree_mentions(Document(sentence, code))}
    assert (level in found) is is_yes


@pytest.mark.parametrize("code", OTHERS)
def test_ids_are_those_of_the_vocabulary(code):
    book = phrasebook(code)
    for kind in ("skill", "certification", "field"):
        known = {entry.id for entry in entries(kind)}
        own = [entry.id for entry in book.own_entries(kind)]
        assert set(own) <= known
        assert len(own) == len(set(own))
    assert {row["id"] for row in book["level"]} <= {row["id"] for row in read_toml("degrees.toml")["level"]}
    assert set(book["subjects"]) | {"general"} == set(read_toml("experience.toml")["subject_of_experience"])
    assert set(book["spoken"]["names"]) <= set(phrasebook(ENGLISH)["spoken"]["names"])
    assert set(book["own_words_only"]) <= {entry.id for entry in book.own_entries("skill")}


@pytest.mark.parametrize("code", OTHERS)
def test_every_entry_proves_itself_and_the_core_is_covered(code):
    book = phrasebook(code)
    own = [entry for kind in ("skill", "certification", "field") for entry in book.own_entries(kind)]
    assert all(entry.yes and entry.no for entry in own)
    assert all(row["yes"] and row["no"] for row in book["level"])
    core = {entry.id for entry in entries("skill") if entry.book == "core"}
    assert len({entry.id for entry in book.own_entries("skill")} & core) >= 70


@pytest.mark.parametrize("code", READ_LANGUAGES)
def test_every_section_has_headings_in_lower_case(code):
    assert set(ORDER) == set(SECTIONS)
    for _, exact, starts, holds in phrasebook(code).headings:
        assert all(phrase == phrase.lower() for phrase in (*exact, *starts, *holds))


@pytest.mark.parametrize("code", OTHERS)
@pytest.mark.parametrize(
    "words",
    [
        "3 Jahre ans års ",
        "Studium Bac+5 examen ",
        "projekt projets ",
        "von Vorteil, un plus, meriterande ",
        "steuern gérer leda ",
        "deutsch anglais svenska in ",
        "- \n",
        "((((",
        "ist un plus är ",
    ],
    ids=["years", "degrees", "projects", "cues", "verbs", "spoken", "bullets", "brackets", "chains"],
)
def test_hostile_megabyte_ends_soon(code, words):
    text = words * (1_000_000 // len(words))
    list(mentions_of("Projekt", code))
    began = time.process_time()
    for mention in mentions_of(text, code):
        assert label_of(mention.requirement_id)
    assert time.process_time() - began < 2
