"""A posting's text read once: folded, cut into units, phrases found. Every finder below starts from it."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from itpm_trends.reading.asides import speaks_of_the_employer
from itpm_trends.reading.language import ENGLISH
from itpm_trends.reading.modality import modality
from itpm_trends.reading.phrasebook import phrasebook
from itpm_trends.reading.sections import Unit, units
from itpm_trends.reading.text import Normalised, normalised
from itpm_trends.reading.vocabulary import KEY, Found, words_of

LONGEST_READ = 40_000  # characters in which requirements are looked for; adverts end long before
SHORTEST_JUDGED = 25  # characters; a bullet of two words is no sentence to judge
ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>]{3,500}")
ASIDE = ("employer", "benefits", "equal-opportunity")  # what stands there is not asked of the candidate


@dataclass(frozen=True)
class Mention:
    """A place that states a requirement; offsets are those of description_text."""

    kind: str
    id: str
    modality: str
    cue: str
    start: int
    end: int
    section: str
    level: str | None = None
    fields: tuple[str, ...] = ()
    subject: str | None = None
    min_years: float | None = None
    max_years: float | None = None
    or_experience: bool | None = None

    @property
    def requirement_id(self) -> str:
        return f"{self.kind}:{self.id}"


class Document:
    """One description_text, with all that is read from it worked out at most once."""

    def __init__(self, text: str, language: str = ENGLISH):
        self.text = text
        self.language = language
        self.book = phrasebook(language)
        self.subject_before: str | None = None  # "experience as described above" points back to it
        self.fields_named_before: set[str] = set()  # "in one of these disciplines" points back to them

    @cached_property
    def folded(self) -> Normalised:
        return normalised(self.text[:LONGEST_READ])

    @cached_property
    def units(self) -> list[Unit]:
        return units(self.folded.text, self.book.code)

    @cached_property
    def _unit_starts(self) -> list[int]:
        return [unit.start for unit in self.units]

    @cached_property
    def found(self) -> list[Found]:
        """All phrases of certifications, skills and duties."""
        text = self.folded.text
        addresses = [m.span() for m in ADDRESS.finditer(text)] if "://" in text or "www." in text else []
        return [
            found
            for found in self.book.matcher.find(text, self.words)
            if not any(start <= found.start < end for start, end in addresses)
        ]

    @cached_property
    def words(self) -> list[tuple[int, str]]:
        """Every word with the place where it starts."""
        return words_of(self.folded.text)

    @cached_property
    def _units_by_key(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        number, last = 0, len(self.units) - 1
        for place, word in self.words:
            while number < last and place >= self._unit_starts[number + 1]:
                number += 1
            numbers = found.setdefault(word[:KEY].lower(), [])
            if not numbers or numbers[-1] != number:
                numbers.append(number)
        return found

    def units_with(self, keys: frozenset[str]) -> list[Unit]:
        """The units that hold a word beginning as one of ``keys`` (four letters, fewer for shorter words)."""
        numbers = {number for key in keys for number in self._units_by_key.get(key, ())}
        return [self.units[number] for number in sorted(numbers)]

    def unit_at(self, place: int) -> Unit | None:
        """The unit that holds character ``place`` of the folded text."""
        number = bisect_right(self._unit_starts, place) - 1
        return self.units[number] if number >= 0 else None

    def mention(self, kind: str, name: str, start: int, end: int, unit: Unit, **more) -> Mention:
        """A mention at ``start`` to ``end`` of the folded text."""
        verdict, cue = modality(unit, start - unit.start, min(end, unit.end) - unit.start, self.book.code)
        first, last = self.folded.original_span(start, end)
        return Mention(kind, name, verdict, cue, first, last, unit.section, **more)

    def others_in(self, unit: Unit) -> list[tuple[int, int]]:
        """Where the English ``unit`` names teams that the person works with, or fields of study: no skills there.

        Spans of folded text.
        """
        if self.language != ENGLISH:
            return []
        lists = {"colleagues": "who", "fields_of_study": "fields"}
        return [
            (unit.start + found.start(part), unit.start + found.end(part))
            for key, part in lists.items()
            for found in self.book.pattern("sentences", key).finditer(unit.text)
        ]

    def is_aside(self, unit: Unit) -> bool:
        """Whether a unit speaks of the employer, the benefits or the law rather than of the job."""
        if unit.section in ASIDE or self.book.pattern("sentences", "company").match(unit.text):
            return True
        is_judged = self.language == ENGLISH and len(unit.text) >= SHORTEST_JUDGED
        return is_judged and speaks_of_the_employer(unit.text)
