"""The matcher finds what trying every phrase at every place finds; lines seen before are answered the same."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itpm_trends.reading import matching
from itpm_trends.reading.matching import Matcher, rules_of
from itpm_trends.reading.vocabulary import Entry, entries

PHRASES = (
    "project",
    "=SAFe",
    "manag* ~2 budget*",
    "keep ~3 informed|updated",
    "risk*, ~1 issue*",
    "data-driven|data driven? decision*",
    "in|of|and ~2 =Agile",
    "quality ,|and ~1 cost*",
    "customer journey",
    "c++|c developer",
    "cloud :: Cloud\\+(?!\\w)",
    "a :: A ?\\+ (?i:certif)",
)
TEXT = """project projects SAFe safe manage managing the annual budget budgets keep all our people informed updated risk
risks , issue issues data-driven data driven decision decisions in of and Agile agile quality cost costs customer's
customer journey c++ C c developer Cloud+ Cloud a A + certified A+ . ; é naïve İ 5+ #"""
WORDS = TEXT.split()


def by_trying_all(text: str) -> set[tuple[str, int]]:
    """Each phrase tried at every beginning of a word."""
    places = [word.start() for word in re.finditer(r"\w+", text)]
    return {
        (phrase, place)
        for phrase in PHRASES
        for rule in rules_of(phrase)
        for place in places
        if _begins(text, place, rule.first) and (rule.pattern is None or re.compile(rule.pattern).match(text, place))
    }


def _begins(text: str, place: int, first: str) -> bool:
    word = re.compile(r"\w+").match(text, place)[0].lower()
    return word.startswith(first[:-1]) if first.endswith("*") else word == first


ENTRIES = tuple(Entry("skill", phrase, phrase, (phrase,)) for phrase in PHRASES)
MATCHER = Matcher(ENTRIES)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=40).map(" ".join))
def test_it_finds_what_trying_every_phrase_finds(text):
    found = {(hit.entry.id, hit.start) for hit in MATCHER.find(text)}
    tried = by_trying_all(text)
    assert found <= tried
    # What stands inside a longer phrase of the same entry says nothing more.
    inside = {
        (phrase, place)
        for phrase, place in tried - found
        if any(hit.entry.id == phrase and hit.start < place < hit.end for hit in MATCHER.find(text))
    }
    assert tried - found == inside


@pytest.mark.parametrize(
    ("text", "phrases"),
    [
        (
            "You manage the annual budget and keep all our people informed",
            {"manag* ~2 budget*", "keep ~3 informed|updated"},
        ),
        ("Learn from the customer's journey", {"customer journey"}),
        ("Cloud+ or A + certified", {"cloud :: Cloud\\+(?!\\w)", "a :: A ?\\+ (?i:certif)"}),
        ("manage the\nbudget", set()),
        ("safe", set()),
    ],
)
def test_each_kind_of_phrase(text, phrases):
    assert {hit.entry.id for hit in MATCHER.find(text)} == phrases


def test_a_line_seen_before_says_the_same_wherever_it_stands():
    fresh = Matcher(ENTRIES)
    line = "manage the budget, customer journey"
    first = [(hit.entry.id, line[hit.start : hit.end]) for hit in fresh.find(line)]
    text = f"Something else\n\n{line}\nand more"
    again = [(hit.entry.id, text[hit.start : hit.end]) for hit in fresh.find(text)]
    assert again == first and len(first) == 2


def test_memory_has_an_end(monkeypatch):
    monkeypatch.setattr(matching, "MOST_REMEMBERED_LINES", 3)
    small = Matcher(ENTRIES)
    for number in range(10):
        assert [hit.entry.id for hit in small.find(f"project {number}\nproject\nno\nnone\nnil")] == ["project"] * 2
        assert len(small._lines) <= 5


def test_places_hold_where_lower_case_is_longer():
    text = "İİ project"
    (hit,) = MATCHER.find(text)
    assert text[hit.start : hit.end] == "project"


def test_every_phrase_of_the_vocabulary_can_begin():
    for kind in ("certification", "skill", "duty", "role", "field"):
        for entry in entries(kind):
            for phrase in (*entry.match, *entry.excepted):
                assert rules_of(phrase), f"{entry.requirement_id}: {phrase!r} begins with no word"
