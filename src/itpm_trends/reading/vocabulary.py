"""The closed vocabulary: what may be asked for and in which words, and one matcher that finds all of it.

An entry's ``match`` holds phrases in a small language, read word by word:

``manage|lead project*``
    words may be alternatives (``|``), and ``*`` stands for any ending; hyphen, slash and space are one.
``within? budget``
    ``?`` after a word: it may be missing.
``keep ~3 informed``
    ``~3``: up to three other words may stand between, inside the same sentence part.
``=SAFe``, ``=Word``
    ``=``: this word's case counts.
``risk*, ~2 issue*``
    a comma after a word must stand there; ``,`` among alternatives stands for a comma alone.
``net :: (?<=\\.)(?i:net)(?!\\w)``
    a first word, then a regular expression that must match from there on (no nested quantifiers).

``except`` holds phrases of the same language inside which the entry is not meant.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files

KINDS = ("certification", "skill", "field")
WORD = re.compile(r"\w+")
SEPARATOR = r"(?: ?[-/] ?| |'s? )"
GAP_WORD = r"(?:[^\w.;:!?\n]{1,3}[\w'&+#]+)"
GAP_END = r"[^\w.;:!?\n]{1,3}"
MOST_REMEMBERED_WORDS = 200_000


@dataclass(frozen=True)
class Entry:
    """One thing that postings ask for. ``yes`` and ``no`` sentences are its tests."""

    kind: str
    id: str
    label: str
    match: tuple[str, ...]
    excepted: tuple[str, ...] = ()
    yes: tuple[str, ...] = ()
    no: tuple[str, ...] = ()
    traits: dict = field(default_factory=dict, hash=False)  # issuer, family, group, language ...

    @property
    def requirement_id(self) -> str:
        return f"{self.kind}:{self.id}"


def read_toml(name: str) -> dict:
    """One packaged vocabulary file."""
    return tomllib.loads(files("itpm_trends").joinpath("vocabulary", name).read_text(encoding="utf-8"))


@cache
def entries(kind: str) -> tuple[Entry, ...]:
    """All entries of a kind (one of KINDS), in the order of their file.

    >>> entries("certification")[0].label
    'Project Management Professional'
    """
    return tuple(
        Entry(
            kind=kind,
            id=row.pop("id"),
            label=row.pop("label"),
            match=tuple(row.pop("match")),
            excepted=tuple(row.pop("except", ())),
            yes=tuple(row.pop("yes", ())),
            no=tuple(row.pop("no", ())),
            traits=row,
        )
        for row in read_toml(f"{kind}s.toml")[kind]
    )


@cache
def _labels() -> dict[str, str]:
    return {
        **{f"degree:{row['id']}": row["label"] for row in read_toml("degrees.toml")["level"]},
        **{entry.requirement_id: entry.label for kind in ("certification", "skill") for entry in entries(kind)},
        **{f"experience:{name}": label for name, label in read_toml("experience.toml")["subject_of_experience"].items()},
        **{f"language:{name}": name.capitalize() for name in read_toml("languages.toml")["spoken"]},
    }


def requirement_ids() -> list[str]:
    """Every requirement_id that mentions can hold, sorted.

    >>> "certification:pmp" in requirement_ids()
    True
    """
    return sorted(_labels())


def label_of(requirement_id: str) -> str:
    """What to call a requirement; KeyError for one that the vocabulary does not hold.

    >>> label_of("degree:bachelor")
    "Bachelor's degree"
    """
    return _labels()[requirement_id]


@dataclass(frozen=True, slots=True)
class Found:
    """A place in the normalised text where an entry's phrase stands."""

    entry: Entry
    start: int
    end: int


class Matcher:
    """Finds the phrases of many entries in one pass over the words of a text."""

    def __init__(self, vocabulary: tuple[Entry, ...]):
        by_word: dict[str, dict[tuple[int, bool], list[str]]] = {}
        by_beginning: dict[str, dict[tuple[int, bool], list[str]]] = {}
        for number, entry in enumerate(vocabulary):
            for is_exception, phrases in ((False, entry.match), (True, entry.excepted)):
                for phrase in phrases:
                    firsts, pattern = _compiled(phrase)
                    for first in firsts:
                        index = by_beginning if first.endswith("*") else by_word
                        index.setdefault(first.rstrip("*"), {}).setdefault((number, is_exception), []).append(pattern)
        self._entries = vocabulary
        self._by_word = {word: _joined(rules) for word, rules in by_word.items()}
        self._by_beginning = {word: _joined(rules) for word, rules in by_beginning.items()}
        self._shortest = min(map(len, self._by_beginning), default=1)
        self._longest = max(map(len, self._by_beginning), default=0)
        self._rules: dict[str, tuple] = {}

    def find(self, text: str) -> Iterator[Found]:
        """Yield every phrase in ``text``, in order of its first word; exceptions taken out."""
        hits: list[tuple[int, int, int]] = []
        exceptions: list[tuple[int, int, int]] = []
        rules_of = self._rules
        for word in WORD.finditer(text):
            spelled = word.group()
            rules = rules_of.get(spelled)
            if rules is None:
                rules = self._rules_of(spelled)
            if rules:
                place = word.start()
                for number, is_exception, match in rules:
                    if hit := match(text, place):
                        (exceptions if is_exception else hits).append((number, place, hit.end()))
        for number, start, end in hits:
            if not any(n == number and first <= start < last for n, first, last in exceptions):
                yield Found(self._entries[number], start, end)

    def _rules_of(self, spelled: str) -> tuple:
        word = spelled.lower()
        rules = list(self._by_word.get(word, ()))
        for length in range(self._shortest, min(self._longest, len(word)) + 1):
            rules += self._by_beginning.get(word[:length], ())
        if len(self._rules) < MOST_REMEMBERED_WORDS:
            self._rules[spelled] = tuple(rules)
        return tuple(rules)


def _joined(rules: dict[tuple[int, bool], list[str]]) -> tuple:
    return tuple(
        (number, is_exception, re.compile("|".join(sorted(set(patterns), key=len, reverse=True))).match)
        for (number, is_exception), patterns in rules.items()
    )


def _compiled(phrase: str) -> tuple[list[str], str]:
    """The first words of a phrase (``*`` at the end of a beginning) and the pattern to match from there."""
    first, anchored, pattern = phrase.partition(" :: ")
    if anchored:
        return first.lower().split("|"), pattern
    words = phrase.split()
    if words[0].endswith("?") or words[0].startswith("~"):
        raise ValueError(f"vocabulary phrase {phrase!r}: the first word may not be missing")
    firsts = [re.match(r"\w*\*?", part.lstrip("=")).group().lower() for part in words[0].split("|")]
    pattern = [_word_pattern(words[0])]
    gap = 0
    for word in words[1:]:
        if word.startswith("~"):
            gap = int(word[1:])
        elif word.endswith("?"):
            pattern.append(rf"(?:{SEPARATOR}{_word_pattern(word[:-1])})?")
        elif gap:
            pattern.append(rf"{GAP_WORD}{{0,{gap}}}?{GAP_END}{_word_pattern(word)}")
            gap = 0
        elif "," in word.split("|"):
            others = "|".join(part for part in word.split("|") if part != ",")
            pattern.append(rf"(?:,|{SEPARATOR}{_word_pattern(others)})" if others else ",")
        else:
            pattern.append(SEPARATOR + _word_pattern(word))
    return firsts, "".join(pattern) + r"(?!\w)"


def _word_pattern(word: str) -> str:
    comma = "," if word.endswith(",") else ""
    parts = word.rstrip(",").split("|")
    spelled = [
        re.escape(part.lstrip("=")).replace(r"\*", r"\w*").replace("/", "[/ ]") for part in parts if part != ","
    ]
    alternatives = "|".join(spelled)
    return (f"(?:{alternatives})" if word.startswith("=") else f"(?i:{alternatives})") + comma


@cache
def matcher_beside() -> Matcher:
    """The matcher of words that mean a certification only where the sentence speaks of certificates."""
    return Matcher(
        tuple(replace(e, match=tuple(e.traits["beside"])) for e in entries("certification") if "beside" in e.traits)
    )


@cache
def matcher(*kinds: str) -> Matcher:
    """The matcher of all entries of ``kinds``, built once a process."""
    return Matcher(tuple(entry for kind in kinds for entry in entries(kind)))
