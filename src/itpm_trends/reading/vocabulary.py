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

import os
import re
import tomllib
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from functools import cache
from importlib.resources import files
from pathlib import Path, PurePosixPath

from itpm_trends.errors import SettingsError
from itpm_trends.workspace import VARIABLE

KINDS = ("certification", "skill", "field", "duty", "role")
REQUIREMENTS = ("certification", "skill", "duty")  # kinds whose entries are requirements of their own
OWN = "own"  # the book of the user's entries
WORD = re.compile(r"\w+")
SEPARATOR = r"(?: ?[-/] ?| |'s? )"
GAP_WORD = r"(?:[^\w.;:!?\n]{1,3}[\w'&+#]+)"
GAP_END = r"[^\w.;:!?\n]{1,3}"
MOST_REMEMBERED_WORDS = 200_000
KEY = 4  # letters of a word by which rules fall away
WINDOW = 16  # words after the first that a gap may reach (a gap word with an apostrophe or hyphens counts for several)


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
    book: str = ""  # the file that holds it, without its ending

    @property
    def requirement_id(self) -> str:
        return f"{self.kind}:{self.id}"


def words_of(text: str) -> list[tuple[int, str]]:
    """Every word of ``text`` with the place where it starts."""
    return [(word.start(), word.group()) for word in WORD.finditer(text)]


def read_toml(name: str) -> dict:
    """One packaged vocabulary file."""
    return tomllib.loads(files("itpm_trends").joinpath("vocabulary", name).read_text(encoding="utf-8"))


def plural(kind: str) -> str:
    """A kind's name in file names: ``skills``, ``duties``."""
    return f"{kind[:-1]}ies" if kind.endswith("y") else f"{kind}s"


def own_folder() -> str:
    """Where the user's own entries lie: ``vocabulary/`` in the current workspace."""
    return os.path.join(os.environ.get(VARIABLE) or os.getcwd(), "vocabulary")


def _rows(kind: str, own: str) -> list[dict]:
    """The rows of a kind's file (``fields.toml``), or of every file in its folder (``skills/``), and the user's own.

    Each row names its ``book``: the file that holds it.
    """
    shelf = files("itpm_trends").joinpath("vocabulary", plural(kind))
    books = sorted(f"{plural(kind)}/{file.name}" for file in shelf.iterdir()) if shelf.is_dir() else []
    names = books or [f"{plural(kind)}.toml"]
    rows = [{**row, "book": PurePosixPath(name).stem} for name in names for row in read_toml(name)[kind]]
    return rows + [{**row, "book": OWN} for row in own_rows(kind, own)]


def own_rows(kind: str, own: str) -> list[dict]:
    """The user's own entries of a kind in the folder ``own``; SettingsError where their file cannot be read."""
    path = Path(own, f"{plural(kind)}.toml")
    if not path.is_file():
        return []
    try:
        rows = tomllib.loads(path.read_text(encoding="utf-8")).get(kind, [])
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SettingsError(f"{path} is not valid TOML: {error}. Mend the line, or move the file away.") from error
    for number, row in enumerate(rows, start=1):
        if missing := [name for name in ("id", "label", "match") if not row.get(name)]:
            raise SettingsError(f"{path}: entry {number} lacks {', '.join(missing)}. Add it, or take the entry out.")
    return rows


def entries(kind: str) -> tuple[Entry, ...]:
    """All entries of a kind (one of KINDS), in the order of their files, the user's own last.

    >>> next(entry.label for entry in entries("certification") if entry.id == "pmp")
    'PMP'
    """
    return _entries(kind, own_folder())


@cache
def _entries(kind: str, own: str) -> tuple[Entry, ...]:
    return tuple(
        Entry(
            kind=kind,
            id=row.pop("id"),
            label=row.pop("label"),
            match=tuple(row.pop("match")),
            excepted=tuple(row.pop("except", ())),
            yes=tuple(row.pop("yes", ())),
            no=tuple(row.pop("no", ())),
            book=row.pop("book"),
            traits=row,
        )
        for row in _rows(kind, own)
    )


def extended(entry: Entry, more: Entry | None, only: bool = False) -> Entry:
    """``entry`` with the phrases of ``more`` beside its own, or (``only``) in place of them."""
    if more is None:
        return replace(entry, match=(), excepted=()) if only else entry
    own = ((), ()) if only else (entry.match, entry.excepted)
    return replace(entry, match=own[0] + more.match, excepted=own[1] + more.excepted)


@cache
def _labels(own: str) -> dict[str, str]:
    return {
        **{f"degree:{row['id']}": row["label"] for row in read_toml("degrees.toml")["level"]},
        **{entry.requirement_id: entry.label for kind in REQUIREMENTS for entry in _entries(kind, own)},
        **{f"role:{entry.id}": entry.label for entry in _entries("role", own)},
        **{
            f"experience:{name}": label for name, label in read_toml("experience.toml")["subject_of_experience"].items()
        },
        **{
            f"language:{name}": f"{name.capitalize()} (language)"
            for name in read_toml("languages/english.toml")["spoken"]["names"]
        },
    }


def requirement_ids() -> list[str]:
    """Every requirement_id that mentions can hold, sorted.

    >>> "certification:pmp" in requirement_ids()
    True
    """
    return sorted(_labels(own_folder()))


def label_of(requirement_id: str) -> str:
    """What to call a requirement; KeyError for one that the vocabulary does not hold.

    >>> label_of("degree:bachelor")
    "Bachelor's degree"
    """
    return _labels(own_folder())[requirement_id]


@dataclass(frozen=True, slots=True)
class Found:
    """A place in the normalised text where an entry's phrase stands."""

    entry: Entry
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A phrase ready to match: from which first words, and which words must follow for a try to pay.

    ``nexts`` are the beginnings (``KEY`` letters) of the word right after the first, ``laters`` those of a word
    behind a gap; None where nothing can be said beforehand.
    """

    firsts: tuple[str, ...]
    pattern: str
    nexts: frozenset[str] | None = None
    laters: frozenset[str] | None = None


class Matcher:
    """Finds the phrases of many entries in one pass over the words of a text.

    A word looks up the rules that may start at it; most of them fall away because the next word, or every word in
    the window after it, begins otherwise. Only the rest is tried as a regular expression, anchored at the word, so
    the whole is linear in the text.
    """

    def __init__(self, vocabulary: tuple[Entry, ...]):
        self._entries = vocabulary
        self._by_word: dict[str, list[tuple[int, bool, Rule]]] = {}
        self._by_beginning: dict[str, list[tuple[int, bool, Rule]]] = {}
        for number, entry in enumerate(vocabulary):
            for is_exception, phrases in ((False, entry.match), (True, entry.excepted)):
                for rule in map(_rule, phrases):
                    for first in rule.firsts:
                        index = self._by_beginning if first.endswith("*") else self._by_word
                        index.setdefault(first.rstrip("*"), []).append((number, is_exception, rule))
        self._lengths = sorted(set(map(len, self._by_beginning)))
        self._plans: dict[str, tuple | None] = {}

    def find(self, text: str, words: list[tuple[int, str]] | None = None) -> Iterator[Found]:
        """Yield every phrase in ``text``, in order of its first word; exceptions taken out.

        ``words`` are ``words_of(text)``, where the caller has them already.
        """
        hits: list[tuple[int, int, int]] = []
        exceptions: dict[int, tuple[list[int], list[int]]] = {}  # where they start, and how far any so far reaches
        words = words_of(text) if words is None else words
        keys = [word[:KEY].lower() for _, word in words] + [""] * (WINDOW + 1)
        plans = self._plans
        for place, (start, word) in enumerate(words):
            plan = plans[word] if word in plans else self._plan(word)
            if plan is None:
                continue
            always, by_next, by_later = plan
            following = keys[place + 1]
            tries = always + by_next.get(following, ())
            if following == "s":
                tries += by_next.get(keys[place + 2], ())
            if by_later:
                window = keys[place + 1 : place + 1 + WINDOW]
                tries += tuple(trial for laters, trial in by_later if not laters.isdisjoint(window))
            for number, is_exception, match in tries:
                if hit := match(text, start):
                    if is_exception:
                        starts, ends = exceptions.setdefault(number, ([], []))
                        starts.append(start)
                        ends.append(max(ends[-1], hit.end()) if ends else hit.end())
                    else:
                        hits.append((number, start, hit.end()))
        reached: dict[int, int] = {}  # what stands inside a longer phrase of the same entry says nothing more
        for number, start, end in sorted(hits, key=lambda hit: (hit[1], -hit[2])):
            if end <= reached.get(number, 0) or (number in exceptions and _is_inside(start, *exceptions[number])):
                continue
            reached[number] = end
            yield Found(self._entries[number], start, end)

    def _plan(self, spelled: str) -> tuple | None:
        """What to try at a word: always, by the next word's key, and by the keys in the window after it."""
        word = spelled.lower()
        rules = list(self._by_word.get(word, ()))
        for length in self._lengths:
            if length <= len(word):
                rules += self._by_beginning.get(word[:length], ())
        plan = _planned(rules) if rules else None
        if len(self._plans) < MOST_REMEMBERED_WORDS:
            self._plans[spelled] = plan
        return plan


def _is_inside(place: int, starts: list[int], ends: list[int]) -> bool:
    """Whether a span that begins at or before ``place`` reaches beyond it; ``ends`` are the farthest ends so far."""
    before = bisect_right(starts, place)
    return before > 0 and ends[before - 1] > place


def _planned(rules: list[tuple[int, bool, Rule]]) -> tuple:
    always: dict[tuple[int, bool], list[str]] = {}
    by_next: dict[str, dict[tuple[int, bool], list[str]]] = {}
    by_later: list[tuple[frozenset[str], tuple]] = []
    for number, is_exception, rule in rules:
        kind = (number, is_exception)
        if rule.nexts is not None:
            for key in rule.nexts:
                by_next.setdefault(key, {}).setdefault(kind, []).append(rule.pattern)
        elif rule.laters is not None:
            by_later.append((rule.laters, (*kind, _match_of(rule.pattern))))
        else:
            always.setdefault(kind, []).append(rule.pattern)
    return _trials(always), {key: _trials(kinds) for key, kinds in by_next.items()}, tuple(by_later)


def _trials(kinds: dict[tuple[int, bool], list[str]]) -> tuple:
    return tuple(
        (*kind, _match_of("|".join(sorted(set(patterns), key=len, reverse=True)))) for kind, patterns in kinds.items()
    )


@cache
def _match_of(pattern: str):
    return re.compile(pattern).match


def _rule(phrase: str) -> Rule:
    """A phrase of the vocabulary's language as a rule."""
    first, anchored, pattern = phrase.partition(" :: ")
    if anchored:
        return Rule(tuple(first.lower().split("|")), pattern)
    words = phrase.split()
    if words[0].endswith("?") or words[0].startswith("~") or words[-1].startswith("~"):
        raise ValueError(f"vocabulary phrase {phrase!r}: it must begin with a word and end with one")
    firsts = tuple(re.match(r"\w*\*?", part.lstrip("=")).group().lower() for part in words[0].split("|"))
    return Rule(firsts, _pattern(words), *_what_must_follow(words))


def _what_must_follow(words: list[str]) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    if len(words) < 2 or not re.fullmatch(r"[\w*|=]+,?", words[0]) or words[1].endswith("?"):
        return None, None
    if words[1].startswith("~"):
        span = int(words[1][1:]) + 1
        return (None, _keys(words[2])) if span <= WINDOW // 2 else (None, None)
    return _keys(words[1]), None


def _keys(word: str) -> frozenset[str] | None:
    """The beginnings of all words that ``word`` stands for; None where they cannot be told."""
    parts = [part.lstrip("=").lower() for part in word.rstrip(",").split("|")]
    beginnings = [re.match(r"\w*", part).group() for part in parts]
    if any(
        len(b) < KEY and (part[len(b) :].startswith("*") or not b) for b, part in zip(beginnings, parts, strict=True)
    ):
        return None
    return frozenset(b[:KEY] for b in beginnings)


def _pattern(words: list[str]) -> str:
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
    return "".join(pattern) + r"(?!\w)"


def _word_pattern(word: str) -> str:
    comma = "," if word.endswith(",") else ""
    parts = word.rstrip(",").split("|")
    spelled = [re.escape(part.lstrip("=")).replace(r"\*", r"\w*").replace("/", "[/ ]") for part in parts if part != ","]
    alternatives = "|".join(spelled)
    return (f"(?:{alternatives})" if word.startswith("=") else f"(?i:{alternatives})") + comma


@cache
def matcher_beside() -> Matcher:
    """The matcher of words that mean a certification only where the sentence speaks of certificates."""
    return Matcher(
        tuple(replace(e, match=tuple(e.traits["beside"])) for e in entries("certification") if "beside" in e.traits)
    )


def matcher(*kinds: str) -> Matcher:
    """The matcher of all entries of ``kinds``, built once a process."""
    return _matcher(kinds, own_folder())


@cache
def _matcher(kinds: tuple[str, ...], own: str) -> Matcher:
    return Matcher(tuple(entry for kind in kinds for entry in _entries(kind, own)))


def forget_entries() -> None:
    """Read the vocabulary anew when it is next asked for: a file of the user's has changed."""
    for remembered in (_entries, _labels, _matcher):
        remembered.cache_clear()
