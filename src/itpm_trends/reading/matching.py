"""One matcher that finds all phrases of the vocabulary in a text, and the small language they are written in.

A phrase is read word by word:

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
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import reduce
from itertools import accumulate, compress, count
from operator import add, or_
from typing import TYPE_CHECKING, NamedTuple

from itpm_trends.reading.patterns import required_characters

if TYPE_CHECKING:
    from itpm_trends.reading.vocabulary import Entry

NO_WORD = re.compile(r"[^\w ]")
WORDS_ALONE = bytes(ord(chr(c).lower()) if chr(c).isalnum() or chr(c) == "_" else 32 for c in range(128)) + bytes(128)
SEPARATOR = r"(?: ?[-/] ?| |'s? )"
# It begins with a letter and keeps its signs (possessive): otherwise a run of "&&&&" could be split in endless ways.
GAP_WORD = r"(?:[^\w.;:!?\n•]{1,3}\w[\w'&+#]*+)"
GAP_END = r"[^\w.;:!?\n•]{1,3}"
WINDOW = 16  # words after the first that a gap may reach (a gap word with an apostrophe or hyphens counts for several)
SIGNS = "+#"  # few lines hold one, and some names end in it
SIGNED = re.compile(rf"[{SIGNS}](?<=\w[{SIGNS}])|[{SIGNS}](?<=\w [{SIGNS}])")
MOST_REMEMBERED = 200_000  # words
MOST_REMEMBERED_LINES = 50_000  # employers repeat themselves: 47 % of the letters of 15,000 adverts stood in such lines
STEP = WINDOW // 2
MOST_REMEMBERED_SETS = 500  # sets of following words, for each first word

Hit = tuple[int, int, int]  # number of the entry, start, end
# Number of the entry, whether it is an exception, its pattern (None: the word itself), bits of the words needed later.
Trial = tuple[int, bool, str | None, int]


class Found(NamedTuple):
    """A place in the normalised text where an entry's phrase stands."""

    entry: Entry
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Rule:
    """A phrase ready to match, for one way to begin it.

    ``first`` and those of ``next`` and ``later`` are words, or beginnings that end in ``*``, or signs. No try pays
    unless one of ``next`` stands right after the first and one of ``later`` within WINDOW words of it; None where
    nothing can be said.
    """

    first: str
    pattern: str | None  # None where the word alone is the phrase
    next: frozenset[str] | None = None
    later: frozenset[str] | None = None


class Matcher:
    """Finds the phrases of many entries in one pass over the words of a text.

    A word looks up the rules that may start at it; most of them fall away because the word that they need does not
    follow. Only the rest is tried as a regular expression, anchored at the word, so the whole is linear in the text.
    Phrases do not cross line ends, so lines seen before are answered from memory.
    """

    def __init__(self, vocabulary: tuple[Entry, ...]):
        self._entries = vocabulary
        self._starting: dict[str, list[tuple[int, bool, Rule]]] = {}
        for number, entry in enumerate(vocabulary):
            for is_exception, phrases in ((False, entry.match), (True, entry.excepted)):
                for phrase in phrases:
                    for rule in rules_of(phrase):
                        self._starting.setdefault(rule.first, []).append((number, is_exception, rule))
        rules = [rule for starting in self._starting.values() for _, _, rule in starting]
        self._nexts = frozenset(word for rule in rules for word in rule.next or ())
        laters = sorted({word for rule in rules for word in rule.later or ()})
        self._bits = {word: 1 << place for place, word in enumerate(laters)}
        named = (*self._starting, *self._nexts, *laters)
        self._stems = frozenset(word[:-1] for word in named if word.endswith("*"))
        self._lengths = sorted(set(map(len, self._stems)))
        self._words = _Remembered(self._word)
        self._lines: dict[str, tuple[Hit, ...]] = {}

    def find(self, text: str) -> Iterator[Found]:
        """Yield every phrase in ``text``, in order of its first word; exceptions taken out."""
        place = 0
        lines = text.split("\n")
        for line, hits in zip(lines, self.in_lines(lines), strict=True):
            for number, start, end in hits:
                yield Found(self._entries[number], place + start, place + end)
            place += len(line) + 1

    def in_lines(self, lines: list[str]) -> list[tuple[Hit, ...]]:
        """For each line (number of the entry, start, end) of its phrases; lines not yet known are read in one go."""
        known = self._lines
        if unknown := [line for line in dict.fromkeys(lines) if line not in known]:
            if len(known) + len(unknown) > MOST_REMEMBERED_LINES:
                known.clear()
                unknown = list(dict.fromkeys(lines))
            known.update(zip(unknown, self._read(unknown), strict=True))
        return [known[line] for line in lines]

    def _read(self, lines: list[str]) -> Iterator[tuple[Hit, ...]]:
        """The phrases of each line, which hold no line ends."""
        hits = self._hits("\n".join(lines))
        first = number = 0
        for line in lines:
            last = first + len(line)
            own = number
            while number < len(hits) and hits[number][1] <= last:
                number += 1
            yield tuple((entry, start - first, end - first) for entry, start, end in hits[own:number])
            first = last + 1

    def _hits(self, line: str) -> list[Hit]:
        """(number of the entry, start, end) in order."""
        starts, words = words_of(line)
        if not words:
            return []
        known = list(map(self._words.__getitem__, words))
        nexts = [follows for _, follows, _ in known[1:]]
        nexts.append(())
        if "'s" in line:
            _see_through_s(words, nexts)
        bits = [bits for _, _, bits in known]
        if "+" in line or "#" in line:
            self._see_signs(line, starts, bits)
        windows = _windows(bits)
        hits: list[Hit] = []
        exceptions: dict[int, tuple[list[int], list[int]]] = {}  # where they start, how far any so far reaches
        for place, (plan, _, _) in enumerate(known):
            if plan is None:
                continue
            tried, by_next, later_mask = plan.always, plan.by_next, plan.later_mask
            for word in nexts[place]:
                if word in by_next:
                    tried += by_next[word]
            if needed_later := later_mask and later_mask & windows[place // STEP]:
                tried += plan.by_later(needed_later)
            if not tried:
                continue
            start, window = starts[place], windows[place // STEP]
            for number, is_exception, pattern, needed in tried:
                if needed and not needed & window:
                    continue
                if pattern is None:
                    end = start + len(words[place])
                elif hit := MATCHES[pattern](line, start):
                    end = hit.end()
                else:
                    continue
                if is_exception:
                    begun, ends = exceptions.setdefault(number, ([], []))
                    begun.append(start)
                    ends.append(max(ends[-1], end) if ends else end)
                else:
                    hits.append((number, start, end))
        return list(_told_once(hits, exceptions))

    def _spellings(self, word: str) -> list[str]:
        """``word`` itself and those of its beginnings that rules name."""
        beginnings = {word[:length] for length in self._lengths} & self._stems
        return [word, *sorted(f"{stem}*" for stem in beginnings)]

    def _see_signs(self, line: str, starts: list[int], bits: list[int]) -> None:
        """Count a sign right behind a word with the word."""
        for signed in SIGNED.finditer(line):
            bits[bisect_right(starts, signed.start() - 1) - 1] |= self._bits.get(signed[0], 0)

    def _word(self, word: str) -> tuple[Plan | None, tuple[str, ...], int]:
        """What to try at a word, what it is where it follows another, and its bits where it stands later."""
        spellings = self._spellings(word)
        rules = [rule for spelling in spellings for rule in self._starting.get(spelling, ())]
        follows = tuple(spelling for spelling in spellings if spelling in self._nexts)
        bits = sum(self._bits.get(spelling, 0) for spelling in spellings)
        return Plan(rules, self._bits) if rules else None, follows, bits


class Plan:
    """What to try at a word: always, by the word right after it, and by the words in the window after it."""

    __slots__ = ("_gathered", "_later", "always", "by_next", "later_mask")

    def __init__(self, rules: list[tuple[int, bool, Rule]], bits: dict[str, int]):
        by_next: dict[str | None, dict[tuple, list]] = {None: {}}
        self.later_mask = 0
        for number, is_exception, rule in rules:
            needed = sum(bits[word] for word in rule.later or ())
            for word in rule.next or (None,):
                by_next.setdefault(word, {}).setdefault((number, is_exception, needed), []).append(rule.pattern)
            if not rule.next:
                self.later_mask |= needed
        at_any = _trials(by_next.pop(None))
        self.by_next = {word: _trials(kinds) for word, kinds in by_next.items()}
        self.always = tuple(trial for trial in at_any if not trial[3])
        self._later = tuple(trial for trial in at_any if trial[3])
        self._gathered: dict[int, tuple[Trial, ...]] = {}

    def by_later(self, following: int) -> tuple[Trial, ...]:
        """The trials that need one of the words whose bits are in ``following``."""
        if following not in self._gathered:
            if len(self._gathered) >= MOST_REMEMBERED_SETS:
                self._gathered.clear()
            self._gathered[following] = tuple(trial for trial in self._later if trial[3] & following)
        return self._gathered[following]


def words_of(line: str) -> tuple[list[int], list[str]]:
    """Where each word of ``line`` starts, and the words in lower case."""
    if line.isascii():  # sixteen times as fast as a regular expression
        spaced = line.encode("ascii").translate(WORDS_ALONE).decode("ascii")
    else:
        spaced = NO_WORD.sub(" ", _lower(line))
    parts = spaced.split(" ")
    starts = map(add, accumulate(map(len, parts), initial=0), count())
    return list(compress(starts, parts)), list(filter(None, parts))


def _lower(line: str) -> str:
    """``line`` in lower case, each character where it stood ("İ" would become two)."""
    lower = line.lower()
    return lower if len(lower) == len(line) else "".join(c.lower() if len(c.lower()) == 1 else c for c in line)


def _windows(masks: list[int]) -> list[int]:
    """For each STEP words the bits of at least the WINDOW words after them: their own and those of the next two."""
    steps = [reduce(or_, masks[at : at + STEP]) for at in range(0, len(masks), STEP)]
    padded = [*steps, 0, 0]
    return [step | padded[at + 1] | padded[at + 2] for at, step in enumerate(steps)]


def _see_through_s(words: list[str], nexts: list[tuple[str, ...]]) -> None:
    """What follows "customer's" is what follows its ``s``."""
    for place in range(words.count("s") and len(words) - 2):
        if words[place + 1] == "s":
            nexts[place] += nexts[place + 1]


class _Remembered(dict):
    """Answers by word; beyond MOST_REMEMBERED nothing more is kept."""

    def __init__(self, answer):
        self._answer = answer

    def __missing__(self, asked):
        answer = self._answer(asked)
        if len(self) < MOST_REMEMBERED:
            self[asked] = answer
        return answer


MATCHES = _Remembered(lambda pattern: re.compile(pattern).match)  # compiled when first tried: most never are


def _told_once(hits: list[tuple[int, int, int]], exceptions: dict) -> Iterator[tuple[int, int, int]]:
    """``hits`` in order; what stands inside a longer phrase of the same entry says nothing more.

    An exception takes out what begins or ends inside it: "test plan" that of "write test plans" as well.
    """
    reached: dict[int, int] = {}
    for number, start, end in sorted(hits, key=lambda hit: (hit[1], -hit[2], hit[0])):
        if end <= reached.get(number, 0):
            continue
        if number in exceptions and (
            _is_inside(start, *exceptions[number]) or _is_inside(end - 1, *exceptions[number])
        ):
            continue
        reached[number] = end
        yield number, start, end


def _is_inside(place: int, starts: list[int], ends: list[int]) -> bool:
    """Whether a span that begins at or before ``place`` reaches beyond it; ``ends`` are the farthest ends so far."""
    before = bisect_right(starts, place)
    return before > 0 and ends[before - 1] > place


def _trials(kinds: dict[tuple[int, bool, int], list]) -> tuple[Trial, ...]:
    trials: list[Trial] = []
    for (number, is_exception, needed), patterns in kinds.items():
        spelled = sorted({pattern for pattern in patterns if pattern is not None}, key=lambda p: (-len(p), p))
        if spelled:
            trials.append((number, is_exception, "|".join(spelled), needed))
        if None in patterns:
            trials.append((number, is_exception, None, 0))
    return tuple(trials)


def rules_of(phrase: str) -> list[Rule]:
    """A phrase of the language above as rules, one for each way to begin it; ValueError where it is none."""
    first, anchored, pattern = phrase.partition(" :: ")
    if anchored:
        signs = [sign for sign in SIGNS if sign in required_characters(pattern)]
        return [Rule(word, pattern, later=frozenset(signs[:1]) or None) for word in first.lower().split("|")]
    words = phrase.split()
    if words[0].endswith("?") or words[0].startswith("~") or words[-1].startswith("~"):
        raise ValueError(f"vocabulary phrase {phrase!r}: it must begin with a word and end with one")
    pattern, others = _pattern(words), _what_must_follow(words[1:])
    is_word_alone = len(words) == 1 and words[0][0] != "=" and words[0][-1] != ","
    return [
        _rule(part.lstrip("=").lower(), pattern, is_word_alone, others)
        for part in _parts(words[0])
        if _first_word(part)
    ]


def _rule(part: str, pattern: str, is_word_alone: bool, others: tuple) -> Rule:
    """The rule for one alternative of a phrase's first word."""
    begins = _first_word(part)
    if part == begins:
        return Rule(begins, None) if is_word_alone else Rule(begins, pattern, *others)
    if re.fullmatch(r"\w+(?:[-/'.&]\w+)+\*?", part):  # "e-mail", not "C++"
        return Rule(begins, pattern, frozenset(re.findall(r"\w+\*?", part)[1:2]), others[0] or others[1])
    return Rule(begins, pattern)


def _what_must_follow(words: list[str]) -> tuple[frozenset[str] | None, frozenset[str] | None]:
    """The words of which one must stand right behind a phrase's first, and those of which one must stand later.

    Of several later places in the phrase the one whose words are rarest, for which their length is a good guess.
    """
    span, following, later = 0, None, []
    for word in words:
        span += int(word[1:]) if word.startswith("~") else 1
        beginnings = frozenset(map(_first_word, _parts(word)))
        if word[0] == "~" or word[-1] == "?" or "" in beginnings or span > WINDOW // 2:
            continue
        if span == 1:
            following = beginnings
        else:
            later.append((sum(2.0 ** -len(beginning) for beginning in beginnings), span, beginnings))
    return following, min(later, key=lambda place: place[:2])[2] if later else None


def _first_word(part: str) -> str:
    """The word that an alternative begins with (``*`` for any ending); "" where none can be told."""
    return re.match(r"(?:\w+\*?)?", part.lstrip("=").lower()).group()


def _parts(word: str) -> list[str]:
    """The alternatives of a word, its comma and question mark taken off."""
    return word.rstrip("?").rstrip(",").split("|")


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
