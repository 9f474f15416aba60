"""Looking for the beginnings of a pattern finds what the pattern finds."""

import re
from itertools import chain

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from itpm_trends.reading import occupation, specialism, workplace
from itpm_trends.reading.language import READ_LANGUAGES
from itpm_trends.reading.signs import Sign, beginnings, standing
from itpm_trends.reading.text import lowered, rare_characters

KINDS = [sign for _, signs in specialism._signs().values() for sign in signs]
SIGNS = (
    workplace.HYBRID,
    workplace.REMOTE,
    workplace.ONSITE,
    workplace.SIGN,
    *(occupation._any(table, key) for table, key in (("role", "is"), ("role", "not"), ("it", "title"), ("it", "hint"))),
    *(sign for table in ("it", "elsewhere") for code in READ_LANGUAGES for sign in occupation._each(table, code)),
    *KINDS,
)
PARTS = sorted(set(chain.from_iterable(sign._beginnings for sign in SIGNS)))
ENDS = (
    "",
    "s",
    " ",
    ", ",
    "\n",
    " manager",
    " of it",
    "-site",
    " office",
    " days a week",
    ".net",
    "İ",
    "ı",
    "K",
    "ſ",
    "É",
)
TEXTS = st.lists(st.sampled_from([*PARTS, *map(str.upper, PARTS), *map(str.title, PARTS), *ENDS]), max_size=12)


@given(TEXTS.map("".join))
@settings(max_examples=300, deadline=None)
def test_a_sign_finds_what_its_pattern_finds(text):
    lower = lowered(text)
    for sign in SIGNS:
        expected = [found.span() for found in sign._pattern.finditer(text)]
        assert [found.span() for found in sign.finditer(text, lower)] == expected, sign._pattern
        assert sign.stands_in(text, lower) == bool(expected), sign._pattern
    assert list(standing(SIGNS, text)) == [sign for sign in SIGNS if sign._pattern.search(text)]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        (r"\b(?:cyber|data) ?security", ["cyber", "data"]),
        (r"go-?live|databases?|c\+\+|\.net", ["go", "database", "c++", ".net"]),
        (r"(?<=at )home|(?<![\d.])four|(?:a(?:b|c)|d)e", ["home", "four", "a", "d"]),
        (r"u[ix]|x(?:1|2)?", ["u", "x"]),
    ],
)
def test_beginnings(pattern, expected):
    assert list(beginnings(pattern)) == expected


@pytest.mark.parametrize("pattern", [r"\w+ manager", "[ab]c", "a?b", "(?:ab)?c", "", "a|"])
def test_a_pattern_without_a_beginning_is_refused(pattern):
    with pytest.raises(ValueError, match="no characters to look for"):
        Sign(pattern)


@given(st.text())
def test_lower_case_keeps_every_character_in_its_place(text):
    assert len(lowered(text)) == len(text)
    for place, character in enumerate(text):
        if re.fullmatch("[a-z]", character, re.IGNORECASE):
            assert re.fullmatch("[a-z]", lowered(text)[place])


@given(st.text())
def test_rare_characters_are_all_but_printable_ascii(text):
    assert rare_characters(text) == {c for c in text if not (c == "\n" or " " <= c <= "~")}
