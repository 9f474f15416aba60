"""Regular expressions that are only tried where a text can hold them.

Reading a posting asks forty patterns about every sentence, and nearly all of them say no. ``Gate`` lets RE2 ask all in
one pass for a part that each pattern cannot do without; only the patterns whose part is there are tried by ``re``. The
gate never decides: what it lets through is searched as if it were not there, and where google-re2 is missing it lets
everything through.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from functools import cached_property, lru_cache
from importlib.util import find_spec
from re import _constants as op
from re import _parser as parser
from typing import NamedTuple

REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
MOST_REPEATS = 3  # what may come more often, like classes of characters, multiplies the states of the automaton
LEAST_TELLING = 1.5  # characters: a shorter part stands everywhere
MEMORY = 64 << 20  # bytes at most for the states of one automaton
MOST_REMEMBERED = 20_000  # texts
LONGEST_REMEMBERED = 1_500  # characters


def required_characters(pattern: str) -> frozenset[str]:
    """The characters that every text holds in which ``pattern`` is found (as written, case aside).

    >>> sorted(required_characters(r"C\\+\\+|C#?\\+"))
    ['+', 'C']
    """
    return _required(parser.parse(pattern))


def _required(parts: Iterable) -> frozenset[str]:
    found: frozenset[str] = frozenset()
    for kind, value in parts:
        if kind is op.LITERAL:
            found |= {chr(value)}
        elif kind is op.BRANCH:
            found |= frozenset.intersection(*map(_required, value[1]))
        elif kind is op.SUBPATTERN:
            found |= _required(value[3])
        elif kind in REPEATS and value[0]:
            found |= _required(value[2])
    return found


class GatedPattern:
    """A regular expression, compiled when first needed, that its gate knows; its methods are those of ``re``."""

    def __init__(self, gate: Gate, source: str, flags: int):
        self.source, self.flags = source, flags
        self.number = gate.add(source, flags)
        self._hints = gate.hints

    @cached_property
    def compiled(self) -> re.Pattern:
        """The pattern itself."""
        return re.compile(self.source, self.flags)

    def may_be_in(self, text: str) -> bool:
        """Whether a search in ``text`` can find anything."""
        return self.number in self._hints(text)

    def search(self, text: str, start: int = 0, end: int = sys.maxsize) -> re.Match | None:
        """As ``re.Pattern.search``."""
        return self.compiled.search(text, start, end) if self.number in self._hints(text) else None

    def finditer(self, text: str, start: int = 0, end: int = sys.maxsize) -> Iterator[re.Match]:
        """As ``re.Pattern.finditer``."""
        return self.compiled.finditer(text, start, end) if self.number in self._hints(text) else iter(())

    def match(self, text: str, start: int = 0) -> re.Match | None:
        """As ``re.Pattern.match``: anchored, so that no gate is needed."""
        return self.compiled.match(text, start)


class Gate:
    """Many patterns and, for each text, the numbers of those that may be found in it."""

    def __init__(self):
        self._patterns: list[tuple[str, int]] = []
        self._sets: dict[bool, tuple[frozenset[int], object]] = {}  # for texts in ASCII, for others
        self._remembered = lru_cache(MOST_REMEMBERED)(self._hints)

    def pattern(self, source: str, flags: int = 0) -> GatedPattern:
        """A pattern behind this gate."""
        return GatedPattern(self, source, flags)

    def hints(self, text: str) -> frozenset[int]:
        """The numbers of the patterns that may be found in ``text``."""
        return self._remembered(text) if len(text) <= LONGEST_REMEMBERED else self._hints(text)

    def add(self, source: str, flags: int) -> int:
        """The number of one more pattern."""
        self._patterns.append((source, flags))
        self._sets.clear()
        self._remembered.cache_clear()
        return len(self._patterns) - 1

    def _hints(self, text: str) -> frozenset[int]:
        is_ascii = text.isascii()
        if is_ascii not in self._sets:
            self._sets[is_ascii] = self._set(is_ascii)
        always, automaton = self._sets[is_ascii]
        return always.union((automaton and automaton.Match(text.encode())) or ())

    def _set(self, is_ascii: bool) -> tuple[frozenset[int], object]:
        """The numbers let through always, and RE2's set of the others."""
        if find_spec("re2") is None:
            return frozenset(range(len(self._patterns))), None
        import re2

        options = re2.Options()
        options.max_mem = MEMORY
        options.log_errors = False
        automaton, always = re2.Set.SearchSet(options), set()
        for number, (source, flags) in enumerate(self._patterns):
            part = needed_part(source, flags, is_ascii)
            automaton.Add(part or NEVER)
            if part is None:
                always.add(number)
        automaton.Compile()
        return frozenset(always), automaton


NEVER = r"[^\x00-\x{10FFFF}]"


def needed_part(source: str, flags: int, in_ascii: bool) -> str | None:
    """A pattern in RE2's language that matches in every text where ``source`` does; None where it would tell nothing.

    What RE2 cannot say (looking around, word boundaries beyond ASCII) and what would cost it many states (classes, long
    repeats) is left out, and of the stretches between, the one with most letters is kept. ``in_ascii``: for texts of
    ASCII alone, where word boundaries may stay.
    """
    part = _Reader(in_ascii).sequence(parser.parse(source, flags), bool(flags & re.IGNORECASE))
    if part.n_letters < LEAST_TELLING:
        return None
    return f"(?i:{part.text})" if flags & re.IGNORECASE else part.text


class _Part(NamedTuple):
    """A part of a pattern in RE2's language; ``is_whole`` where nothing of it was left out."""

    text: str
    n_letters: float  # that it needs at least, as far as they tell anything
    is_whole: bool


LEFT_OUT = _Part("", 0, False)


class _Reader:
    """Turns the syntax tree of a pattern into parts, from the leaves up."""

    def __init__(self, in_ascii: bool):
        self._in_ascii = in_ascii

    def sequence(self, nodes: Iterable, ignores_case: bool) -> _Part:
        """Parts that follow each other; of the stretches between what is left out, the one with most letters."""
        run, stretches = [], []
        for node in nodes:
            part = self._part(*node, ignores_case)
            if part.is_whole:
                run.append(part)
            else:
                stretches += [_joined(run), part]
                run = []
        if not stretches:
            return _joined(run)
        best = max([*stretches, _joined(run)], key=lambda part: part.n_letters)
        return best._replace(is_whole=False)

    def _part(self, kind, value, ignores_case: bool) -> _Part:
        if kind is op.LITERAL:
            return _Part(self._literal(value, ignores_case), 1, True)
        if kind is op.IN:
            return self._class(value, ignores_case)
        if kind is op.BRANCH:
            return _branched([self.sequence(branch, ignores_case) for branch in value[1]])
        if kind is op.SUBPATTERN:
            return self._group(value, ignores_case)
        if kind in REPEATS:
            return _repeated(*value[:2], self.sequence(value[2], ignores_case))
        if kind is op.AT:
            return _Part(r"\b" if value is op.AT_BOUNDARY and self._in_ascii else "", 0, True)
        return _Part("", 0, True) if kind in (op.ASSERT, op.ASSERT_NOT) else LEFT_OUT

    def _literal(self, code: int, ignores_case: bool) -> str:
        if ignores_case and not self._in_ascii and chr(code) in "iI":
            return "[iıIİ]"  # re folds the Turkish ones, RE2 does not
        return chr(code) if chr(code).isascii() and chr(code).isalnum() else f"\\x{{{code:x}}}"

    def _class(self, members: list, ignores_case: bool) -> _Part:
        if any(kind is not op.LITERAL for kind, _ in members):
            return LEFT_OUT
        spelled = "|".join(self._literal(code, ignores_case) for _, code in members)
        return _Part(f"(?:{spelled})", 0.5, True)

    def _group(self, value: tuple, ignores_case: bool) -> _Part:
        _, added, removed, nodes = value
        inner_ignores = (ignores_case or bool(added & re.IGNORECASE)) and not removed & re.IGNORECASE
        flag = "" if inner_ignores == ignores_case else "i" if inner_ignores else "-i"
        inner = self.sequence(nodes, inner_ignores)
        return inner._replace(text=f"(?{flag}:{inner.text})")


def _joined(parts: list[_Part]) -> _Part:
    return _Part("".join(part.text for part in parts), sum(part.n_letters for part in parts), True)


def _branched(branches: list[_Part]) -> _Part:
    n_letters = min(branch.n_letters for branch in branches)
    is_whole = all(branch.is_whole for branch in branches)
    if not is_whole and not n_letters:
        return LEFT_OUT
    return _Part("(?:" + "|".join(branch.text for branch in branches) + ")", n_letters, is_whole)


def _repeated(least: int, most: int, inner: _Part) -> _Part:
    if inner.is_whole and most <= MOST_REPEATS:
        return _Part(f"(?:{inner.text}){{{least},{most}}}", least * inner.n_letters, True)
    return inner._replace(is_whole=False) if least else LEFT_OUT


READING = Gate()  # the patterns of the reading room, English phrases among them


def gated(source: str, flags: int = 0) -> GatedPattern:
    """A pattern that READING knows."""
    return READING.pattern(source, flags)
