"""What a gate lets through: everything in which a pattern is found, and little else."""

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from itpm_trends.reading import degrees
from itpm_trends.reading.patterns import READING, Gate, needed_part, required_characters
from itpm_trends.reading.phrasebook import phrasebook
from itpm_trends.reading.vocabulary import entries

SOURCES = [
    (r"\bbachelor'?s?\b", re.I),
    (r"(?<!\w)(?:PMP|CSM)(?!\w)", 0),
    (r"\b(?:certif\w*)\b[^.;]{0,60}\b(?:required|preferred)\b", re.I),
    (r"(?i:information) (?-i:IT)|computer", 0),
    (r"(?:\w+ ){0,3}years? of experience", re.I),
    (r"no (?:\w+ )?degree", re.I),
    (r"ph\.? ?d", re.I),
    (r"\d{1,2}\+? years", re.I),
    (r"[A-Z]{2,5}", 0),
    (r"naïve|coöperate", re.I),
    (r"(?:a|b)?c{0,2}project{1,2}", 0),
    (r"not(?! required) needed", re.I),
]
TEXT = """Bachelor bachelor's BACHELOR PMP CSM pmp certified certificate required preferred information IT it computer
5+ years year of experience no college degree Ph.D PhD ph d naïve NAÏVE coöperate project projectt cproject not needed
İT ı ſ K é certıficate requıred REQUİRED . ; -"""
WORDS = TEXT.split()


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join), st.text(max_size=12))
def test_no_text_with_a_match_is_kept_out(words, noise):
    gate = Gate()
    patterns = [gate.pattern(source, flags) for source, flags in SOURCES]
    for text in (words, noise + words, words + noise):
        for pattern in patterns:
            found = re.compile(pattern.source, pattern.flags).search(text)
            gated = pattern.search(text)
            assert (gated and gated.span()) == (found and found.span()), (pattern.source, text)


def test_texts_without_the_part_are_kept_out():
    gate = Gate()
    patterns = [gate.pattern(source, flags) for source, flags in SOURCES]
    let_through = [p.source for p in patterns if p.may_be_in("We are a friendly team in Leeds.")]
    assert let_through == [r"[A-Z]{2,5}"]  # tells nothing: every text holds capitals


def test_the_patterns_of_the_reading_room_lose_nothing():
    phrasebook("en")
    degrees.levels_named("MSc")  # its patterns are made when first asked for
    sentences = [s for kind in ("certification", "skill") for entry in entries(kind) for s in (*entry.yes, *entry.no)]
    for number, (source, flags) in enumerate(READING._patterns):
        pattern = re.compile(source, flags)
        for sentence in sentences:
            if pattern.search(sentence):
                assert number in READING.hints(sentence), (source, sentence)


def test_without_re2_everything_is_let_through(monkeypatch):
    monkeypatch.setattr("itpm_trends.reading.patterns.find_spec", lambda name: None)
    gate = Gate()
    pattern = gate.pattern(r"\bPMP\b")
    assert pattern.may_be_in("nothing of the kind")
    assert pattern.search("a PMP") and not pattern.search("nothing of the kind")


def test_long_repeats_and_classes_are_left_out():
    assert needed_part(r"degree\b[^.;]{0,120}\bnot required", re.I, True) == r"(?i:\bnot\x{20}required)"
    assert needed_part(r"\w+", 0, True) is None
    assert needed_part(r"(?:a|)b", 0, True) is None


def test_required_characters():
    assert required_characters(r"A ?\+ (?i:certif)|A\+, x") >= {"A", "+"}
    assert "+" not in required_characters(r"A\+?")
