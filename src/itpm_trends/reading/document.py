"""A posting's text read once: folded, cut into units, phrases found. Every finder below starts from it."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cached_property, lru_cache
from typing import NamedTuple

from itpm_trends.reading.asides import (
    Surroundings,
    log_odds_of_job,
    speaks_of_the_employer,
    stands_among_asides,
)
from itpm_trends.reading.language import ENGLISH
from itpm_trends.reading.matching import Found
from itpm_trends.reading.modality import modality
from itpm_trends.reading.patterns import GatedPattern
from itpm_trends.reading.phrasebook import phrasebook
from itpm_trends.reading.sections import Unit, units
from itpm_trends.reading.text import Normalised, normalised

LONGEST_READ = 40_000  # characters in which requirements are looked for; adverts end long before
SEEN_AROUND = 2  # units before and after one that tell of what it speaks
SHORTEST_JUDGED = 25  # characters; a bullet of two words is no sentence to judge
ADDRESS = re.compile(r"(?:https?://|www\.)[^\s<>]{3,500}")
FEWEST_OF_CARE, LEAST_OF_CARE = 8, 0.02  # words of patient care in such a posting: how many, and of all words
FEWEST_OF_BUILDINGS, LEAST_OF_BUILDINGS = 10, 0.015
# Such lines hold titles of others, mostly.
CONTACT = re.compile(r"\[(?:e-mail|phone)\]|\binformal (?:visit|discussion)s?\b", re.IGNORECASE)
ASIDE = ("employer", "benefits", "equal-opportunity")  # what stands there is not asked of the candidate
ASKED = ("required", "preferred")  # what stands there is


class Mention(NamedTuple):
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
        self._asides: dict[int, bool] = {}  # by the unit's number
        self._asides_themselves: dict[int, bool] = {}
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
        found = list(self.book.matcher.find(text))
        if not addresses:
            return found
        return [hit for hit in found if not any(start <= hit.start < end for start, end in addresses)]

    def units_with(self, *patterns: GatedPattern) -> list[Unit]:
        """The units in which one of ``patterns`` may be found."""
        numbers = {pattern.number for pattern in patterns}
        return [unit for unit in self.units if not numbers.isdisjoint(unit.hints)]

    def unit_at(self, place: int) -> Unit | None:
        """The unit that holds character ``place`` of the folded text."""
        number = self._number_at(place)
        return self.units[number] if number >= 0 else None

    def _number_at(self, place: int) -> int:
        return bisect_right(self._unit_starts, place) - 1

    def mention(self, kind: str, name: str, start: int, end: int, unit: Unit, **more) -> Mention:
        """A mention at ``start`` to ``end`` of the folded text."""
        verdict, cue = modality(unit, start - unit.start, min(end, unit.end) - unit.start, self.book.code)
        first, last = self.folded.original_span(start, end)
        return Mention(kind, name, verdict, cue, first, last, unit.section, **more)

    @cached_property
    def speaks_of_care(self) -> bool:
        """Whether the posting is one of patient care: there the words of projects mean other things."""
        return self._speaks_of("care", FEWEST_OF_CARE, LEAST_OF_CARE)

    @cached_property
    def speaks_of_buildings(self) -> bool:
        """Whether the posting is one of building works: there infrastructure and architecture are no IT."""
        return self._speaks_of("buildings", FEWEST_OF_BUILDINGS, LEAST_OF_BUILDINGS)

    def _speaks_of(self, words: str, fewest: int, least: float) -> bool:
        """Whether enough of the words are of a trade, and three times as many as tell against it."""
        if self.language != ENGLISH:
            return False
        text = self.folded.text
        n_words = sum(1 for _ in self.book.pattern("sentences", words).finditer(text))
        if n_words < fewest or n_words < least * text.count(" "):
            return False
        return n_words >= 3 * sum(1 for _ in self.book.pattern("sentences", f"not_{words}").finditer(text))

    def is_of_others(self, unit: Unit, found: Found) -> bool:
        """Whether ``found`` names a team that the person works with, or a field of study: no skill."""
        if self.language != ENGLISH:
            return False
        first, last = found.start - unit.start, found.end - unit.start
        return any(start <= first and last <= end for start, end in _of_others(unit.text))

    def lists_what_is_used(self, unit: Unit) -> bool:
        """Whether a unit lists the technologies in use at the employer, with which the person will work."""
        return self.language == ENGLISH and bool(self.book.pattern("sentences", "used").search(unit.text))

    def is_aside(self, unit: Unit) -> bool:
        """Whether a unit speaks of the employer, the benefits or the law rather than of the job."""
        number = self._number_at(unit.start)
        if number not in self._asides:
            self._asides[number] = self._is_aside_itself(number) or (
                self._is_undecided(unit) and stands_among_asides(self.surroundings(number))
            )
        return self._asides[number]

    def surroundings(self, number: int) -> Surroundings:
        """What a unit and those around it say of whether it is an aside."""
        unit = self.units[number]
        around = [
            n
            for n in range(max(0, number - SEEN_AROUND), min(len(self.units), number + SEEN_AROUND + 1))
            if n != number and not self.units[n].is_heading
        ]
        odds = [
            log_odds_of_job(self.units[n].text)
            for n in around
            if len(self.units[n].text) >= SHORTEST_JUDGED and self.units[n].section == unit.section
        ]
        return Surroundings(
            own=log_odds_of_job(unit.text),
            around=sum(odds) / len(odds) if odds else 0.0,
            asides_around=sum(map(self._is_aside_itself, around)) / len(around) if around else 0.0,
            is_without_heading=unit.section == "other",
            is_among_duties=unit.section == "duties",
            is_bullet=unit.text.startswith("- "),
        )

    def _is_undecided(self, unit: Unit) -> bool:
        """Whether the sentences around a unit may tell what neither its heading nor its words do."""
        if unit.section not in ("other", "duties") or not self._may_be_judged(unit):
            return False
        return not self.book.pattern("sentences", "addressed").search(unit.text)

    def _may_be_judged(self, unit: Unit) -> bool:
        """Whether the models, which learned from English sentences that ask nothing, apply to a unit."""
        if self.language != ENGLISH or len(unit.text) < SHORTEST_JUDGED:
            return False
        return not self.book.pattern("sentences", "questions").match(unit.text)

    def _is_aside_itself(self, number: int) -> bool:
        if number not in self._asides_themselves:
            self._asides_themselves[number] = self._speaks_aside(self.units[number])
        return self._asides_themselves[number]

    def _speaks_aside(self, unit: Unit) -> bool:
        """Whether a unit's section or its own words say that it is an aside."""
        if unit.section in ASIDE or self.book.pattern("sentences", "company").match(unit.text):
            return True
        if CONTACT.search(unit.text):
            return True
        if self.language == ENGLISH and self.book.pattern("sentences", "refused").search(unit.text):
            return True
        return self._may_be_judged(unit) and speaks_of_the_employer(unit.text)


@lru_cache(20_000)  # asked for each skill of a sentence
def _of_others(sentence: str) -> list[tuple[int, int]]:
    """Where an English sentence names teams that the person works with, or fields of study."""
    book = phrasebook(ENGLISH)
    return [
        found.span(part)
        for key, part in (("colleagues", "who"), ("listed_trades", "who"), ("fields_of_study", "fields"))
        for found in book.pattern("sentences", key).finditer(sentence)
    ]
