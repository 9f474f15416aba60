"""Signs in a text: patterns that are only tried where the characters stand that they begin with.

A pattern alone is tried at every character: 90 µs for a text of 4 kB, where to look for a beginning takes 3.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from itpm_trends.reading.text import lowered, places, rare_characters

# Letters, signs and escaped signs; the last of them may be left out where the pattern says so, and is.
LITERAL = re.compile(r"(?:[^\\()\[\]{}|.?*+^$]|\\[^\w\s])+(?![?*{])")
NOTHING_READ = re.compile(r"\\b|\(\?<?[!=][^()]*\)")
MAY_BE_LEFT_OUT = ("?", "*", "{")


KEY = 3  # letters
EVERY_TEXT = frozenset([""])  # the key of signs that any text may hold
ONLY_WORDS = bytes(n if n >= 128 or re.match(r"\w", chr(n)) else ord(" ") for n in range(256))


class Sign:
    """A regular expression of which each alternative begins with characters that can be looked for.

    ValueError where one of them does not.
    """

    def __init__(self, pattern: str, minds_case: bool = False):
        self._pattern = re.compile(pattern, 0 if minds_case else re.IGNORECASE)
        found = set(beginnings(pattern if minds_case else pattern.lower()))
        self._beginnings = sorted(word for word in found if not any(word.startswith(o) for o in found - {word}))
        self._minds_case = minds_case
        words = [re.match(r"\w*", beginning)[0].lower()[:KEY] for beginning in self._beginnings]
        self._keys = frozenset(words) if min(map(len, words)) > 1 and pattern.startswith(r"\b(?:") else EVERY_TEXT

    def stands_in(self, text: str, lower: str | None = None) -> bool:
        """Whether the sign matches anywhere in ``text``; ``lower`` (see ``lowered``) saves making it for every sign."""
        where = self._where(text, lower)
        for beginning in self._beginnings:
            if beginning in where and any(self._pattern.match(text, place) for place in places(beginning, where)):
                return True
        return False

    def finditer(self, text: str, lower: str | None = None) -> Iterator[re.Match]:
        """Yield the matches that ``finditer`` of the regular expression would."""
        where, end = self._where(text, lower), 0
        present = (beginning for beginning in self._beginnings if beginning in where)
        for place in sorted(place for beginning in present for place in places(beginning, where)):
            if place >= end and (found := self._pattern.match(text, place)):
                yield found
                end = found.end()

    def _where(self, text: str, lower: str | None) -> str:
        return text if self._minds_case else lowered(text) if lower is None else lower


def standing(signs: Iterable[Sign], text: str) -> Iterator[Sign]:
    """Yield those of ``signs`` that stand in ``text``, the words of which are looked at once for all."""
    lower, keys = lowered(text), _keys(text)
    return (sign for sign in signs if not sign._keys.isdisjoint(keys) and sign.stands_in(text, lower))


@lru_cache(maxsize=1)
def _keys(text: str) -> frozenset[str]:
    """The two and three letters with which the words of ``text`` begin, in lower case."""
    text = lowered(text)
    rare = "".join(rare_characters(text))
    for character in set(rare) - set("".join(re.findall(r"\w", rare))):
        text = text.replace(character, " ")
    words = text.encode("utf-8", "surrogatepass").translate(ONLY_WORDS).decode("utf-8", "surrogatepass").split()
    keys = {word[:KEY] for word in words}
    return EVERY_TEXT.union(keys, (key[: KEY - 1] for key in keys))


def beginnings(pattern: str) -> Iterator[str]:
    """The literal characters with which each alternative of ``pattern`` begins.

    >>> list(beginnings(r"(?:cyber|data) ?security|\\bgo-?live|c\\+\\+"))
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
            raise ValueError(
                f"no characters to look for at the beginning of {alternative!r}; write its alternatives out"
            )


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
