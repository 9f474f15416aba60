"""Texts on which a regular expression would take forever if it could: each of its repeats pumped, then a wrong end."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from re import _constants as op
from re import _parser as parser

REPEATS = (op.MAX_REPEAT, op.MIN_REPEAT, op.POSSESSIVE_REPEAT)
FEWEST = 5  # a repeat of at most four is no danger
USUAL = 'a 1-,.A_(\n"~'
HOLDS = {
    op.CATEGORY_DIGIT: str.isdigit,
    op.CATEGORY_SPACE: str.isspace,
    op.CATEGORY_WORD: lambda c: c.isalnum() or c == "_",
    op.CATEGORY_NOT_DIGIT: lambda c: not c.isdigit(),
    op.CATEGORY_NOT_SPACE: lambda c: not c.isspace(),
    op.CATEGORY_NOT_WORD: lambda c: not (c.isalnum() or c == "_"),
}


def pumped(pattern: str, flags: int, length: int) -> Iterator[str]:
    """For each repeat in ``pattern`` a text of about ``length`` that goes round it and then ends where none may.

    >>> list(pumped("x(?:ab)*c", 0, 5))
    ['xabab\\x00']
    """
    for before, body in dict.fromkeys(_pumps(parser.parse(pattern, flags), "")):
        yield f"{before}{body * (length // len(body))}\x00"


def _pumps(nodes: Iterable, before: str) -> Iterator[tuple[str, str]]:
    for kind, value in nodes:
        if kind in REPEATS and value[1] >= FEWEST:
            yield before, _witness(value[2]) or "a"
        for part in _parts(kind, value):
            yield from _pumps(part, before)
        before += _sample(kind, value)


def _parts(kind, value) -> list:
    if kind in REPEATS:
        return [value[2]]
    if kind is op.BRANCH:
        return value[1]
    if kind is op.SUBPATTERN:
        return [value[3]]
    if kind in (op.ASSERT, op.ASSERT_NOT):
        return [value[1]]
    return [value] if kind is op.ATOMIC_GROUP else []


def _witness(nodes: Iterable) -> str:
    """A text that the nodes, one after the other, match (as far as looking around allows)."""
    return "".join(_sample(kind, value) for kind, value in nodes)


def _sample(kind, value) -> str:
    if kind is op.LITERAL:
        return chr(value)
    if kind is op.IN:
        return _member(value)
    if kind in (op.ANY, op.NOT_LITERAL):
        return "a"
    if kind in REPEATS:
        return _witness(value[2]) * value[0]
    return "" if kind in (op.ASSERT, op.ASSERT_NOT) else "".join(map(_witness, _parts(kind, value)[:1]))


def _member(of_class: list) -> str:
    """A character of the class; a usual one, if any is."""
    is_negated = of_class[0][0] is op.NEGATE
    members = of_class[is_negated:]
    own = [chr(value[0] if kind is op.RANGE else value) for kind, value in members if kind is not op.CATEGORY]
    return next((c for c in (*USUAL, *own) if any(_is(c, *member) for member in members) != is_negated), "é")


def _is(c: str, kind, value) -> bool:
    if kind is op.CATEGORY:
        return HOLDS[value](c)
    return value[0] <= ord(c) <= value[1] if kind is op.RANGE else ord(c) == value
