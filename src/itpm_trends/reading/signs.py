"""Signs in a text: patterns that are only tried where the characters stand that they begin with.

A pattern alone is tried at every character of the text; 20 µs for a sign become 1.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from itpm_trends.reading.text import lowered, places

# Letters, signs and escaped signs; the last of them may be left out where the pattern says so, and is.
LITERAL = re.compile(r"(?:[^\\()\[\]{}|.?*+^$]|\\[^\w\s])+(?![?*{])")
NOTHING_READ = re.compile(r"\\b|\(\?<?[!=][^()]*\)")
MAY_BE_LEFT_OUT = ("?", "*", "{")


class Sign:
    """Alternatives, each from the beginning of a word on.

    ValueError where one of them does not begin with characters that can be looked for.
    """

    def __init__(self, patterns: Iterable[str], minds_case: bool = False):
        alternatives = "|".join(patterns)
        self._pattern = re.compile(rf"\b(?:{alternatives})", 0 if minds_case else re.IGNORECASE)
        found = set(beginnings(alternatives)) if alternatives else set()
        self._beginnings = sorted(found if minds_case else map(str.lower, found), key=len, reverse=True)
        self._minds_case = minds_case

    def stands_in(self, text: str, lower: str) -> bool:
        """Whether ``text``, which is ``lower`` in lower case (see ``lowered``), holds the sign."""
        match = self._pattern.match
        where = text if self._minds_case else lower
        return any(match(text, place) for beginning in self._beginnings for place in places(beginning, where))


def beginnings(pattern: str) -> Iterator[str]:
    """The literal characters with which each alternative of ``pattern`` begins.

    >>> list(beginnings(r"(?:cyber|data) ?security|\\\\bgo-?live|c\\\\+\\\\+"))
    ['cyber', 'data', 'go', 'c++']
    """
    for alternative in _alternatives(pattern):
        while unread := NOTHING_READ.match(alternative):
            alternative = alternative[unread.end() :]
        end = _end_of_group(alternative)
        if literal := LITERAL.match(alternative):
            yield re.sub(r"\\(.)", r"\1", literal[0])
        elif end and not alternative.startswith(MAY_BE_LEFT_OUT, end):
            yield from beginnings(alternative[len("(?:") : end - 1])
        else:
            raise ValueError(f"no characters to look for at the beginning of {alternative!r}; write its alternatives out")


def _alternatives(pattern: str) -> Iterator[str]:
    start = depth = 0
    for found in re.finditer(r"\\.|\[(?:\\.|[^\]])*\]|[()|]", pattern):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if found[0] == "|" and not depth:
            yield pattern[start : found.start()]
            start = found.end()
    yield pattern[start:]


def _end_of_group(pattern: str) -> int:
    """Where the group ends that ``pattern`` begins with; 0 where it begins with none."""
    depth = 0
    for found in re.finditer(r"\\.|\[(?:\\.|[^\]])*\]|[()]", pattern if pattern.startswith("(?:") else ""):
        depth += {"(": 1, ")": -1}.get(found[0], 0)
        if not depth:
            return found.end()
    return 0
