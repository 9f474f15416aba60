"""No regular expression of the program, and no phrase of the vocabulary, hangs on a text made against it."""

from __future__ import annotations

import importlib
import pkgutil
import re
import time
from collections.abc import Iterator

import pytest

import itpm_trends
from itpm_trends.reading.language import READ_LANGUAGES
from itpm_trends.reading.matching import rules_of
from itpm_trends.reading.patterns import GatedPattern
from itpm_trends.reading.phrasebook import phrasebook
from itpm_trends.reading.sections import LONGEST_UNIT
from itpm_trends.reading.vocabulary import entries
from tests.pumping import pumped

HANG = 2.0  # seconds of the processor for one sentence; the slowest takes a twentieth of it
KINDS = ("certification", "skill", "duty", "role", "field")


def inside(value: object) -> Iterator[tuple[str, int]]:
    """The patterns that a module's constant holds."""
    if isinstance(value, GatedPattern):
        yield value.source, value.flags
    elif isinstance(value, re.Pattern) and isinstance(value.pattern, str):
        yield value.pattern, value.flags & ~re.UNICODE
    elif isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from inside(part)


def of_modules() -> Iterator[tuple[str, str, int]]:
    for info in pkgutil.walk_packages(itpm_trends.__path__, "itpm_trends."):
        if not info.name.endswith("__main__"):
            for name, value in vars(importlib.import_module(info.name)).items():
                yield from ((f"{info.name}.{name}", *pattern) for pattern in inside(value))


def of_phrasebooks() -> Iterator[tuple[str, str, int]]:
    for code in READ_LANGUAGES:
        book = phrasebook(code)
        for table, rows in book._book.items():
            for key, row in rows.items() if isinstance(rows, dict) else ():
                if isinstance(row, list) and all(isinstance(part, str) for part in row) and table != "headings":
                    yield from ((f"{code}: {table}.{key}", *found) for found in inside(book.pattern(table, key)))


def of_phrases() -> Iterator[tuple[str, str, int]]:
    for kind in KINDS:
        for entry in entries(kind):
            for phrase in (*entry.match, *entry.excepted):
                yield from ((f"{entry.id}: {phrase}", rule.pattern, 0) for rule in rules_of(phrase) if rule.pattern)


def slowest(name: str, pattern: str, flags: int, length: int = LONGEST_UNIT) -> tuple[float, str]:
    compiled, worst = re.compile(pattern, flags), (0.0, name)
    for text in pumped(pattern, flags, length):
        began = time.process_time()
        compiled.search(text)
        worst = max(worst, (time.process_time() - began, f"{name} on {text[:60]!r}..."))
    return worst


@pytest.mark.parametrize("patterns", [of_modules, of_phrasebooks, of_phrases])
def test_no_pattern_hangs(patterns):
    found = {(pattern, flags): name for name, pattern, flags in patterns()}
    assert len(found) > 100
    slow = [what for what in (slowest(name, *key) for key, name in found.items()) if what[0] > HANG]
    assert not slow


@pytest.mark.parametrize(
    ("pattern", "lengths"),
    [(r"(?:a+)+b", (14, 20)), (r"(?:\w+ ?)*;", (14, 20)), (r"[ ,]*x?[ ,]*y?[ ,]*z?[ ,]*$", (60, 120))],
)
def test_the_guard_sees_what_hangs(pattern, lengths):
    """Twice the text takes many times as long; for the program's own patterns LONGEST_UNIT takes next to nothing."""
    short, long = (slowest("", pattern, 0, length)[0] for length in lengths)
    assert long > 4 * short
